"""Bank accounts in the workbench: masked, for finance only, in full for a reason that is written down."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from heka_portal.extensions import db
from heka_portal.models.audit import AuditLine
from heka_portal.vocabulary import AuditAction
from tests.factories.details import make_bank_account
from tests.support.roles import ClientFor, World
from tests.support.sending import send


@pytest.fixture
def given(app: Flask, world: World) -> tuple[int, int, int]:
    """The main tenant, their number in use, and the one that waits."""
    with app.app_context():
        owner = world.actor("main_tenant")
        in_use = make_bank_account(owner, age=timedelta(days=9))
        waiting = make_bank_account(owner, iban="FI4050000100000008")
        assert owner.person_id is not None
        db.session.commit()
        return owner.person_id, in_use.id, waiting.id


def test_finance_sees_them_masked(client_for: ClientFor, given: tuple[int, int, int]):
    page = client_for("finance").get(f"/admin/people/{given[0]}/").text
    assert "FI** **** 0785" in page
    assert "FI** **** 0008" in page
    assert "1234 5600" not in page


@pytest.mark.parametrize("role", ["clerk", "supervisor", "building_manager"])
def test_others_do_not_see_that_there_are_any(client_for: ClientFor, given: tuple[int, int, int], role: str):
    client, (person_id, account_id, _) = client_for(role), given
    assert "0785" not in client.get(f"/admin/people/{person_id}/").text
    answer = send(client, f"/admin/people/{person_id}/bank-account/{account_id}/", page="/admin/people/")
    assert answer.status_code == 403


def test_a_number_is_shown_for_a_reason_that_is_written_down(
    app: Flask, client_for: ClientFor, given: tuple[int, int, int]
):
    client, (person_id, account_id, _) = client_for("finance"), given
    page, show = f"/admin/people/{person_id}/", f"/admin/people/{person_id}/bank-account/{account_id}/"
    refused = send(client, f"{show}?lang=en", page=page)
    assert "Write why you need it" in refused.text
    assert "1234 5600" not in refused.text
    shown = send(client, show, page=page, **{f"account-{account_id}-reason": "Pays back the deposit of keys"}).text
    assert "FI21 1234 5600 0007 85" in shown
    assert "FI40 5000" not in shown, "the other one was not asked for"
    with app.app_context():
        line = db.session.scalars(select(AuditLine).where(AuditLine.action == AuditAction.BANK_ACCOUNT_SHOWN)).one()
        assert (line.person_id, line.reason) == (person_id, "Pays back the deposit of keys")
        assert line.data == {"bank_account": account_id}


def test_a_number_of_another_person_is_not_found(client_for: ClientFor, world: World, given: tuple[int, int, int]):
    client, (person_id, account_id, _) = client_for("finance"), given
    path = f"/admin/people/{person_id + 1}/bank-account/{account_id}/"
    answer = send(client, path, page="/admin/people/", **{f"account-{account_id}-reason": "Because"})
    assert answer.status_code == 404
