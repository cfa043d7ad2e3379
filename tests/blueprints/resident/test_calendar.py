"""A resident's page of what happens in the building, one event to keep, and the private link."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import icalendar
import pytest
from flask import Flask
from sqlalchemy import select

from heka_portal import clock
from heka_portal.domain.notices.rules import Place
from heka_portal.extensions import db
from heka_portal.models.audit import AuditLine
from heka_portal.models.calendars import BuildingEvent, CalendarLink
from heka_portal.models.people import Person
from heka_portal.vocabulary import AuditAction, BuildingEventKind
from tests.factories.calendars import make_event, subscribe
from tests.factories.homes import make_building
from tests.factories.notices import told
from tests.support.forms import find_form
from tests.support.roles import ClientFor, World


@pytest.fixture
def url(world: World) -> str:
    return f"/building/{world.building_id}/calendar"


def keep(app: Flask, world: World, **values: Any) -> int:
    """An event of the building."""
    with app.app_context():
        event = make_event(world.building_id, world.account_ids["building_manager"], **values)
        db.session.commit()
        return event.id


def test_page_tells_what_comes_and_what_was(app: Flask, client_for: ClientFor, world: World, url: str) -> None:
    now = clock.now()
    keep(app, world, title_fi="Pihatalkoot", starts_at=now + timedelta(days=40), kind=BuildingEventKind.OTHER)
    keep(app, world, title_fi="Ikkunat", starts_at=now - timedelta(days=9), kind=BuildingEventKind.WORKS)
    with app.app_context():
        told(world.actor("supervisor"), Place(building_id=world.building_id), happens_from=now + timedelta(days=2))
    page = client_for("resident").get(f"{url}?lang=en").text
    coming, over = page.split('<details class="hp-more"')
    assert "Pihatalkoot" in coming
    assert "Only in Finnish" in coming
    assert "Ikkunat" in over
    assert "1 event of the last 90 days" in over
    assert "/notices/" in coming


def test_empty_calendar_says_what_will_be_here(client_for: ClientFor, url: str) -> None:
    assert "Nothing is coming up" in client_for("resident").get(f"{url}?lang=en").text
    assert "Nothing is coming up" in client_for("resident").get("/building?lang=en").text


def test_buildings_page_tells_the_next_three(app: Flask, client_for: ClientFor, world: World, url: str) -> None:
    now = clock.now()
    for days in (1, 2, 3, 4):
        keep(app, world, title_fi=f"Tapahtuma {days}", starts_at=now + timedelta(days=days))
    keep(app, world, title_fi="Peruttu talkoo", starts_at=now + timedelta(hours=1), cancelled_at=now)
    page = client_for("co_tenant").get("/building?lang=fi").text
    assert [f"Tapahtuma {days}" in page for days in (1, 2, 3, 4)] == [True, True, True, False]
    assert "Peruttu talkoo" not in page
    assert url in page


@pytest.mark.parametrize("end", ["", "/event-1.ics"])
def test_another_buildings_calendar_is_not_found(app: Flask, client_for: ClientFor, world: World, end: str) -> None:
    with app.app_context():
        elsewhere = make_building().id
        make_event(elsewhere, world.account_ids["supervisor"])
        db.session.commit()
    client = client_for("main_tenant")
    assert client.get(f"/building/{elsewhere}/calendar{end}").status_code == 404
    token = find_form(client.get(f"/building/{world.building_id}/calendar"), "/link")[1]
    for path in ("link", "link/end"):
        assert client.post(f"/building/{elsewhere}/calendar/{path}", data=token).status_code == 404


def test_one_event_can_be_kept(app: Flask, client_for: ClientFor, world: World, url: str) -> None:
    event_id = keep(app, world, place="Kerhohuone")
    answer = client_for("neighbour").get(f"{url}/event-{event_id}.ics")
    assert answer.mimetype == "text/calendar"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    read: Any = icalendar.Calendar.from_ical(answer.get_data())
    [event] = read.walk("VEVENT")
    assert event["LOCATION"].startswith("Kerhohuone, ")
    assert client_for("neighbour").get(f"{url}/notice-{event_id}.ics").status_code == 404
    with app.app_context():
        db.session.get_one(Person, world.actor("neighbour").person_id).is_protected = True
        db.session.commit()
    said = client_for("neighbour").get(f"{url}/event-{event_id}.ics").text
    assert "Kerhohuone" not in said
    assert "LOCATION" not in said


def test_link_is_shown_once_and_a_new_one_replaces_it(
    app: Flask, client_for: ClientFor, world: World, url: str
) -> None:
    client = client_for("resident")
    links = []
    for _time in range(2):
        target, fields = find_form(client.get(url), "/link")
        answer = client.post(target, data=fields)
        assert (answer.status_code, answer.location) == (303, f"{url}#subscribe")
        shown = client.get(f"{url}?lang=en").text
        found = re.search(r"http://localhost(/calendar/[\w-]{43}\.ics)", shown)
        assert found is not None
        assert f"webcal://localhost{found[1]}" in shown
        assert found[1] not in client.get(url).text
        links.append(found[1])
    stranger = app.test_client(use_cookies=False)
    assert [stranger.get(link).status_code for link in links] == [404, 200]
    with app.app_context():
        kept = db.session.scalars(select(CalendarLink)).one()
        assert kept.token_hash not in links[1]
        assert links[1].removeprefix("/calendar/").removesuffix(".ics") not in kept.token_hash


def test_link_is_ended(app: Flask, client_for: ClientFor, world: World, url: str) -> None:
    with app.app_context():
        token = subscribe(world.actor("resident"), world.building_id)
    client = client_for("resident")
    page = client.get(f"{url}?lang=en")
    assert "No calendar has read it yet." in page.text
    target, fields = find_form(page, "/link/end")
    for _press in range(2):
        assert client.post(target, data=fields).status_code == 303
    assert app.test_client().get(f"/calendar/{token}.ics").status_code == 404
    assert "/link/end" not in client.get(url).text
    with app.app_context():
        made = (AuditAction.CALENDAR_LINK_MADE, AuditAction.CALENDAR_LINK_ENDED)
        lines = db.session.scalars(select(AuditLine.action).where(AuditLine.action.in_(made))).all()
        assert sorted(lines) == sorted(made)


def test_who_has_a_non_disclosure_order_is_told_what_the_link_leaves_out(
    app: Flask, client_for: ClientFor, world: World, url: str
) -> None:
    assert "You have a non-disclosure order." not in client_for("main_tenant").get(f"{url}?lang=en").text
    with app.app_context():
        db.session.get_one(Person, world.actor("main_tenant").person_id).is_protected = True
        db.session.commit()
    assert "You have a non-disclosure order." in client_for("main_tenant").get(f"{url}?lang=en").text


def test_event_of_another_staircase_is_not_found(app: Flask, client_for: ClientFor, world: World, url: str) -> None:
    event_id = keep(app, world, staircase="X", title_fi="Vain X")
    client = client_for("resident")
    assert "Vain X" not in client.get(url).text
    assert client.get(f"{url}/event-{event_id}.ics").status_code == 404
    with app.app_context():
        assert db.session.get(BuildingEvent, event_id) is not None


def test_long_calendar_is_read_part_by_part(app: Flask, client_for: ClientFor, world: World, url: str) -> None:
    now = clock.now()
    for days in range(1, 24):
        keep(app, world, title_fi=f"Tuleva {days}.", starts_at=now + timedelta(days=days))
        keep(app, world, title_fi=f"Mennyt {days}.", starts_at=now - timedelta(days=days))
    client = client_for("resident")
    first, second = client.get(url).text, client.get(f"{url}?from=20").text
    assert ("Tuleva 20." in first, "Tuleva 21." in first) == (True, False)
    assert ("Tuleva 20." in second, "Tuleva 21." in second) == (False, True)
    assert "from=20" in first
    assert "from=0" in second
    assert ("Mennyt 10." in first, "Mennyt 11." in first) == (True, False)
    assert "Mennyt 21." in client.get(f"{url}?over=20").text
    assert client.get(f"{url}?from=99999&over=x").status_code == 200
