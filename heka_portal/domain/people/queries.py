"""Read people: who stands behind an identity code, and whether they live somewhere."""

from __future__ import annotations

from datetime import date
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
