"""A draft of a report becomes a case: once, whatever the browser does."""

from __future__ import annotations

from datetime import datetime

from heka_portal import clock
from heka_portal.domain.access import Actor
from heka_portal.domain.cases.drafts import close_draft, get_draft
from heka_portal.domain.defects.operations import AccessFacts, DefectReport, report_defect
from heka_portal.domain.defects.rules import Answers, Step
from heka_portal.domain.errors import DetailNeeded
from heka_portal.models.cases import CaseEvent
from heka_portal.models.defects import Defect
from heka_portal.vocabulary import DefectArea


def send_draft(actor: Actor, key: str, *, now: datetime | None = None) -> tuple[Defect, CaseEvent]:
    """Make the case of a draft and give it the draft's files.

    Raises NotFound, NotAllowed, AlreadyDone where it was sent before, DetailNeeded naming the page to fill in.
    """
    now = now or clock.now()
    draft = get_draft(actor, key, for_update=True, now=now)
    report = to_report(Answers.read(draft.answers), form_key=draft.key)
    defect, event = report_defect(actor, report, now=now)
    close_draft(draft, case_id=defect.id, event=event)
    return defect, event


def to_report(answers: Answers, *, form_key: str) -> DefectReport:
    """The report that complete answers make. Raises DetailNeeded."""
    if answers.missing is not None:
        raise DetailNeeded(answers.missing)
    if answers.area is None or answers.place is None or answers.fault is None or answers.building_id is None:
        raise DetailNeeded(Step.PLACE)
    return DefectReport(
        area=answers.area,
        apartment_id=answers.apartment_id,
        building_id=answers.building_id,
        place=answers.place,
        fault=answers.fault,
        title=answers.title,
        description=answers.description,
        noticed_on=answers.noticed_on,
        access=access_of(answers) if answers.area is DefectArea.HOME else None,
        audience=answers.audience,
        form_key=form_key,
    )


def access_of(answers: Answers) -> AccessFacts | None:
    """How maintenance gets in, as answered so far."""
    if answers.master_key is None:
        return None
    return AccessFacts(
        answers.master_key,
        answers.pets or None,
        answers.has_safety_chain,
        answers.phone or None,
        answers.call_when or None,
        answers.is_phone_shared,
    )
