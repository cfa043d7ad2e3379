"""What a defect keeps for each of its moves."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from heka_portal.clock import date_in_helsinki
from heka_portal.domain.cases.deadlines import REOPEN_DAYS, Target
from heka_portal.domain.cases.operations import add_follower
from heka_portal.domain.cases.workflows.defects import REOPENING
from heka_portal.domain.casework.kinds import Kind, Made
from heka_portal.domain.defects.operations import keep_contractor, keep_done, keep_reopened, keep_visit
from heka_portal.domain.defects.queries import get_target
from heka_portal.extensions import db
from heka_portal.models.cases import Case, CaseParticipant
from heka_portal.vocabulary import ClosingReason, DefectState, Part


def _target(case: Case, now: datetime) -> Target:
    return get_target(case.urgency, on=date_in_helsinki(now))


def _is_in_time(name: str, case: Case, now: datetime) -> bool:
    """The resident's answer opens a closed case for 30 days; one that was merged stays with the other."""
    if name not in REOPENING or case.closed_at is None:
        return True
    return now - case.closed_at <= timedelta(days=REOPEN_DAYS) and case.outcome is not ClosingReason.DUPLICATE


def _visit(made: Made) -> None:
    if made.details.visit_from and made.details.visit_to:
        keep_visit(made.case, visit_from=made.details.visit_from, visit_to=made.details.visit_to)


def _order(made: Made) -> None:
    if made.details.contractor_id:
        keep_contractor(made.case, contractor_id=made.details.contractor_id)


def _merge(made: Made) -> None:
    if made.other is not None:
        merge_into(made.case, made.other, now=made.now)


def merge_into(case: Case, other: Case, *, now: datetime) -> None:
    """A duplicate's people follow the other, where it is of common areas; a home's stays its own."""
    case.duplicate_of_id = other.id
    if other.lease_id is not None:
        return
    taking_part = set(db.session.scalars(select(CaseParticipant.person_id).where(CaseParticipant.case_id == other.id)))
    joining = set(db.session.scalars(select(CaseParticipant.person_id).where(CaseParticipant.case_id == case.id)))
    for person_id in sorted(joining - taking_part):
        add_follower(person_id, other, now=now)


DEFECTS = Kind(
    target=_target,
    target_key=lambda case: case.urgency,
    effects={
        "schedule": _visit,
        "order": _order,
        "finish": lambda made: keep_done(made.case, now=made.now),
        "close_duplicate": _merge,
        **dict.fromkeys(REOPENING, lambda made: keep_reopened(made.case)),
    },
    words={(Part.OWNER, DefectState.NEEDS_INFORMATION): "inform"},
    is_in_time=_is_in_time,
)
