"""What residents read about where a matter stands and what happens next; one sentence a state."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from markupsafe import Markup

from heka_portal.clock import now
from heka_portal.domain.cases.deadlines import Target, read_by
from heka_portal.vocabulary import ClosingReason, DefectState, Urgency
from heka_portal.web.filters import due, slot

S = DefectState


class Stage(Protocol):
    """What of a case the sentences are made of; a line of the list has it as well as the case itself."""

    @property
    def state(self) -> str: ...
    @property
    def outcome(self) -> ClosingReason | None: ...
    @property
    def urgency(self) -> Urgency: ...
    @property
    def due_at(self) -> datetime: ...
    @property
    def target_at(self) -> datetime: ...
    @property
    def closed_at(self) -> datetime | None: ...
    @property
    def visit_from(self) -> datetime | None: ...
    @property
    def visit_to(self) -> datetime | None: ...


#: a Finnish date ends with a full stop of its own: at the end of a sentence one is enough
_TWO_STOPS = re.compile(r"(?<!\.)\.(</time>|</span></time>)?\.(?=\s|$)")


def fill(sentence: str, **values: Any) -> Markup:
    """A sentence of ours with values in it: markup of our filters stays, everything else is escaped."""
    return tidy(Markup(sentence) % values)  # noqa: S704 - the sentence is ours, and the values are escaped


def tidy(sentence: Markup) -> Markup:
    """A sentence without the second of two full stops."""
    return Markup(_TWO_STOPS.sub(r".\1", str(sentence)))  # noqa: S704 - it was markup before


def inside(words: str) -> str:
    """A label as it stands inside a line: only its first letter changes, a WC stays one."""
    return words[:1].lower() + words[1:]


def target_words(target: Target) -> str:
    """How fast, as people say it: in 2 working days."""
    if target.hours is not None:
        return ngettext("in %(num)s hour", "in %(num)s hours", target.hours)
    if target.working_days is not None:
        return ngettext("in %(num)s working day", "in %(num)s working days", target.working_days)
    return ngettext("in %(num)s day", "in %(num)s days", target.days or 0)


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


def next_step(stage: Stage, *, is_own: bool) -> Markup:
    """What happens next, short enough for a line of a list."""
    if stage.outcome is not None:
        return fill(_("Closed %(day)s"), day=due(stage.closed_at))
    if is_own and stage.state in _OWN_TURN:
        return _OWN_TURN[DefectState(stage.state)](stage)
    return _STEPS[DefectState(stage.state)](stage)


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


_OWN_TURN: dict[DefectState, Callable[[Stage], Markup]] = {
    S.NEEDS_INFORMATION: _waits(_l("Customer service asks you something. The work waits for your answer.")),
    S.WAITING_ACCESS: _waits(_l("Maintenance could not get in. Tell us when it suits you.")),
    S.DONE: _waits(_l("Check whether it is fixed and answer by %(day)s.")),
}
_STEPS: dict[DefectState, Callable[[Stage], Markup]] = {
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


@dataclass(frozen=True)
class Turn:
    """What waits for the reader: begins with its verb, and says by when."""

    title: Markup
    more: Markup


def turn_of(stage: Stage, subject: str) -> Turn:
    """What the reader has to do about a case in which it is their turn."""
    title, more = _TURNS[DefectState(stage.state)]
    return Turn(fill(str(title), subject=subject), fill(str(more), day=due(stage.due_at)))


_TURNS = {
    S.NEEDS_INFORMATION: (_l("Answer the question: %(subject)s"), _l("The work waits for your answer.")),
    S.WAITING_ACCESS: (_l("Tell when maintenance can come: %(subject)s"), _l("They could not get in.")),
    S.DONE: (_l("Check whether it is fixed: %(subject)s"), _l("Answer by %(day)s.")),
}


def what_follows(stage: Stage, *, is_own: bool, created_at: datetime) -> Markup:
    """What happens next, on the page of the case: the line of the list, and what explains it."""
    step = next_step(stage, is_own=is_own)
    more = _MORE.get(stage.outcome or stage.state)
    if stage.state == S.RECEIVED and not is_late(stage) and now() < read_by(created_at):
        step = fill(
            _("Customer service reads the report by %(day)s. %(promise)s"),
            day=due(read_by(created_at)),
            promise=promise(stage),
        )
    return fill("%(step)s %(more)s", step=step, more=str(more)) if more and is_own else step


_MORE: dict[str, Any] = {
    S.SCHEDULED: _l("Leave the safety chain open. The mechanic shows an identity card."),
    S.NEEDS_INFORMATION: _l("The target time stands still meanwhile."),
    S.WAITING_PART: _l("The target time stands still meanwhile."),
    S.WAITING_ACCESS: _l("The target time stands still meanwhile."),
    S.WAITING_SEASON: _l("The target time stands still meanwhile."),
    S.DONE: _l("If something is still wrong, we take it up again at once."),
}
