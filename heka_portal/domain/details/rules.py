"""Bank accounts: which numbers are taken, how they are shown, and when a new one takes effect.

A change waits for 72 hours and is told to its owner meanwhile: whoever gave it in their name can be stopped.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from heka_portal.domain.errors import DomainError
from heka_portal.domain.people.rules import InvalidIban, clean_iban
from heka_portal.vocabulary import BankAccountState

HOLD = timedelta(hours=72)
#: how long a number that was given waits to be confirmed, in its own session
CONFIRMING_LIFE = timedelta(minutes=30)
SHOWN_SIGNS = 4


class IbanFault(StrEnum):
    """Why a bank account number is not taken."""

    NOT_IBAN = "not_iban"
    NOT_SEPA = "not_sepa"


class IbanRefused(DomainError):
    """A bank account number is not taken; `fault` says why, without the number."""

    def __init__(self, fault: IbanFault) -> None:
        super().__init__(fault)
        self.fault = fault


class NotFresh(DomainError):
    """What was asked needs a strong identification of a moment ago."""


@dataclass(frozen=True)
class BankNumber:
    """A bank account number of the SEPA area, without spaces, and the BIC that follows from it, if one does."""

    iban: str
    bic: str | None

    @property
    def country(self) -> str:
        """The country's code."""
        return self.iban[:2]

    @property
    def ending(self) -> str:
        """The signs that are shown."""
        return self.iban[-SHOWN_SIGNS:]


def read_bank_number(text: str) -> BankNumber:
    """The number as people write it: spaces, hyphens, invisible signs and a leading "IBAN" are dropped.

    Whether the BIC exists is not asked: the list of banks lags behind. Raises IbanRefused.
    """
    try:
        number = IBAN(clean_iban(text))
    except (InvalidIban, SchwiftyException):
        # The library's own error carries the number.
        raise IbanRefused(IbanFault.NOT_IBAN) from None
    if not number.in_sepa_zone:
        raise IbanRefused(IbanFault.NOT_SEPA)
    return BankNumber(number.compact, str(number.bic) if number.bic else None)


def group_iban(iban: str) -> str:
    """A number in groups of four, as on a bank card."""
    return " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))


def mask_iban(country: str, ending: str) -> str:
    """What is shown of a number: its country and its last four signs."""
    return f"{country}** **** {ending}"


def state_of(
    *,
    confirmed_at: datetime | None,
    takes_effect_at: datetime | None,
    stopped_at: datetime | None,
    is_latest_in_effect: bool,
    now: datetime,
) -> BankAccountState:
    """Where a row stands: of those that have taken effect the latest is in use."""
    if confirmed_at is None or takes_effect_at is None:
        return BankAccountState.UNCONFIRMED
    if stopped_at is not None:
        return BankAccountState.STOPPED
    if takes_effect_at > now:
        return BankAccountState.WAITING
    return BankAccountState.IN_USE if is_latest_in_effect else BankAccountState.REPLACED
