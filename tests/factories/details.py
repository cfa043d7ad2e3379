"""Bank accounts that people have given, in each state."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from heka_portal import clock
from heka_portal.domain.access import Actor
from heka_portal.domain.details.rules import HOLD
from heka_portal.extensions import db
from heka_portal.models.bank_accounts import BankAccount

IBAN = "FI2112345600000785"


def make_bank_account(owner: Actor, *, iban: str = IBAN, age: timedelta = timedelta(), **values: Any) -> BankAccount:
    """A number its owner confirmed so long ago: it waits, or after 72 hours is in use."""
    at = clock.now() - age
    given = {
        "person_id": owner.person_id,
        "iban": iban,
        "country": iban[:2],
        "ending": iban[-4:],
        "bic": "NDEAFIHH",
        "login_session_id": owner.session_id,
        "given_at": at,
        "confirmed_at": at,
        "takes_effect_at": at + HOLD,
        **values,
    }
    account = BankAccount(**given)
    db.session.add(account)
    db.session.flush()
    return account
