"""Accounts of most adults: they share one password, so that one hash serves them all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy import Connection, select

from devtools.demo.cast import CAN_IDENTIFY, SIGN_INS
from devtools.demo.history.moments import DAYS, midnight
from devtools.demo.history.rows import Row, Sheet
from devtools.demo.history.writing import Write
from devtools.demo.places import PREFIX
from heka_portal.domain.people.rules import latest_adult_birth
from heka_portal.models.accounts import Account
from heka_portal.models.people import Person

HAVE_ACCOUNT = 0.94
ACCOUNTS = Sheet(
    "accounts",
    ("person_id", "email", "password_hash", "language", "is_disabled", "created_at", "password_set_at",
     "recovery_codes"),
)  # fmt: skip


def open_accounts(connection: Connection, write: Write, password_hash: str, today: date) -> None:
    """Open the accounts of those who have none; the cast keep what their stories say."""
    # All are read before the first is written: a connection does one thing at a time.
    write(ACCOUNTS, list(_rows(connection, password_hash, today)))


def _rows(connection: Connection, password_hash: str, today: date) -> Iterator[Row]:
    opened_at = midnight(today - timedelta(days=DAYS + 30))
    for person in _without_account(connection, today):
        if Random(f"account {person.register_id}").random() < HAVE_ACCOUNT:
            email = f"{person.register_id.lower()}@resident.example"
            yield person.id, email, password_hash, str(person.language), False, opened_at, opened_at, []


def _without_account(connection: Connection, today: date) -> list[Any]:
    cast = [one.resident.register_id for one in SIGN_INS] + [resident.register_id for resident, _ in CAN_IDENTIFY]
    return list(
        connection.execute(
            select(Person.id, Person.register_id, Person.language)
            .outerjoin(Account, Account.person_id == Person.id)
            .where(Person.register_id.like(f"{PREFIX}%"), Person.register_id.not_in(cast), Account.id.is_(None))
            .where(Person.birth_on <= latest_adult_birth(today))
            .order_by(Person.register_id)
        )
    )
