"""The tables, one module a noun. Importing the package makes all of them known to SQLAlchemy."""

from heka_portal.models import (
    accounts,
    attachments,
    audit,
    bank_accounts,
    cases,
    defects,
    email_changes,
    exports,
    homes,
    leases,
    outbox,
    payments,
    people,
    register,
)

__all__ = [
    "accounts",
    "attachments",
    "audit",
    "bank_accounts",
    "cases",
    "defects",
    "email_changes",
    "exports",
    "homes",
    "leases",
    "outbox",
    "payments",
    "people",
    "register",
]
