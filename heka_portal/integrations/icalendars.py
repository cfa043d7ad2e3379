"""Calendars as files that any calendar program reads (RFC 5545, RFC 7986): times on the clock of Helsinki."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard

from heka_portal.clock import HELSINKI, date_in_helsinki, helsinki

MEDIA_TYPE = "text/calendar; charset=utf-8"
PRODUCT = "-//Heka//Resident portal//EN"
#: how often a calendar should look again; most programs have a mind of their own
REFRESH = timedelta(hours=6)
#: summer time begins and ends on the last Sunday of March and of October (Directive 2000/84/EC)
SUMMER, WINTER = datetime(1997, 3, 30, 3), datetime(1996, 10, 27, 4)  # noqa: DTZ001 - the clock on the wall
EET, EEST = timedelta(hours=2), timedelta(hours=3)


@dataclass(frozen=True)
class Entry:
    """One event of a calendar."""

    uid: str
    #: grows with each change of the event
    sequence: int
    changed_at: datetime
    starts_at: datetime
    #: exclusive; none: a moment
    ends_at: datetime | None
    is_all_day: bool
    is_cancelled: bool
    category: str
    summary: str
    #: the language of the summary
    language: str
    url: str
    description: str = ""
    location: str = ""


def write_calendar(entries: Iterable[Entry], *, name: str = "", language: str = "") -> bytes:
    """The calendar; with a name it is one to subscribe to, without one it holds events to be kept."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    if name:
        calendar.add("name", name, parameters={"LANGUAGE": language})
        calendar.add("x-wr-calname", name)
        calendar.add("x-wr-timezone", str(HELSINKI))
        calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", f"PT{REFRESH // timedelta(hours=1)}H")
    calendar.add_component(_clock_of_helsinki())
    for entry in entries:
        calendar.add_component(_event(entry))
    content: bytes = calendar.to_ical()
    return content


def _clock_of_helsinki() -> Timezone:
    """The rule of summer time, written out: programs that know no names of zones read it."""
    zone = Timezone()
    zone.add("tzid", str(HELSINKI))
    turns: tuple[tuple[TimezoneDaylight | TimezoneStandard, str, datetime, timedelta, timedelta, int], ...] = (
        (TimezoneDaylight(), "EEST", SUMMER, EET, EEST, 3),
        (TimezoneStandard(), "EET", WINTER, EEST, EET, 10),
    )
    for turn, name, begins, before, after, month in turns:
        turn.add("tzname", name)
        turn.add("dtstart", begins)
        turn.add("tzoffsetfrom", before)
        turn.add("tzoffsetto", after)
        turn.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
        zone.add_component(turn)
    return zone


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    # The same each time it is asked for, so that an unchanged calendar is the same file.
    event.add("dtstamp", entry.changed_at.replace(microsecond=0))
    event.add("last-modified", entry.changed_at.replace(microsecond=0))
    event.add("dtstart", _when(entry.starts_at, is_all_day=entry.is_all_day))
    if entry.ends_at is not None:
        event.add("dtend", _when(entry.ends_at, is_all_day=entry.is_all_day))
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    # It happens in the building: it does not make its reader busy.
    event.add("transp", "TRANSPARENT")
    event.add("categories", [entry.category])
    event.add("summary", entry.summary, parameters={"LANGUAGE": entry.language})
    if entry.description:
        event.add("description", entry.description)
    if entry.location:
        event.add("location", entry.location)
    event.add("url", entry.url)
    return event


def _when(moment: datetime, *, is_all_day: bool) -> date | datetime:
    """A moment on the clock of Helsinki; in the hour that comes twice the second one can be told in UTC only."""
    if is_all_day:
        return date_in_helsinki(moment)
    local = helsinki(moment)
    return moment if local.fold else local
