"""A number on paper leads to one's own case; another's and an absent one are answered alike."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from heka_portal.extensions import db
from heka_portal.vocabulary import Audience
from tests.factories.defects import make_defect, make_on_behalf
from tests.support.forms import submit
from tests.support.roles import ClientFor, World

NOTHING = "You have no case with this number. Check the nine digits on the receipt"


@pytest.fixture
def number(app: Flask, world: World) -> int:
    """A case that customer service opened for the main tenant."""
    with app.app_context():
        number = make_on_behalf(world.actor("clerk"), world.actor("main_tenant")).number
        db.session.commit()
        return number


def claim(client: FlaskClient, number: object):
    client.set_cookie("lang", "en")
    return submit(client, "/claim", number=str(number))


def test_nobody_known_is_led_to_the_door_and_back(client: FlaskClient) -> None:
    page = client.get("/claim?lang=en").text
    assert 'href="/sign-in?next=/claim"' in page
    assert 'href="/register"' in page
    assert 'name="number"' not in page


@pytest.mark.parametrize(
    "write", [str, lambda n: f"{n // 10**6} {n // 1000 % 1000:03} {n % 1000:03}", lambda n: f" {n}\u00a0"]
)
def test_a_number_leads_to_its_case(client_for: ClientFor, number: int, write) -> None:
    answer = claim(client_for("main_tenant"), write(number))
    assert answer.location == f"/matters/{number}"


def test_a_household_case_is_found_too(app: Flask, client_for: ClientFor, world: World) -> None:
    with app.app_context():
        number = make_defect(world.actor("main_tenant"), audience=Audience.HOUSEHOLD).number
        db.session.commit()
    assert claim(client_for("co_tenant"), number).location == f"/matters/{number}"


@pytest.mark.parametrize("role", ["co_tenant", "neighbour", "next_tenant", "former_tenant"])
def test_anothers_is_as_absent(client_for: ClientFor, number: int, role: str) -> None:
    client = client_for(role)
    anothers, absent = claim(client, number), claim(client, 999_999_999)
    assert (anothers.status_code, absent.status_code) == (200, 200)
    assert NOTHING in anothers.text
    assert NOTHING in absent.text


@pytest.mark.parametrize("typed", ["12", "abc", "1234567890", "-82719306"])
def test_what_is_no_number_is_said_in_the_same_words(client_for: ClientFor, typed: str) -> None:
    page = claim(client_for("main_tenant"), typed)
    assert NOTHING in page.text
    assert typed in page.text


def test_an_empty_field_asks_for_the_number(client_for: ClientFor) -> None:
    assert "Write the number of the case" in claim(client_for("main_tenant"), "").text


def test_guessing_is_braked(client_for: ClientFor, number: int) -> None:
    client = client_for("neighbour")
    for guess in range(10):
        assert claim(client, 100_000_000 + guess).status_code == 200
    assert claim(client, number).status_code == 429


def test_right_numbers_are_not_counted(client_for: ClientFor, number: int) -> None:
    client = client_for("main_tenant")
    assert {claim(client, number).status_code for _ in range(12)} == {303}


def test_staff_are_told_that_it_is_for_residents(client_for: ClientFor) -> None:
    assert "This page is for residents." in client_for("clerk").get("/claim?lang=en").text
