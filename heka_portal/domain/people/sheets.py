"""People as customer service looks them up. A protected person is there for named roles only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import starmap
from typing import Any

from sqlalchemy import ColumnElement, func, select, union

from heka_portal.database import at_most
from heka_portal.domain.access import Actor, Permission
from heka_portal.domain.errors import NotAllowed, NotFound
from heka_portal.domain.people.rules import mask_identity_code, postal_lines
from heka_portal.extensions import db
from heka_portal.models.accounts import Account
from heka_portal.models.homes import Apartment, Building, Occupancy
from heka_portal.models.leases import Lease, LeaseParty
from heka_portal.models.people import Person
from heka_portal.vocabulary import Language, LeaseRole

MOST_FOUND = 50
#: leases of a home, homes of a person, people of a home: hardly any has as many, and no page grows beyond them
MOST_LINES = 20
MOST_WORDS = 5
#: where the identity code stands among a sheet's columns
IDENTITY_CODE_AT = 14


@dataclass(frozen=True)
class PersonLine:
    """A person in a list of staff's."""

    id: int
    register_id: str
    last_name: str
    first_names: str
    birth_on: date
    is_protected: bool
    has_account: bool


_LINE = (
    Person.id,
    Person.register_id,
    Person.last_name,
    Person.first_names,
    Person.birth_on,
    Person.is_protected,
    Account.id.is_not(None),
)


def check_may_look(actor: Actor) -> None:
    """Whether the actor may look into the register. Raises NotAllowed."""
    if not actor.may(Permission.REGISTER_LOOK):
        raise NotAllowed


