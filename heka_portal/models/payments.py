"""Charges, invoices and payments as the landlord's register sends them; money in integer cents."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from heka_portal.database import BigKey, Code
from heka_portal.extensions import Model
from heka_portal.vocabulary import ChargeKind, InvoiceKind


class Charge(Model):
    """What a lease costs a month: rent, water advance, parking, a sauna slot."""

    __tablename__ = "charges"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    register_id: Mapped[str] = mapped_column(String(40), unique=True)
    lease_id: Mapped[int] = mapped_column(ForeignKey("leases.id"), index=True)
    kind: Mapped[ChargeKind] = mapped_column(Code(ChargeKind))
    object: Mapped[str | None] = mapped_column(String(80))
    monthly_cents: Mapped[int]
    from_on: Mapped[date] = mapped_column(Date)
    to_on: Mapped[date | None] = mapped_column(Date)


class Invoice(Model):
    """One invoice; a credit is negative."""

    __tablename__ = "invoices"
    __table_args__ = (
        Index("ix_invoices_lease_id_due_on", "lease_id", "due_on"),
        Index("ix_invoices_reference", "reference"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    register_id: Mapped[str] = mapped_column(String(40), unique=True)
    lease_id: Mapped[int] = mapped_column(ForeignKey("leases.id"))
    kind: Mapped[InvoiceKind] = mapped_column(Code(InvoiceKind))
    description: Mapped[str | None] = mapped_column(String(200))
    amount_cents: Mapped[int]
    issued_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)
    #: in the domestic form (digits without leading zeros), however it came
    reference: Mapped[str] = mapped_column(String(25))
    iban: Mapped[str] = mapped_column(String(34))
    period_from: Mapped[date | None] = mapped_column(Date)
    period_to: Mapped[date | None] = mapped_column(Date)


class Payment(Model):
    """One payment of the bank; a reversal is negative. The register id is the bank's archive id."""

    __tablename__ = "payments"
    __table_args__ = (Index("ix_payments_reference_paid_on", "reference", "paid_on"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    register_id: Mapped[str] = mapped_column(String(40), unique=True)
    reference: Mapped[str] = mapped_column(String(25))
    amount_cents: Mapped[int]
    paid_on: Mapped[date] = mapped_column(Date)
    booked_on: Mapped[date] = mapped_column(Date)
    payer: Mapped[str | None] = mapped_column(String(160))
