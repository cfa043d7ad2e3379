"""Reference numbers: the domestic one (viitenumero) and its international form (RF, ISO 11649)."""

from __future__ import annotations

import re
from itertools import cycle

DOMESTIC = re.compile(r"[1-9][0-9]{3,19}", re.ASCII)
RF_FORM = re.compile(r"RF([0-9]{2})([0-9]{1,21})", re.ASCII)
SPACES = re.compile(r"\s+")


class InvalidReference(ValueError):
    """A text is no Finnish reference number; the words say why."""


def check_digit(base: str) -> int:
    """The last digit of a domestic reference number: weights 7, 3, 1 from the right."""
    return -sum(int(digit) * weight for digit, weight in zip(reversed(base), cycle((7, 3, 1)), strict=False)) % 10


def make_reference(base: int) -> str:
    """The domestic reference number of a base of 3 to 19 digits. Raises InvalidReference."""
    return clean_reference(f"{base}{check_digit(str(base))}")


def clean_reference(text: str) -> str:
    """The domestic form (digits without leading zeros), whichever form came. Raises InvalidReference."""
    compact = SPACES.sub("", text).upper()
    international = RF_FORM.fullmatch(compact)
    if international:
        digits, domestic = international.groups()
        if _rf_digits(domestic) != digits:
            raise InvalidReference("The RF check digits do not match: copy the reference number once more.")
        compact = domestic
    number = compact.lstrip("0")
    if not DOMESTIC.fullmatch(number):
        raise InvalidReference("A reference number has 4 to 20 digits, or RF and digits.")
    if int(number[-1]) != check_digit(number[:-1]):
        raise InvalidReference("The last digit does not match the others: copy the reference number once more.")
    return number


def to_rf(reference: str) -> str:
    """The international form of a domestic reference number, without spaces."""
    return f"RF{_rf_digits(reference)}{reference}"


def print_reference(reference: str) -> str:
    """As it is printed: domestic in fives from the right, RF in fours from the left."""
    if reference.startswith("RF"):
        return " ".join(reference[start : start + 4] for start in range(0, len(reference), 4))
    first = len(reference) % 5
    groups = [reference[:first], *(reference[start : start + 5] for start in range(first, len(reference), 5))]
    return " ".join(filter(None, groups))


def _rf_digits(domestic: str) -> str:
    """98 less the remainder by 97 of the number with RF00 (271500) behind it."""
    return f"{98 - int(domestic + '271500') % 97:02d}"
