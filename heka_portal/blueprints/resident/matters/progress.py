"""The line of steps over a defect: received, read, repaired, checked, closed, in words everybody knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from markupsafe import Markup

from heka_portal.blueprints.resident.defect_words import is_late
from heka_portal.blueprints.resident.sentences import fill
from heka_portal.domain.cases.deadlines import read_by
from heka_portal.domain.cases.timeline import Entry
from heka_portal.domain.cases.workflows.defects import REOPENING
from heka_portal.models.defects import Defect
from heka_portal.vocabulary import ClosingReason, DefectState, Urgency
from heka_portal.web.filters import due, slot, when
from heka_portal.web.labels import label

S = DefectState
FIXED = frozenset({ClosingReason.FIXED, ClosingReason.FIXED_UNCONFIRMED})

#: how far along the line each state is
READING, REPAIRING, CHECKING = 1, 2, 3
PLACE_OF = {S.RECEIVED: READING, S.TRIAGED: READING, S.NEEDS_INFORMATION: READING, S.DONE: CHECKING}


@dataclass(frozen=True)
class Step:
    """A step of the line: done, now or next."""

    word: str
    state: str
    when: Markup | str | None = None


@dataclass(frozen=True)
class Round:
    """What has happened since the case was opened, or opened again."""

    begun_at: datetime
    is_reopened: bool
    taken_up_at: datetime | None = None
    done_at: datetime | None = None


def round_of(defect: Defect, entries: Sequence[Entry]) -> Round:
    """The present round: a case that came back begins anew."""
    begun_at, is_reopened = defect.created_at, False
    taken_up_at = done_at = None
    for entry in entries:
        if entry.move in REOPENING:
            begun_at, is_reopened, taken_up_at, done_at = entry.at, True, None, None
        elif entry.to_state == S.DONE:
            done_at = entry.at
        elif entry.move is not None and taken_up_at is None:
            taken_up_at = entry.at
    return Round(begun_at, is_reopened, taken_up_at or done_at, done_at)


def steps_of(defect: Defect, entries: Sequence[Entry], *, is_own: bool) -> list[Step]:
    """The steps of a case as they stand."""
    now = round_of(defect, entries)
    first = Step(_("Received again") if now.is_reopened else _("Received"), "done", when(now.begun_at, clock=False))
    if defect.outcome is not None:
        return [first, *_closed(defect, now)]
    place = PLACE_OF.get(DefectState(defect.state), REPAIRING)
    return [
        first,
        _reading(defect, now, place),
        _repairing(defect, now, place),
        _checking(defect, place, is_own),
        Step(_("Closed"), "next"),
    ]


def _closed(defect: Defect, now: Round) -> list[Step]:
    """What had been done when it was closed, and how it ended."""
    steps = []
    if now.taken_up_at is not None:
        steps.append(Step(_("Handled"), "done", when(now.taken_up_at, clock=False)))
    if now.done_at is not None:
        steps.append(Step(_("Repaired") if defect.outcome in FIXED else _("Work done"), "done", _day(now.done_at)))
    steps.append(Step(label(defect.outcome), "done", _day(defect.closed_at)))
    return steps


def _day(moment: datetime | None) -> Markup:
    return when(moment, clock=False)


def _reading(defect: Defect, now: Round, place: int) -> Step:
    if place > READING:
        return Step(_("Handled"), "done", _day(now.taken_up_at))
    if defect.state == S.RECEIVED:
        return Step(_("We read the report"), "now", fill(_("by %(day)s"), day=due(read_by(now.begun_at))))
    if defect.state == S.NEEDS_INFORMATION:
        return Step(_("Waits for an answer"), "now")
    return Step(_("Being handled"), "now")


def _repairing(defect: Defect, now: Round, place: int) -> Step:
    target = None if is_late(defect) else fill(_("by %(day)s"), day=due(defect.target_at))
    if place < REPAIRING:
        word = _("Look at the place") if defect.urgency is Urgency.INSPECT else _("Repair")
        return Step(word, "next", None if defect.state == S.NEEDS_INFORMATION else target)
    if place > REPAIRING:
        return Step(_("Repaired"), "done", _day(now.done_at))
    if defect.state == S.SCHEDULED and defect.visit_from and defect.visit_to:
        return Step(_("Visit agreed"), "now", slot(defect.visit_from, defect.visit_to))
    return Step(_REPAIR_WORDS[DefectState(defect.state)](), "now", target if defect.paused_at is None else None)


def _checking(defect: Defect, place: int, is_own: bool) -> Step:
    if not is_own:
        word = _("The resident checks it")
    else:
        word = _("Check the repair") if place == CHECKING else _("You check the repair")
    if place < CHECKING:
        return Step(word, "next")
    return Step(word, "now", fill(_("by %(day)s"), day=due(defect.due_at)))


_REPAIR_WORDS = {
    S.SCHEDULED: lambda: _("Visit agreed"),
    S.IN_PROGRESS: lambda: _("Being repaired"),
    S.WAITING_PART: lambda: _("Waits for a part"),
    S.WAITING_CONTRACTOR: lambda: _("Ordered from maintenance"),
    S.WAITING_ACCESS: lambda: _("Waits for access"),
    S.WAITING_SEASON: lambda: _("Waits for the season"),
}
