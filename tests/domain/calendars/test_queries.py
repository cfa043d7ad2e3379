"""The page and the link tell the same to everybody, whoever lives where; links end with their rights and their time.

A small town is drawn at random, with people who move, part and come of age, events of buildings and staircases, and
notices to any places.
"""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

import icalendar
import pytest
from flask import Flask
from sqlalchemy import select

from heka_portal import clock
from heka_portal.domain.access import Permission
from heka_portal.domain.accounts.operations.cleaning import drop_expired
from heka_portal.domain.accounts.ties import resident_later
from heka_portal.domain.buildings.sheets import read_sheet
from heka_portal.domain.calendars.links import find_link, follow_link
from heka_portal.domain.calendars.queries import Happening, list_happenings, split
from heka_portal.domain.calendars.rules import AHEAD, LINK_LIVES, PAST, Source
from heka_portal.domain.errors import NotFound
from heka_portal.domain.notices.rules import Home, Place, is_shown, reaches
from heka_portal.extensions import db
from heka_portal.models.accounts import Account
from heka_portal.models.calendars import BuildingEvent, CalendarLink
from heka_portal.models.notices import Notice
from heka_portal.vocabulary import LeaseTerm, StaffRole
from heka_portal.web.calendars import write_feed
from tests.domain.notices.test_reach import draw_homes, draw_places, homes_by_rule
from tests.factories.accounts import make_account, make_staff, sign_in
from tests.factories.calendars import make_event, subscribe
from tests.factories.notices import told
from tests.factories.people import make_person

DAYS = (-120, -100, -80, -30, -1, 0, 2, 40, 300, 390, 410, 500)


def draw_town(seed: int) -> tuple[list[Any], list[BuildingEvent], list[Notice]]:
    """Buildings, people with an account each, events and notices."""
    random, now = Random(seed), clock.now()
    people = [make_person() for _ in range(60)]
    buildings = draw_homes(random, people)
    for person in people:
        make_account(person)
    staff = make_account(make_staff(StaffRole.COMMUNICATIONS))
    events = [
        make_event(
            building.id,
            staff.id,
            starts_at=now + timedelta(days=random.choice(DAYS)),
            hours=random.choice((1, 30)),
            staircase=random.choice((None, "A", "B")),
        )
        for building in buildings
        for _ in range(8)
    ]
    writer, notices = sign_in(staff), []
    for _ in range(40):
        begins = now - timedelta(days=random.choice((0, 5, 60, 300)), minutes=1)
        happens = now + timedelta(days=random.choice(DAYS))
        notices.append(
            told(
                writer,
                *draw_places(random, buildings),
                at=begins,
                visible_to=begins + timedelta(days=random.choice((3, 30, 360))),
                happens_from=random.choice((None, happens)),
                happens_to=random.choice((None, happens + timedelta(hours=3))),
                lease_term=random.choice((None, None, *LeaseTerm)),
                main_tenants_only=random.random() < 0.3,
            )
        )
    return buildings, events, notices


def expected(actor: Any, building_id: int, events: list[BuildingEvent], notices: list[Notice], now: Any) -> set[str]:
    """What the rules let the actor read of a building, from the rows themselves."""
    homes = [home for home in homes_by_rule(actor, now) if home.building_id == building_id]
    since, to = now - PAST, now + AHEAD
    found = {
        f"event-{event.id}"
        for event in events
        if event.ends_at > since
        and event.starts_at < to
        and any(reaches([Place(building_id=event.building_id, staircase=event.staircase)], home) for home in homes)
    }
    return found | {
        f"notice-{notice.id}"
        for notice in notices
        if notice.happens_from is not None
        and notice.happens_from < to
        and (notice.happens_to or notice.happens_from) > since
        and any(_is_for(notice, home, now) for home in homes)
    }


