"""Move a case: the core's move, then what the kind keeps for it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from heka_portal import clock
from heka_portal.domain.access import Actor, Permission
from heka_portal.domain.cases import moves as core
from heka_portal.domain.cases.deadlines import REOPEN_DAYS, Target
from heka_portal.domain.cases.moves import Details
from heka_portal.domain.cases.operations import add_follower, say
from heka_portal.domain.cases.queries import get_case, parts_in
from heka_portal.domain.cases.workflow import Move
from heka_portal.domain.cases.workflows.defects import REOPENING
from heka_portal.domain.defects.operations import keep_contractor, keep_done, keep_reopened, keep_visit
from heka_portal.domain.defects.queries import get_target
from heka_portal.domain.errors import DetailNeeded, IllegalMove, NotAllowed, NotFound
from heka_portal.extensions import db
from heka_portal.models.accounts import Contractor
from heka_portal.models.cases import Case, CaseEvent, CaseParticipant
from heka_portal.vocabulary import ClosingReason, DefectState, Part, RepairAnswer

__all__ = ["Details", "answer_repair", "available_moves", "make_move", "write"]

ANSWER_MOVES = {
    RepairAnswer.FIXED: "confirm",
    RepairAnswer.PARTLY: "partly_fixed",
    RepairAnswer.NOT_FIXED: "not_fixed",
}


def available_moves(actor: Actor, case: Case, *, now: datetime | None = None) -> tuple[Move, ...]:
    """The moves the actor may make now, the likely one first."""
    now = now or clock.now()
    if not _may_act(actor, case):
        return ()
    return tuple(move for move in core.available_moves(actor, case, now=now) if _is_in_time(move.name, case, now))


def _may_act(actor: Actor, case: Case) -> bool:
    """Whether one moves cases at all: a resident only those of a home that is still theirs."""
    if actor.is_staff:
        return True
    return actor.may(Permission.MATTER_WRITE) and actor.lives_at(case.apartment_id, case.building_id)


def _is_in_time(name: str, case: Case, now: datetime) -> bool:
    """The resident's answer opens a closed case for 30 days; one that was merged stays with the other."""
    if name not in REOPENING or case.closed_at is None:
        return True
    return now - case.closed_at <= timedelta(days=REOPEN_DAYS) and case.outcome is not ClosingReason.DUPLICATE


def make_move(
    actor: Actor | None, case: Case, *, move: str, details: Details | None = None, now: datetime | None = None
) -> tuple[Move, CaseEvent]:
    """Make a move and its effect. Raises IllegalMove, DetailNeeded, Changed, AlreadyDone, NotAllowed."""
    now = now or clock.now()
    details = details or Details()
    _check_may_move(actor, case, move, now)
    other = _find_other(actor, case, details)
    _check_contractor(details)
    step, event = core.move_case(actor, case, move=move, details=details, target=_target(case, now), now=now)
    _follow_up(case, step, details, other, now)
    db.session.flush()
    return step, event


def _check_may_move(actor: Actor | None, case: Case, move: str, now: datetime) -> None:
    if not _is_in_time(move, case, now):
        raise IllegalMove(move)
    if actor is not None and not _may_act(actor, case):
        raise NotAllowed


def _target(case: Case, now: datetime) -> Target:
    return get_target(case.urgency, on=clock.date_in_helsinki(now))


def _find_other(actor: Actor | None, case: Case, details: Details) -> Case | None:
    """The case this one is a duplicate of. Raises DetailNeeded where there is none, or it is this one."""
    if details.other_number is None or actor is None:
        return None
    try:
        other = get_case(actor, details.other_number)
    except NotFound as error:
        raise DetailNeeded("case") from error
    if other.id == case.id or other.duplicate_of_id is not None or other.building_id != case.building_id:
        raise DetailNeeded("case")
    return other


def _check_contractor(details: Details) -> None:
    if details.contractor_id is None:
        return
    found = db.session.scalar(
        select(Contractor.id).where(Contractor.id == details.contractor_id, Contractor.is_active.is_(True))
    )
    if found is None:
        raise DetailNeeded("contractor")


def _follow_up(case: Case, step: Move, details: Details, other: Case | None, now: datetime) -> None:
    """What a defect keeps for each move."""
    if step.name == "schedule" and details.visit_from and details.visit_to:
        keep_visit(case, visit_from=details.visit_from, visit_to=details.visit_to)
    elif step.name == "order" and details.contractor_id:
        keep_contractor(case, contractor_id=details.contractor_id)
    elif step.target == DefectState.DONE:
        keep_done(case, now=now)
    elif step.name in REOPENING:
        keep_reopened(case)
    elif other is not None:
        merge_into(case, other, now=now)


def merge_into(case: Case, other: Case, *, now: datetime) -> None:
    """A duplicate's people follow the other, where it is of common areas; a home's stays its own."""
    case.duplicate_of_id = other.id
    if other.lease_id is not None:
        return
    taking_part = set(db.session.scalars(select(CaseParticipant.person_id).where(CaseParticipant.case_id == other.id)))
    joining = set(db.session.scalars(select(CaseParticipant.person_id).where(CaseParticipant.case_id == case.id)))
    for person_id in sorted(joining - taking_part):
        add_follower(person_id, other, now=now)


def write(
    actor: Actor, case: Case, *, text: str, form_key: str | None = None, now: datetime | None = None
) -> CaseEvent:
    """Write into the conversation; an owner's answer to a question moves the case on as well.

    Raises NotAllowed, AlreadyDone.
    """
    now = now or clock.now()
    is_answer = Part.OWNER in parts_in(actor, case, now=now) and case.state == DefectState.NEEDS_INFORMATION
    if is_answer:
        return make_move(actor, case, move="inform", details=Details(text=text, form_key=form_key), now=now)[1]
    return say(actor, case, text=text, form_key=form_key, now=now)


def answer_repair(
    actor: Actor,
    case: Case,
    *,
    answer: RepairAnswer,
    text: str,
    version: int | None,
    form_key: str | None,
    now: datetime | None = None,
) -> CaseEvent:
    """The resident's answer to "is it fixed?"; anything but "fixed" needs words. Raises as make_move does."""
    details = Details(text=text, version=version, form_key=form_key)
    return make_move(actor, case, move=ANSWER_MOVES[answer], details=details, now=now)[1]
