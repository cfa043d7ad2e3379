"""Read people: who stands behind an identity code, and whether they live somewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import islice, starmap
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, bindparam, case, func, or_, select

from heka_portal.domain.people.rules import Registrant
from heka_portal.extensions import db
from heka_portal.models.accounts import Account
from heka_portal.models.homes import Occupancy
from heka_portal.models.leases import Lease, LeaseParty
from heka_portal.models.people import Person

_ON = bindparam("on", type_=Date())

#: a part in a lease ends with its own day or with the lease's, whichever comes first
_PART_ENDS_ON = case(
    (LeaseParty.to_on.is_(None), Lease.ends_on),
    (Lease.ends_on.is_(None), LeaseParty.to_on),
    (LeaseParty.to_on < Lease.ends_on, LeaseParty.to_on),
    else_=Lease.ends_on,
)


def _asking(person: ColumnElement[bool]) -> Select[Any]:
    homes = Occupancy.person_id == Person.id
    parts = (LeaseParty.person_id == Person.id) & (LeaseParty.lease_id == Lease.id)
    # What begins on a day to come counts from the minute its row is in: only the end is asked for.
    lives = select(Occupancy.id).where(homes, or_(Occupancy.to_on.is_(None), Occupancy.to_on > _ON))
    takes_part = select(LeaseParty.id).where(parts, or_(_PART_ENDS_ON.is_(None), _PART_ENDS_ON > _ON))
    return (
        select(
            Person.id,
            Person.birth_on,
            Person.identity_mark.is_not(None),
            or_(lives.exists(), takes_part.exists()),
            select(func.max(Occupancy.to_on)).where(homes).scalar_subquery(),
            select(func.max(_PART_ENDS_ON)).where(parts).scalar_subquery(),
            Account.id,
        )
        .outerjoin(Account, Account.person_id == Person.id)
        .where(person)
    )


_BY_MARK = _asking(Person.identity_mark == bindparam("identity_mark"))
_BY_ID = _asking(Person.id == bindparam("person_id"))


def find_registrant(identity_mark: str, on: date) -> Registrant | None:
    """The person of this fingerprint of an identity code, as the register knows them on a date in Helsinki."""
    return _registrant(_BY_MARK, on, identity_mark=identity_mark)


def find_registrant_by_id(person_id: int, on: date) -> Registrant | None:
    """The same for a person of the register whom staff ask about; they may lack an identity code."""
    return _registrant(_BY_ID, on, person_id=person_id)


def _registrant(statement: Select[Any], on: date, **which: Any) -> Registrant | None:
    row = db.session.execute(statement, {"on": on, **which}).first()
    if row is None:
        return None
    person_id, birth_on, has_code, has_home, moved_out_on, part_ended_on, account_id = row
    ended_on = max(filter(None, (moved_out_on, part_ended_on)), default=None)
    return Registrant(person_id, birth_on, has_code, has_home, None if has_home else ended_on, account_id)


@dataclass(frozen=True)
class KnownPerson:
    """A person of the register, named for staff who look someone up."""

    id: int
    register_id: str
    last_name: str
    first_names: str
    birth_on: date


_KNOWN = select(Person.id, Person.register_id, Person.last_name, Person.first_names, Person.birth_on)
_KNOWN_IN_ORDER = _KNOWN.order_by(Person.last_name, Person.first_names, Person.id)


def find_person(register_id: str) -> KnownPerson | None:
    """The person of one of the landlord's ids."""
    row = db.session.execute(_KNOWN.where(Person.register_id == register_id)).first()
    return None if row is None else KnownPerson(*row)


def find_person_by_mark(identity_mark: str) -> KnownPerson | None:
    """The person of a fingerprint of an identity code."""
    row = db.session.execute(_KNOWN.where(Person.identity_mark == identity_mark)).first()
    return None if row is None else KnownPerson(*row)


def list_people_named(name: str, *, limit: int) -> list[KnownPerson]:
    """People all of these words are names of, one of them the last name; small and capital letters are the same."""
    words = name.split()
    # The database compares exactly, so that it can use its index; the rest is settled here.
    spelled = {form for word in words for form in (word, word.lower(), word.upper(), word.title())}
    rows = db.session.execute(_KNOWN_IN_ORDER.where(Person.last_name.in_(spelled))).yield_per(1000)
    found = (person for person in starmap(KnownPerson, rows) if _is_named(person, words))
    return list(islice(found, limit))


def _is_named(person: KnownPerson, words: list[str]) -> bool:
    names = f"{person.last_name} {person.first_names}".casefold().split()
    return all(word.casefold() in names for word in words)
