"""Read the audit log, and prove that nobody changed it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import starmap

from sqlalchemy import Connection, select

from heka_portal.database import at_most
from heka_portal.domain.audit.rules import FIRST_SEAL, seal_line
from heka_portal.extensions import db
from heka_portal.models.accounts import Account, StaffMember
from heka_portal.models.audit import AuditHead, AuditLine
from heka_portal.models.cases import Case
from heka_portal.vocabulary import AuditAction

#: looks within this time count as one
SAME_LOOK = timedelta(minutes=10)


def list_looked_at(account_id: int, person_ids: Collection[int], *, now: datetime) -> set[int]:
    """At whom of these people this account looked a moment ago."""
    if not person_ids:
        return set()
    return set(
        db.session.scalars(
            select(AuditLine.person_id).where(
                AuditLine.account_id == account_id,
                AuditLine.person_id.in_(person_ids),
                AuditLine.action == AuditAction.PERSON_VIEWED,
                AuditLine.at > now - SAME_LOOK,
            )
        )
    )


@dataclass(frozen=True)
class LogLine:
    """A line of the log as a reader of it sees it: who by name, whom and what by reference."""

    id: int
    at: datetime
    action: AuditAction
    account_id: int | None
    staff_name: str | None
    person_id: int | None
    case_number: int | None
    reason: str | None


_LOG = (
    select(
        AuditLine.id,
        AuditLine.at,
        AuditLine.action,
        AuditLine.account_id,
        StaffMember.name,
        AuditLine.person_id,
        Case.number,
        AuditLine.reason,
    )
    .outerjoin(Account, Account.id == AuditLine.account_id)
    .outerjoin(StaffMember, StaffMember.id == Account.staff_member_id)
    .outerjoin(Case, Case.id == AuditLine.case_id)
)


def read_log(*, before: int | None = None, person_id: int | None = None, limit: int = 50) -> list[LogLine]:
    """Lines of the log with names, newest first, from before a given one."""
    ids = select(AuditLine.id).order_by(AuditLine.id.desc()).limit(at_most(limit))
    if before is not None:
        ids = ids.where(AuditLine.id < before)
    if person_id is not None:
        ids = ids.where(AuditLine.person_id == person_id)
    rows = db.session.execute(_LOG.where(AuditLine.id.in_(ids.subquery().select())).order_by(AuditLine.id.desc()))
    return list(starmap(LogLine, rows))


@dataclass(frozen=True)
class Verdict:
    """What a check of the chain found: how many lines were read, and the first that is broken."""

    lines: int
    broken_id: int | None


def verify_chain(connection: Connection, *, chunk: int = 5000) -> Verdict:
    """Read the whole log and compare each seal; the head must be the last line's."""
    seal, last_id = FIRST_SEAL, 0
    while True:
        rows = connection.execute(
            select(AuditLine.__table__).where(AuditLine.id > last_id).order_by(AuditLine.id).limit(at_most(chunk))
        ).mappings()
        count = 0
        for row in rows:
            count += 1
            if row["id"] != last_id + 1 or row["previous_seal"] != seal or row["seal"] != seal_line(seal, dict(row)):
                return Verdict(last_id, last_id + 1)
            last_id, seal = row["id"], row["seal"]
        if not count:
            break
    head = connection.execute(select(AuditHead.last_id, AuditHead.seal)).one()
    return Verdict(last_id, None if (head.last_id, head.seal) == (last_id, seal) else last_id + 1)
