"""Folders of register files, as the landlord sends them, and an import of them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from heka_portal.cli.register import field_rules
from heka_portal.domain.register import queries
from heka_portal.domain.register.operations import apply_plan, open_import, plan_import, stage
from heka_portal.domain.register.rules import Change, Finding, Plan
from heka_portal.extensions import db
from heka_portal.integrations.register_files import open_register

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)

Row = Mapping[str, object]
Tables = Mapping[str, Iterable[Row]]

REGION = {"region_id": "R1", "name_fi": "Itä"}
BUILDING = {
    "building_id": "B1",
    "region_id": "R1",
    "name": "Kontulankaari 10",
    "street_address": "Kontulankaari 10",
    "postal_code": "00940",
    "city": "Helsinki",
    "apartment_count": "2",
}
APARTMENT = {"apartment_id": "A1", "building_id": "B1", "staircase": "A", "number": "1", "area_m2": "54.5"}
PERSON = {
    "person_id": "P1",
    "identity_code": "010190-999W",
    "birth_date": "1990-01-01",
    "last_name": "Virtanen",
    "first_names": "Aino Maria",
    "email": "aino@resident.example",
    "language": "sv",
    "protected": "0",
}
LEASE = {
    "lease_id": "L1",
    "apartment_id": "A1",
    "signed_at": "2020-05-20T10:30:00+03:00",
    "starts_on": "2020-06-01",
    "ends_on": "",
    "term": "open",
    "monthly_rent": "753.25",
}
PARTY = {"lease_id": "L1", "person_id": "P1", "role": "signatory", "from_on": "", "to_on": ""}
OCCUPANCY = {"apartment_id": "A1", "person_id": "P1", "from_on": "2020-06-01", "to_on": ""}
CHARGE = {
    "charge_id": "C1",
    "lease_id": "L1",
    "kind": "rent",
    "monthly_amount": "753.25",
    "from_on": "2020-06-01",
    "to_on": "",
}
INVOICE = {
    "invoice_id": "I1",
    "lease_id": "L1",
    "kind": "rent",
    "amount": "753.25",
    "issued_on": "2026-11-01",
    "due_on": "2026-12-04",
    "reference": "202600457",
    "iban": "FI21 1234 5600 0007 85",
}
PAYMENT = {
    "payment_id": "B1",
    "reference": "RF39202600457",
    "amount": "753.25",
    "paid_on": "2026-12-01",
    "booked_on": "2026-12-01",
}

#: one home, with everything that hangs on it
SMALL: dict[str, list[Row]] = {
    "regions": [REGION],
    "buildings": [BUILDING],
    "apartments": [APARTMENT],
    "people": [PERSON],
    "leases": [LEASE],
    "lease_parties": [PARTY],
    "occupancies": [OCCUPANCY],
    "charges": [CHARGE],
    "invoices": [INVOICE],
    "payments": [PAYMENT],
}


def write_folder(folder: Path, tables: Tables) -> Path:
    """Write these files; the header of each are the columns that its rows name (none: those of the small register)."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        kept = list(rows)
        columns = list(dict.fromkeys(column for row in kept or SMALL[name] for column in row))
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, columns, restval="")
            writer.writeheader()
            writer.writerows(kept)
    return folder


@dataclass(frozen=True)
class Outcome:
    """What an import planned and found."""

    plan: Plan
    errors: list[Finding]
    warnings: list[Finding]
    changes: list[Change]

    def counts(self, table: str) -> tuple[int, int, int, int]:
        """New, changed, ended and unchanged records of a table."""
        found = next(each for each in self.plan.tables if each.table == table)
        return found.new, found.changed, found.ended, found.unchanged


def run_import(
    source: Path, *, whole: bool = False, on: date = TODAY, allow_mass_end: bool = False, apply: bool = True
) -> Outcome:
    """Plan an import within an application context, and apply it unless it has errors."""
    # What a test has read must have ended: an import brings a connection of its own into the session.
    db.session.rollback()
    files = open_register(source, field_rules())
    with open_import() as connection:
        stage(connection, files)
        plan = plan_import(connection, files, whole=whole, on=on, allow_mass_end=allow_mass_end)
        outcome = Outcome(
            plan,
            list(queries.list_findings(connection, errors=True)),
            list(queries.list_findings(connection, errors=False)),
            list(queries.list_changes(connection)),
        )
        if apply and not plan.error_count:
            apply_plan(connection, plan, started_at=NOW, now=NOW)
            db.session.commit()
    return outcome