def _visible(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """A protected person is as absent for those who may not see them."""
    return () if actor.may(Permission.PROTECTED_SEE) else (Person.is_protected.is_(False),)


def find_people(actor: Actor, asked: str, *, identity_mark: str | None = None) -> list[PersonLine]:
    """The people of an identity code's fingerprint, an id of the register, an email, or names with a whole last name.

    Raises NotAllowed.
    """
    check_may_look(actor)
    if identity_mark is not None:
        arms = [Person.identity_mark == identity_mark]
    elif "@" in asked:
        owner = select(Account.person_id).where(Account.email == asked.lower()).scalar_subquery()
        arms = [Person.id == owner, Person.register_email.in_({asked, asked.lower()})]
    else:
        arms = [Person.register_id.in_({asked, asked.upper()}), *_named(asked)]
    # Each arm goes by an index of its own: as one condition they would read the tables as a whole.
    order = (Person.last_name, Person.first_names, Person.id)
    most = MOST_FOUND + 1
    firsts = (select(Person.id).where(arm, *_visible(actor)).order_by(*order).limit(at_most(most)) for arm in arms)
    ids = union(*(first.subquery().select() for first in firsts))
    rows = db.session.execute(
        select(*_LINE)
        .outerjoin(Account, Account.person_id == Person.id)
        .where(Person.id.in_(ids))
        .order_by(*order)
        .limit(at_most(most))
    )
    return list(starmap(PersonLine, rows))


def _named(asked: str) -> list[ColumnElement[bool]]:
    """One word is the last name, compared exactly so that the index serves; the others begin a first name.

    A condition for each word that may be the last name.
    """
    words = asked.split()[:MOST_WORDS]
    arms = []
    for word in words:
        others = [other for other in words if other != word]
        spelled = {word, word.lower(), word.upper(), word.title()}
        given = [func.lower(Person.first_names).contains(other.lower(), autoescape=True) for other in others]
        arms.append(Person.last_name.in_(spelled) & db.and_(True, *given))
    return arms


@dataclass(frozen=True)
class Sheet:
    """A person of the register and their account."""

    id: int
    register_id: str
    last_name: str
    first_names: str
    birth_on: date
    language: Language
    is_protected: bool
    register_email: str | None
    register_phone: str | None
    phone: str | None
    postal_street: str | None
    postal_code: str | None
    postal_city: str | None
    postal_country: str | None
    #: only its beginning
    masked_identity_code: str | None
    account_email: str | None
    account_language: Language | None
    account_is_disabled: bool | None
    account_created_at: datetime | None
    account_password_set_at: datetime | None

    @property
    def postal_lines(self) -> tuple[str, ...]:
        """The postal address the person has given; none where it is the home's."""
        return postal_lines(self.postal_street, self.postal_code, self.postal_city, self.postal_country)

    @property
    def name(self) -> str:
        """All first names and the last name."""
        return f"{self.first_names} {self.last_name}"


def get_person(actor: Actor, person_id: int) -> Sheet:
    """A person and their account, without the identity code. Raises NotAllowed, NotFound."""
    check_may_look(actor)
    row = db.session.execute(
        select(
            Person.id,
            Person.register_id,
            Person.last_name,
            Person.first_names,
            Person.birth_on,
            Person.language,
            Person.is_protected,
            Person.register_email,
            Person.register_phone,
            Person.phone,
            Person.postal_street,
            Person.postal_code,
            Person.postal_city,
            Person.postal_country,
            Person.identity_code,
            Account.email,
            Account.language,
            Account.is_disabled,
            Account.created_at,
            Account.password_set_at,
        )
        .outerjoin(Account, Account.person_id == Person.id)
        .where(Person.id == person_id, *_visible(actor))
    ).one_or_none()
    if row is None:
        raise NotFound
    values = [*row]
    at = IDENTITY_CODE_AT
    values[at] = mask_identity_code(values[at]) if values[at] else None
    return Sheet(*values)


def reveal_identity_code(actor: Actor, person_id: int) -> str | None:
    """The identity code itself; the caller has asked for a reason and writes it down. Raises NotAllowed, NotFound."""
    if not actor.may(Permission.IDENTITY_CODE_SHOW):
        raise NotAllowed
    row = db.session.execute(select(Person.identity_code).where(Person.id == person_id, *_visible(actor))).one_or_none()
    if row is None:
        raise NotFound
    code: str | None = row.identity_code
    return code


@dataclass(frozen=True)
class HomeLine:
    """A part in a lease, or a line of the register of occupants."""

    apartment_id: int
    street_address: str
    staircase: str | None
    number: str
    role: LeaseRole | None
    from_on: date
    to_on: date | None

    @property
    def address(self) -> str:
        """Street, staircase and number."""
        return " ".join(part for part in (self.street_address, self.staircase, self.number) if part)


def _earlier(first: Any, second: Any) -> Any:
    """The earlier of two days of which either may be none."""
    return db.case((first.is_(None), second), (second.is_(None), first), (first < second, first), else_=second)


def list_homes_of(person_id: int) -> list[HomeLine]:
    """A person's parts in leases and lines of the register of occupants, the latest first; asked after `get_person`."""
    place = (Apartment.id, Building.street_address, Apartment.staircase, Apartment.number)
    parts = (
        select(
            *place,
            LeaseParty.role,
            func.coalesce(LeaseParty.from_on, Lease.starts_on),
            _earlier(LeaseParty.to_on, Lease.ends_on),
        )
        .select_from(LeaseParty)
        .join(Lease, Lease.id == LeaseParty.lease_id)
        .join(Apartment, Apartment.id == Lease.apartment_id)
        .join(Building, Building.id == Apartment.building_id)
        .where(LeaseParty.person_id == person_id)
        .order_by(func.coalesce(LeaseParty.from_on, Lease.starts_on).desc(), LeaseParty.id)
        .limit(at_most(MOST_LINES))
    )
    lines = (
        select(*place, db.null(), Occupancy.from_on, Occupancy.to_on)
        .select_from(Occupancy)
        .join(Apartment, Apartment.id == Occupancy.apartment_id)
        .join(Building, Building.id == Apartment.building_id)
        .where(Occupancy.person_id == person_id)
        .order_by(Occupancy.from_on.desc(), Occupancy.id)
        .limit(at_most(MOST_LINES))
    )
    homes = [HomeLine(*row) for asked in (parts, lines) for row in db.session.execute(asked)]
    return sorted(homes, key=lambda home: (home.from_on, home.role is not None), reverse=True)[:MOST_LINES]
