"""How to reach the landlord: phones, chat, offices with a map, one's own first."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from heka_portal.extensions import db
from heka_portal.models.homes import Region
from heka_portal.web.contact import ContactPoints
from tests.support.roles import ClientFor, World

OFFICE = re.compile(r"<h3>([^<]+)</h3>")


def contact_points(**values: str) -> ContactPoints:
    given = {"landlord": "Heka", "landlord_full": "Heka Oy", "urgent_phone": "09 1", "service_phone": "09 2"}
    return ContactPoints(**{**given, "service_email": "a@heka.example", "service_hours": "9–15", **values})


@pytest.fixture
def with_contact(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """Set the contact points of the pages: a template keeps those it was loaded with."""
    templates = app.jinja_env.cache
    assert templates is not None

    def put(**values: str) -> None:
        monkeypatch.setitem(app.jinja_env.globals, "contact", contact_points(**values))
        templates.clear()

    yield put
    templates.clear()


def test_urgent_faults_come_first_and_can_be_called(client: FlaskClient) -> None:
    page = client.get("/contact?lang=en").text
    assert page.index('href="tel:+358957673100"') < page.index('href="tel:+358957673000"')
    assert 'href="tel:112"' in page


def test_a_chat_that_is_not_set_is_not_shown(client: FlaskClient) -> None:
    assert "Chat" not in client.get("/contact?lang=en").text


def test_the_chat_is_shown_with_its_hours(client: FlaskClient, with_contact) -> None:
    with_contact(chat_url="https://www.heka.example/chat", chat_hours="10–14")
    page = client.get("/contact?lang=en").text
    assert 'href="https://www.heka.example/chat"' in page
    assert "On weekdays 10–14." in page
    with_contact(chat_url="https://www.heka.example/chat")
    assert "10–14" not in client.get("/contact?lang=en").text


def test_an_address_leads_to_the_map(client_for: ClientFor, with_contact) -> None:
    page = client_for("main_tenant").get("/contact?lang=en").text
    assert re.search(
        r'href="https://www\.openstreetmap\.org/search\?query=Toimistokatu%20[^"]+">Show on the map<', page
    )
    with_contact(map_url="")
    assert "Show on the map" not in client_for("main_tenant").get("/contact?lang=en").text


@pytest.mark.parametrize(
    ("address", "map_url", "link"),
    [
        (
            "Toimistokatu 1, 00500 Helsinki",
            "https://map.example/?q={address}",
            "https://map.example/?q=Toimistokatu%201%2C%2000500%20Helsinki",
        ),
        ("Å&Ö?", "https://map.example/{address}", "https://map.example/%C3%85%26%C3%96%3F"),
        (None, "https://map.example/{address}", None),
        ("Toimistokatu 1", "", None),
    ],
)
def test_the_address_is_quoted(address: str | None, map_url: str, link: str | None) -> None:
    assert contact_points(map_url=map_url).map_of(address) == link


def test_ones_own_office_comes_first(app: Flask, world: World, client_for: ClientFor, client: FlaskClient) -> None:
    with app.app_context():
        own = db.session.get_one(Region, world.region_id)
        own.name_en = "Öster"
        own.name_fi = "Öster"
        db.session.add(Region(register_id="R0", name_fi="Aika", name_en="Aika"))
        db.session.commit()
    assert OFFICE.findall(client.get("/contact?lang=en").text)[-2:] == ["Aika", "Öster"]
    page = client_for("main_tenant").get("/contact?lang=en").text
    assert OFFICE.findall(page)[-2:] == ["Öster", "Aika"]
    assert page.count("Your own office") == 1
