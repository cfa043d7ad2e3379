"""Warnings about invoices and payments: what was paid without an invoice, or beyond it.

One reference number serves all invoices of an agreement: sums by reference are compared.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import CTE, BigInteger, Select, Text, case, cast, func, literal, select, union, union_all

from heka_portal.domain.register.selections import Found, is_staged
from heka_portal.domain.register.tables import INVOICES, PAYMENTS, RegisterTable

invoices, staged_invoices = INVOICES.target, INVOICES.staged
payments, staged_payments = PAYMENTS.target, PAYMENTS.staged


def payment_without_invoice() -> Found:
    """Payments whose reference no invoice has: kept, shown to staff."""
    reference = staged_payments.c.reference
    return select(
        literal(False),
        literal("payment without invoice"),
        literal(PAYMENTS.file),
        staged_payments.c.line,
        literal("reference"),
        reference,
        literal("No invoice has this reference number: the payment is kept and shown to staff."),
        literal(True),
    ).where(
        reference.is_not(None),
        ~select(staged_invoices.c.line).where(staged_invoices.c.reference == reference).exists(),
        ~select(invoices.c.id).where(invoices.c.reference == reference).exists(),
    )


def overpaid_invoice() -> Found:
    """References with more paid than invoiced, told at the last invoice that came, else at the last payment."""
    touched = union(select(staged_invoices.c.reference), select(staged_payments.c.reference)).cte("touched")
    invoiced, paid = _sums(INVOICES, touched), _sums(PAYMENTS, touched)
    invoice, payment = _last_line(INVOICES), _last_line(PAYMENTS)
    rest = paid.c.cents - invoiced.c.cents
    has_invoice = invoice.c.line.is_not(None)
    return (
        select(
            literal(False),
            literal("overpaid invoice"),
            case((has_invoice, INVOICES.file), else_=PAYMENTS.file),
            case((has_invoice, invoice.c.line), else_=payment.c.line),
            literal("reference"),
            invoiced.c.reference,
            literal("Its invoices are overpaid by ") + _euros(rest) + " euros: the rest stays as credit.",
            literal(True),
        )
        .select_from(invoiced)
        .join(paid, paid.c.reference == invoiced.c.reference)
        .outerjoin(invoice, invoice.c.reference == invoiced.c.reference)
        .outerjoin(payment, payment.c.reference == invoiced.c.reference)
        .where(rest > 0)
    )


def _sums(table: RegisterTable, touched: CTE) -> CTE:
    """Cents by reference after the import: what came, and what stays beside it."""
    staged, target = table.staged, table.target
    came: Select[Any] = select(staged.c.reference, staged.c.amount_cents)
    kept: Select[Any] = select(target.c.reference, target.c.amount_cents).where(
        target.c.reference.in_(select(touched.c.reference)), ~is_staged(table)
    )
    both = union_all(came, kept).subquery(f"both_{table.name}")
    return (
        select(both.c.reference, cast(func.sum(both.c.amount_cents), BigInteger).label("cents"))
        .group_by(both.c.reference)
        .cte(f"sums_{table.name}")
    )


def _last_line(table: RegisterTable) -> CTE:
    staged = table.staged
    return (
        select(staged.c.reference, func.max(staged.c.line).label("line"))
        .group_by(staged.c.reference)
        .cte(f"last_{table.name}")
    )


def _euros(cents: Any) -> Any:
    """Cents as `12.34`, the same on both databases."""
    return cast(cents // 100, Text) + "." + func.substr(cast(100 + cents % 100, Text), 2, 2)
