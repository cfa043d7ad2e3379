"""The home page and "My matters": what waits, what is new, and what is whose."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from heka_portal import clock
from heka_portal.domain.cases.operations import follow
from heka_portal.domain.defects.queries import get_lookalike
from heka_portal.extensions import db
from heka_portal.models.people import Person
from heka_portal.vocabulary import Audience, DefectArea
from tests.blueprints.resident.conftest import Act, Report
from tests.factories.homes import make_apartment
from tests.factories.leases import let
from tests.support.roles import ClientFor, World


def main_of(client: FlaskClient, address: str) -> str:
    """What stands between header and footer."""
    text = client.get(address).get_data(as_text=True)
    return text.split("<main", 1)[1].split("</main>", 1)[0]


def titles(text: str) -> list[str]:
    return re.findall(r'hp-row__title"><a href="[^"]*">([^<]*)', text)


@pytest.mark.parametrize("address", ["/home", "/matters", "/matters/closed"])
@pytest.mark.parametrize(
    "role", ["main_tenant", "co_tenant", "resident", "neighbour", "next_tenant", "former_tenant", "coming_tenant"]
)
def test_page_without_matters_says_what_will_be_here(client_for: ClientFor, role: str, address: str) -> None:
    text = main_of(client_for(role), address)
    assert "hp-empty" in text
    assert ('href="/defects/report"' in text) == (
        role in {"main_tenant", "co_tenant", "resident", "neighbour"} and address != "/matters/closed"
    )


def test_home_shows_what_waits_before_the_rest(client_for: ClientFor, report: Report, act: Act) -> None:
    asked, done = report(title="Radiator is cold"), report(title="Sink leaks")
    report(title="Door sticks")
    act(asked, "ask", text="How cold?")
    act(done, "finish", text="Mended")
    text = main_of(client_for("main_tenant"), "/home")
    assert "2 things wait for you" in text
    assert titles(text) == [
        "Answer the question: Radiator is cold",
        "Check whether it is fixed: Sink leaks",
        "Door sticks",
    ]


def test_home_says_whose_building_it_is(client_for: ClientFor) -> None:
    text = main_of(client_for("resident"), "/home")
    for said in ("Your building", "Eeva Jokinen", "Toimistokatu 1", "tel:+358957673100"):
        assert said in text


def test_several_homes_are_told_apart(app: Flask, world: World, client_for: ClientFor, report: Report) -> None:
    report(title="Door sticks")
    with app.app_context():
        person = db.session.get(Person, world.account("main_tenant").person_id)
        assert person is not None
        # asked before the second home: homes are told in the order of their addresses
        address = world.actor("main_tenant").homes[0].address
        let(make_apartment(number="99"), person)
        db.session.commit()
    text = main_of(client_for("main_tenant"), "/home").replace("\u00a0", " ")
    assert "hp-place" not in text, "which home the page is about stands above it, with the switch"
    assert f'hp-row__meta">{address}' in text
    assert text.count("Your building") == 1
    assert "Change home" in client_for("main_tenant").get("/home?lang=en").text


def test_coming_tenant_reads_when_the_lease_begins(client_for: ClientFor) -> None:
    begins = clock.today() + timedelta(days=20)
    text = main_of(client_for("coming_tenant"), "/home").replace("\u00a0", " ")
    assert f"Your lease begins on {begins.day} {begins:%B %Y}" in text


def test_former_tenant_reads_that_the_lease_has_ended(client_for: ClientFor) -> None:
    assert "Your lease has ended" in main_of(client_for("former_tenant"), "/home")


def test_new_words_are_marked_until_the_page_was_opened(client_for: ClientFor, report: Report, act: Act) -> None:
    client, number = client_for("main_tenant"), report()
    assert "hp-row--unread" not in main_of(client, "/matters")
    act(number, "triage")
    assert "hp-row--unread" in main_of(client, "/matters")
    assert "hp-row--unread" in main_of(client, "/home")
    client.get(f"/matters/{number}")
    assert "hp-row--unread" not in main_of(client, "/matters")


def test_closed_matters_stand_on_their_own_page_with_the_outcome(
    client_for: ClientFor, report: Report, act: Act
) -> None:
    client, number = client_for("main_tenant"), report(title="Door sticks")
    act(number, "finish", text="Mended")
    act(number, "confirm", role="main_tenant")
    assert titles(main_of(client, "/matters")) == []
    text = main_of(client, "/matters/closed")
    assert titles(text) == ["Door sticks"]
    assert "Fixed" in text


def test_household_sees_only_what_was_meant_for_it(client_for: ClientFor, report: Report) -> None:
    report(title="For all of us", audience=Audience.HOUSEHOLD)
    report(title="For me alone")
    for role in ("co_tenant", "resident"):
        text = main_of(client_for(role), "/matters")
        assert titles(text) == ["For all of us"]
        assert "Of your home" in text
    for role in ("neighbour", "next_tenant", "former_tenant"):
        assert titles(main_of(client_for(role), "/matters")) == []


def test_turn_of_another_is_not_shown_as_ones_own(client_for: ClientFor, report: Report, act: Act) -> None:
    number = report(audience=Audience.HOUSEHOLD)
    act(number, "finish", text="Mended")
    text = main_of(client_for("co_tenant"), "/home")
    assert "wait for you" not in text
    assert "waits for a check" in text
    assert "hp-tag--you" not in text


def test_followed_matter_shows_no_words_of_its_owner(
    app: Flask, world: World, client_for: ClientFor, report: Report
) -> None:
    number = report("neighbour", DefectArea.COMMON, title="My uncle fell here")
    with app.app_context():
        actor = world.actor("main_tenant")
        follow(actor, get_lookalike(actor, number))
        db.session.commit()
    for address in ("/home", "/matters"):
        text = main_of(client_for("main_tenant"), address)
        assert titles(text) == ["Stairwell: Cleaning"]
        assert "You follow this" in text
        assert "uncle" not in text


def test_long_list_is_read_page_by_page(client_for: ClientFor, report: Report) -> None:
    for count in range(45):
        report(title=f"Defect {count:02}")
    client, address, seen = client_for("main_tenant"), "/matters", []
    for size in (20, 20, 5):
        text = main_of(client, address)
        assert len(titles(text)) == size
        seen += titles(text)
        older = re.search(r'rel="next" href="([^"]+)"', text)
        address = older[1] if older else ""
    assert address == ""
    assert seen == [f"Defect {count:02}" for count in reversed(range(45))]


@pytest.mark.parametrize("after", ["x", "1-", "-1", "9" * 30 + "-1", "999999999999999999-5", "%00", "%C2%B2-%C2%B2"])
def test_broken_cursor_begins_at_the_top(client_for: ClientFor, report: Report, after: str) -> None:
    report(title="Door sticks")
    assert client_for("main_tenant").get(f"/matters?after={after}").status_code == 200
