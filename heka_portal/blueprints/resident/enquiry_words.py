"""What residents read about where a message stands and what happens next; one sentence a state."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from heka_portal.blueprints.resident.sentences import Say, Sentences, Stage, fill
from heka_portal.clock import now
from heka_portal.vocabulary import EnquiryState
from heka_portal.web.filters import due

S = EnquiryState


def is_late(stage: Stage) -> bool:
    """Whether the answer should have come."""
    return stage.state in {S.RECEIVED, S.IN_PROGRESS} and stage.target_at < now()


def promise(stage: Stage) -> Markup:
    """By when it is answered; and that we are late where we are."""
    day = due(stage.target_at)
    if is_late(stage):
        return fill(_("The target was %(day)s. We are late, and customer service sees it."), day=day)
    return fill(_("We answer by %(day)s."), day=day)


def _moving(sentence: Any) -> Say:
    return lambda stage: fill("%(first)s %(then)s", first=str(sentence), then=promise(stage))


def _says(sentence: Any) -> Say:
    return lambda stage: fill(str(sentence), day=due(stage.due_at))


ENQUIRIES = Sentences(
    steps={
        S.RECEIVED: _moving(_l("Your message has reached us.")),
        S.IN_PROGRESS: _moving(_l("Customer service looks into it.")),
        S.NEEDS_INFORMATION: _says(_l("Waits for the answer of the person who wrote it.")),
        S.ANSWERED: _says(_l("Heka has answered.")),
    },
    own_turn={
        S.NEEDS_INFORMATION: _says(_l("Customer service asks you something. We go on when you have answered.")),
        S.ANSWERED: _says(_l("Heka has answered. Write again if something is still open.")),
    },
    turns={
        S.NEEDS_INFORMATION: (_l("Answer the question: %(subject)s"), _l("We go on when you have answered.")),
        S.ANSWERED: (_l("Read the answer: %(subject)s"), _l("If you do not write, the matter closes on %(day)s.")),
    },
    more={
        S.NEEDS_INFORMATION: _l("The target time stands still meanwhile."),
        S.ANSWERED: _l("You can also close the matter yourself."),
    },
)
