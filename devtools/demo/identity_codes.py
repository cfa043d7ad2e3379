"""Artificial identity codes: individual numbers 900 to 949, with signs of the century that nobody bears yet.

The signs X (1900s) and E (2000s) are in the decree of 2023, and the first code beside `-` and `A` got a Y. A landlord's
sample data may have artificial codes too, of any sign: the import refuses a code that another person has.
"""

from __future__ import annotations

from collections import Counter
from datetime import date

from stdnum.fi import hetu

FIRST_NUMBER, LAST_NUMBER = 900, 949
SIGN_1900, SIGN_2000 = "X", "E"
CONTROL = "0123456789ABCDEFHJKLMNPRSTUVWXY"


def make_code(birth_on: date, number: int) -> str:
    """The code of a birth date and an individual number."""
    digits = f"{birth_on:%d%m%y}{number:03d}"
    sign = SIGN_1900 if birth_on.year < 2000 else SIGN_2000
    code: str = hetu.validate(f"{digits[:6]}{sign}{digits[6:]}{CONTROL[int(digits) % 31]}", allow_temporary=True)
    return code


class CodeBook:
    """Gives out codes, none twice, the same in each run that asks in the same order."""

    def __init__(self) -> None:
        self.given: Counter[date] = Counter()

    def code(self, birth_on: date) -> str | None:
        """The next code of a birth date; none once fifty were born on it."""
        number = FIRST_NUMBER + self.given[birth_on]
        if number > LAST_NUMBER:
            return None
        self.given[birth_on] += 1
        return make_code(birth_on, number)
