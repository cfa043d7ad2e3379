"""Who at the landlord's looked at a person's data, and why: read from the audit log by that person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import starmap

from sqlalchemy import bindparam, select

from heka_portal.database import at_most
from heka_portal.domain.access import Actor
from heka_portal.extensions import db
from heka_portal.models.accounts import Account, StaffMember
from heka_portal.models.audit import AuditLine
from heka_portal.models.cases import Case
from heka_portal.vocabulary import AuditAction, StaffRole

PAGE = 20
LAST = 2**62
#: looking, as opposed to doing: what was done stands in the case itself
LOOKS = (
    AuditAction.PERSON_VIEWED,
    AuditAction.CASE_VIEWED,
    AuditAction.IDENTITY_CODE_SHOWN,
    AuditAction.BANK_ACCOUNT_SHOWN,
    AuditAction.FILE_VIEWED,
)


@dataclass(frozen=True)
class Look:
    """One look: who, in which part, at what, and the reason where one was asked for."""

    id: int
    at: datetime
    action: AuditAction
    name: str
    role: StaffRole
    case_number: int | None
    reason: str | None


@dataclass(frozen=True)
class Looks:
    """A page of looks, and where the next one begins."""

    lines: tuple[Look, ...]
    next: int | None


_LOOKS = (
    select(
        AuditLine.id, AuditLine.at, AuditLine.action, StaffMember.name, StaffMember.role, Case.number, AuditLine.reason
    )
    .join(Account, Account.id == AuditLine.account_id)
    .join(StaffMember, StaffMember.id == Account.staff_member_id)
    .outerjoin(Case, Case.id == AuditLine.case_id)
    .where(
        AuditLine.person_id == bindparam("person_id"),
        AuditLine.id < bindparam("before"),
        AuditLine.action.in_(LOOKS),
    )
    .order_by(AuditLine.id.desc())
    .limit(at_most("limit"))
)


def list_looks(actor: Actor, *, before: int | None = None, limit: int = PAGE) -> Looks:
    """The looks at the actor's own data, the latest first."""
    asked = {"person_id": actor.person_id or 0, "before": before or LAST, "limit": limit + 1}
    rows = db.session.execute(_LOOKS, asked).all()
    lines = tuple(starmap(Look, rows[:limit]))
    return Looks(lines, lines[-1].id if len(rows) > limit else None)
