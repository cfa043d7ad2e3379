"""The homes of a person without an account are the same as those of an actor."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from heka_portal import clock
from heka_portal.domain.accounts.ties import list_homes_today
from tests.factories.homes import make_apartment
from tests.factories.leases import let
from tests.factories.people import make_person
from tests.support.roles import RESIDENTS, World


@pytest.mark.parametrize("role", RESIDENTS)
def test_they_are_an_actors_own(app: Flask, world: World, role: str) -> None:
    with app.app_context():
        actor = world.actor(role)
        assert actor.person_id is not None
        assert list_homes_today(actor.person_id, on=actor.on) == actor.homes


def test_a_person_without_an_account_has_homes(app: Flask) -> None:
    with app.app_context():
        person, flat, later = make_person(), make_apartment(), make_apartment()
        lease = let(flat, person)
        let(later, person, starts_on=clock.today() + timedelta(days=30))
        [home] = list_homes_today(person.id, on=clock.today())
        assert (home.apartment_id, home.lease_id) == (flat.id, lease.id)
        in_a_month = list_homes_today(person.id, on=clock.today() + timedelta(days=30))
        assert {home.apartment_id for home in in_a_month} == {flat.id, later.id}


def test_a_home_that_was_left_is_none(app: Flask) -> None:
    with app.app_context():
        person = make_person()
        let(make_apartment(), person, ends_on=clock.today())
        assert list_homes_today(person.id, on=clock.today()) == ()
