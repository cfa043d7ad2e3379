"""Moves that time makes: a repair that nobody has answered about closes by itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from heka_portal.domain.casework.operations import make_move
from heka_portal.extensions import db
from heka_portal.models.cases import Case
from heka_portal.vocabulary import CaseKind, DefectState


def close_unanswered(*, now: datetime, limit: int = 100) -> int:
    """Close the repairs whose 14 days have passed, at most `limit`; returns how many. Commits each batch.

    Two workers at once are safe: rows another one holds are skipped, and the state is read under the lock.
    """
    due = (
        select(Case)
        .where(
            Case.closed_at.is_(None),
            Case.due_at <= now,
            Case.kind == CaseKind.DEFECT,
            Case.state == DefectState.DONE,
        )
        .order_by(Case.due_at, Case.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Case.__table__)
    )
    cases = list(db.session.scalars(due))
    for case in cases:
        make_move(None, case, move="lapse", now=now)
    db.session.commit()
    return len(cases)
