"""Read one's own details: contact, bank accounts, mails, and who at the landlord's looked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import starmap
from typing import Any

from sqlalchemy import bindparam, select

from heka_portal import clock
from heka_portal.database import at_most
from heka_portal.domain.access import Actor, Permission
from heka_portal.domain.details.rules import mask_iban, state_of
from heka_portal.domain.errors import NotAllowed, NotFound
from heka_portal.domain.outbox.rules import OPTIONAL
from heka_portal.domain.people.rules import mask_identity_code, postal_lines
from heka_portal.extensions import db
from heka_portal.models.accounts import Account
from heka_portal.models.bank_accounts import BankAccount
from heka_portal.models.outbox import MailRefusal
from heka_portal.models.people import Person
from heka_portal.vocabulary import BankAccountState, Language, MailKind

#: rows of the history that are shown; hardly anybody gives as many numbers
MOST_ACCOUNTS = 20


@dataclass(frozen=True)
class OwnDetails:
    """What the portal keeps of a person by their own word, and beside it what the landlord's register says."""

    email: str
    language: Language
    phone: str | None
    postal_street: str | None
    postal_code: str | None
    postal_city: str | None
    postal_country: str | None
    first_names: str
    last_name: str
    birth_on: date
    masked_identity_code: str | None
    register_email: str | None
    register_phone: str | None
    register_language: Language
    is_protected: bool

    @property
    def postal_lines(self) -> tuple[str, ...]:
        """The postal address as on an envelope; none where it is the home's."""
        return postal_lines(self.postal_street, self.postal_code, self.postal_city, self.postal_country)


_OWN = (
    select(
        Account.email,
        Account.language,
        Person.phone,
        Person.postal_street,
        Person.postal_code,
        Person.postal_city,
        Person.postal_country,
        Person.first_names,
        Person.last_name,
        Person.birth_on,
        Person.identity_code,
        Person.register_email,
        Person.register_phone,
        Person.language.label("register_language"),
        Person.is_protected,
    )
    .join(Person, Person.id == Account.person_id)
    .where(Account.id == bindparam("account_id"))
)
#: where the identity code stands among them
_CODE_AT = 10


def get_own_details(actor: Actor) -> OwnDetails:
    """The actor's own details. Raises NotFound for staff, who have none."""
    row = db.session.execute(_OWN, {"account_id": actor.account_id}).one_or_none()
    if row is None:
        raise NotFound
    values = [*row]
    values[_CODE_AT] = mask_identity_code(values[_CODE_AT]) if values[_CODE_AT] else None
    return OwnDetails(*values)


# ---------------------------------------------------------------- mails


def list_refused_mails(actor: Actor) -> frozenset[MailKind]:
    """The kinds of mail that the actor does without."""
    asked = select(MailRefusal.kind).where(MailRefusal.account_id == actor.account_id)
    return frozenset(kind for kind in db.session.scalars(asked) if kind in OPTIONAL)


# ---------------------------------------------------------------- bank accounts


@dataclass(frozen=True)
class BankAccountLine:
    """A number that was given, as its owner and those who may know of it see it."""

    id: int
    country: str
    ending: str
    bic: str | None
    given_at: datetime
    confirmed_at: datetime | None
    takes_effect_at: datetime | None
    stopped_at: datetime | None
    state: BankAccountState

    @property
    def masked(self) -> str:
        """The number with only its country and its last signs."""
        return mask_iban(self.country, self.ending)


@dataclass(frozen=True)
class BankAccounts:
    """A person's bank accounts, the latest first."""

    lines: tuple[BankAccountLine, ...]

    @property
    def in_use(self) -> BankAccountLine | None:
        """The one money goes to."""
        return self._first(BankAccountState.IN_USE)

    @property
    def waiting(self) -> BankAccountLine | None:
        """The one whose 72 hours run."""
        return self._first(BankAccountState.WAITING)

    @property
    def history(self) -> tuple[BankAccountLine, ...]:
        """All that were confirmed."""
        return tuple(line for line in self.lines if line.state is not BankAccountState.UNCONFIRMED)

    def _first(self, state: BankAccountState) -> BankAccountLine | None:
        return next((line for line in self.lines if line.state is state), None)


