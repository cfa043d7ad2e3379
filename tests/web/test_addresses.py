"""Numbers in addresses."""

from __future__ import annotations

import pytest

from tests.support.roles import ClientFor


@pytest.mark.parametrize("digits", [16, 19, 30, 400])
def test_number_no_key_can_have_is_an_address_there_is_not(client_for: ClientFor, digits: int) -> None:
    assert client_for("main_tenant").get(f"/matters/{'9' * digits}").status_code == 404
    assert client_for("clerk").get(f"/admin/cases/{'9' * digits}/").status_code == 404


def test_longest_key_is_looked_for(client_for: ClientFor) -> None:
    assert client_for("clerk").get(f"/admin/people/{'9' * 15}/").status_code == 404
