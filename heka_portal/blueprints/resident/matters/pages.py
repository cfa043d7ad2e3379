"""The page of one case, each kind its own, and what all kinds share."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import render_template
from flask.typing import ResponseReturnValue

from heka_portal.blueprints.resident.matters.defect_page import defect_of, defect_page
from heka_portal.blueprints.resident.matters.enquiry_page import enquiry_page
from heka_portal.blueprints.resident.matters.enquiry_page import sent_page as enquiry_sent_page
from heka_portal.blueprints.resident.matters.progress import steps_of
from heka_portal.blueprints.resident.matters.story import tell
from heka_portal.blueprints.resident.words import inside, what_follows
from heka_portal.domain.access import Actor
from heka_portal.domain.cases.timeline import list_timeline
from heka_portal.domain.cases.views import CaseView
from heka_portal.models.defects import Defect
from heka_portal.models.enquiries import Enquiry
from heka_portal.vocabulary import CaseKind, Part
from heka_portal.web.labels import label

PAGES: Mapping[CaseKind, Callable[..., ResponseReturnValue]] = {
    CaseKind.DEFECT: defect_page,
    CaseKind.ENQUIRY: enquiry_page,
}


def case_page(actor: Actor, view: CaseView, **forms: object) -> ResponseReturnValue:
    """The whole page; a form that was sent and has errors stands in it as it was typed."""
    return PAGES[view.case.kind](actor, view, **forms)


def name_of(view: CaseView) -> str:
    """What a case is called: its subject, or to one who only follows it what it is about."""
    if view.parts & {Part.OWNER, Part.HOUSEHOLD} or not isinstance(view.case, Defect):
        return view.case.subject
    return f"{label(view.case.place)}, {inside(label(view.case.fault))}"


def earlier_page(actor: Actor, view: CaseView, before: int) -> ResponseReturnValue:
    """The lines before one of the timeline, where the page of the case has no room for them."""
    timeline = list_timeline(actor, view.case, view.parts, before=before)
    return render_template(
        "resident/matters/earlier.html",
        case=view.case,
        name=name_of(view),
        lines=tell(timeline.entries, is_own=Part.OWNER in view.parts, kind=view.case.kind),
        before=timeline.before,
    )


def sent_page(view: CaseView) -> ResponseReturnValue:
    """What is said right after sending a report, or a message."""
    if isinstance(view.case, Enquiry):
        return enquiry_sent_page(view, view.case)
    defect = defect_of(view)
    return render_template(
        "resident/matters/sent.html",
        view=view,
        case=defect,
        steps=steps_of(defect, (), is_own=True),
        follows=what_follows(defect, is_own=True, created_at=defect.created_at),
    )
