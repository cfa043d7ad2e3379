"""The homes of a person who may have no account: what customer service opens a case for them about."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import bindparam, select

from heka_portal.domain.access import Tie, homes_among, without_left_homes
from heka_portal.domain.accounts.queries import PART_FROM_ON, RUNS_TODAY, home_columns, to_tie
from heka_portal.extensions import db
from heka_portal.models.homes import Apartment, Building, Occupancy
from heka_portal.models.leases import Lease, LeaseParty


def _ties_statement() -> Any:
    person_id: Any = bindparam("person_id")
    as_party = (
        select(*home_columns(PART_FROM_ON, LeaseParty.to_on, True))
        .select_from(LeaseParty)
        .join(Lease, Lease.id == LeaseParty.lease_id)
        .join(Apartment, Apartment.id == Lease.apartment_id)
        .join(Building, Building.id == Apartment.building_id)
        .where(LeaseParty.person_id == person_id)
    )
    as_occupant = (
        select(*home_columns(Occupancy.from_on, Occupancy.to_on, False))
        .select_from(Occupancy)
        .join(Apartment, Apartment.id == Occupancy.apartment_id)
        .join(Building, Building.id == Apartment.building_id)
        .outerjoin(Lease, RUNS_TODAY)
        .where(Occupancy.person_id == person_id)
    )
    return as_party.union_all(as_occupant)


_TIES = _ties_statement()


def list_homes_today(person_id: int, *, on: date) -> tuple[Tie, ...]:
    """The homes a person has on a day, by the register: the same as an actor's own."""
    rows = db.session.execute(_TIES, {"person_id": person_id, "today": on})
    return homes_among(without_left_homes((to_tie(row) for row in rows), on), on)
