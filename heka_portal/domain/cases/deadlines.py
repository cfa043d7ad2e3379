"""Every deadline rule of cases: working days, targets, pauses. Dates are Helsinki's, moments UTC."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache

import holidays

from heka_portal.clock import HELSINKI, date_in_helsinki

#: when a working day's promise ends
CLOSE_OF_DAY = time(16, 0)
SATURDAY = 5
#: the resident's time to check a repair
CHECK_DAYS = 14
#: how long after closing the same answer opens the same case
REOPEN_DAYS = 30
#: how long a contractor sees a closed job
JOB_DAYS = 14
#: working days in which customer service reads what has come in
READING_DAYS = 1
#: when a question or a wait for access is looked at again, unless a day is given
LOOK_AGAIN_DAYS = 7


@lru_cache(maxsize=64)
def _holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("FI", years=year))


def is_working_day(day: date) -> bool:
    """Monday to Friday, and no public holiday in Finland (Midsummer's and Christmas Eve are holidays here)."""
    return day.weekday() < SATURDAY and day not in _holidays(day.year)


def add_working_days(day: date, count: int) -> date:
    """The working day that many working days after `day`, which itself does not count."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def close_of(day: date) -> datetime:
    """The moment a day's promise ends, in UTC."""
    return datetime.combine(day, CLOSE_OF_DAY, HELSINKI).astimezone(UTC)


class Clock(StrEnum):
    """What a move does to the time running towards the target."""

    RUN = "run"
    PAUSE = "pause"
    RESTART = "restart"
    STOP = "stop"


def read_by(since: datetime) -> datetime:
    """By when customer service has read what came in then."""
    return close_of(add_working_days(date_in_helsinki(since), READING_DAYS))


@dataclass(frozen=True)
class Target:
    """The measure of a target: one of hours, working days or days."""

    hours: int | None = None
    working_days: int | None = None
    days: int | None = None

    def due(self, since: datetime) -> datetime:
        """The moment the target runs out, counted from `since`."""
        if self.hours is not None:
            return since + timedelta(hours=self.hours)
        day = date_in_helsinki(since)
        if self.working_days is not None:
            return close_of(add_working_days(day, self.working_days))
        return close_of(day + timedelta(days=self.days or 0))


@dataclass(frozen=True)
class Deadline:
    """A case's clock: when it is due in the inbox, what was promised, and since when it stands."""

    due_at: datetime
    target_at: datetime
    paused_at: datetime | None = None

    def turn(self, clock: Clock, *, now: datetime, target: Target, look_again_at: datetime | None = None) -> Deadline:
        """The clock after a move."""
        if clock is Clock.PAUSE:
            return replace(self, due_at=look_again_at or self.due_at, paused_at=self.paused_at or now)
        if clock is Clock.RESTART:
            due = target.due(now)
            return Deadline(due, due)
        if clock is Clock.STOP:
            return replace(self, paused_at=None)
        return self._running(now)

    def _running(self, now: datetime) -> Deadline:
        """Running again: the promise moves forward by as long as the clock stood."""
        if self.paused_at is None:
            return self
        promised = self.target_at + (now - self.paused_at)
        return Deadline(promised, promised)
