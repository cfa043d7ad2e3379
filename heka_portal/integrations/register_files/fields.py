"""How one field is read: a text that is not empty becomes a value, or a sentence that says how to mend it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

Convert = Callable[[str], Any]

FIRST_YEAR, LAST_YEAR = 1850, 2199
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_EUROS = re.compile(r"(-?)(\d{1,9})(?:\.(\d{1,2}))?", re.ASCII)
_WHOLE = re.compile(r"-?\d{1,6}", re.ASCII)
_DECIMAL = re.compile(r"\d{1,5}(\.\d{1,2})?", re.ASCII)


class Unfit(ValueError):
    """A value does not fit its column; the words say how to mend it."""


@dataclass(frozen=True)
class FieldRules:
    """What the caller knows of the domain's numbers; each raises ValueError with a sentence."""

    #: the clean code of a text
    identity_code: Callable[[str], str]
    #: the birth date of a clean code
    birth_date_of: Callable[[str], date]
    #: what may be shown of a code, right or wrong
    mask_identity_code: Callable[[str], str]
    #: any text without the identity codes in it: columns get swapped
    hide_identity_codes: Callable[[str], str]
    #: the domestic form of a reference number
    reference: Callable[[str], str]
    iban: Callable[[str], str]


def text(limit: int) -> Convert:
    """A text of at most so many characters, letters with their accents as one character each."""

    def convert(value: str) -> str:
        if not value.isascii():
            value = unicodedata.normalize("NFC", value)
        if len(value) > limit:
            raise Unfit(f"At most {limit} characters fit here: shorten it.")
        if not value.isprintable() and _CONTROL.search(value):
            raise Unfit("There is a control character in it: remove it.")
        return value

    return convert


def day(value: str) -> date:
    """A date as `2026-12-31`."""
    try:
        found = date.fromisoformat(value) if _DAY.fullmatch(value) else None
    except ValueError:
        found = None
    if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Unfit("This is no date: write it as 2026-12-31.")
    return found


def moment(value: str) -> datetime:
    """A time with its offset, as `2026-12-31T10:30:00+02:00`, in UTC."""
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        found = None
    if found is None or "T" not in value or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Unfit("This is no time: write it as 2026-12-31T10:30:00+02:00.")
    if found.tzinfo is None:
        raise Unfit("The offset from UTC is missing: write it as 2026-12-31T10:30:00+02:00.")
    return found.astimezone(UTC)


def cents(value: str) -> int:
    """Euros with a decimal point, as `753.25`, in cents."""
    match = _EUROS.fullmatch(value)
    if match is None:
        raise Unfit("This is no amount: write euros with a decimal point, as 753.25.")
    sign, euros, rest = match.groups()
    amount = int(euros) * 100 + int((rest or "").ljust(2, "0"))
    return -amount if sign else amount


def cents_not_negative(value: str) -> int:
    """An amount of nothing or more."""
    amount = cents(value)
    if amount < 0:
        raise Unfit("This amount cannot be negative.")
    return amount


def whole(lowest: int, highest: int) -> Convert:
    """A whole number between two others."""

    def convert(value: str) -> int:
        if not _WHOLE.fullmatch(value) or not lowest <= int(value) <= highest:
            raise Unfit(f"This must be a whole number from {lowest} to {highest}.")
        return int(value)

    return convert


def area(value: str) -> Decimal:
    """Square metres, as `54.5`."""
    if not _DECIMAL.fullmatch(value):
        raise Unfit("This is no area: write square metres with a decimal point, as 54.5.")
    return Decimal(value)


def flag(value: str) -> bool:
    """`0` or `1`."""
    if value not in ("0", "1"):
        raise Unfit("This must be 0 or 1.")
    return value == "1"


def code(codes: type[StrEnum]) -> Convert:
    """One of the vocabulary's codes."""
    known = {str(one): one for one in codes}
    words = ", ".join(known)

    def convert(value: str) -> StrEnum:
        try:
            return known[value]
        except KeyError:
            raise Unfit(f"This must be one of: {words}.") from None

    return convert


def codes_joined(codes: type[StrEnum]) -> Convert:
    """Some of the vocabulary's codes, joined by `|`."""
    one = code(codes)

    def convert(value: str) -> str:
        return "|".join(one(part.strip()) for part in value.split("|"))

    return convert
