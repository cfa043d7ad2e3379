"""What happens in a building, as its residents read it and as staff keep it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import starmap
from typing import Any, Generic, TypeVar

from sqlalchemy import BigInteger, ColumnElement, String, bindparam, or_, select

from heka_portal.database import UtcDateTime, at_most
from heka_portal.domain.access import Actor, Permission
from heka_portal.domain.buildings.sight import check_sees_building
from heka_portal.domain.buildings.texts import in_language
from heka_portal.domain.calendars.rules import AHEAD, PAST, Source, over_at
from heka_portal.domain.errors import NotAllowed, NotFound
from heka_portal.domain.homes.management import may_write_building
from heka_portal.domain.notices.happenings import ToldHappening, list_told_happenings
from heka_portal.domain.notices.reach import homes_of
from heka_portal.extensions import db
from heka_portal.models.calendars import BuildingEvent
from heka_portal.models.homes import Apartment
from heka_portal.vocabulary import BuildingEventKind, Language, NoticeKind

#: so many events of a building, and as many of its notices, are in a calendar: far more than happens in a year
MOST_HAPPENINGS = 300
#: lines of a page, of what is to come and of what was
PAGE, PAGE_OVER = 20, 10
#: staircases of a building
MOST_STAIRCASES = 60


@dataclass(frozen=True)
class Happening:
    """One line of a building's calendar, in the reader's language or in the one there is."""

    source: Source
    id: int
    kind: BuildingEventKind | NoticeKind
    language: Language
    title: str
    starts_at: datetime
    ends_at: datetime | None
    changed_at: datetime
    #: grows with each change
    version: int
    is_all_day: bool = False
    details: str | None = None
    details_language: Language | None = None
    place: str | None = None
    staircase: str | None = None
    is_cancelled: bool = False

    @property
    def over_at(self) -> datetime:
        """When it is over."""
        return over_at(self.starts_at, self.ends_at)


@dataclass(frozen=True)
class EventLine:
    """An event as it is kept."""

    id: int
    kind: BuildingEventKind
    staircase: str | None
    title_fi: str
    title_sv: str | None
    title_en: str | None
    details_fi: str | None
    details_sv: str | None
    details_en: str | None
    place: str | None
    starts_at: datetime
    ends_at: datetime
    is_all_day: bool
    changed_at: datetime
    cancelled_at: datetime | None
    version: int

    @property
    def titles(self) -> dict[Language, str]:
        """The titles by language."""
        return written(self.title_fi, self.title_sv, self.title_en)

    @property
    def details(self) -> dict[Language, str]:
        """What more is said, by language."""
        return written(self.details_fi, self.details_sv, self.details_en)


def written(fi: str | None, sv: str | None, en: str | None) -> dict[Language, str]:
    """What is written, by language."""
    pairs = ((Language.FINNISH, fi), (Language.SWEDISH, sv), (Language.ENGLISH, en))
    return {language: words for language, words in pairs if words}


_COLUMNS = tuple(getattr(BuildingEvent, name) for name in EventLine.__annotations__)


def _events(*which: ColumnElement[bool]) -> Any:
    """The events of a building that are not over by a moment, those that end first before the others."""
    return (
        select(*_COLUMNS)
        .where(
            BuildingEvent.building_id == bindparam("building_id", type_=BigInteger),
            BuildingEvent.ends_at > bindparam("since", type_=UtcDateTime),
            BuildingEvent.starts_at < bindparam("to", type_=UtcDateTime),
            *which,
        )
        .order_by(BuildingEvent.ends_at, BuildingEvent.id)
        .limit(at_most(MOST_HAPPENINGS))
    )


_OWN = _events(
    or_(
        BuildingEvent.staircase.is_(None),
        BuildingEvent.staircase.in_(bindparam("staircases", expanding=True, type_=String)),
    )
)
_KEPT = _events()


def list_happenings(actor: Actor, building_id: int, *, language: str, now: datetime) -> list[Happening]:
    """The calendar of a building of the actor's: what staff keep of it, and what notices to the actor tell of.

    From 90 days back to 400 days ahead, in the order of time. Raises NotFound.
    """
    check_sees_building(actor, building_id)
    homes = [home for home in homes_of(actor, now=now) if home.building_id == building_id]
    asked: dict[str, Any] = {"building_id": building_id, "since": now - PAST, "to": now + AHEAD}
    stairs = sorted({tie.staircase for tie in actor.own_homes if tie.building_id == building_id and tie.staircase})
    events = starmap(EventLine, db.session.execute(_OWN, {**asked, "staircases": stairs}))
    told = list_told_happenings(
        homes, language=language, now=now, since=now - PAST, to=now + AHEAD, limit=MOST_HAPPENINGS
    )
    found = [*(_of_event(each, language) for each in events), *(_of_notice(each) for each in told)]
    return sorted(found, key=lambda each: (each.starts_at, each.source, each.id))


def _of_event(line: EventLine, language: str) -> Happening:
    title_language, title = _said(line.titles, language)
    details_language, details = _said(line.details, language) if line.details else (None, None)
    return Happening(
        source=Source.EVENT,
        id=line.id,
        kind=line.kind,
        language=title_language,
        title=title,
        starts_at=line.starts_at,
        ends_at=line.ends_at,
        changed_at=line.changed_at,
        version=line.version,
        is_all_day=line.is_all_day,
        details=details,
        details_language=details_language,
        place=line.place,
        staircase=line.staircase,
        is_cancelled=line.cancelled_at is not None,
    )


def _said(words: Mapping[Language, str], language: str) -> tuple[Language, str]:
    found = in_language(words, language)
    assert found is not None  # noqa: S101 - a title is always written in Finnish, and details are asked for if any
    return found


def _of_notice(told: ToldHappening) -> Happening:
    return Happening(
        source=Source.NOTICE,
        id=told.id,
        kind=told.kind,
        language=told.language,
        title=told.title,
        starts_at=told.happens_from,
        ends_at=told.happens_to,
        changed_at=told.changed_at,
        version=told.version,
    )


def split(happenings: Sequence[Happening], *, now: datetime) -> tuple[list[Happening], list[Happening]]:
    """What is to come or under way, the next one first; and what is over, the latest first."""
    coming = [each for each in happenings if each.over_at > now]
    return coming, [each for each in reversed(happenings) if each.over_at <= now]


L = TypeVar("L")


@dataclass(frozen=True)
class Part(Generic[L]):
    """So many lines of a list that is in memory as a whole, and the places where the parts beside it begin."""

    lines: Sequence[L]
    before: int | None
    after: int | None


def part_of(lines: Sequence[L], start: int, size: int = PAGE) -> Part[L]:
    """The part of a list that begins at a place."""
    start = min(max(start, 0), len(lines))
    return Part(
        lines[start : start + size],
        max(start - size, 0) if start else None,
        start + size if start + size < len(lines) else None,
    )


def get_happening(
    actor: Actor, building_id: int, source: Source, happening_id: int, *, language: str, now: datetime
) -> Happening:
    """One line of the calendar. Raises NotFound."""
    for each in list_happenings(actor, building_id, language=language, now=now):
        if each.source is source and each.id == happening_id:
            return each
    raise NotFound


def list_kept_events(building_id: int, *, now: datetime) -> list[EventLine]:
    """The events of a building that staff keep, of the same time as in the calendar.

    What is to come or under way is first, the next one before the others; then what is over, the latest first.
    """
    asked = {"building_id": building_id, "since": now - PAST, "to": now + AHEAD}
    lines = sorted(starmap(EventLine, db.session.execute(_KEPT, asked)), key=lambda line: (line.starts_at, line.id))
    return [line for line in lines if line.ends_at > now] + [line for line in reversed(lines) if line.ends_at <= now]


def get_kept_event(actor: Actor, event_id: int, *, for_update: bool = False) -> BuildingEvent:
    """An event that the actor may change. Raises NotFound, NotAllowed."""
    if not actor.may(Permission.BUILDING_WRITE):
        raise NotAllowed
    asked = select(BuildingEvent).where(BuildingEvent.id == event_id).execution_options(populate_existing=True)
    event = db.session.scalar(asked.with_for_update() if for_update else asked)
    if event is None:
        raise NotFound
    if not may_write_building(actor, event.building_id):
        raise NotAllowed
    return event


def list_staircases(building_id: int) -> list[str]:
    """The staircases of a building."""
    asked = (
        select(Apartment.staircase)
        .where(Apartment.building_id == building_id, Apartment.staircase.is_not(None))
        .distinct()
        .order_by(Apartment.staircase)
        .limit(at_most(MOST_STAIRCASES))
    )
    return [stair for stair in db.session.scalars(asked) if stair]
