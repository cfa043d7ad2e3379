"""What an event needs, when it is over, and how far a calendar reaches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from heka_portal.clock import date_in_helsinki, end_of_day, start_of_day
from heka_portal.domain.errors import DetailNeeded
from heka_portal.vocabulary import BuildingEventKind, Language

#: what is over stays in the calendar so long, and what is to come is in it from so long before
PAST, AHEAD = timedelta(days=90), timedelta(days=400)
#: an event ends: what lasts longer is no event
LONGEST = timedelta(days=366)
#: a link that no calendar has read for so long ends by itself
LINK_LIVES = timedelta(days=400)
#: the use of a link is noted once in this time
NOTED_EVERY = timedelta(days=1)
MAX_TITLE, MAX_PLACE, MAX_DETAILS, MAX_STAIRCASE = 120, 120, 2_000, 10


class Source(StrEnum):
    """Where a line of the calendar comes from."""

    EVENT = "event"
    NOTICE = "notice"


@dataclass(frozen=True)
class EventContent:
    """All that the writer of an event decides."""

    kind: BuildingEventKind
    titles: Mapping[Language, str]
    starts_at: datetime
    ends_at: datetime
    is_all_day: bool = False
    details: Mapping[Language, str] | None = None
    place: str | None = None
    staircase: str | None = None


def check_content(content: EventContent) -> None:
    """Whether an event is whole. Raises DetailNeeded, which names what is missing or wrong."""
    if not content.titles.get(Language.FINNISH):
        raise DetailNeeded("title_fi")
    if content.ends_at <= content.starts_at:
        raise DetailNeeded("ends_at")
    if content.ends_at - content.starts_at > LONGEST:
        raise DetailNeeded("too_long")
    if content.is_all_day and not all(map(_is_midnight, (content.starts_at, content.ends_at))):
        raise DetailNeeded("whole_days")


def _is_midnight(moment: datetime) -> bool:
    return start_of_day(date_in_helsinki(moment)) == moment


def over_at(starts_at: datetime, ends_at: datetime | None) -> datetime:
    """When something is over: what has no end is so when its day is."""
    return ends_at or end_of_day(date_in_helsinki(starts_at))