def _is_for(notice: Notice, home: Home, now: Any) -> bool:
    places = [Place(each.region_id, each.building_id, each.staircase) for each in notice.audiences]
    return reaches(places, home, lease_term=notice.lease_term, main_tenants_only=notice.main_tenants_only) and is_shown(
        notice.visible_from, notice.visible_to, since=home.since, now=now
    )


def names(happenings: list[Happening]) -> set[str]:
    return {f"{each.source}-{each.id}" for each in happenings}


@pytest.mark.parametrize("seed", range(3))
def test_page_and_link_tell_what_the_rules_let_one_read(app: Flask, seed: int) -> None:
    with app.app_context():
        buildings, events, notices = draw_town(seed)
        now, seen = clock.now(), 0
        for account in db.session.scalars(select(Account).where(Account.person_id.is_not(None))):
            actor = sign_in(account)
            for building in buildings:
                if building.id not in {tie.building_id for tie in actor.own_homes}:
                    with pytest.raises(NotFound):
                        list_happenings(actor, building.id, language="fi", now=now)
                    continue
                page = list_happenings(actor, building.id, language="fi", now=now)
                assert names(page) == expected(actor, building.id, events, notices, now)
                coming, over = split(page, now=now)
                assert names(coming) | names(over) == names(page)
                assert len(coming) + len(over) == len(page)
                link = find_link(subscribe(actor, building.id), now=now)
                later = follow_link(link, now=now)
                feed: Any = icalendar.Calendar.from_ical(
                    write_feed(list_happenings(later, building.id, language="fi", now=now), read_sheet(building.id))
                )
                told_ids = {str(event["UID"]).partition("@")[0] for event in feed.walk("VEVENT")}
                assert told_ids == names(page)
                seen += len(page)
        assert seen > 20


def test_rights_without_a_session_are_those_of_a_session(app: Flask) -> None:
    with app.app_context():
        draw_town(7)
        for account in db.session.scalars(select(Account).where(Account.person_id.is_not(None))):
            actor, person_id = sign_in(account), account.person_id
            assert person_id is not None
            later = resident_later(account.id, person_id, language=account.language, on=actor.on)
            assert set(later.ties) == set(actor.ties)
            assert later.may(Permission.BUILDING_SEE) == actor.may(Permission.BUILDING_SEE)
            assert later.own_homes == actor.own_homes


def test_event_under_way_is_to_come_and_a_day_without_an_end_lasts_until_midnight(app: Flask) -> None:
    now = clock.start_of_day(clock.today()) + timedelta(hours=12)

    def happening(starts: float, ends: float | None) -> Happening:
        begins = now + timedelta(hours=starts)
        return Happening(
            source=Source.EVENT,
            id=1,
            kind="works",  # type: ignore[arg-type]  # plays no part here
            language="fi",  # type: ignore[arg-type]  # as above
            title="",
            starts_at=begins,
            ends_at=None if ends is None else now + timedelta(hours=ends),
            changed_at=now,
            version=1,
        )

    under_way, over = happening(-2, 1), happening(-3, -1)
    this_morning, yesterday = happening(-3, None), happening(-24, None)
    coming, was = split([yesterday, over, this_morning, under_way], now=now)
    assert coming == [this_morning, under_way]
    assert was == [over, yesterday]


def test_link_that_no_calendar_reads_ends_by_itself(app: Flask) -> None:
    with app.app_context():
        buildings, _events, _notices = draw_town(1)
        accounts = db.session.scalars(select(Account).where(Account.person_id.is_not(None)))
        ids = {building.id for building in buildings}
        actor, building_id = next(
            (actor, tie.building_id)
            for actor in map(sign_in, accounts)
            for tie in actor.own_homes
            if tie.building_id in ids
        )
        token, now = subscribe(actor, building_id), clock.now()
        drop_expired(now=now)
        assert find_link(token, now=now).building_id == building_id
        drop_expired(now=now + LINK_LIVES + timedelta(days=1))
        assert db.session.scalars(select(CalendarLink)).all() == []
