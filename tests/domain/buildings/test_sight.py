"""Whose building, whose rescue plan: those of the homes of today or to come, and nobody else's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from heka_portal import clock
from heka_portal.domain.buildings.documents import list_own_documents
from heka_portal.domain.buildings.plans import acknowledge, get_published, list_published, read_at
from heka_portal.domain.buildings.sheets import get_own_building, list_own_homes
from heka_portal.domain.buildings.sight import building_ids_in_sight
from heka_portal.domain.errors import NotFound
from heka_portal.domain.people.rules import latest_adult_birth
from heka_portal.extensions import db
from heka_portal.models.homes import Building
from heka_portal.models.people import Person
from heka_portal.vocabulary import DocumentAudience, FileState, PlanState
from tests.factories.accounts import make_account, sign_in
from tests.factories.buildings import make_document, make_plan
from tests.factories.homes import make_apartment, make_building, make_occupancy
from tests.factories.leases import let
from tests.factories.people import make_person
from tests.support.roles import RESIDENTS, World

HERE = {"main_tenant", "co_tenant", "resident", "neighbour", "next_tenant", "coming_tenant"}


@pytest.mark.parametrize("role", RESIDENTS)
def test_who_sees_the_building_and_its_plan(app: Flask, world: World, role: str) -> None:
    with app.app_context():
        make_plan(world.building_id, world.account_ids["building_manager"])
        actor = world.actor(role)
        if role in HERE:
            assert get_own_building(actor, world.building_id).id == world.building_id
            assert get_published(actor, world.building_id, 1).version == 1
            return
        for ask in (
            lambda: get_own_building(actor, world.building_id),
            lambda: get_published(actor, world.building_id, 1),
            lambda: list_published(actor, world.building_id, on=clock.today()),
            lambda: list_own_documents(actor, world.building_id),
        ):
            with pytest.raises(NotFound):
                ask()


@pytest.mark.parametrize("role", RESIDENTS)
def test_nobody_opens_the_plan_of_another_building(app: Flask, world: World, role: str) -> None:
    with app.app_context():
        elsewhere = make_building().id
        make_plan(elsewhere, world.account_ids["supervisor"])
        actor = world.actor(role)
        with pytest.raises(NotFound):
            get_published(actor, elsewhere, 1)
        with pytest.raises(NotFound):
            acknowledge(actor, elsewhere, 1, now=clock.now())


def test_who_turned_eighteen_today_sees_the_plan(app: Flask, world: World) -> None:
    with app.app_context():
        make_plan(world.building_id, world.account_ids["building_manager"])
        grown_up = make_person(birth_on=latest_adult_birth(clock.today()))
        make_occupancy(grown_up, make_apartment(db.session.get_one(Building, world.building_id)))
        actor = sign_in(make_account(grown_up))
        assert get_published(actor, world.building_id, 1).version == 1


def test_former_tenant_with_a_home_elsewhere_sees_that_building_only(app: Flask, world: World) -> None:
    with app.app_context():
        person = db.session.get_one(Person, world.actor("former_tenant").person_id)
        home = make_apartment()
        let(home, person, starts_on=clock.today() - timedelta(days=50))
        actor = sign_in(world.account("former_tenant"))
        assert building_ids_in_sight(actor) == [home.building_id]
        with pytest.raises(NotFound):
            get_own_building(actor, world.building_id)


def test_home_of_today_comes_before_the_one_to_come(app: Flask, world: World) -> None:
    with app.app_context():
        person = db.session.get_one(Person, world.actor("main_tenant").person_id)
        coming = make_apartment()
        let(coming, person, starts_on=clock.today() + timedelta(days=9))
        actor = sign_in(world.account("main_tenant"))
        assert building_ids_in_sight(actor) == [world.building_id, coming.building_id]
        assert [home.id for home in list_own_homes(actor, coming.building_id)] == [coming.id]


@pytest.mark.parametrize("state", [PlanState.DRAFT, PlanState.WITHDRAWN])
def test_drafts_and_withdrawn_versions_are_not_found(app: Flask, world: World, state: PlanState) -> None:
    with app.app_context():
        make_plan(world.building_id, world.account_ids["building_manager"], state=state)
        actor = world.actor("main_tenant")
        with pytest.raises(NotFound):
            get_published(actor, world.building_id, 1)
        assert list_published(actor, world.building_id, on=clock.today()).in_force is None


def test_reading_is_noted_once_for_each_version(app: Flask, world: World) -> None:
    with app.app_context():
        first = make_plan(world.building_id, world.account_ids["building_manager"])
        second = make_plan(world.building_id, world.account_ids["building_manager"], version=2)
        actor, noted_at = world.actor("resident"), clock.now()
        acknowledge(actor, world.building_id, 1, now=noted_at)
        acknowledge(actor, world.building_id, 1, now=noted_at + timedelta(hours=1))
        assert read_at(actor, first.id) == noted_at
        assert read_at(actor, second.id) is None
        assert read_at(world.actor("main_tenant"), first.id) is None


@pytest.mark.parametrize(
    ("role", "titles"),
    [
        ("main_tenant", {"Kaikille", "Päävuokralaisille", "Hekan"}),
        ("co_tenant", {"Kaikille", "Päävuokralaisille", "Hekan"}),
        ("next_tenant", {"Kaikille", "Päävuokralaisille", "Hekan"}),
        ("resident", {"Kaikille", "Hekan"}),
    ],
)
def test_who_reads_which_documents(app: Flask, world: World, role: str, titles: set[str]) -> None:
    with app.app_context():
        manager, here = world.account_ids["building_manager"], world.building_id
        make_document(here, manager, title="Kaikille")
        make_document(here, manager, title="Päävuokralaisille", audience=DocumentAudience.MAIN_TENANTS)
        make_document(None, manager, title="Hekan")
        make_document(make_building().id, manager, title="Toisen talon")
        make_document(here, manager, title="Valmistelussa", state=FileState.QUARANTINE)
        actor = world.actor(role)
        assert {line.title_fi for line in list_own_documents(actor, here)} == titles
