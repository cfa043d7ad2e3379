"""Age, personal identity codes, bank account numbers, and who may register."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from stdnum import iban
from stdnum.exceptions import ValidationError
from stdnum.fi import hetu

from heka_portal.vocabulary import RegistrationObstacle

ADULT_AGE = 18
FIRST_TEST_NUMBER = 900
HIDDEN = "****"

_CENTURIES = {"+": 1800} | dict.fromkeys("-YXWVU", 1900) | dict.fromkeys("ABCDEF", 2000)
_CODE_ANYWHERE = re.compile(r"(\d{6}[-+\u2010-\u2015\u2212A-FU-Y])\d{3}[0-9A-Z]", re.IGNORECASE)
_LOOKS_LIKE_CODE = re.compile(r"\d{6}[-+A-FU-Y]", re.IGNORECASE)
_IBAN_NOISE = re.compile(r"[\s\u200b\ufeff-]+")


class InvalidIdentityCode(ValueError):
    """A text is no personal identity code, or one that may not be used here; the words say why, without the code."""


class InvalidIban(ValueError):
    """A text is no bank account number; the words say why, without the number."""


# ---------------------------------------------------------------- age


def age_on(birth_on: date, on: date) -> int:
    """Full years on a date. Someone born on 29 February has the birthday on 1 March in other years."""
    return on.year - birth_on.year - ((on.month, on.day) < (birth_on.month, birth_on.day))


def is_adult(birth_on: date, on: date) -> bool:
    """Whether the 18th birthday has come; `on` is the date in Helsinki, so that it comes at 00:00 there."""
    return age_on(birth_on, on) >= ADULT_AGE


def latest_adult_birth(on: date) -> date:
    """The last birth date of those who are adults on a date: a question to many people at once."""
    try:
        return on.replace(year=on.year - ADULT_AGE)
    except ValueError:
        return date(on.year - ADULT_AGE, 2, 28)


def adult_on(birth_on: date) -> date:
    """The day of the 18th birthday, 1 March for someone born on 29 February."""
    try:
        return birth_on.replace(year=birth_on.year + ADULT_AGE)
    except ValueError:
        return date(birth_on.year + ADULT_AGE, 3, 1)


# ---------------------------------------------------------------- the personal identity code


def clean_identity_code(text: str, *, allow_test: bool, on: date) -> str:
    """The code in its one spelling; the sign of the century stays, it is part of the identity.

    Raises InvalidIdentityCode, also for a birth date after `on` and, unless allowed, for an artificial code (900-999).
    """
    try:
        code: str = hetu.validate(text, allow_temporary=True)
    except ValidationError:
        # The library's own error could carry the code into a log.
        raise InvalidIdentityCode("This is no personal identity code: compare it with the source.") from None
    if not allow_test and int(code[7:10]) >= FIRST_TEST_NUMBER:
        raise InvalidIdentityCode("This is an artificial identity code, which this service does not accept.")
    if birth_date_of(code) > on:
        raise InvalidIdentityCode("This identity code is of someone not yet born: check the sign of the century.")
    return code


def birth_date_of(code: str) -> date:
    """The birth date that a cleaned identity code tells."""
    return date(_CENTURIES[code[6]] + int(code[4:6]), int(code[2:4]), int(code[:2]))


def mask_identity_code(text: str) -> str:
    """What may be shown of an identity code, right or wrong: `010190-****`."""
    return text[:7] + HIDDEN if _LOOKS_LIKE_CODE.match(text) else HIDDEN


def hide_identity_codes(text: str) -> str:
    """The text with each identity code in it masked, for a message that quotes what somebody wrote."""
    return _CODE_ANYWHERE.sub(rf"\1{HIDDEN}", text)


# ---------------------------------------------------------------- the bank account number


def clean_iban(text: str) -> str:
    """The number without spaces and hyphens, in capitals. Raises InvalidIban."""
    compact = _IBAN_NOISE.sub("", unicodedata.normalize("NFKC", text)).upper().removeprefix("IBAN")
    try:
        # The check digits inside a country's own part are not asked for: real accounts fail them.
        number: str = iban.validate(compact, check_country=False)
    except ValidationError:
        raise InvalidIban("This is no IBAN: write it as it stands on the account statement.") from None
    return number


# ---------------------------------------------------------------- the postal address


def postal_lines(street: str | None, code: str | None, city: str | None, country: str | None) -> tuple[str, ...]:
    """A postal address as on an envelope, a line a part; nothing where none is given."""
    town = " ".join(part for part in (code, city) if part)
    return tuple(part for part in (street, town, country) if part)


# ---------------------------------------------------------------- who may register


@dataclass(frozen=True)
class Registrant:
    """A person of the register, as far as registering goes."""

    person_id: int
    birth_on: date
    has_identity_code: bool
    #: lives in a home or is a party of a lease, now or from a day to come
    has_home: bool
    #: without a home: the end of the last one (the first day without it), if there was one
    home_ended_on: date | None
    account_id: int | None


def registration_obstacle(registrant: Registrant | None, on: date) -> RegistrationObstacle | None:
    """Why this person may not open an account on a date in Helsinki; None if they may.

    One who has an account already passes too: they may set a new email and password.
    """
    if registrant is None:
        return RegistrationObstacle.NOT_IN_REGISTER
    if not is_adult(registrant.birth_on, on):
        return RegistrationObstacle.UNDER_AGE
    if registrant.has_home or registrant.account_id is not None:
        return None
    if registrant.home_ended_on is not None:
        return RegistrationObstacle.LEASE_ENDED
    return RegistrationObstacle.NO_HOME
