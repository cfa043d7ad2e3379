"""The ten files: which columns each has, how they are read, and what one record must not contradict."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from heka_portal import vocabulary as codes
from heka_portal.integrations.register_files import rows
from heka_portal.integrations.register_files.fields import (
    Convert,
    FieldRules,
    area,
    cents,
    cents_not_negative,
    code,
    codes_joined,
    day,
    flag,
    moment,
    text,
    whole,
)

#: column and sentence of what a record contradicts
Contradictions = Iterator[tuple[str, str]]

identifier = text(40)
phone = text(40)
email = text(254)


@dataclass(frozen=True)
class Column:
    """One column of a file; the fields of the row follow in the same order."""

    name: str
    convert: Convert
    is_required: bool = False
    #: what an empty field means
    default: Any = None
    #: without it the record cannot be told from others
    is_key: bool = False
    #: holds identity codes: shown masked only
    is_identity_code: bool = False


@dataclass(frozen=True)
class FileFormat:
    """One file of the register."""

    table: str
    row: type[Any]
    columns: tuple[Column, ...]
    check: Callable[[Any], Contradictions] | None = None

    @property
    def file(self) -> str:
        """The name of the file."""
        return f"{self.table}.csv"


def need(name: str, convert: Convert) -> Column:
    """A column that must be there and filled."""
    return Column(name, convert, is_required=True)


def key(name: str, convert: Convert = identifier) -> Column:
    """A column that tells the record from others."""
    return Column(name, convert, is_required=True, is_key=True)


REGIONS = (
    key("region_id"),
    need("name_fi", text(120)),
    Column("name_sv", text(120)),
    Column("name_en", text(120)),
    Column("office_address", text(200)),
    Column("phone", phone),
    Column("email", email),
    Column("opening_hours", text(200)),
)
BUILDINGS = (
    key("building_id"),
    need("region_id", identifier),
    need("name", text(120)),
    need("street_address", text(160)),
    need("postal_code", text(10)),
    need("city", text(80)),
    Column("built_year", whole(1600, 2199)),
    Column("kind", code(codes.BuildingKind), default=codes.BuildingKind.RENTAL),
    need("apartment_count", whole(0, 100_000)),
    Column("manager_name", text(160)),
    Column("manager_email", email),
    Column("manager_phone", phone),
    Column("smoke_free_from", day),
    Column("water_billing", code(codes.WaterBilling)),
    Column("heating", text(80)),
    Column("facilities", codes_joined(codes.Facility)),
    Column("maintenance_company", text(160)),
    Column("maintenance_phone", phone),
)
APARTMENTS = (
    key("apartment_id"),
    need("building_id", identifier),
    Column("staircase", text(10)),
    need("number", text(20)),
    Column("floor", whole(-9, 99)),
    Column("rooms", text(40)),
    Column("area_m2", area),
)
LEASES = (
    key("lease_id"),
    need("apartment_id", identifier),
    need("signed_at", moment),
    need("starts_on", day),
    Column("ends_on", day),
    need("term", code(codes.LeaseTerm)),
    Column("moving_day", code(codes.MovingDay)),
    need("monthly_rent", cents_not_negative),
)
LEASE_PARTIES = (
    key("lease_id"),
    key("person_id"),
    key("role", code(codes.LeaseRole)),
    Column("from_on", day),
    Column("to_on", day),
)
OCCUPANCIES = (key("apartment_id"), key("person_id"), key("from_on", day), Column("to_on", day))
CHARGES = (
    key("charge_id"),
    need("lease_id", identifier),
    need("kind", code(codes.ChargeKind)),
    Column("object", text(80)),
    need("monthly_amount", cents),
    need("from_on", day),
    Column("to_on", day),
)


def people(rules: FieldRules) -> tuple[Column, ...]:
    """The columns of `people.csv`."""
    return (
        key("person_id"),
        Column("identity_code", rules.identity_code, is_identity_code=True),
        need("birth_date", day),
        need("last_name", text(120)),
        need("first_names", text(160)),
        Column("email", email),
        Column("phone", phone),
        Column("language", code(codes.Language), default=codes.Language.FINNISH),
        Column("protected", flag, default=False),
    )


def invoices(rules: FieldRules) -> tuple[Column, ...]:
    """The columns of `invoices.csv`."""
    return (
        key("invoice_id"),
        need("lease_id", identifier),
        need("kind", code(codes.InvoiceKind)),
        Column("description", text(200)),
        need("amount", cents),
        need("issued_on", day),
        need("due_on", day),
        need("reference", rules.reference),
        need("iban", rules.iban),
        Column("period_from", day),
        Column("period_to", day),
    )


def payments(rules: FieldRules) -> tuple[Column, ...]:
    """The columns of `payments.csv`."""
    return (
        key("payment_id"),
        need("reference", rules.reference),
        need("amount", cents),
        need("paid_on", day),
        need("booked_on", day),
        Column("payer", text(160)),
    )


def check_credit(row: rows.InvoiceRow) -> Contradictions:
    """A credit is negative."""
    if row.kind is codes.InvoiceKind.CREDIT and row.amount_cents is not None and row.amount_cents > 0:
        yield "amount", "A credit is negative: write the amount with a minus sign."


def list_formats(rules: FieldRules) -> tuple[FileFormat, ...]:
    """All files, in the order in which they lean on each other."""

    def check_birth_date(row: rows.PersonRow) -> Contradictions:
        if row.identity_code and row.birth_on is not None and rules.birth_date_of(row.identity_code) != row.birth_on:
            yield "birth_date", "The identity code tells another birth date: correct the one that is wrong."

    return (
        FileFormat("regions", rows.RegionRow, REGIONS),
        FileFormat("buildings", rows.BuildingRow, BUILDINGS),
        FileFormat("apartments", rows.ApartmentRow, APARTMENTS),
        FileFormat("people", rows.PersonRow, people(rules), check_birth_date),
        FileFormat("leases", rows.LeaseRow, LEASES),
        FileFormat("lease_parties", rows.LeasePartyRow, LEASE_PARTIES),
        FileFormat("occupancies", rows.OccupancyRow, OCCUPANCIES),
        FileFormat("charges", rows.ChargeRow, CHARGES),
        FileFormat("invoices", rows.InvoiceRow, invoices(rules), check_credit),
        FileFormat("payments", rows.PaymentRow, payments(rules)),
    )
