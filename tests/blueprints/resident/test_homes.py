"""Several homes: one switch, always visible which one, and no rights with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from heka_portal import clock
from heka_portal.extensions import db
from heka_portal.models.people import Person
from heka_portal.web.formats import write_address
from tests.factories.homes import make_apartment, make_building
from tests.factories.leases import let
from tests.support.roles import ClientFor, World
from tests.support.sending import send

CHOOSE = "/home/choose"


@pytest.fixture
def moving(app: Flask, world: World, client_for: ClientFor) -> tuple[FlaskClient, str, str]:
    """The neighbour, who gets a home in another building in two weeks; both addresses."""
    with app.app_context():
        person = db.session.get_one(Person, world.account("neighbour").person_id)
        new = make_apartment(make_building())
        let(new, person, starts_on=clock.today() + timedelta(days=14))
        db.session.commit()
        old_home, new_home = world.actor("neighbour").own_homes
    client = client_for("neighbour")
    client.set_cookie("lang", "en")
    return client, write_address(old_home.address), write_address(new_home.address)


def test_every_page_says_which_home_it_is_about(moving: tuple[FlaskClient, str, str]):
    client, old, _new = moving
    for path in ("/home", "/matters", "/building", "/details", "/notices", "/messages/new", "/account/password"):
        page = client.get(path).text
        assert "Change home" in page, path
        assert old in page, path
        assert f"{CHOOSE}?next={path}" in page


def test_the_chosen_home_is_shown_from_then_on(moving: tuple[FlaskClient, str, str], app: Flask, world: World):
    client, old, new = moving
    with app.app_context():
        home = world.actor("neighbour").own_homes[1]
    page = client.get(f"{CHOOSE}?next=/building").text
    assert old in page
    assert new in page
    answer = send(client, f"{CHOOSE}?next=/building", home=str(home.apartment_id))
    assert answer.location == "/building"
    for path in ("/home", "/building"):
        page = client.get(path).text
        assert new in page
        assert home.street_address in page
    assert old not in client.get("/building").text.split("<main")[0].split('class="hp-here"')[1]


def test_who_has_one_home_sees_no_switch(client_for: ClientFor):
    assert "Change home" not in client_for("main_tenant").get("/home?lang=en").text


@pytest.mark.parametrize("asked", ["1", "999999", "", "x"])
def test_another_s_home_cannot_be_chosen(moving: tuple[FlaskClient, str, str], asked: str):
    client, old, _new = moving
    page = send(client, CHOOSE, home=asked)
    assert page.status_code == 200
    assert "Choose" in page.text
    assert old in client.get("/home").text


def test_a_home_that_is_no_longer_one_s_own_is_forgotten(
    moving: tuple[FlaskClient, str, str], app: Flask, world: World
):
    client, old, new = moving
    with client.session_transaction() as visit:
        visit["home"] = world.apartment_id
    page = client.get("/home").text
    assert old in page
    assert new not in page.split("<main")[0]


def test_it_leads_back_to_our_pages_only(moving: tuple[FlaskClient, str, str], app: Flask, world: World):
    client, _old, _new = moving
    with app.app_context():
        home = world.actor("neighbour").own_homes[1]
    answer = send(client, f"{CHOOSE}?next=https://evil.example", home=str(home.apartment_id))
    assert answer.location == "/home"


def test_matter_says_its_home_already_before_moving(
    moving: tuple[FlaskClient, str, str], report: Callable[..., int]
) -> None:
    client, old, _new = moving
    report("neighbour")
    assert f'hp-row__meta">{old}' in client.get("/matters").text
