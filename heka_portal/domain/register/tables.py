"""The tables of the register, as the files name them and as the database keeps them; each with its staged twin.

A staged table is temporary: one connection sees it. There a record names others by the landlord's ids, and `line` is
its place in the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy import Boolean, Column, Index, Integer, MetaData, String, Table, Text
from sqlalchemy.types import TypeEngine

from heka_portal.extensions import Model
from heka_portal.keyring import Encrypted
from heka_portal.models.homes import Apartment, Building, Occupancy, Region
from heka_portal.models.leases import Lease, LeaseParty
from heka_portal.models.payments import Charge, Invoice, Payment
from heka_portal.models.people import Person

STAGED = MetaData()
TEMPORARY = ["TEMPORARY"]


@dataclass(frozen=True)
class RegisterTable:
    """One table of the register: how its records are known, what they name, what is compared."""

    model: type[Model]
    #: columns that tell a record from others
    key: tuple[str, ...]
    #: columns compared and written
    values: tuple[str, ...]
    #: columns that name a record of another table: here by its register id, in the database by `<name>_id`
    references: Mapping[str, str] = field(default_factory=dict)
    #: the day from which, and the day from which no longer
    begins: str | None = None
    ends: str | None = None
    #: what the files call a column, where it is not the same
    written: Mapping[str, str] = field(default_factory=dict)
    #: staged for what is shown, not written
    shown: tuple[str, ...] = ()
    #: staged columns by which checks find rows
    looked_up: tuple[str, ...] = ()

    @cached_property
    def target(self) -> Table:
        """The table of the database."""
        table = self.model.__table__
        assert isinstance(table, Table)  # noqa: S101 - a mapped class could stand on a join, ours do not
        return table

    @property
    def name(self) -> str:
        """The table's name; the file is named after it."""
        return self.target.name

    @property
    def file(self) -> str:
        """The name of the file."""
        return f"{self.name}.csv"

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The staged columns behind `line`."""
        return tuple(dict.fromkeys((*self.key, *self.references, *self.values, *self.shown)))

    @cached_property
    def staged(self) -> Table:
        """The temporary table that takes the rows of the file."""
        columns = (Column(name, self._type(name), nullable=True) for name in self.columns)
        line = Column("line", Integer, primary_key=True, autoincrement=False)
        indexes = [Index(f"ix_staged_{self.name}_key", *self.key)]
        indexes += [Index(f"ix_staged_{self.name}_{name}", name) for name in self.looked_up]
        return Table(f"staged_{self.name}", STAGED, line, *columns, *indexes, prefixes=TEMPORARY)

    @cached_property
    def planned(self) -> Table:
        """The temporary table of the records that do not stay as they are."""
        return Table(
            f"planned_{self.name}",
            STAGED,
            Column("line", Integer, nullable=True),
            Column("id", self.target.c.id.type, nullable=True),
            Column("difference", String(10)),
            prefixes=TEMPORARY,
        )

    def column_in_file(self, name: str) -> str:
        """What the file calls a column."""
        return f"{name}_id" if name in self.references else self.written.get(name, name)

    def _type(self, name: str) -> TypeEngine[Any]:
        if name in self.references or name in self.shown:
            return String(40)
        kind = self.target.c[name].type
        # Rows arrive encrypted: the column's own type would do it once more.
        return Text() if isinstance(kind, Encrypted) else kind


REGIONS = RegisterTable(
    Region,
    ("register_id",),
    ("name_fi", "name_sv", "name_en", "office_address", "phone", "email", "opening_hours"),
    written={"register_id": "region_id"},
)
BUILDINGS = RegisterTable(
    Building,
    ("register_id",),
    (
        "name",
        "street_address",
        "postal_code",
        "city",
        "built_year",
        "kind",
        "apartment_count",
        "manager_name",
        "manager_email",
        "manager_phone",
        "smoke_free_from",
        "water_billing",
        "heating",
        "facilities",
        "maintenance_company",
        "maintenance_phone",
    ),
    references={"region": "regions"},
    written={"register_id": "building_id"},
)
APARTMENTS = RegisterTable(
    Apartment,
    ("register_id",),
    ("staircase", "number", "floor", "rooms", "area_m2"),
    references={"building": "buildings"},
    written={"register_id": "apartment_id"},
)
PEOPLE = RegisterTable(
    Person,
    ("register_id",),
    (
        "identity_mark",
        "identity_code",
        "birth_on",
        "last_name",
        "first_names",
        "register_email",
        "register_phone",
        "language",
        "is_protected",
    ),
    written={
        "register_id": "person_id",
        "identity_mark": "identity_code",
        "birth_on": "birth_date",
        "register_email": "email",
        "register_phone": "phone",
        "is_protected": "protected",
    },
    shown=("identity_shown",),
    looked_up=("identity_mark",),
)
LEASES = RegisterTable(
    Lease,
    ("register_id",),
    ("signed_at", "starts_on", "ends_on", "term", "moving_day", "monthly_rent_cents"),
    references={"apartment": "apartments"},
    begins="starts_on",
    ends="ends_on",
    written={"register_id": "lease_id", "monthly_rent_cents": "monthly_rent"},
)
LEASE_PARTIES = RegisterTable(
    LeaseParty,
    ("lease", "person", "role"),
    ("from_on", "to_on"),
    references={"lease": "leases", "person": "people"},
    begins="from_on",
    ends="to_on",
)
OCCUPANCIES = RegisterTable(
    Occupancy,
    ("apartment", "person", "from_on"),
    ("to_on",),
    references={"apartment": "apartments", "person": "people"},
    begins="from_on",
    ends="to_on",
)
CHARGES = RegisterTable(
    Charge,
    ("register_id",),
    ("kind", "object", "monthly_cents", "from_on", "to_on"),
    references={"lease": "leases"},
    begins="from_on",
    ends="to_on",
    written={"register_id": "charge_id", "monthly_cents": "monthly_amount"},
)
INVOICES = RegisterTable(
    Invoice,
    ("register_id",),
    (
        "kind",
        "description",
        "amount_cents",
        "issued_on",
        "due_on",
        "reference",
        "iban",
        "period_from",
        "period_to",
    ),
    references={"lease": "leases"},
    written={"register_id": "invoice_id", "amount_cents": "amount"},
    looked_up=("reference",),
)
PAYMENTS = RegisterTable(
    Payment,
    ("register_id",),
    ("reference", "amount_cents", "paid_on", "booked_on", "payer"),
    written={"register_id": "payment_id", "amount_cents": "amount"},
    looked_up=("reference",),
)

#: in the order in which they lean on each other
TABLES = (
    REGIONS,
    BUILDINGS,
    APARTMENTS,
    PEOPLE,
    LEASES,
    LEASE_PARTIES,
    OCCUPANCIES,
    CHARGES,
    INVOICES,
    PAYMENTS,
)
BY_NAME = {table.name: table for table in TABLES}

#: ciphertexts differ each time: written together with their mark, never compared
NEVER_COMPARED = frozenset({"identity_code"})

FINDINGS = Table(
    "staged_findings",
    STAGED,
    Column("is_error", Boolean),
    Column("kind", String(40)),
    Column("file", String(200)),
    Column("line", Integer, nullable=True),
    Column("field", String(200), nullable=True),
    Column("value", Text, nullable=True),
    Column("sentence", Text),
    #: found by comparing, not by reading: found anew by each plan
    Column("is_compared", Boolean),
    prefixes=TEMPORARY,
)
CHANGES = Table(
    "staged_changes",
    STAGED,
    Column("table", String(40)),
    Column("record", String(200)),
    Column("field", String(40)),
    Column("before", Text, nullable=True),
    Column("after", Text, nullable=True),
    prefixes=TEMPORARY,
)
#: the homes that people will have after the import, as far as the staged rows touch them
HOMES = Table(
    "staged_homes",
    STAGED,
    Column("apartment", String(40), index=True),
    Column("person", String(40), index=True),
    prefixes=TEMPORARY,
)
