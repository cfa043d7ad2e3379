"""How dates, times, money, numbers and addresses are written in the three languages.

Everything here is a pure function of its value and a language, so that pages, mails and
printed documents write the same thing the same way. The words of dates live here rather than
in the catalogue of translations, because their grammar and their patterns belong together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache

import phonenumbers
from babel.dates import format_date

from heka_portal.clock import helsinki

NBSP = "\u00a0"
DASH = "\u2013"
NEAR = timedelta(days=14)


@dataclass(frozen=True)
class Manners:
    """What one language does with dates, times and numbers."""

    relative: dict[int, str]
    date: str
    day_and_month: str
    hour: str
    separator: str
    at: str
    at_relative: str
    decimal_comma: bool
    sizes: tuple[str, str, str]


MANNERS = {
    "fi": Manners(
        relative={-1: "eilen", 0: "tänään", 1: "huomenna"},
        date="d.M.yyyy",
        day_and_month="d.M.",
        hour="{:d}",
        separator=".",
        at=f"{{}} klo{NBSP}{{}}",
        at_relative=f"{{}} klo{NBSP}{{}}",
        decimal_comma=True,
        sizes=("tavua", "kt", "Mt"),
    ),
    "sv": Manners(
        relative={-1: "i går", 0: "i dag", 1: "i morgon"},
        date="d.M.yyyy",
        day_and_month="d.M",
        hour="{:02d}",
        separator=":",
        at=f"{{}} kl.{NBSP}{{}}",
        at_relative=f"{{}} kl.{NBSP}{{}}",
        decimal_comma=True,
        sizes=("byte", "kB", "MB"),
    ),
    "en": Manners(
        relative={-1: "yesterday", 0: "today", 1: "tomorrow"},
        date=f"d{NBSP}MMMM yyyy",
        day_and_month=f"d{NBSP}MMMM",
        hour="{:d}",
        separator=":",
        at="{}, {}",
        at_relative="{} at {}",
        decimal_comma=False,
        sizes=("bytes", "kB", "MB"),
    ),
}


def as_date(value: date | datetime) -> date:
    """The day a value falls on, in Helsinki when it is a moment."""
    return helsinki(value).date() if isinstance(value, datetime) else value


@lru_cache(maxsize=4096)
def _written(day: date, pattern: str, language: str) -> str:
    """A date by a pattern; a page writes the same few dates many times, and each costs as much as a query."""
    return format_date(day, pattern, locale=language)


def write_date(value: date | datetime, language: str) -> str:
    """24.11.2026 in Finnish and Swedish, 24 November 2026 in English."""
    return _written(as_date(value), MANNERS[language].date, language)


def write_day(value: date | datetime, language: str) -> str:
    """A date without its year: 24.11., 24.11, 24 November."""
    return _written(as_date(value), MANNERS[language].day_and_month, language)


def write_weekday(value: date | datetime, language: str) -> str:
    """The name of the weekday: tiistai, tisdag, Tuesday."""
    return _written(as_date(value), "cccc", language)


def write_short_weekday(value: date | datetime, language: str) -> str:
    """The weekday in two to four letters: ti, tis, Tue."""
    return _written(as_date(value), "ccc", language)


def write_due(value: date | datetime, language: str, *, today: date) -> str:
    """A date with its weekday, and the year only when it is another one: pe 4.12."""
    day = as_date(value)
    written = write_day(day, language) if day.year == today.year else write_date(day, language)
    return f"{write_short_weekday(day, language)}{NBSP}{written}"


def write_full_date(value: date | datetime, language: str) -> str:
    """The date with nothing left out: tiistai 24.11.2026."""
    return f"{write_weekday(value, language)} {write_date(value, language)}"


def write_time(value: datetime | time, language: str) -> str:
    """The clock in Helsinki: 9.05 in Finnish, 09:05 in Swedish, 9:05 in English."""
    clock = helsinki(value).time() if isinstance(value, datetime) else value
    manners = MANNERS[language]
    return f"{manners.hour.format(clock.hour)}{manners.separator}{clock.minute:02d}"


def write_seconds(value: datetime, language: str) -> str:
    """The clock in Helsinki to the second: 9.05.30 in Finnish, 09:05:30 in Swedish."""
    return f"{write_time(value, language)}{MANNERS[language].separator}{helsinki(value).second:02d}"


def write_moment(value: datetime, language: str) -> str:
    """A moment with nothing left out: tiistai 24.11.2026 klo 14.05."""
    return MANNERS[language].at.format(write_full_date(value, language), write_time(value, language))


def write_when(value: date | datetime, language: str, *, today: date, clock: bool = True) -> str:
    """A date or moment as people say it: today at 14:05, Fri 4 December, 4 December 2027."""
    day, manners = as_date(value), MANNERS[language]
    relative = manners.relative.get((day - today).days)
    if relative:
        said = relative
    elif abs(day - today) <= NEAR:
        said = write_due(day, language, today=today)
    else:
        said = write_date(day, language)
    if not (clock and isinstance(value, datetime)):
        return said
    pattern = manners.at_relative if relative else manners.at
    return pattern.format(said, write_time(value, language))


def write_hours(start: datetime, end: datetime, language: str) -> str:
    """A span within a day: klo 12–14, kl. 12–14, 12:00–14:00."""
    first, last = helsinki(start), helsinki(end)
    whole = first.minute == last.minute == 0 and language != "en"
    hours = (str(first.hour), str(last.hour)) if whole else (write_time(first, language), write_time(last, language))
    prefix = {"fi": f"klo{NBSP}", "sv": f"kl.{NBSP}", "en": ""}[language]
    return f"{prefix}{hours[0]}{DASH}{hours[1]}"


def write_number(value: int) -> str:
    """A whole number with no-break spaces between thousands."""
    return f"{value:,}".replace(",", NBSP)


def write_money(cents: int) -> str:
    """An amount of cents, the same in each language: 1 234,50 €."""
    euros, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{write_number(euros)},{rest:02d}{NBSP}€"


def write_area(square_metres: Decimal, language: str) -> str:
    """A floor area without needless zeros: 52,5 m²."""
    written = f"{square_metres:f}"
    if "." in written:
        written = written.rstrip("0").rstrip(".")
    if MANNERS[language].decimal_comma:
        written = written.replace(".", ",")
    return f"{written}{NBSP}m²"


def write_case_number(number: str | int) -> str:
    """A case number in groups of three: 482 719 306."""
    digits = str(number)
    return NBSP.join(digits[at : at + 3] for at in range(0, len(digits), 3))


def write_file_size(size: int, language: str) -> str:
    """The size of a file: 240 kt, 1,1 Mt."""
    manners = MANNERS[language]
    if size < 1000:
        return f"{size}{NBSP}{manners.sizes[0]}"
    if size < 999_500:
        return f"{round(size / 1000)}{NBSP}{manners.sizes[1]}"
    written = f"{size / 1_000_000:.1f}".removesuffix(".0")
    if manners.decimal_comma:
        written = written.replace(".", ",")
    return f"{written}{NBSP}{manners.sizes[2]}"


@lru_cache(maxsize=4096)
def write_phone(number: str) -> str:
    """A phone number in groups one can dictate: 09 5767 3100, 040 297 6225, +46 8 123 456 78."""
    try:
        parsed = phonenumbers.parse(number, "FI")
    except phonenumbers.NumberParseException:
        return number.replace(" ", NBSP)
    if parsed.country_code != 358:
        style = phonenumbers.PhoneNumberFormat.INTERNATIONAL
        return phonenumbers.format_number(parsed, style).replace(" ", NBSP)
    if not phonenumbers.is_possible_number(parsed):
        return number.replace(" ", NBSP)
    style = phonenumbers.PhoneNumberFormat.NATIONAL
    area, _, rest = phonenumbers.format_number(parsed, style).partition(" ")
    return NBSP.join([area, *_in_groups(rest.replace(" ", ""))])


def _in_groups(digits: str) -> list[str]:
    """Split a subscriber number into two or more parts of three or four digits."""
    if len(digits) <= 5:
        return [digits] if digits else []
    first = 3 if len(digits) < 8 else 4
    return [digits[:first], *_in_groups(digits[first:])]


@lru_cache(maxsize=4096)
def phone_link(number: str) -> str:
    """The address that dials a number: tel:+358957673100, tel:112."""
    try:
        parsed = phonenumbers.parse(number, "FI")
    except phonenumbers.NumberParseException:
        return "tel:" + re.sub(r"[^\d+]", "", number)
    if len(str(parsed.national_number)) <= 3:
        return f"tel:{parsed.national_number}"
    return "tel:" + phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def write_address(address: str) -> str:
    """An address whose house number, stair and flat stay on one line: 10 C 47."""
    return re.sub(r"(?<=[0-9A-ZÅÄÖ]) (?=(?:[0-9]+[a-z]?|[A-ZÅÄÖ])\b)", NBSP, address)


def write_opening_hours(hours: str, language: str) -> str:
    """Opening hours as the register has them, in Finnish, with the weekdays of the language: mån–fre 9–15."""
    monday = date(2026, 11, 23)
    days = {
        write_short_weekday(day, "fi"): write_short_weekday(day, language)
        for day in (monday + timedelta(days=ahead) for ahead in range(7))
    }
    named = re.sub(r"\b(?:" + "|".join(days) + r")\b", lambda found: days[found.group()], hours)
    return re.sub(r"(?<=\w)-(?=\w)", DASH, named)
