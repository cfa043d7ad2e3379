"""What a message keeps for each of its moves, and how it becomes a defect notification."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from heka_portal.database import at_most
from heka_portal.domain.access import Actor
from heka_portal.domain.attachments.operations import copy_files
from heka_portal.domain.cases.deadlines import Target
from heka_portal.domain.cases.moves import Details
from heka_portal.domain.cases.workflows.enquiries import OPEN, REOPENING
from heka_portal.domain.casework.kinds import Kind, Made
from heka_portal.domain.defects.operations import report_from
from heka_portal.domain.enquiries.operations import keep_reopened
from heka_portal.domain.enquiries.queries import get_topic_by_id
from heka_portal.domain.errors import DetailNeeded
from heka_portal.extensions import db
from heka_portal.models.cases import Case, CaseEvent
from heka_portal.models.enquiries import Enquiry
from heka_portal.vocabulary import EnquiryState, Part, Verb

S = EnquiryState


def _target(case: Case, _now: datetime) -> Target:
    assert isinstance(case, Enquiry)  # noqa: S101 - the table of kinds says so
    return Target(working_days=get_topic_by_id(case.topic_id).working_days)


def _reopened(made: Made) -> None:
    assert isinstance(made.case, Enquiry)  # noqa: S101 - as above
    keep_reopened(made.case)


def _open_defect(actor: Actor, case: Case, details: Details, now: datetime) -> Case:
    """The same words and files as a defect notification of the same home, for the same person."""
    if details.place is None or details.fault is None:
        raise DetailNeeded("defect")
    opening = db.session.scalars(
        select(CaseEvent)
        .where(CaseEvent.case_id == case.id, CaseEvent.verb == Verb.OPENED)
        .order_by(CaseEvent.id)
        .limit(at_most(1))
    ).one()
    words = opening.text or case.subject
    defect, event = report_from(actor, case, place=details.place, fault=details.fault, text=words, now=now)
    copy_files(actor, from_event_id=opening.id, case_id=defect.id, event_id=event.id, now=now)
    return defect


ENQUIRIES = Kind(
    target=_target,
    target_key=lambda case: getattr(case, "topic_id", None),
    effects=dict.fromkeys(REOPENING, _reopened),
    words={
        **{(Part.CLERK, state): "answer" for state in OPEN},
        **{
            (part, state): move
            for part in (Part.OWNER, Part.HOUSEHOLD)
            for state, move in (
                (S.NEEDS_INFORMATION, "write_more"),
                (S.ANSWERED, "write_more"),
                (S.CLOSED, "reopen"),
            )
        },
    },
    opens={"to_defect": _open_defect},
)
