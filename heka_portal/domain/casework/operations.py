"""Move a case: the core's move, then what the kind keeps for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from heka_portal import clock
from heka_portal.domain.access import Actor, Permission
from heka_portal.domain.cases import moves as core
from heka_portal.domain.cases.moves import Details
from heka_portal.domain.cases.operations import check_version, main_part, raise_if_done, say
from heka_portal.domain.cases.queries import get_case, parts_in
from heka_portal.domain.cases.workflow import Move, check_needs
from heka_portal.domain.casework.defects import DEFECTS
from heka_portal.domain.casework.enquiries import ENQUIRIES
from heka_portal.domain.casework.kinds import Kind, Made
from heka_portal.domain.errors import DetailNeeded, IllegalMove, NotAllowed, NotFound
from heka_portal.extensions import db
from heka_portal.models.accounts import Contractor
from heka_portal.models.cases import Case, CaseEvent
from heka_portal.vocabulary import CaseKind, RepairAnswer

__all__ = ["KINDS", "Details", "answer_repair", "available_moves", "make_move", "write"]

KINDS: dict[CaseKind, Kind] = {CaseKind.DEFECT: DEFECTS, CaseKind.ENQUIRY: ENQUIRIES}
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
    kind = KINDS[case.kind]
    return tuple(move for move in core.available_moves(actor, case, now=now) if kind.is_in_time(move.name, case, now))


def _may_act(actor: Actor, case: Case) -> bool:
    """Whether one moves cases at all: a resident only those of a home that is still theirs, or will be."""
    if actor.is_staff:
        return True
    return actor.may(Permission.MATTER_WRITE) and actor.writes_about(case.apartment_id, case.building_id)


def make_move(
    actor: Actor | None, case: Case, *, move: str, details: Details | None = None, now: datetime | None = None
) -> tuple[Move, CaseEvent]:
    """Make a move and its effect. Raises IllegalMove, DetailNeeded, Changed, AlreadyDone, NotAllowed."""
    now = now or clock.now()
    details, kind = details or Details(), KINDS[case.kind]
    _check_may_move(actor, case, move, kind, now)
    other = _find_other(actor, case, details)
    _check_contractor(details)
    if actor is not None and move in kind.opens:
        other = _open_other(actor, case, move, details, kind, now)
        details = replace(details, other_number=other.number)
    step, event = core.move_case(actor, case, move=move, details=details, target=kind.target(case, now), now=now)
    effect = kind.effects.get(step.name)
    if effect is not None:
        effect(Made(actor, case, step, event, details, other, now))
    db.session.flush()
    return step, event


def _check_may_move(actor: Actor | None, case: Case, move: str, kind: Kind, now: datetime) -> None:
    if not kind.is_in_time(move, case, now):
        raise IllegalMove(move)
    if actor is not None and not _may_act(actor, case):
        raise NotAllowed


def _open_other(actor: Actor, case: Case, move: str, details: Details, kind: Kind, now: datetime) -> Case:
    """The case that this one becomes, opened only where the move will be made."""
    if details.form_key is not None:
        raise_if_done(details.form_key)
    check_version(case, details.version)
    step = core.WORKFLOWS[case.kind].find(move, case.state, parts_in(actor, case, now=now))
    check_needs(step, details.given)
    return kind.opens[move](actor, case, details, now)


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
    if other.kind is not case.kind:
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


def write(
    actor: Actor, case: Case, *, text: str, form_key: str | None = None, now: datetime | None = None
) -> CaseEvent:
    """Write into the conversation; where the kind says so, the word moves the case on as well.

    Raises NotAllowed, AlreadyDone.
    """
    now = now or clock.now()
    parts = parts_in(actor, case, now=now)
    move = KINDS[case.kind].words.get((main_part(parts), case.state)) if parts else None
    if move is not None:
        return make_move(actor, case, move=move, details=Details(text=text, form_key=form_key), now=now)[1]
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
