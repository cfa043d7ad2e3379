"""The only place that asks what time it is. Moments are aware UTC; "today" is the date in Helsinki."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

HELSINKI = ZoneInfo("Europe/Helsinki")
#: the first moment that a place in a list counts from, and one that is after all others
EPOCH, END_OF_TIME = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The date in Helsinki now: rights, due dates and deadlines follow it."""
    return now().astimezone(HELSINKI).date()


def helsinki(moment: datetime) -> datetime:
    """The same moment on the clock of Helsinki."""
    return moment.astimezone(HELSINKI)


def date_in_helsinki(moment: datetime) -> date:
    """The date on which a moment falls in Helsinki."""
    return helsinki(moment).date()


def start_of_day(day: date) -> datetime:
    """The first moment of a day in Helsinki, in UTC."""
    return datetime.combine(day, time.min, HELSINKI).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """The first moment that is no longer that day in Helsinki, in UTC (exclusive)."""
    return start_of_day(day + timedelta(days=1))
