"""The world of the tests: each word for a person means what the glossary says."""

from __future__ import annotations

import pytest
from flask import Flask

from heka_portal.domain.access import Role
from tests.support.roles import ROLES, ClientFor, World

MEANT = {
    "main_tenant": {Role.MAIN_TENANT, Role.RESIDENT},
    "co_tenant": {Role.MAIN_TENANT, Role.RESIDENT},
    "resident": {Role.RESIDENT},
    "neighbour": {Role.MAIN_TENANT, Role.RESIDENT},
    "next_tenant": {Role.COMING},
    "former_tenant": {Role.FORMER},
    "coming_tenant": {Role.COMING},
    "clerk": {Role.CLERK},
    "supervisor": {Role.SUPERVISOR},
    "contractor": {Role.CONTRACTOR},
    "contractor_elsewhere": {Role.CONTRACTOR},
    "administrator": {Role.ADMINISTRATOR},
    "building_manager": {Role.BUILDING_MANAGER},
    "communications": {Role.COMMUNICATIONS},
    "finance": {Role.FINANCE},
}


@pytest.mark.parametrize("role", ROLES)
def test_role_is_what_its_word_says(app: Flask, world: World, role: str) -> None:
    with app.app_context():
        assert world.actor(role).roles == MEANT[role]


def test_household_shares_the_lease(app: Flask, world: World) -> None:
    with app.app_context():
        for role in ("main_tenant", "co_tenant", "resident"):
            assert world.actor(role).lease_ids == {world.lease_id}
        assert world.lease_id not in world.actor("next_tenant").lease_ids


def test_clients_are_each_their_own(client_for: ClientFor, client: object) -> None:
    assert client_for("main_tenant").get("/home").status_code == 200
    assert client_for("clerk").get("/home").status_code == 403
