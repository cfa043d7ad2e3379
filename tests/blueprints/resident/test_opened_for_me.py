"""A case that customer service opened is among one's own at once, and says so."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from heka_portal import clock
from heka_portal.domain.accounts.ties import list_homes_today
from heka_portal.domain.defects.operations import report_on_behalf
from heka_portal.extensions import db
from heka_portal.vocabulary import Channel
from tests.factories.defects import make_on_behalf, report_of
from tests.factories.homes import make_apartment
from tests.factories.identifications import identified_client
from tests.factories.leases import let
from tests.factories.people import make_person
from tests.support.roles import ClientFor, World
from tests.support.sending import received, send

LINES = {
    Channel.PHONE: "Opened by customer service on the phone",
    Channel.DESK: "Opened by customer service at the desk",
    Channel.LETTER: "Opened by customer service from a letter",
}


@pytest.mark.parametrize("channel", Channel)
def test_the_story_says_how_it_began(app: Flask, world: World, client_for: ClientFor, channel: Channel) -> None:
    with app.app_context():
        number = make_on_behalf(world.actor("clerk"), world.actor("main_tenant"), channel=channel).number
        db.session.commit()
    client = client_for("main_tenant")
    matters = client.get("/matters?lang=en").text
    assert "Opened by customer service" in matters
    assert "unread" in matters
    page = client.get(f"/matters/{number}?lang=en").text
    assert LINES[channel] in page
    assert "The report was received" not in page
    assert "Water drips from the pipe." in page


def test_ones_own_report_says_nothing_of_customer_service(client_for: ClientFor, report) -> None:
    number = report()
    client = client_for("main_tenant")
    assert "Opened by customer service" not in client.get("/matters?lang=en").text
    assert "The report was received" in client.get(f"/matters/{number}?lang=en").text


def test_who_registers_later_finds_it_at_once(app: Flask, world: World) -> None:
    with app.app_context():
        person = make_person(first_names="Hilja", last_name="Rinne", birth_on=date(1941, 5, 5))
        let(make_apartment(), person)
        [home] = list_homes_today(person.id, on=clock.today())
        told = report_of(world.actor("main_tenant"), apartment_id=home.apartment_id, building_id=home.building_id)
        case, _event = report_on_behalf(world.actor("clerk"), told, owner_id=person.id, channel=Channel.PHONE)
        db.session.commit()
        number, person_id = case.number, person.id
    client = identified_client(app, person_id)
    send(client, "/register/account?lang=en", email="hilja@example.fi", password="korvapuusti lamppu")
    link = f"/confirm/{received(app)[-1].token}"
    assert send(client, link).location == "/home"
    assert f'href="/matters/{number}"' in client.get("/matters?lang=en").text
    page = client.get(f"/matters/{number}?lang=en").text
    assert LINES[Channel.PHONE] in page
    assert (
        send(
            client, f"/matters/{number}/messages", page=f"/matters/{number}", text="Kiitos", form_key="k" * 30
        ).status_code
        == 303
    )
