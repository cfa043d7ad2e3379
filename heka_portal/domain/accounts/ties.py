"""The homes of people who may have no account and are not the ones who act."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, bindparam, select

from heka_portal.domain.access import Actor, Tie, homes_among, without_left_homes
from heka_portal.domain.accounts.queries import PART_FROM_ON, RUNS_TODAY, home_columns, to_tie
from heka_portal.extensions import db
from heka_portal.models.homes import Apartment, Building, Occupancy
from heka_portal.models.leases import Lease, LeaseParty
from heka_portal.vocabulary import Language


def _ties_statement() -> Any:
    people: Any = bindparam("people", expanding=True, type_=BigInteger)
    as_party = (
        select(LeaseParty.person_id, *home_columns(PART_FROM_ON, LeaseParty.to_on, True))
        .select_from(LeaseParty)
        .join(Lease, Lease.id == LeaseParty.lease_id)
        .join(Apartment, Apartment.id == Lease.apartment_id)
        .join(Building, Building.id == Apartment.building_id)
        .where(LeaseParty.person_id.in_(people))
    )
    as_occupant = (
        select(Occupancy.person_id, *home_columns(Occupancy.from_on, Occupancy.to_on, False))
        .select_from(Occupancy)
        .join(Apartment, Apartment.id == Occupancy.apartment_id)
        .join(Building, Building.id == Apartment.building_id)
        .outerjoin(Lease, RUNS_TODAY)
        .where(Occupancy.person_id.in_(people))
    )
    return as_party.union_all(as_occupant)


_TIES = _ties_statement()


def list_ties(people: Collection[int], *, on: date) -> Mapping[int, tuple[Tie, ...]]:
    """The ties of people by the register, the same as an actor's own, by the person's id; who has none is left out."""
    found: dict[int, list[Tie]] = defaultdict(list)
    for row in db.session.execute(_TIES, {"people": list(people), "today": on}):
        found[row.person_id].append(to_tie(row))
    return {person_id: without_left_homes(ties, on) for person_id, ties in found.items()}


def list_homes_today(person_id: int, *, on: date) -> tuple[Tie, ...]:
    """The homes a person has on a day, by the register: the same as an actor's own."""
    return homes_among(list_ties([person_id], on=on).get(person_id, ()), on)


def resident_later(account_id: int, person_id: int, *, language: Language, on: date) -> Actor:
    """A resident who is not signed in, with the rights of a day: for what goes on without them."""
    return Actor(
        account_id=account_id,
        session_id=0,
        name="",
        email="",
        language=language,
        on=on,
        person_id=person_id,
        ties=list_ties([person_id], on=on).get(person_id, ()),
    )
