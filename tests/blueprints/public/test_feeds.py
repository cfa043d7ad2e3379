"""The calendar by a private link: what it says and to whom, as any calendar program reads it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import icalendar
import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from heka_portal import clock
from heka_portal.clock import HELSINKI, end_of_day, start_of_day
from heka_portal.domain.calendars.operations import cancel_event
from heka_portal.domain.notices.operations import begin_correction, publish_notice, withdraw_notice
from heka_portal.domain.notices.rules import Place
from heka_portal.extensions import db
from heka_portal.models.calendars import BuildingEvent, CalendarLink
from heka_portal.models.homes import Occupancy
from heka_portal.models.leases import Lease, LeaseParty
from heka_portal.models.people import Person
from heka_portal.vocabulary import BuildingEventKind, Language, NoticeKind
from tests.factories.calendars import make_event, subscribe
from tests.factories.homes import make_building
from tests.factories.notices import told
from tests.support.roles import World

SOON = timedelta(days=3)


@pytest.fixture
def token(app: Flask, world: World) -> str:
    """The link of the main tenant."""
    with app.app_context():
        return subscribe(world.actor("main_tenant"), world.building_id)


def keep(app: Flask, world: World, **values: Any) -> int:
    """An event of the building."""
    with app.app_context():
        event = make_event(world.building_id, world.account_ids["building_manager"], **values)
        db.session.commit()
        return event.id


def fetch(app: Flask, token: str, **headers: str) -> TestResponse:
    """What a calendar program gets: it has no cookies."""
    return app.test_client(use_cookies=False).get(f"/calendar/{token}.ics", headers=headers)


def read(answer: TestResponse) -> Any:
    """The calendar as programs read it."""
    return icalendar.Calendar.from_ical(answer.get_data())


def events(answer: TestResponse) -> list[Any]:
    """The events as they are read back."""
    assert answer.status_code == 200
    return list(read(answer).walk("VEVENT"))


def test_feed_is_a_calendar_that_can_be_read_back(app: Flask, world: World, token: str) -> None:
    begins = datetime.combine(clock.today() + SOON, time(8), HELSINKI)
    event_id = keep(
        app,
        world,
        starts_at=begins.astimezone(UTC),
        details_fi="Laske vettä valmiiksi.",
        place="Koko talo",
        staircase=None,
    )
    answer = fetch(app, token)
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    calendar = read(answer)
    assert (calendar["VERSION"], calendar["METHOD"]) == ("2.0", "PUBLISH")
    assert calendar["X-WR-CALNAME"].startswith("Heka: ")
    assert calendar["PRODID"]
    assert calendar["X-PUBLISHED-TTL"] == "PT6H"
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Europe/Helsinki"]
    [event] = calendar.walk("VEVENT")
    assert event["UID"] == f"event-{event_id}@localhost"
    assert (event["SUMMARY"], event["STATUS"], event["SEQUENCE"]) == ("Vesikatko", "CONFIRMED", 1)
    assert event["DTSTART"].params["TZID"] == "Europe/Helsinki"
    assert (event["DTSTART"].dt, event["DTEND"].dt - event["DTSTART"].dt) == (begins, timedelta(hours=2))
    assert event["CATEGORIES"].to_ical() == b"Vesikatko"
    assert "Koko talo, " in event["LOCATION"]
    assert "Laske vettä valmiiksi." in event["DESCRIPTION"]
    assert {"DTSTAMP", "LAST-MODIFIED", "URL"} <= set(event)


def test_feed_tells_nothing_about_its_reader(app: Flask, world: World, token: str) -> None:
    keep(app, world)
    with app.app_context():
        person = db.session.get_one(Person, world.actor("main_tenant").person_id)
        secrets = (person.last_name, world.account("main_tenant").email, token)
    said = fetch(app, token).text
    for words in secrets:
        assert words not in said


def test_unchanged_calendar_is_not_sent_again(app: Flask, world: World, token: str) -> None:
    event_id = keep(app, world)
    first = fetch(app, token)
    assert first.cache_control.private
    assert not first.cache_control.no_store
    etag = first.headers["ETag"]
    assert fetch(app, token, **{"If-None-Match": etag}).status_code == 304
    with app.app_context():
        cancel_event(world.actor("building_manager"), event_id, version=1, now=clock.now())
        db.session.commit()
    [event] = events(fetch(app, token, **{"If-None-Match": etag}))
    assert (event["STATUS"], event["SEQUENCE"], event["SUMMARY"]) == ("CANCELLED", 2, "Peruttu: Vesikatko")


def test_what_is_not_written_in_the_links_language_is_marked(app: Flask, world: World) -> None:
    keep(app, world, title_sv="Vattenavbrott")
    keep(app, world, starts_at=clock.now() + timedelta(days=5))
    with app.app_context():
        token = subscribe(world.actor("main_tenant"), world.building_id, language=Language.SWEDISH)
    swedish, finnish = events(fetch(app, token))
    assert (swedish["SUMMARY"], swedish["SUMMARY"].params["LANGUAGE"]) == ("Vattenavbrott", "sv")
    assert "Bara på finska" not in swedish["DESCRIPTION"]
    assert (finnish["SUMMARY"], finnish["SUMMARY"].params["LANGUAGE"]) == ("Vesikatko", "fi")
    assert "Bara på finska" in finnish["DESCRIPTION"]


def test_whole_days_end_with_the_day_after_the_last(app: Flask, world: World, token: str) -> None:
    first = clock.today() + SOON
    keep(app, world, starts_at=start_of_day(first), ends_at=end_of_day(first + timedelta(days=1)), is_all_day=True)
    [event] = events(fetch(app, token))
    assert event["DTSTART"].dt == first
    assert event["DTEND"].dt == first + timedelta(days=2)
    assert event["DTSTART"].params["VALUE"] == "DATE"


def last_sunday(month: int) -> date:
    """The next last Sunday of March or October that the calendar reaches."""
    year = clock.today().year + (1 if clock.today() > date(clock.today().year, month, 24) else 0)
    return next(day for n in range(7) if (day := date(year, month, 31 - n)).weekday() == 6)


@pytest.mark.parametrize("hour", [1, 2, 3, 4])
@pytest.mark.parametrize("month", [3, 10])
def test_the_night_when_clocks_turn_keeps_every_moment(
    app: Flask, world: World, token: str, month: int, hour: int
) -> None:
    night = last_sunday(month)
    for half in (0, 30):
        keep(app, world, starts_at=datetime.combine(night, time(hour - 1, half), UTC), hours=1)
    found = events(fetch(app, token))
    assert [event["DTSTART"].dt.astimezone(UTC).time() for event in found] == [time(hour - 1, 0), time(hour - 1, 30)]
    assert {event["DTEND"].dt.astimezone(UTC) - event["DTSTART"].dt.astimezone(UTC) for event in found} == {
        timedelta(hours=1)
    }


def test_notices_that_reach_the_reader_stand_beside_the_events(app: Flask, world: World, token: str) -> None:
    begins = clock.now() + SOON
    here, happens = Place(building_id=world.building_id), {"happens_from": begins}
    with app.app_context():
        writer = world.actor("supervisor")
        meeting = told(writer, here, kind=NoticeKind.MEETING, **happens)
        told(writer, Place(building_id=make_building().id), **happens)
        told(writer, here)
        for_main = told(writer, here, main_tenants_only=True, happens_to=begins + timedelta(hours=1), **happens)
        taken_back = told(writer, here, **happens)
        withdraw_notice(writer, taken_back, version=taken_back.version, now=clock.now())
        wrong = told(writer, here, **happens)
        right = begin_correction(writer, wrong, now=clock.now())
        publish_notice(writer, right, version=right.version, now=clock.now())
        db.session.commit()
        expected = [f"notice-{each.id}@localhost" for each in (meeting, for_main, right)]
        resident = subscribe(world.actor("resident"), world.building_id)
    found = events(fetch(app, token))
    assert sorted(event["UID"] for event in found) == sorted(expected)
    assert "DTEND" not in next(event for event in found if event["UID"] == expected[0])
    assert sorted(event["UID"] for event in events(fetch(app, resident))) == sorted([expected[0], expected[2]])


def test_protected_persons_calendar_tells_no_place(app: Flask, world: World, token: str) -> None:
    keep(app, world, title_fi="Vesikatko Kotikuja 1:ssä", details_fi="Kotikuja 1", place="Kotikuja 1")
    with app.app_context():
        told(world.actor("supervisor"), Place(building_id=world.building_id), happens_from=clock.now() + SOON)
        db.session.get_one(Person, world.actor("main_tenant").person_id).is_protected = True
        db.session.commit()
        tie = world.actor("main_tenant").own_homes[0]
    answer = fetch(app, token)
    assert read(answer)["X-WR-CALNAME"] == "Heka"
    for words in ("Kotikuja", tie.street_address, f"/building/{world.building_id}"):
        assert words not in answer.text
    found = events(answer)
    assert [event["SUMMARY"] for event in found] == ["Vesikatko", "Huoltokatko"]
    assert all("LOCATION" not in event for event in found)


@pytest.mark.parametrize("wrong", ["unknown", "ended", "replaced", "moved out", "closed", "expired"])
def test_link_that_leads_nowhere_answers_as_an_unknown_one(app: Flask, world: World, token: str, wrong: str) -> None:
    with app.app_context():
        link, actor = db.session.scalars(select(CalendarLink)).one(), world.actor("main_tenant")
        if wrong == "unknown":
            token = token[:-1] + ("A" if token[-1] != "A" else "B")
        elif wrong == "ended":
            db.session.delete(link)
        elif wrong == "replaced":
            subscribe(actor, world.building_id)
        elif wrong == "moved out":
            for part in (LeaseParty, Occupancy):
                row: Any = db.session.scalars(select(part).where(part.person_id == actor.person_id)).one()
                row.to_on = clock.today() - timedelta(days=1)
        elif wrong == "closed":
            world.account("main_tenant").is_disabled = True
        else:
            link.expires_at = clock.now()
        db.session.commit()
    answer = fetch(app, token)
    assert answer.status_code == 404
    assert answer.cache_control.no_store
    assert answer.text == fetch(app, "A" * 43).text


def test_who_moves_in_tomorrow_has_it_as_they_have_the_page(app: Flask, world: World) -> None:
    with app.app_context():
        tie = world.actor("coming_tenant").own_homes[0]
        db.session.get_one(Lease, tie.lease_id).starts_on = clock.today() + timedelta(days=1)
        db.session.commit()
        token = subscribe(world.actor("coming_tenant"), world.building_id)
    assert fetch(app, token).status_code == 200


def test_use_is_noted_once_a_day(app: Flask, world: World, token: str) -> None:
    def noted() -> datetime | None:
        with app.app_context():
            return db.session.scalars(select(CalendarLink.last_used_at)).one()

    assert noted() is None
    fetch(app, token)
    first = noted()
    assert first is not None
    fetch(app, token)
    assert noted() == first
    with app.app_context():
        db.session.scalars(select(CalendarLink)).one().last_used_at = first - timedelta(days=1)
        db.session.commit()
    fetch(app, token)
    again = noted()
    assert again is not None
    assert again >= first


def test_guesses_and_greedy_programs_are_slowed(app: Flask, token: str) -> None:
    for _ in range(60):
        assert fetch(app, "guess").status_code == 404
    assert fetch(app, "guess").status_code == 429
    assert [fetch(app, token).status_code for _ in range(61)] == [200] * 60 + [429]


def test_events_of_another_staircase_are_left_out(app: Flask, world: World, token: str) -> None:
    with app.app_context():
        own = world.actor("main_tenant").own_homes[0].staircase
    mine = keep(app, world, staircase=own, kind=BuildingEventKind.WORKS)
    keep(app, world, staircase="X")
    assert [event["UID"] for event in events(fetch(app, token))] == [f"event-{mine}@localhost"]


def test_what_is_long_over_and_what_is_far_ahead_are_left_out(app: Flask, world: World, token: str) -> None:
    now = clock.now()
    for days in (-91, -89, 399, 401):
        keep(app, world, starts_at=now + timedelta(days=days))
    with app.app_context():
        within = db.session.scalars(select(BuildingEvent.id).order_by(BuildingEvent.id)).all()[1:3]
    assert [event["UID"] for event in events(fetch(app, token))] == [f"event-{each}@localhost" for each in within]
