"""What people have of their own: bank accounts in each state, copies of their data."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from heka_portal import clock
from heka_portal.domain.access import Actor
from heka_portal.domain.details.rules import HOLD
from heka_portal.domain.exports.rules import KEPT
from heka_portal.extensions import db
from heka_portal.models.bank_accounts import BankAccount
from heka_portal.models.exports import DataExport
from heka_portal.vocabulary import ExportState

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


def make_export(owner: Actor, **values: Any) -> DataExport:
    """A copy of one's own data that can be fetched."""
    now = clock.now()
    given = {
        "key": secrets.token_urlsafe(32),
        "account_id": owner.account_id,
        "person_id": owner.person_id,
        "language": owner.language,
        "state": ExportState.READY,
        "asked_at": now,
        "next_try_at": now,
        "storage_key": "matrix/photo",
        "size": 7,
        "ready_at": now,
        "expires_at": now + KEPT,
        **values,
    }
    export = DataExport(**given)
    db.session.add(export)
    db.session.flush()
    return export
