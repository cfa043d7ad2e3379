"""What residents read about where a defect stands and what happens next; one sentence a state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from heka_portal.blueprints.resident.sentences import Sentences, fill
from heka_portal.blueprints.resident.sentences import Stage as AnyStage
from heka_portal.clock import now
from heka_portal.domain.cases.deadlines import read_by
from heka_portal.vocabulary import DefectState, Urgency
from heka_portal.web.filters import due, slot

S = DefectState


class Stage(AnyStage, Protocol):
    """What of a defect the sentences are made of."""

    @property
    def visit_from(self) -> datetime | None: ...
    @property
    def visit_to(self) -> datetime | None: ...


def is_late(stage: Stage) -> bool:
    """Whether what was promised has not been kept, while nothing stops the clock."""
    stands = {S.NEEDS_INFORMATION, S.WAITING_PART, S.WAITING_ACCESS, S.WAITING_SEASON, S.DONE, S.CLOSED}
    return stage.state not in stands and stage.target_at < now()


def promise(stage: Stage) -> Markup:
    """By when it is mended, or looked at; and that we are late where we are."""
    day = due(stage.target_at)
    if is_late(stage):
        return fill(_("The target was %(day)s. We are late, and customer service sees it."), day=day)
    if stage.urgency is Urgency.INSPECT:
        return fill(_("We come to look by %(day)s."), day=day)
    return fill(_("Repaired by %(day)s."), day=day)


def _visit(stage: Stage) -> Markup:
    if stage.visit_from is None or stage.visit_to is None:
        return promise(stage)
    when = slot(stage.visit_from, stage.visit_to)
    if stage.visit_to < now():
        return fill(_("Maintenance came %(when)s. We wait for word of the result."), when=when)
    return fill(_("Maintenance comes %(when)s."), when=Markup("<strong>{}</strong>").format(when))


def _waits(sentence: Any) -> Callable[[Stage], Markup]:
    return lambda stage: fill(str(sentence), day=due(stage.due_at))


def _moving(sentence: Any) -> Callable[[Stage], Markup]:
    return lambda stage: fill("%(first)s %(then)s", first=str(sentence), then=promise(stage))


_OWN_TURN: dict[str, Callable[[Stage], Markup]] = {
    S.NEEDS_INFORMATION: _waits(_l("Customer service asks you something. The work waits for your answer.")),
    S.WAITING_ACCESS: _waits(_l("Maintenance could not get in. Tell us when it suits you.")),
    S.DONE: _waits(_l("Check whether it is fixed and answer by %(day)s.")),
}
_STEPS: dict[str, Callable[[Stage], Markup]] = {
    S.RECEIVED: _moving(_l("Customer service reads the report.")),
    S.TRIAGED: _moving(_l("Customer service arranges the repair.")),
    S.NEEDS_INFORMATION: _waits(_l("Waits for the answer of the person who reported it.")),
    S.SCHEDULED: _visit,
    S.IN_PROGRESS: _moving(_l("The repair is under way.")),
    S.WAITING_PART: _waits(_l("Waits for a part. We look at it again by %(day)s.")),
    S.WAITING_CONTRACTOR: _moving(_l("Maintenance has the order.")),
    S.WAITING_ACCESS: _waits(_l("Maintenance could not get in. Waits for a new time.")),
    S.WAITING_SEASON: _waits(_l("Waits for the season. We look at it again by %(day)s.")),
    S.DONE: _waits(_l("The repair is done. It waits for a check until %(day)s.")),
}


_TURNS: dict[str, tuple[Any, Any]] = {
    S.NEEDS_INFORMATION: (_l("Answer the question: %(subject)s"), _l("The work waits for your answer.")),
    S.WAITING_ACCESS: (_l("Tell when maintenance can come: %(subject)s"), _l("They could not get in.")),
    S.DONE: (_l("Check whether it is fixed: %(subject)s"), _l("Answer by %(day)s.")),
}


_MORE: dict[str, Any] = {
    S.SCHEDULED: _l("Leave the safety chain open. The mechanic shows an identity card."),
    S.NEEDS_INFORMATION: _l("The target time stands still meanwhile."),
    S.WAITING_PART: _l("The target time stands still meanwhile."),
    S.WAITING_ACCESS: _l("The target time stands still meanwhile."),
    S.WAITING_SEASON: _l("The target time stands still meanwhile."),
    S.DONE: _l("If something is still wrong, we take it up again at once."),
}


def _reading(stage: Stage, created_at: datetime) -> Markup | None:
    """By when the report is read, where that day has not come."""
    if stage.state != S.RECEIVED or is_late(stage) or now() >= read_by(created_at):
        return None
    return fill(
        _("Customer service reads the report by %(day)s. %(promise)s"),
        day=due(read_by(created_at)),
        promise=promise(stage),
    )


DEFECTS = Sentences(steps=_STEPS, own_turn=_OWN_TURN, turns=_TURNS, more=_MORE, reading=_reading)
