"""Charges, invoices and payments of a tenancy: most people pay in time, some late, some not at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from random import Random

from devtools.demo.households import Tenancy
from devtools.demo.places import PREFIX, Home
from heka_portal.domain.cases.deadlines import is_working_day
from heka_portal.domain.payments.rules import make_reference
from heka_portal.integrations.register_files.rows import ChargeRow, InvoiceRow, PaymentRow
from heka_portal.vocabulary import ChargeKind, InvoiceKind

#: a Finnish documentation account
IBAN = "FI2112345600000785"
WATER_CENTS_A_PERSON = 1500
PARKING_CENTS, SAUNA_CENTS = 2500, 1800
FIRST_REFERENCE = 70_000_000


@lru_cache(maxsize=1024)
def due_in(year: int, month: int) -> date:
    """Rent is due on the 4th, or the next working day."""
    day = date(year, month, 4)
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def months_back(today: date, count: int) -> list[date]:
    """The first days of the last so many months, this one included, oldest first."""
    found = [today.replace(day=1)]
    while len(found) < count:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found[::-1]


@dataclass(frozen=True)
class Money:
    """All that a tenancy costs, and what has been paid."""

    home: Home
    tenancy: Tenancy
    today: date
    months: int

    def charges(self) -> Iterator[ChargeRow]:
        """What it costs a month."""
        for number, (kind, thing, cents) in enumerate(self._kinds(), 1):
            yield ChargeRow(
                line=0,
                register_id=f"{self._id('C')}-{number}",
                lease=self.tenancy.lease_id,
                kind=kind,
                object=thing,
                monthly_cents=cents,
                from_on=self.tenancy.starts_on,
                to_on=self.tenancy.ends_on,
            )

    def invoices(self) -> Iterator[InvoiceRow]:
        """The invoices of the last months, one for each charge."""
        for month in self._months():
            last_day = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
            for number, (kind, _, cents) in enumerate(self._kinds(), 1):
                yield InvoiceRow(
                    line=0,
                    register_id=f"{self._id('I')}-{month:%Y%m}-{number}",
                    lease=self.tenancy.lease_id,
                    kind=InvoiceKind(kind.value),
                    description=None,
                    amount_cents=cents,
                    issued_on=month - timedelta(days=12),
                    due_on=due_in(month.year, month.month),
                    reference=self.reference,
                    iban=IBAN,
                    period_from=month,
                    period_to=last_day,
                )

    def payments(self) -> Iterator[PaymentRow]:
        """What was paid, one payment a month; nobody pays in the future."""
        payer = self.tenancy.parties[0][0]
        total = sum(cents for *_, cents in self._kinds())
        for month in self._months():
            dice = Random(f"payment {self.tenancy.lease_id} {month}")
            paid_on = due_in(month.year, month.month) + timedelta(days=dice.choice((-3, -2, -1, -1, 0, 0, 0, 5)))
            chance = dice.random()
            is_unpaid = chance > 0.97 and (self.today - month).days < 70
            if paid_on > self.today or is_unpaid:
                continue
            yield PaymentRow(
                line=0,
                register_id=f"{self._id('M')}-{month:%Y%m}",
                reference=self.reference,
                amount_cents=total - 10_000 if chance < 0.01 else total,
                paid_on=paid_on,
                booked_on=paid_on,
                payer=f"{payer.last_name} {payer.first_names.split()[0]}",
            )

    @cached_property
    def reference(self) -> str:
        """One reference number for all of a tenancy."""
        return make_reference(FIRST_REFERENCE * 100 + self.home.index * 100 + self.tenancy.starts_on.year % 100)

    def _id(self, letter: str) -> str:
        return f"{PREFIX}{letter}{self.home.index:05d}-{self.tenancy.starts_on.year}"

    def _kinds(self) -> Iterator[tuple[ChargeKind, str | None, int]]:
        yield ChargeKind.RENT, None, self.tenancy.monthly_rent_cents
        yield ChargeKind.WATER_ADVANCE, None, WATER_CENTS_A_PERSON * len(self.tenancy.residents)
        if self.home.index % 8 == 3:
            yield ChargeKind.PARKING, f"P{self.home.index % 90 + 1}", PARKING_CENTS
        if self.home.index % 11 == 2:
            yield ChargeKind.SAUNA, "to 18-19", SAUNA_CENTS

    def _months(self) -> Iterator[date]:
        for month in months_back(self.today, self.months):
            ended = self.tenancy.ends_on is not None and self.tenancy.ends_on <= month
            if self.tenancy.starts_on <= month and not ended:
                yield month
