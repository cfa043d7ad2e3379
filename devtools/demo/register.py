"""The demo register as a source of the importer: rows are drawn as they are asked for, never all in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from devtools.demo.cast import tenancies_of
from devtools.demo.households import Household, Resident, Tenancy
from devtools.demo.identity_codes import CodeBook
from devtools.demo.money import Money
from devtools.demo.places import Home, draw_apartments, draw_buildings, draw_homes, draw_regions
from heka_portal.domain.register.staging import FoundProblem
from heka_portal.integrations.register_files.rows import LeasePartyRow, LeaseRow, OccupancyRow, PersonRow

Report = Callable[[FoundProblem], None]


class DemoRegister:
    """A landlord of so many apartments on a day, with invoices of so many months."""

    def __init__(self, apartments: int, *, today: date, months: int = 6) -> None:
        self.name = f"demo data of {apartments} apartments"
        self.refused: set[str] = set()
        self.apartments, self.today, self.months = apartments, today, months
        self._drawn: dict[str, Callable[[], Iterable[Any]]] = {
            "regions": draw_regions,
            "buildings": lambda: draw_buildings(apartments),
            "apartments": lambda: draw_apartments(apartments),
            "people": self._people,
            "leases": self._leases,
            "lease_parties": self._lease_parties,
            "occupancies": self._occupancies,
            "charges": lambda: (row for money in self._money() for row in money.charges()),
            "invoices": lambda: (row for money in self._money() for row in money.invoices()),
            "payments": lambda: (row for money in self._money() for row in money.payments()),
        }
        self.tables = tuple(self._drawn)

    def survey(self, report: Report) -> None:
        """Nothing beside the tables."""

    def rows(self, table: str, report: Report) -> Iterator[Any]:
        """The rows of a table, numbered as lines of a file would be."""
        for line, row in enumerate(self._drawn[table](), 2):
            yield row._replace(line=line)

    def tenancies(self) -> Iterator[tuple[Home, Tenancy]]:
        """Every lease with its home."""
        for home in draw_homes(self.apartments):
            written = tenancies_of(home.index, self.today)
            for tenancy in Household(home, self.today).tenancies() if written is None else written:
                yield home, tenancy

    def coded_residents(self) -> Iterator[tuple[Resident, str | None]]:
        """Every person with their identity code, once: who moves has two homes."""
        book, seen = CodeBook(), set()
        for _, tenancy in self.tenancies():
            for resident in tenancy.residents:
                if resident.register_id in seen:
                    continue
                seen.add(resident.register_id)
                yield resident, book.code(resident.birth_on) if resident.has_identity_code else None

    def _people(self) -> Iterator[PersonRow]:
        for resident, code in self.coded_residents():
            yield PersonRow(
                line=0,
                register_id=resident.register_id,
                identity_code=code,
                birth_on=resident.birth_on,
                last_name=resident.last_name,
                first_names=resident.first_names,
                register_email=resident.email,
                register_phone=resident.phone,
                language=resident.language,
                is_protected=resident.is_protected,
            )

    def _leases(self) -> Iterator[LeaseRow]:
        for home, tenancy in self.tenancies():
            yield LeaseRow(
                line=0,
                register_id=tenancy.lease_id,
                apartment=home.register_id,
                signed_at=tenancy.signed_at,
                starts_on=tenancy.starts_on,
                ends_on=tenancy.ends_on,
                term=tenancy.term,
                moving_day=tenancy.moving_day,
                monthly_rent_cents=tenancy.monthly_rent_cents,
            )

    def _lease_parties(self) -> Iterator[LeasePartyRow]:
        for _, tenancy in self.tenancies():
            for resident, role in tenancy.parties:
                yield LeasePartyRow(0, tenancy.lease_id, resident.register_id, role, tenancy.starts_on, tenancy.ends_on)

    def _occupancies(self) -> Iterator[OccupancyRow]:
        for home, tenancy in self.tenancies():
            for resident in tenancy.residents:
                # Who was born later lives there from birth.
                from_on = max(tenancy.starts_on, resident.birth_on)
                yield OccupancyRow(0, home.register_id, resident.register_id, from_on, tenancy.ends_on)

    def _money(self) -> Iterator[Money]:
        for home, tenancy in self.tenancies():
            yield Money(home, tenancy, self.today, self.months)
