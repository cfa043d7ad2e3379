"""The page of a building: what the register has of it, its office, and the reader's homes in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import starmap
from typing import Any, cast

from sqlalchemy import BigInteger, bindparam, select

from heka_portal.domain.access import Actor
from heka_portal.domain.buildings.sight import check_sees_building
from heka_portal.domain.errors import NotFound
from heka_portal.extensions import db
from heka_portal.models.homes import Apartment, Building, Region
from heka_portal.vocabulary import Facility, WaterBilling


@dataclass(frozen=True)
class BuildingSheet:
    """A building as those who live there may know it."""

    id: int
    name: str
    street_address: str
    postal_code: str
    city: str
    built_year: int | None
    apartment_count: int
    manager_name: str | None
    manager_phone: str | None
    manager_email: str | None
    maintenance_company: str | None
    maintenance_phone: str | None
    heating: str | None
    water_billing: WaterBilling | None
    smoke_free_from: date | None
    facility_codes: str | None
    region_fi: str
    region_sv: str | None
    region_en: str | None
    office_address: str | None
    office_phone: str | None
    office_email: str | None
    opening_hours: str | None

    def region(self, language: str) -> str:
        """The region's name in a language, in Finnish where the register has no other."""
        return {"sv": self.region_sv, "en": self.region_en}.get(language) or self.region_fi

    @property
    def facilities(self) -> list[Facility]:
        """What the building has, as far as we have a word for it."""
        known = {str(facility): facility for facility in Facility}
        return [known[code] for code in (self.facility_codes or "").split("|") if code in known]


_SHEET = (
    select(
        Building.id,
        Building.name,
        Building.street_address,
        Building.postal_code,
        Building.city,
        Building.built_year,
        Building.apartment_count,
        Building.manager_name,
        Building.manager_phone,
        Building.manager_email,
        Building.maintenance_company,
        Building.maintenance_phone,
        Building.heating,
        Building.water_billing,
        Building.smoke_free_from,
        Building.facilities,
        Region.name_fi,
        Region.name_sv,
        Region.name_en,
        Region.office_address,
        Region.phone,
        Region.email,
        Region.opening_hours,
    )
    .join(Region, Region.id == Building.region_id)
    .where(Building.id == bindparam("building_id", type_=BigInteger))
)


def read_sheet(building_id: int) -> BuildingSheet:
    """A building; whose it is, the caller has settled. Raises NotFound."""
    row = db.session.execute(_SHEET, {"building_id": building_id}).one_or_none()
    if row is None:
        raise NotFound
    return BuildingSheet(*cast("tuple[Any, ...]", row))


def get_own_building(actor: Actor, building_id: int) -> BuildingSheet:
    """A building of the actor's homes. Raises NotFound."""
    check_sees_building(actor, building_id)
    return read_sheet(building_id)


@dataclass(frozen=True)
class HomeSheet:
    """One of the reader's homes in the building."""

    id: int
    staircase: str | None
    number: str
    floor: int | None
    rooms: str | None
    area_m2: Decimal | None

    @property
    def door(self) -> str:
        """Staircase and number."""
        return " ".join(part for part in (self.staircase, self.number) if part)


_HOMES = (
    select(Apartment.id, Apartment.staircase, Apartment.number, Apartment.floor, Apartment.rooms, Apartment.area_m2)
    .where(Apartment.id.in_(bindparam("apartment_ids", expanding=True, type_=BigInteger)))
    .order_by(Apartment.staircase, Apartment.number, Apartment.id)
)


def list_own_homes(actor: Actor, building_id: int) -> list[HomeSheet]:
    """The actor's homes in a building, of today or to come."""
    ids = [tie.apartment_id for tie in actor.own_homes if tie.building_id == building_id]
    return list(starmap(HomeSheet, db.session.execute(_HOMES, {"apartment_ids": ids}))) if ids else []
