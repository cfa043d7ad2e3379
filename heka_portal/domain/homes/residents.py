"""Who lives where, as customer service looks it up. A protected person's name is hidden where it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import starmap
from typing import Any, cast

from sqlalchemy import Select, func, or_, select

from heka_portal.database import at_most
from heka_portal.domain.access import Actor
from heka_portal.domain.errors import NotFound
from heka_portal.domain.people.sheets import MOST_LINES, check_may_look
from heka_portal.extensions import db
from heka_portal.models.homes import Apartment, Building, Occupancy
from heka_portal.models.leases import Lease, LeaseParty
from heka_portal.models.people import Person
from heka_portal.vocabulary import LeaseRole, LeaseTerm

MOST_APARTMENTS = 500


@dataclass(frozen=True)
class ApartmentSheet:
    """An apartment and its building."""

    id: int
    register_id: str
    building_id: int
    building_name: str
    street_address: str
    postal_code: str
    city: str
    staircase: str | None
    number: str
    floor: int | None
    rooms: str | None
    area_m2: Any

    @property
    def address(self) -> str:
        """Street, staircase and number."""
        return " ".join(part for part in (self.street_address, self.staircase, self.number) if part)


def get_apartment(actor: Actor, apartment_id: int) -> ApartmentSheet:
    """An apartment. Raises NotAllowed, NotFound."""
    check_may_look(actor)
    row = db.session.execute(
        select(
            Apartment.id,
            Apartment.register_id,
            Building.id,
            Building.name,
            Building.street_address,
            Building.postal_code,
            Building.city,
            Apartment.staircase,
            Apartment.number,
            Apartment.floor,
            Apartment.rooms,
            Apartment.area_m2,
        )
        .join(Building, Building.id == Apartment.building_id)
        .where(Apartment.id == apartment_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return ApartmentSheet(*cast("tuple[Any, ...]", row))


@dataclass(frozen=True)
class ApartmentLine:
    """An apartment in the list of its building."""

    id: int
    staircase: str | None
    number: str
    floor: int | None
    rooms: str | None


def list_apartments(building_id: int) -> list[ApartmentLine]:
    """The apartments of a building by staircase and number."""
    rows = db.session.execute(
        select(Apartment.id, Apartment.staircase, Apartment.number, Apartment.floor, Apartment.rooms)
        .where(Apartment.building_id == building_id)
        .order_by(Apartment.staircase, func.length(Apartment.number), Apartment.number, Apartment.id)
        .limit(at_most(MOST_APARTMENTS))
    )
    return list(starmap(ApartmentLine, rows))


@dataclass(frozen=True)
class Resident:
    """A person of a lease, or one who lives in an apartment."""

    person_id: int
    last_name: str
    first_names: str
    is_protected: bool
    role: LeaseRole | None
    from_on: date
    to_on: date | None


@dataclass(frozen=True)
class LeaseSheet:
    """A lease of an apartment and its parties."""

    id: int
    register_id: str
    starts_on: date
    ends_on: date | None
    term: LeaseTerm
    parties: tuple[Resident, ...]


def _residents(*columns: Any) -> Select[Any]:
    return select(*columns, Person.id, Person.last_name, Person.first_names, Person.is_protected)


def list_leases(apartment_id: int) -> list[LeaseSheet]:
    """The leases of an apartment with their parties, the latest first."""
    leases = db.session.execute(
        select(Lease.id, Lease.register_id, Lease.starts_on, Lease.ends_on, Lease.term)
        .where(Lease.apartment_id == apartment_id)
        .order_by(Lease.starts_on.desc(), Lease.id.desc())
        .limit(at_most(MOST_LINES))
    ).all()
    parties: dict[int, list[Resident]] = {lease.id: [] for lease in leases}
    rows = db.session.execute(
        _residents(LeaseParty.lease_id, LeaseParty.role, LeaseParty.from_on, LeaseParty.to_on)
        .join(Person, Person.id == LeaseParty.person_id)
        .where(LeaseParty.lease_id.in_(parties))
        .order_by(LeaseParty.role, LeaseParty.id)
    )
    starts = {lease.id: lease.starts_on for lease in leases}
    for row in rows:
        resident = Resident(
            row.id,
            row.last_name,
            row.first_names,
            row.is_protected,
            row.role,
            row.from_on or starts[row.lease_id],
            row.to_on,
        )
        parties[row.lease_id].append(resident)
    return [LeaseSheet(*lease, tuple(parties[lease.id])) for lease in leases]


def list_occupants(apartment_id: int, *, on: date) -> list[Resident]:
    """Those who live in an apartment on a day, or from a day to come."""
    rows = db.session.execute(
        _residents(Occupancy.from_on, Occupancy.to_on)
        .join(Person, Person.id == Occupancy.person_id)
        .where(Occupancy.apartment_id == apartment_id, or_(Occupancy.to_on.is_(None), Occupancy.to_on > on))
        .order_by(Occupancy.from_on, Occupancy.id)
        .limit(at_most(MOST_LINES))
    )
    return [
        Resident(row.id, row.last_name, row.first_names, row.is_protected, None, row.from_on, row.to_on) for row in rows
    ]


def people_of(leases: Sequence[LeaseSheet], occupants: Sequence[Resident]) -> set[int]:
    """Whose data the page of an apartment shows."""
    return {party.person_id for lease in leases for party in lease.parties} | {each.person_id for each in occupants}
