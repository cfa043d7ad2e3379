"""Building managers keep the calendar of their buildings: add, change, cancel; nothing typed is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from heka_portal import clock
from heka_portal.clock import HELSINKI, end_of_day, start_of_day
from heka_portal.domain.calendars.operations import cancel_event
from heka_portal.extensions import db
from heka_portal.models.audit import AuditLine
from heka_portal.models.calendars import BuildingEvent
from heka_portal.models.homes import Building
from heka_portal.vocabulary import AuditAction
from tests.factories.calendars import make_event
from tests.factories.homes import make_building
from tests.support.forms import find_form
from tests.support.roles import ClientFor, World

DAY = clock.today() + timedelta(days=6)
TYPED = {
    "kind": "works",
    "title_fi": "Hissin huolto",
    "details_fi": "Käytä portaita.",
    "title_sv": "Service av hissen",
    "starts_on": DAY.isoformat(),
    "starts_at": "8.30",
    "ends_at": "15",
    "place": "Hissi",
}


@pytest.fixture
def manager(client_for: ClientFor) -> FlaskClient:
    return client_for("building_manager")


@pytest.fixture
def add_url(world: World) -> str:
    return f"/admin/calendar/buildings/{world.building_id}/"


def fill(client: FlaskClient, url: str) -> dict[str, str]:
    """The fields of the form as it is drawn."""
    return find_form(client.get(url), "")[1]


def send(client: FlaskClient, url: str, **values: Any) -> TestResponse:
    """Fill a form in, and send it; what is None is not sent."""
    fields = {**fill(client, url), **values}
    return client.post(url, data={name: value for name, value in fields.items() if value is not None})


def kept(app: Flask) -> BuildingEvent:
    """The only event."""
    with app.app_context():
        return db.session.scalars(select(BuildingEvent)).one()


def make(app: Flask, world: World, **values: Any) -> str:
    """The page of an event."""
    with app.app_context():
        event = make_event(world.building_id, world.account_ids["building_manager"], **values)
        db.session.commit()
        return f"/admin/calendar/{event.id}/"


def test_event_is_added_once_and_residents_read_it(
    app: Flask, manager: FlaskClient, client_for: ClientFor, world: World, add_url: str
) -> None:
    fields = {**fill(manager, add_url), **TYPED}
    for _press in range(2):
        answer = manager.post(add_url, data=fields)
        assert (answer.status_code, answer.location) == (303, f"/admin/building/{world.building_id}/#calendar")
    event = kept(app)
    assert event.starts_at == datetime(DAY.year, DAY.month, DAY.day, 8, 30, tzinfo=HELSINKI).astimezone(UTC)
    assert event.ends_at - event.starts_at == timedelta(hours=6, minutes=30)
    assert (event.title_sv, event.title_en, event.staircase) == ("Service av hissen", None, None)
    page = client_for("resident").get(f"/building/{world.building_id}/calendar?lang=sv").text
    for words in ("Service av hissen", "Bara på finska", "Käytä portaita.", "Hissi"):
        assert words in page
    assert "Hissin huolto" in manager.get(f"/admin/building/{world.building_id}/").text
    with app.app_context():
        lines = db.session.scalars(select(AuditLine).where(AuditLine.action == AuditAction.BUILDING_CHANGED)).all()
        assert [line.data["what"] for line in lines] == ["added"]


def test_whole_days_have_no_hours(app: Flask, manager: FlaskClient, add_url: str) -> None:
    last = DAY + timedelta(days=2)
    typed = {**TYPED, "starts_at": "", "ends_at": "", "is_all_day": "y", "ends_on": last.isoformat()}
    assert send(manager, add_url, **typed).status_code == 303
    event = kept(app)
    assert (event.starts_at, event.ends_at, event.is_all_day) == (start_of_day(DAY), end_of_day(last), True)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"title_fi": ""}, "Write the title in Finnish"),
        ({"kind": None}, "Choose a kind"),
        ({"starts_on": "31.2.2027"}, "Check the date."),
        ({"starts_at": ""}, "Write the hour, or choose whole days"),
        ({"ends_at": "8.30"}, "It ends after it begins"),
        ({"ends_on": (DAY - timedelta(days=1)).isoformat()}, "It ends after it begins"),
        ({"ends_on": (DAY + timedelta(days=400)).isoformat()}, "An event lasts a year at most"),
        ({"title_sv": "", "details_sv": "Använd trapporna."}, "Write the title too"),
        ({"staircase": "no such"}, "Choose one of the options"),
        ({"form_key": "x" * 65}, "The page was open for too long"),
    ],
)
def test_refused_form_keeps_what_was_typed(
    app: Flask, manager: FlaskClient, add_url: str, wrong: dict[str, Any], sentence: str
) -> None:
    answer = send(manager, f"{add_url}?lang=en", **{**TYPED, **wrong})
    assert answer.status_code == 200
    assert sentence in answer.text
    assert "Käytä portaita." in answer.text
    with app.app_context():
        assert db.session.scalars(select(BuildingEvent)).all() == []


def test_event_is_changed(app: Flask, manager: FlaskClient, world: World) -> None:
    url = make(app, world, title_en="Water cut")
    before = kept(app)
    assert send(manager, url).status_code == 303
    assert (kept(app).starts_at, kept(app).ends_at) == tuple(
        each.replace(second=0, microsecond=0) for each in (before.starts_at, before.ends_at)
    )
    assert send(manager, url, title_fi="Vesi poikki", title_en="").status_code == 303
    assert (kept(app).title_fi, kept(app).title_en, kept(app).version) == ("Vesi poikki", None, 3)


def test_event_changed_meanwhile_keeps_what_was_typed(
    app: Flask, manager: FlaskClient, client_for: ClientFor, world: World
) -> None:
    url = make(app, world)
    fields = {**fill(manager, f"{url}?lang=en"), "title_fi": "Minun otsikkoni"}
    assert send(client_for("supervisor"), url, title_fi="Toisen otsikko").status_code == 303
    answer = manager.post(f"{url}?lang=en", data=fields)
    assert answer.status_code == 409
    for words in ("Somebody changed this event meanwhile", "Minun otsikkoni", "Toisen otsikko"):
        assert words in answer.text
    again = find_form(answer, "")[1]
    assert manager.post(url, data=again).status_code == 303
    assert kept(app).title_fi == "Minun otsikkoni"


def test_event_is_cancelled_and_stays(app: Flask, manager: FlaskClient, client_for: ClientFor, world: World) -> None:
    url = make(app, world)
    target, fields = find_form(manager.get(url), "/cancel/")
    assert manager.post(target, data=fields).status_code == 303
    assert "Called off" in client_for("resident").get(f"/building/{world.building_id}/calendar?lang=en").text
    assert "Vesikatko" not in client_for("resident").get("/building?lang=en").text
    assert "A cancelled event cannot be changed" in manager.get(f"{url}?lang=en").text
    assert manager.post(target, data=fields).status_code == 409


def test_who_does_not_manage_the_building_changes_nothing(
    app: Flask, manager: FlaskClient, client_for: ClientFor, world: World
) -> None:
    with app.app_context():
        elsewhere = make_building(manager_email="other@example.fi")
        event = make_event(elsewhere.id, world.account_ids["supervisor"])
        db.session.commit()
        urls = (f"/admin/calendar/buildings/{elsewhere.id}/", f"/admin/calendar/{event.id}/")
    for url in urls:
        assert manager.get(url).status_code == 403
        assert client_for("supervisor").get(url).status_code == 200
        assert client_for("clerk").get(url).status_code == 403
    assert manager.get("/admin/calendar/987654/").status_code == 404


def test_cancelled_meanwhile_is_said(app: Flask, manager: FlaskClient, world: World) -> None:
    url = make(app, world)
    fields = fill(manager, url)
    with app.app_context():
        event_id = db.session.scalars(select(BuildingEvent.id)).one()
        cancel_event(world.actor("supervisor"), event_id, version=1, now=clock.now())
        db.session.commit()
    answer = manager.post(f"{url}?lang=en", data={**fields, "title_fi": "Toinen"})
    assert "A cancelled event cannot be changed" in answer.text
    with app.app_context():
        assert db.session.scalars(select(Building.id).where(Building.id == world.building_id)).one()
