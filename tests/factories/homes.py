"""Regions, buildings, apartments, and lines of the register of occupants."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from heka_portal import clock
from heka_portal.extensions import db
from heka_portal.models.homes import Apartment, Building, Occupancy, Region
from heka_portal.models.people import Person
from heka_portal.vocabulary import BuildingKind
from tests.factories.counting import fresh

TWO_YEARS = timedelta(days=730)


def make_region(**values: Any) -> Region:
    """A region with its office."""
    number = fresh()
    given = {
        "register_id": f"R{number}",
        "name_fi": f"Itä {number}",
        "name_sv": f"Öst {number}",
        "name_en": f"East {number}",
        "office_address": "Toimistokatu 1",
        "phone": "+358957673000",
        "opening_hours": "ma-pe 9-15",
        **values,
    }
    region = Region(**given)
    db.session.add(region)
    db.session.flush()
    return region


def make_building(region: Region | None = None, **values: Any) -> Building:
    """A building of a region (default: a new one) with its manager."""
    number = fresh()
    given = {
        "register_id": f"B{number}",
        "region_id": (region or make_region()).id,
        "name": f"Kontulankaari {number}",
        "street_address": f"Kontulankaari {number}",
        "postal_code": "00940",
        "city": "Helsinki",
        "kind": BuildingKind.RENTAL,
        "apartment_count": 50,
        "manager_name": "Eeva Jokinen",
        "manager_phone": "+358957673000",
        **values,
    }
    building = Building(**given)
    db.session.add(building)
    db.session.flush()
    return building


def make_apartment(building: Building | None = None, **values: Any) -> Apartment:
    """A home of a building (default: a new one)."""
    number = fresh()
    given = {
        "register_id": f"A{number}",
        "building_id": (building or make_building()).id,
        "staircase": "C",
        "number": str(number),
        **values,
    }
    apartment = Apartment(**given)
    db.session.add(apartment)
    db.session.flush()
    return apartment


def make_occupancy(
    person: Person, apartment: Apartment, *, from_on: date | None = None, to_on: date | None = None
) -> Occupancy:
    """Someone lives in a home, by default since two years."""
    line = Occupancy(
        person_id=person.id, apartment_id=apartment.id, from_on=from_on or clock.today() - TWO_YEARS, to_on=to_on
    )
    db.session.add(line)
    db.session.flush()
    return line
