"""Moves that time makes: a repair, or an answer, that nobody has said anything about closes by itself."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, select, tuple_
from sqlalchemy.exc import OperationalError

from heka_portal.database import at_most
from heka_portal.domain.cases.deadlines import Target
from heka_portal.domain.cases.moves import move_many
from heka_portal.domain.casework.operations import KINDS, make_move
from heka_portal.extensions import db
from heka_portal.models.cases import Case
from heka_portal.vocabulary import CaseKind, DefectState, EnquiryState

log = logging.getLogger(__name__)

#: the state a kind of case is left from, and the move
LEAVING = {CaseKind.DEFECT: (DefectState.DONE, "lapse"), CaseKind.ENQUIRY: (EnquiryState.ANSWERED, "rest")}
#: how long a case that could not be closed, and those before it, are left alone
FAILED_WAIT = timedelta(hours=1)


@dataclass
class Closings:
    """Closes the cases of a kind whose 14 days have passed, some at a time.

    Two workers at once are safe: rows another one holds are skipped, and the state is read under the lock.
    """

    limit: int = 100
    kind: CaseKind = CaseKind.DEFECT
    #: the last case that could not be closed: until `again_at` the others are looked for behind it
    after: tuple[datetime, int] | None = None
    again_at: datetime | None = field(default=None)

    def close_some(self, *, now: datetime) -> int:
        """Close at most `limit` in one transaction, the earliest first; returns how many were tried. Commits.

        Where one of them cannot be closed, each is closed alone, and that one is told of and passed over.
        """
        if self.again_at is not None and now >= self.again_at:
            self.after = self.again_at = None
        move = LEAVING[self.kind][1]
        # Looked at first without a lock: an idle worker shall not take SQLite's write lock.
        if db.session.scalar(_due(self.kind, now, self._behind(), limit=1).with_only_columns(Case.id)) is None:
            return 0
        cases = list(db.session.scalars(_locked(_due(self.kind, now, self._behind(), limit=self.limit))))
        places = [(case.due_at, case.id) for case in cases]
        try:
            move_many(cases, move=move, target_of=_targets(self.kind, now), now=now)
            db.session.commit()
        except OperationalError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told with the case that has it
            db.session.rollback()
            log.warning("%s timed moves failed together (%s): each is made alone", len(cases), type(error).__name__)
            for place in places:
                self._close_one(place, now)
        return len(places)

    def _close_one(self, place: tuple[datetime, int], now: datetime) -> None:
        try:
            case = db.session.scalar(_locked(_due(self.kind, now, Case.id == place[1], limit=1)))
            if case is not None:
                make_move(None, case, move=LEAVING[self.kind][1], now=now)
            db.session.commit()
        except OperationalError:
            raise
        except Exception:
            db.session.rollback()
            log.exception("the timed move of case %s failed", place[1])
            self.after, self.again_at = place, now + FAILED_WAIT

    def _behind(self) -> ColumnElement[bool] | None:
        return None if self.after is None else tuple_(Case.due_at, Case.id) > self.after


def _due(kind: CaseKind, now: datetime, which: ColumnElement[bool] | None, *, limit: int) -> Select[Any]:
    due = select(Case).where(
        Case.closed_at.is_(None), Case.due_at <= now, Case.kind == kind, Case.state == LEAVING[kind][0]
    )
    if which is not None:
        due = due.where(which)
    return due.order_by(Case.due_at, Case.id).limit(at_most(limit))


def _locked(cases: Select[Any]) -> Select[Any]:
    found: Select[Any] = cases.with_for_update(skip_locked=True, of=Case.__table__)
    return found.execution_options(populate_existing=True)


def _targets(kind: CaseKind, now: datetime) -> Callable[[Case], Target]:
    """The target of a case, read once for all of a batch that have the same."""
    kept: dict[Hashable, Target] = {}

    def target(case: Case) -> Target:
        key = KINDS[kind].target_key(case)
        if key not in kept:
            kept[key] = KINDS[kind].target(case, now)
        return kept[key]

    return target
