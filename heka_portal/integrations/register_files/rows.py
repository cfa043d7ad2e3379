"""One record of each file. Named tuples: immutable, and two million of them are handed on without a copy."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from heka_portal.vocabulary import (
    BuildingKind,
    ChargeKind,
    InvoiceKind,
    Language,
    LeaseRole,
    LeaseTerm,
    MovingDay,
    WaterBilling,
)

# A value that is missing or could not be read is None; then an error was reported, and nothing will be applied.


class RegionRow(NamedTuple):
    line: int
    register_id: str
    name_fi: str
    name_sv: str | None
    name_en: str | None
    office_address: str | None
    phone: str | None
    email: str | None
    opening_hours: str | None


class BuildingRow(NamedTuple):
    line: int
    register_id: str
    region: str
    name: str
    street_address: str
    postal_code: str
    city: str
    built_year: int | None
    kind: BuildingKind
    apartment_count: int
    manager_name: str | None
    manager_email: str | None
    manager_phone: str | None
    smoke_free_from: date | None
    water_billing: WaterBilling | None
    heating: str | None
    facilities: str | None
    maintenance_company: str | None
    maintenance_phone: str | None


class ApartmentRow(NamedTuple):
    line: int
    register_id: str
    building: str
    staircase: str | None
    number: str
    floor: int | None
    rooms: str | None
    area_m2: Decimal | None


class PersonRow(NamedTuple):
    line: int
    register_id: str
    identity_code: str | None
    birth_on: date
    last_name: str
    first_names: str
    register_email: str | None
    register_phone: str | None
    language: Language
    is_protected: bool

    def __repr__(self) -> str:
        """Without personal data: a record may end up in a log."""
        return f"PersonRow(line={self.line}, register_id={self.register_id!r})"


class LeaseRow(NamedTuple):
    line: int
    register_id: str
    apartment: str
    signed_at: datetime
    starts_on: date
    ends_on: date | None
    term: LeaseTerm
    moving_day: MovingDay | None
    monthly_rent_cents: int


class LeasePartyRow(NamedTuple):
    line: int
    lease: str
    person: str
    role: LeaseRole
    from_on: date | None
    to_on: date | None


class OccupancyRow(NamedTuple):
    line: int
    apartment: str
    person: str
    from_on: date
    to_on: date | None


class ChargeRow(NamedTuple):
    line: int
    register_id: str
    lease: str
    kind: ChargeKind
    object: str | None
    monthly_cents: int
    from_on: date
    to_on: date | None


class InvoiceRow(NamedTuple):
    line: int
    register_id: str
    lease: str
    kind: InvoiceKind
    description: str | None
    amount_cents: int
    issued_on: date
    due_on: date
    reference: str
    iban: str
    period_from: date | None
    period_to: date | None


class PaymentRow(NamedTuple):
    line: int
    register_id: str
    reference: str
    amount_cents: int
    paid_on: date
    booked_on: date
    payer: str | None
