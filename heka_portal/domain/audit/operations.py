"""Write to the audit log. Lines wait in the session and are chained last, just before its commit.

Chaining locks the one row of `audit_head`; locked last, writers wait for each other only while committing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, event, insert, select, update
from sqlalchemy.orm import Session, SessionTransaction

from heka_portal import clock
from heka_portal.domain.audit.rules import seal_line
from heka_portal.extensions import db
from heka_portal.models.audit import AuditHead, AuditLine
from heka_portal.vocabulary import AuditAction

WAITING = "heka_audit_lines"
SAVEPOINTS = "heka_audit_savepoints"
Line = dict[str, Any]


def make_line(
    action: AuditAction,
    *,
    account_id: int | None = None,
    person_id: int | None = None,
    case_id: int | None = None,
    reason: str | None = None,
    data: Mapping[str, Any] | None = None,
) -> Line:
    """A line not yet chained; `data` holds references, never copies of personal data."""
    return {
        "at": clock.now(),
        "action": action,
        "account_id": account_id,
        "person_id": person_id,
        "case_id": case_id,
        "reason": reason,
        "data": dict(data or {}),
    }


def record_audit(
    action: AuditAction,
    *,
    account_id: int | None = None,
    person_id: int | None = None,
    case_id: int | None = None,
    reason: str | None = None,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Let a line wait for the commit of the present transaction."""
    line = make_line(action, account_id=account_id, person_id=person_id, case_id=case_id, reason=reason, data=data)
    session = db.session()
    if not session.in_transaction():
        session.begin()  # so that a rollback is one, and takes the line with it
    session.info.setdefault(WAITING, []).append(line)


def append_lines(connection: Connection, lines: Iterable[Line]) -> None:
    """Chain lines to the log in the transaction of `connection`."""
    head = connection.execute(select(AuditHead.last_id, AuditHead.seal).with_for_update()).one()
    last_id, seal = head.last_id, head.seal
    rows = []
    for line in lines:
        last_id += 1
        row = {**line, "id": last_id, "previous_seal": seal}
        seal = row["seal"] = seal_line(row["previous_seal"], row)
        rows.append(row)
    connection.execute(insert(AuditLine.__table__), rows)  # type: ignore[arg-type]
    connection.execute(update(AuditHead.__table__).values(last_id=last_id, seal=seal))  # type: ignore[arg-type]


def _before_commit(session: Session) -> None:
    if session.in_nested_transaction():
        return
    lines = session.info.pop(WAITING, [])
    if lines:
        session.flush()
        append_lines(session.connection(), lines)


def _after_create(session: Session, transaction: SessionTransaction) -> None:
    """Remember how many lines waited when a savepoint began."""
    if transaction.nested:
        session.info.setdefault(SAVEPOINTS, {})[transaction] = len(session.info.get(WAITING, []))


def _after_end(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(SAVEPOINTS, None)


def _after_rollback(session: Session, previous: SessionTransaction) -> None:
    """What is rolled back leaves no line: all of them, or those since the savepoint."""
    kept = session.info.get(SAVEPOINTS, {}).get(previous, 0) if previous.nested else 0
    del session.info.get(WAITING, [])[kept:]


event.listen(db.session, "before_commit", _before_commit)
event.listen(db.session, "after_transaction_create", _after_create)
event.listen(db.session, "after_transaction_end", _after_end)
event.listen(db.session, "after_soft_rollback", _after_rollback)