_COLUMNS = (
    BankAccount.id,
    BankAccount.country,
    BankAccount.ending,
    BankAccount.bic,
    BankAccount.given_at,
    BankAccount.confirmed_at,
    BankAccount.takes_effect_at,
    BankAccount.stopped_at,
)
_CONFIRMED = (
    select(*_COLUMNS)
    .where(BankAccount.person_id == bindparam("person_id"), BankAccount.confirmed_at.is_not(None))
    .order_by(BankAccount.id.desc())
    .limit(at_most(MOST_ACCOUNTS))
)


def list_bank_accounts(actor: Actor, *, now: datetime | None = None) -> BankAccounts:
    """The actor's own bank accounts."""
    return _bank_accounts(actor.person_id, now or clock.now())


def list_bank_accounts_of(actor: Actor, person_id: int, *, now: datetime | None = None) -> BankAccounts:
    """Another person's bank accounts, for staff who may know of them; asked after `get_person`. Raises NotAllowed."""
    if not actor.may(Permission.BANK_ACCOUNT_SEE):
        raise NotAllowed
    return _bank_accounts(person_id, now or clock.now())


def reveal_iban(actor: Actor, person_id: int, bank_account_id: int) -> str:
    """A number in full; the caller has asked for a reason and writes it down. Raises NotAllowed, NotFound."""
    if not actor.may(Permission.BANK_ACCOUNT_SEE):
        raise NotAllowed
    number = db.session.scalar(
        select(BankAccount.iban).where(
            BankAccount.id == bank_account_id,
            BankAccount.person_id == person_id,
            BankAccount.confirmed_at.is_not(None),
        )
    )
    if number is None:
        raise NotFound
    return number


def _bank_accounts(person_id: int | None, now: datetime) -> BankAccounts:
    rows = db.session.execute(_CONFIRMED, {"person_id": person_id}).all()
    return BankAccounts(tuple(_lines(rows, now)))


def _lines(rows: Sequence[Any], now: datetime) -> Iterable[BankAccountLine]:
    is_found = False
    for row in rows:
        took_effect = row.stopped_at is None and row.takes_effect_at is not None and row.takes_effect_at <= now
        state = state_of(
            confirmed_at=row.confirmed_at,
            takes_effect_at=row.takes_effect_at,
            stopped_at=row.stopped_at,
            is_latest_in_effect=took_effect and not is_found,
            now=now,
        )
        is_found = is_found or took_effect
        yield _line(row, state)


def _line(row: Any, state: BankAccountState) -> BankAccountLine:
    given = row.id, row.country, row.ending, row.bic, row.given_at, row.confirmed_at, row.takes_effect_at
    return BankAccountLine(*given, stopped_at=row.stopped_at, state=state)


@dataclass(frozen=True)
class GivenNumber:
    """A number that its owner has just written and is to confirm: they see it whole once more."""

    id: int
    iban: str
    bic: str | None
    given_at: datetime


_GIVEN = (
    select(BankAccount.id, BankAccount.iban, BankAccount.bic, BankAccount.given_at)
    .where(
        BankAccount.person_id == bindparam("person_id"),
        BankAccount.login_session_id == bindparam("session_id"),
        BankAccount.confirmed_at.is_(None),
        BankAccount.given_at > bindparam("since"),
    )
    .order_by(BankAccount.id.desc())
    .limit(at_most(1))
)


def get_given_number(actor: Actor, *, since: datetime) -> GivenNumber | None:
    """The number that the actor gave in this session after a moment and has not confirmed."""
    asked = {"person_id": actor.person_id, "session_id": actor.session_id, "since": since}
    return next(starmap(GivenNumber, db.session.execute(_GIVEN, asked)), None)


_WAITING = (
    select(*_COLUMNS)
    .where(
        BankAccount.person_id == bindparam("person_id"),
        BankAccount.takes_effect_at > bindparam("now"),
        BankAccount.stopped_at.is_(None),
    )
    .order_by(BankAccount.id.desc())
    .limit(at_most(1))
)


def get_waiting_account(actor: Actor, *, now: datetime) -> BankAccountLine | None:
    """The actor's bank account whose 72 hours run: the home page tells of it."""
    row: Any = db.session.execute(_WAITING, {"person_id": actor.person_id, "now": now}).first()
    return None if row is None else _line(row, BankAccountState.WAITING)
