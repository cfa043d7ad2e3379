"""Read the town from the database: the demo's own homes and people, staff, companies and the rules of today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, or_, select

from devtools.demo.cast import HOMES
from devtools.demo.history.moments import midnight
from devtools.demo.history.town import Company, Home, Place, Resident, Town, Worker, weigh
from devtools.demo.places import PREFIX
from heka_portal.clock import END_OF_TIME
from heka_portal.domain.cases.deadlines import Target
from heka_portal.domain.cases.handling import HANDLERS
from heka_portal.domain.people.rules import adult_on
from heka_portal.models.accounts import Account, Contractor, StaffMember
from heka_portal.models.defects import DefectTarget, FaultUrgency, UpkeepRule
from heka_portal.models.homes import Apartment, Building, Occupancy, Region
from heka_portal.models.leases import Lease
from heka_portal.models.people import Person


def read_town(connection: Connection, today: date) -> Town:
    """The town as it is in the database now."""
    places = _places(connection)
    homes = _homes(connection, places, today)
    in_force = _in_force(today)
    return Town(
        homes=homes,
        places=[place for place in places.values() if place.homes],
        handlers=_handlers(connection),
        companies=_companies(connection),
        urgencies=_by_code(connection, select(FaultUrgency.fault, FaultUrgency.urgency), in_force(FaultUrgency)),
        targets={
            str(row.urgency): Target(row.hours, row.working_days, row.days)
            for row in connection.execute(
                select(DefectTarget.urgency, DefectTarget.hours, DefectTarget.working_days, DefectTarget.days).where(
                    in_force(DefectTarget)
                )
            )
        },
        rules={
            row.code: (row.id, row.price_cents)
            for row in connection.execute(
                select(UpkeepRule.id, UpkeepRule.code, UpkeepRule.price_cents).where(in_force(UpkeepRule))
            )
        },
    )


def _in_force(today: date) -> Callable[[Any], Any]:
    return lambda table: and_(table.from_on <= today, or_(table.to_on.is_(None), table.to_on > today))


def _by_code(connection: Connection, statement: Any, condition: Any) -> Mapping[str, str]:
    return {str(code): str(value) for code, value in connection.execute(statement.where(condition))}


def _places(connection: Connection) -> dict[int, Place]:
    rows = connection.execute(
        select(Building.id, Building.region_id, Building.street_address, Building.name)
        .where(Building.register_id.like(f"{PREFIX}%"))
        .order_by(Building.register_id)
    )
    return {row.id: Place(row.id, row.region_id, row.street_address, row.name) for row in rows}


def _homes(connection: Connection, places: Mapping[int, Place], today: date) -> list[Home]:
    """Homes by lease, each with the adults who had accounts; the cast's own homes are left to their stories."""
    rows = connection.execute(
        select(
            Lease.id.label("lease_id"),
            Lease.register_id.label("lease"),
            Lease.starts_on,
            Lease.ends_on,
            Apartment.id.label("apartment_id"),
            Apartment.building_id,
            Apartment.staircase,
            Apartment.number,
            Occupancy.from_on,
            Occupancy.to_on,
            Person,
            Account.id.label("account_id"),
        )
        .join(Apartment, Apartment.id == Lease.apartment_id)
        .join(Occupancy, Occupancy.apartment_id == Apartment.id)
        .join(Person, Person.id == Occupancy.person_id)
        .join(Account, Account.person_id == Person.id)
        .where(Apartment.register_id.like(f"{PREFIX}%"))
        .where(Apartment.register_id.not_in([f"{PREFIX}A{index:05d}" for index in HOMES]))
        .where(Lease.starts_on < today, or_(Occupancy.to_on.is_(None), Occupancy.to_on > Lease.starts_on))
        .where(or_(Lease.ends_on.is_(None), Occupancy.from_on < Lease.ends_on))
        .order_by(Lease.register_id, Person.register_id, Occupancy.from_on)
        .execution_options(yield_per=5000)
    )
    homes: dict[int, Home] = {}
    for row in rows:
        home = homes.get(row.lease_id)
        if home is None:
            home = homes[row.lease_id] = _home(row, places[row.building_id])
        home.residents.append(_resident(row))
    return list(homes.values())


def _home(row: Any, place: Place) -> Home:
    address = " ".join(filter(None, (place.address, row.staircase, row.number)))
    home = Home(row.lease_id, row.apartment_id, place, address, weigh(row.lease, place.name), [])
    place.homes.append(home)
    return home


def _resident(row: Any) -> Resident:
    ends = [day for day in (row.ends_on, row.to_on) if day is not None]
    return Resident(
        person_id=row.id,
        account_id=row.account_id,
        name=f"{row.first_names} {row.last_name}",
        language=str(row.language),
        phone=row.phone or row.register_phone,
        is_protected=row.is_protected,
        since=midnight(max(row.starts_on, row.from_on, adult_on(row.birth_on))),
        until=midnight(min(ends)) if ends else END_OF_TIME,
    )


def _handlers(connection: Connection) -> Mapping[int, tuple[Worker, ...]]:
    """Customer service's people by region; who has none works for all."""
    rows = connection.execute(
        select(StaffMember.id, StaffMember.region_id, Account.id.label("account_id"))
        .join(Account, Account.staff_member_id == StaffMember.id)
        .where(StaffMember.role.in_(HANDLERS), Account.is_disabled.is_(False))
        .order_by(StaffMember.id)
    ).all()
    return {
        region_id: tuple(Worker(row.id, row.account_id) for row in rows if row.region_id in {region_id, None})
        for region_id in connection.scalars(select(Region.id))
    }


def _companies(connection: Connection) -> Mapping[int, tuple[Company, ...]]:
    """The companies of each region: every fourth one, and all where there are few."""
    people: dict[int, list[int]] = defaultdict(list)
    rows = connection.execute(
        select(Contractor.id, Account.id)
        .join(StaffMember, StaffMember.contractor_id == Contractor.id)
        .join(Account, Account.staff_member_id == StaffMember.id)
        .where(Contractor.is_active.is_(True))
        .order_by(Contractor.id, Account.id)
    )
    for company_id, account_id in rows:
        people[company_id].append(account_id)
    companies = [Company(company_id, tuple(accounts)) for company_id, accounts in people.items()]
    regions = connection.scalars(select(Region.id).order_by(Region.register_id)).all()
    return {
        region_id: tuple(companies[place :: len(regions)]) or tuple(companies)
        for place, region_id in enumerate(regions)
    }
