"""The line of steps over a message: received, answered, closed."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from heka_portal.blueprints.resident.enquiry_words import is_late
from heka_portal.blueprints.resident.matters.progress import Step
from heka_portal.blueprints.resident.sentences import fill
from heka_portal.domain.cases.timeline import Entry
from heka_portal.domain.cases.workflows.enquiries import REOPENING
from heka_portal.models.enquiries import Enquiry
from heka_portal.vocabulary import EnquiryState
from heka_portal.web.filters import due, when
from heka_portal.web.labels import label

S = EnquiryState


def steps_of(enquiry: Enquiry, entries: Sequence[Entry]) -> list[Step]:
    """The steps of a message as they stand: the present round, where it was opened again."""
    begun_at, answered_at, is_reopened = enquiry.created_at, None, False
    for entry in entries:
        if entry.move in REOPENING:
            begun_at, answered_at, is_reopened = entry.at, None, True
        elif entry.to_state == S.ANSWERED:
            answered_at = entry.at
    first = Step(_("Received again") if is_reopened else _("Received"), "done", when(begun_at, clock=False))
    answered = Step(_("Answered"), "done", when(answered_at, clock=False))
    if enquiry.outcome is not None:
        closed = Step(label(enquiry.outcome), "done", when(enquiry.closed_at, clock=False))
        return [first, *([answered] if answered_at else []), closed]
    if enquiry.state == S.ANSWERED:
        return [first, answered, Step(_("You read the answer"), "now"), Step(_("Closed"), "next")]
    return [first, _answering(enquiry), Step(_("You read the answer"), "next"), Step(_("Closed"), "next")]


def _answering(enquiry: Enquiry) -> Step:
    if enquiry.state == S.NEEDS_INFORMATION:
        return Step(_("Waits for an answer"), "now")
    return Step(_("We answer"), "now", None if is_late(enquiry) else fill(_("by %(day)s"), day=due(enquiry.target_at)))
