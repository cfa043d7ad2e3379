"""When things happen: cases over ten years, the newest dense; staff in office hours, residents in the evening too."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from random import Random

from heka_portal.clock import date_in_helsinki, start_of_day

DAYS = 3650
#: above one: the newer, the more
DENSITY = 1.5
#: nobody reports outside these hours of a day, counted from its midnight: where clocks are turned, an hour off
FIRST_HOUR, LAST_HOUR = 6, 22.9
SATURDAY = 5

midnight = lru_cache(maxsize=8192)(start_of_day)


class Calendar:
    """The time of a history: it ends with the day before today, whatever the hour is."""

    def __init__(self, today: date, cases: int) -> None:
        self.today, self.cases = today, cases
        self.end = midnight(today)
        self.start = midnight(today - timedelta(days=DAYS))

    def opening(self, index: int) -> datetime:
        """When a case was reported; grows with the index."""
        age = DAYS * (1 - (index + 0.5) / self.cases) ** DENSITY
        days, rest = divmod(DAYS - age, 1)
        hour = FIRST_HOUR + rest * (LAST_HOUR - FIRST_HOUR)
        day = min(self.today - timedelta(days=DAYS - int(days)), self.today - timedelta(days=1))
        return midnight(day) + timedelta(hours=hour)


def office_moment(dice: Random, after: datetime, days: float) -> datetime:
    """A moment of a working day, so many days after."""
    day = date_in_helsinki(after) + timedelta(days=int(days))
    if day.weekday() >= SATURDAY:
        day += timedelta(days=7 - day.weekday())
    moment = midnight(day) + timedelta(seconds=8 * 3600 + int(dice.random() * 8 * 3600))
    return moment if moment > after else after + timedelta(seconds=40 + int(dice.random() * 2400))


def home_moment(dice: Random, after: datetime, days: float) -> datetime:
    """A moment at which people are awake, so many days after."""
    day = date_in_helsinki(after) + timedelta(days=int(days))
    moment = midnight(day) + timedelta(seconds=7 * 3600 + int(dice.random() * 15 * 3600))
    return moment if moment > after else after + timedelta(seconds=60 + int(dice.random() * 5400))
