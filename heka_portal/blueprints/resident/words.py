"""What residents read about where a matter of any kind stands; each kind has its own sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from heka_portal.blueprints.resident.defect_words import DEFECTS
from heka_portal.blueprints.resident.enquiry_words import ENQUIRIES
from heka_portal.blueprints.resident.sentences import Sentences, Stage, fill, tidy
from heka_portal.domain.cases.deadlines import Target
from heka_portal.vocabulary import CaseKind
from heka_portal.web.filters import due

__all__ = ["Turn", "fill", "inside", "next_step", "target_words", "tidy", "turn_of", "what_follows"]

SENTENCES: Mapping[CaseKind, Sentences] = {CaseKind.DEFECT: DEFECTS, CaseKind.ENQUIRY: ENQUIRIES}


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


def next_step(stage: Stage, *, is_own: bool) -> Markup:
    """What happens next, short enough for a line of a list."""
    said = SENTENCES[stage.kind]
    if stage.outcome is not None:
        return fill(_("Closed %(day)s"), day=due(stage.closed_at))
    if is_own and stage.state in said.own_turn:
        return said.own_turn[stage.state](stage)
    return said.steps[stage.state](stage)


@dataclass(frozen=True)
class Turn:
    """What waits for the reader: begins with its verb, and says by when."""

    title: Markup
    more: Markup


def turn_of(stage: Stage, subject: str) -> Turn:
    """What the reader has to do about a case in which it is their turn."""
    title, more = SENTENCES[stage.kind].turns[stage.state]
    return Turn(fill(str(title), subject=subject), fill(str(more), day=due(stage.due_at)))


def what_follows(stage: Stage, *, is_own: bool, created_at: datetime) -> Markup:
    """What happens next, on the page of the case: the line of the list, and what explains it."""
    said = SENTENCES[stage.kind]
    step = said.reading(stage, created_at) or next_step(stage, is_own=is_own)
    more = said.more.get(stage.state) if stage.outcome is None else None
    return fill("%(step)s %(more)s", step=step, more=str(more)) if more and is_own else step
