"""What a notice needs before it is told, whom it reaches, and what may still be done with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from heka_portal.clock import date_in_helsinki
from heka_portal.domain.errors import DetailNeeded
from heka_portal.vocabulary import Language, LeaseTerm, NoticeKind, NoticeState

#: Act 1169/2022: a residents' meeting is called two weeks before
MEETING_CALL = timedelta(days=14)
#: a notice ends: nobody reads for years what is pinned to a wall
LONGEST = timedelta(days=366)
#: how long a notice is shown where its writer says nothing, and how far back the archive reaches
USUAL = timedelta(days=30)
ARCHIVE = timedelta(days=3 * 366)
MAX_TITLE, MAX_BODY, MAX_PLACES = 120, 10_000, 60


@dataclass(frozen=True)
class Place:
    """Whose people a notice is for: everybody's, a region's, a building's, or a staircase's of it."""

    region_id: int | None = None
    building_id: int | None = None
    staircase: str | None = None

    @property
    def is_everywhere(self) -> bool:
        """Whether it is for everybody."""
        return self.region_id is None and self.building_id is None


EVERYWHERE = Place()


@dataclass(frozen=True)
class Home:
    """A home as notices know it, and since when (at most now) its person has it."""

    building_id: int
    region_id: int
    staircase: str | None
    is_main: bool
    lease_id: int | None
    since: datetime
    term: LeaseTerm | None = None


@dataclass(frozen=True)
class Words:
    """A notice in one language."""

    title: str
    body: str


@dataclass(frozen=True)
class Content:
    """All that the writer of a notice decides."""

    kind: NoticeKind
    words: Mapping[Language, Words]
    places: tuple[Place, ...]
    #: none: from the moment it is published
    visible_from: datetime | None = None
    visible_to: datetime | None = None
    happens_from: datetime | None = None
    happens_to: datetime | None = None
    is_pinned: bool = False
    is_urgent: bool = False
    asks_acknowledgement: bool = False
    lease_term: LeaseTerm | None = None
    main_tenants_only: bool = False


@dataclass(frozen=True)
class Caution:
    """What the writer should know before it is told; none of it forbids anything."""

    missing: tuple[Language, ...] = field(default=())
    is_meeting_late: bool = False

    def __bool__(self) -> bool:
        return bool(self.missing) or self.is_meeting_late


def reaches(
    places: Iterable[Place], home: Home, *, lease_term: LeaseTerm | None = None, main_tenants_only: bool = False
) -> bool:
    """Whether a notice for these places is for the person of a home."""
    if main_tenants_only and not home.is_main:
        return False
    if lease_term is not None and home.term is not lease_term:
        return False
    return any(_holds(place, home) for place in places)


def _holds(place: Place, home: Home) -> bool:
    if place.building_id is not None:
        return place.building_id == home.building_id and place.staircase in (None, home.staircase)
    return place.region_id in (None, home.region_id)


def is_shown(visible_from: datetime | None, visible_to: datetime | None, *, since: datetime, now: datetime) -> bool:
    """Whether somebody who has had their home `since` may read it: it has begun, and had not ended before they came."""
    return visible_from is not None and visible_to is not None and visible_from <= now and visible_to > min(since, now)


def caution(
    kind: NoticeKind, languages: Iterable[Language], *, happens_from: datetime | None, told_at: datetime
) -> Caution:
    """What is missing, or late, in a notice that is told at a moment."""
    missing = tuple(language for language in Language if language not in set(languages))
    return Caution(missing, kind is NoticeKind.MEETING and is_late_call(happens_from, told_at=told_at))


def is_late_call(meets_at: datetime | None, *, told_at: datetime) -> bool:
    """Whether a meeting is called less than two weeks before; days count as they do in Helsinki."""
    return meets_at is not None and date_in_helsinki(meets_at) - date_in_helsinki(told_at) < MEETING_CALL


def mail_name(notice_id: int) -> str:
    """How the names of a notice's mails begin; the account follows after a hyphen."""
    return f"notice-{notice_id}"


def estimate_people(found: int, *, counted: int, homes: int) -> int:
    """How many people live in so many homes, by those found in a part of them; to two digits, no more is known."""
    people = found * homes // counted
    return int(round(people, 2 - len(str(people))))


def check_content(content: Content, *, now: datetime) -> tuple[datetime, datetime]:
    """From when until when a complete notice is shown. Raises DetailNeeded, which names what is missing or wrong."""
    if not content.words:
        raise DetailNeeded("words")
    if not content.places:
        raise DetailNeeded("places")
    if content.kind is NoticeKind.MEETING and content.happens_from is None:
        raise DetailNeeded("happens_from")
    begins = max(content.visible_from or now, now)
    ends = content.visible_to or begins + USUAL
    if ends <= begins:
        raise DetailNeeded("visible_to")
    if ends - begins > LONGEST:
        raise DetailNeeded("too_long")
    return begins, ends


#: what may be done in which state
EDITABLE = frozenset({NoticeState.DRAFT, NoticeState.SCHEDULED})
WITHDRAWABLE = frozenset({NoticeState.DRAFT, NoticeState.SCHEDULED, NoticeState.PUBLISHED})
CORRECTABLE = frozenset({NoticeState.PUBLISHED, NoticeState.ENDED, NoticeState.WITHDRAWN})
