"""Who manages a building: the account of staff whose email the register names, however it is written."""

from __future__ import annotations

import pytest
from flask import Flask

from heka_portal.domain.errors import NotAllowed
from heka_portal.domain.homes.management import check_may_write, list_managed, manages, may_write_building
from heka_portal.extensions import db
from heka_portal.models.homes import Building
from tests.factories.homes import make_building
from tests.support.roles import ROLES, World


@pytest.mark.parametrize("role", ROLES)
def test_only_its_manager_manages_a_building(app: Flask, world: World, role: str) -> None:
    with app.app_context():
        actor = world.actor(role)
        assert manages(actor, world.building_id) == (role == "building_manager")
        assert not manages(actor, make_building().id)


@pytest.mark.parametrize("role", ROLES)
def test_who_may_write_of_a_building(app: Flask, world: World, role: str) -> None:
    with app.app_context():
        actor, elsewhere = world.actor(role), make_building(manager_email="other@example.fi").id
        assert may_write_building(actor, world.building_id) == (role in {"building_manager", "supervisor"})
        assert may_write_building(actor, elsewhere) == (role == "supervisor")


def test_capitals_and_spaces_in_the_register_play_no_part(app: Flask, world: World) -> None:
    with app.app_context():
        manager = world.actor("building_manager")
        building = db.session.get_one(Building, world.building_id)
        building.manager_email = f" {manager.email.upper()} "
        db.session.flush()
        assert manages(manager, building.id)
        assert [each.id for each in list_managed(manager)] == [building.id]


def test_resident_with_the_managers_email_manages_nothing(app: Flask, world: World) -> None:
    with app.app_context():
        resident = world.actor("main_tenant")
        building = make_building(manager_email=resident.email)
        assert not manages(resident, building.id)
        assert list_managed(resident) == []


def test_building_without_a_manager_is_nobodys(app: Flask, world: World) -> None:
    with app.app_context():
        building = make_building(manager_email=None)
        manager = world.actor("building_manager")
        assert not manages(manager, building.id)
        with pytest.raises(NotAllowed):
            check_may_write(manager, building.id)
