"""Regions, buildings, apartments, and the register of occupants."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from heka_portal.database import BigKey, Code
from heka_portal.extensions import Model
from heka_portal.vocabulary import BuildingKind, WaterBilling

if TYPE_CHECKING:
    from heka_portal.models.leases import Lease
    from heka_portal.models.people import Person


class Region(Model):
    """A regional office and the buildings it serves."""

    __tablename__ = "regions"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    register_id: Mapped[str] = mapped_column(String(40), unique=True)
    name_fi: Mapped[str] = mapped_column(String(120))
    name_sv: Mapped[str | None] = mapped_column(String(120))
    name_en: Mapped[str | None] = mapped_column(String(120))
    office_address: Mapped[str | None] = mapped_column(String(200))
    phone: Mapped[str | None] = mapped_column(String(40))
    email: Mapped[str | None] = mapped_column(String(254))
    opening_hours: Mapped[str | None] = mapped_column(String(200))

    buildings: Mapped[list[Building]] = relationship(back_populates="region", lazy="raise_on_sql")


class Building(Model):
    """A rent-determination unit: the natural building of notices and tenant democracy."""

    __tablename__ = "buildings"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    register_id: Mapped[str] = mapped_column(String(40), unique=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    street_address: Mapped[str] = mapped_column(String(160))
    postal_code: Mapped[str] = mapped_column(String(10))
    city: Mapped[str] = mapped_column(String(80))
    built_year: Mapped[int | None]
    kind: Mapped[BuildingKind] = mapped_column(Code(BuildingKind))
    apartment_count: Mapped[int]
    manager_name: Mapped[str | None] = mapped_column(String(160))
    manager_email: Mapped[str | None] = mapped_column(String(254))
    manager_phone: Mapped[str | None] = mapped_column(String(40))
    smoke_free_from: Mapped[date | None] = mapped_column(Date)
    water_billing: Mapped[WaterBilling | None] = mapped_column(Code(WaterBilling))
    heating: Mapped[str | None] = mapped_column(String(80))
    #: Facility codes joined by "|", as the register sends them
    facilities: Mapped[str | None] = mapped_column(Text)
    maintenance_company: Mapped[str | None] = mapped_column(String(160))
    maintenance_phone: Mapped[str | None] = mapped_column(String(40))

    region: Mapped[Region] = relationship(back_populates="buildings", lazy="raise_on_sql")
    apartments: Mapped[list[Apartment]] = relationship(back_populates="building", lazy="raise_on_sql")


class Apartment(Model):
    """A home. Nothing private hangs on it: on a lease, a person or the building."""

    __tablename__ = "apartments"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    register_id: Mapped[str] = mapped_column(String(40), unique=True)
    building_id: Mapped[int] = mapped_column(ForeignKey("buildings.id"), index=True)
    staircase: Mapped[str | None] = mapped_column(String(10))
    number: Mapped[str] = mapped_column(String(20))
    floor: Mapped[int | None]
    rooms: Mapped[str | None] = mapped_column(String(40))
    area_m2: Mapped[Decimal | None] = mapped_column(Numeric(7, 2))

    building: Mapped[Building] = relationship(back_populates="apartments", lazy="raise_on_sql")
    leases: Mapped[list[Lease]] = relationship(back_populates="apartment", lazy="raise_on_sql")
    occupancies: Mapped[list[Occupancy]] = relationship(back_populates="apartment", lazy="raise_on_sql")


class Occupancy(Model):
    """One line of the register of occupants: who lives where, from, until (exclusive)."""

    __tablename__ = "occupancies"
    __table_args__ = (
        CheckConstraint("to_on IS NULL OR to_on >= from_on", name="ends_after_start"),
        Index("ix_occupancies_apartment_id_from_on", "apartment_id", "from_on"),
        Index("uq_occupancies_person_id_apartment_id_from_on", "person_id", "apartment_id", "from_on", unique=True),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    apartment_id: Mapped[int] = mapped_column(ForeignKey("apartments.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    from_on: Mapped[date] = mapped_column(Date)
    to_on: Mapped[date | None] = mapped_column(Date)

    apartment: Mapped[Apartment] = relationship(back_populates="occupancies", lazy="raise_on_sql")
    person: Mapped[Person] = relationship(back_populates="occupancies", lazy="raise_on_sql")
