"""Accounts: how long things live, and which passwords are refused.

A password needs length, not signs of certain classes (NIST SP 800-63B, OWASP ASVS 5.0 chapter 6): what guessers try
first is refused, and what those know who know the person.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from heka_portal.domain.accounts.common_passwords import COMMON, LONGEST
from heka_portal.domain.errors import DomainError

#: how long one may take at the provider of strong identification
IDENTIFICATION_LIFE = timedelta(minutes=15)
#: how long an identified person may take to choose an email and a password
CHOOSING_LIFE = timedelta(minutes=30)
#: how long a browser may take over a passkey
PASSKEY_CHALLENGE_LIFE = timedelta(minutes=5)
#: as many passkeys as people have devices; all of an account are listed
MOST_PASSKEYS = 10


class Door(StrEnum):
    """Residents and staff come in by doors of their own."""

    RESIDENT = "resident"
    STAFF = "staff"


SESSION_LIFE = {Door.RESIDENT: timedelta(hours=12), Door.STAFF: timedelta(hours=8)}


class WrongCredentials(DomainError):
    """Email and password do not belong together, or not at this door: which of it, nobody is told."""


class WrongCode(DomainError):
    """A code of the second factor is wrong, too old, or was used before."""


class PasskeyFault(StrEnum):
    """Why a passkey's answer is refused."""

    #: the challenge was another browser's, was answered before, or is older than five minutes
    OVER = "over"
    #: not what a browser sends, or not signed as it should be
    INVALID = "invalid"
    #: nobody's passkey, or it was removed
    UNKNOWN = "unknown"
    #: another account's
    ANOTHERS = "anothers"
    #: used as often as before or less: there may be a copy of it
    COUNTER = "counter"
    #: of a person who may not come in by this door
    CLOSED = "closed"
    #: alone after the password has changed: once it is asked for together with it
    NEEDS_PASSWORD = "needs_password"  # noqa: S105 - a name, no password


class PasskeyRefused(DomainError):
    """A passkey's answer does not let in, or is not kept; `fault` says why, to the log only."""

    def __init__(self, fault: PasskeyFault) -> None:
        super().__init__(fault)
        self.fault = fault


class TooManyPasskeys(DomainError):
    """The account has as many passkeys as it may."""


class LinkDead(DomainError):
    """A mailed link was used, has expired, or was never one of ours."""


class EmailTaken(DomainError):
    """The email address is another account's by now."""


class IdentificationOver(DomainError):
    """The browser has no identification that still counts."""


class AnotherPerson(DomainError):
    """A session was to be strengthened, but somebody else identified themselves, or it has ended meanwhile."""


class PasswordFault(StrEnum):
    """Why a password is refused."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    COMMON = "common"
    OWN_DATA = "own_data"


class PasswordRefused(DomainError):
    """A password may not be used; `fault` says why."""

    def __init__(self, fault: PasswordFault) -> None:
        super().__init__(fault)
        self.fault = fault


# ---------------------------------------------------------------- passwords

SHORTEST = 12
#: hashing costs the same for any length; this only keeps a form from carrying a book
LONGEST_PASSWORD = 200
#: a password that so few guesses put together make is no better than a short one
FEWEST_PIECES = 4
#: and so much must be there beside what is known of the person
FEWEST_BESIDE_OWN = 5

_LEET = str.maketrans("013457@$!€", "oieastasie")
_ROWS = ("qwertyuiopasdfghjklzxcvbnm", "abcdefghijklmnopqrstuvwxyz", "01234567890", "1qaz2wsx3edc4rfv5tgb6yhn7ujm")
_RUNS = (*_ROWS, *(row[::-1] for row in _ROWS))
_SHORTEST_RUN = 3
_LONGEST_NUMBER = 4
_SHORTEST_OWN = 3


@dataclass(frozen=True)
class OwnData:
    """What those know who know the person."""

    names: tuple[str, ...] = ()
    email: str = ""
    birth_on: date | None = None
    addresses: tuple[str, ...] = ()
    identity_code: str = ""

    def words(self) -> frozenset[str]:
        """Each thing as it could stand in a password."""
        texts = [*self.names, *self.addresses, self.email, self.identity_code]
        found = {fold(text) for text in texts} | {fold(word) for text in texts for word in _split(text)}
        found |= {fold(self.identity_code[-4:]), *_dates(self.birth_on)}
        return frozenset(word for word in found if len(word) >= _SHORTEST_OWN)


def _split(text: str) -> Iterator[str]:
    yield from "".join(sign if sign.isalnum() else " " for sign in text).split()


def _dates(day: date | None) -> Iterator[str]:
    if day is None:
        return
    for form in ("%d%m%Y", "%d%m%y", "%Y%m%d", "%y%m%d", "%m%d%Y", "%d.%m.%Y", "%Y-%m-%d", "%Y"):
        yield day.strftime(form)
    yield f"{day.day}.{day.month}.{day.year}"
    yield f"{day.day}{day.month}{day.year}"


def normal_password(text: str) -> str:
    """A password as it is hashed: the same signs however a keyboard composes them."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Text as guessers see it: no capitals, no dots over letters."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


def check_password(password: str, own: OwnData) -> None:
    """Raises PasswordRefused for a password that is short, common, or made of the person's own data."""
    fault = _length_fault(password) or _guess_fault(fold(password), own.words())
    if fault is not None:
        raise PasswordRefused(fault)


def _length_fault(password: str) -> PasswordFault | None:
    if len(password) < SHORTEST:
        return PasswordFault.TOO_SHORT
    return PasswordFault.TOO_LONG if len(password) > LONGEST_PASSWORD else None


def _guess_fault(text: str, own: frozenset[str]) -> PasswordFault | None:
    cost = _cost(text, ())
    repeats_itself = text in (text + text)[1:-1]
    if repeats_itself or cost < FEWEST_PIECES:
        return PasswordFault.COMMON
    beside_own = _cost(text, own)
    return PasswordFault.OWN_DATA if beside_own < min(cost, FEWEST_BESIDE_OWN) else None


def _cost(text: str, free: Collection[str]) -> int:
    """How many guesses put together make the text: known pieces and single signs cost one, `free` pieces nothing."""
    longest = max([LONGEST, *map(len, free)])
    costs = [0]
    for end in range(1, len(text) + 1):
        pieces = ((start, text[start:end]) for start in range(max(0, end - longest), end))
        costs.append(min(costs[start] + (0 if piece in free else 1) for start, piece in pieces if _known(piece, free)))
    return costs[-1]


def _known(piece: str, free: Collection[str]) -> bool:
    if len(piece) == 1 or piece in free or piece in COMMON or piece.translate(_LEET) in COMMON:
        return True
    if piece.isdecimal() and len(piece) <= _LONGEST_NUMBER:
        return True
    return len(piece) >= _SHORTEST_RUN and (len(set(piece)) == 1 or any(piece in run for run in _RUNS))


# ---------------------------------------------------------------- recovery codes

RECOVERY_CODES = 10
#: without letters and digits that look alike
RECOVERY_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"
RECOVERY_LENGTH = 12


def show_recovery_code(code: str) -> str:
    """A recovery code in groups of four, easy to copy by hand."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def read_recovery_code(text: str) -> str:
    """A recovery code as typed, without groups and capitals."""
    return "".join(sign for sign in text.lower() if sign.isalnum())


def unused_codes(hashes: Iterable[str], used: str) -> list[str]:
    """The recovery codes that are left after one was used."""
    return [each for each in hashes if each != used]
