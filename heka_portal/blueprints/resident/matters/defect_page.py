"""The page of a defect, made of what the reader's part in it may see and do."""

from __future__ import annotations

from datetime import timedelta

from flask import render_template
from flask.typing import ResponseReturnValue

from heka_portal.blueprints.resident.defect_words import promise
from heka_portal.blueprints.resident.matters.forms import AnswerForm, ChangeAccessForm, WriteForm, drawn_write_form
from heka_portal.blueprints.resident.matters.progress import FIXED, steps_of
from heka_portal.blueprints.resident.matters.story import closing_rule, tell
from heka_portal.blueprints.resident.words import what_follows
from heka_portal.domain.access import Actor
from heka_portal.domain.cases.deadlines import REOPEN_DAYS
from heka_portal.domain.cases.timeline import list_timeline
from heka_portal.domain.cases.views import CaseView
from heka_portal.domain.casework.operations import ANSWER_MOVES, available_moves
from heka_portal.domain.defects.operations import access_facts
from heka_portal.domain.defects.queries import get_upkeep_rule
from heka_portal.domain.errors import NotFound
from heka_portal.models.defects import Defect
from heka_portal.vocabulary import Part


def defect_of(view: CaseView) -> Defect:
    """The defect of a view: what only a defect has. Raises NotFound for another kind."""
    if not isinstance(view.case, Defect):
        raise NotFound
    return view.case


def defect_page(
    actor: Actor, view: CaseView, *, write_form: WriteForm | None = None, answer: AnswerForm | None = None
) -> ResponseReturnValue:
    """The whole page; a form that was sent and has errors stands in it as it was typed."""
    defect, is_own = defect_of(view), Part.OWNER in view.parts
    timeline = list_timeline(actor, defect, view.parts)
    drawn = answer_form(actor, view)
    if answer is not None and drawn is not None:
        answer.answer.choices = drawn.answer.choices
    sees_access = bool(view.parts & {Part.OWNER, Part.HOUSEHOLD}) and not defect.is_closed
    return render_template(
        "resident/matters/show.html",
        view=view,
        defect=defect,
        is_own=is_own,
        form=write_form or answer,
        steps=steps_of(defect, timeline.turns, is_own=is_own),
        follows=what_follows(defect, is_own=is_own, created_at=defect.created_at),
        promise=promise(defect),
        began=tell([timeline.opening] if timeline.opening else (), is_own=is_own),
        lines=tell(timeline.entries, is_own=is_own),
        before=timeline.before,
        rule=get_upkeep_rule(closing_rule(timeline.turns)) if defect.is_closed else None,
        write_form=write_form or drawn_write_form(actor, view),
        answer_form=answer or drawn,
        access=access_facts(defect) if sees_access else None,
        moves={move.name for move in available_moves(actor, defect)},
        is_followed=Part.FOLLOWER in view.parts,
        reopens_until=defect.closed_at + timedelta(days=REOPEN_DAYS) if defect.closed_at else None,
    )


def answer_form(actor: Actor, view: CaseView) -> AnswerForm | None:
    """The question "is it fixed?", where it is the reader's to answer."""
    defect = view.case
    moves = {move.name for move in available_moves(actor, defect)}
    answers = tuple(answer for answer, move in ANSWER_MOVES.items() if move in moves)
    if defect.outcome is not None and defect.outcome not in FIXED:
        answers = answers[-1:]  # of what was never mended nothing can be "partly" fixed
    return AnswerForm(version=defect.version, answers=answers, formdata=None) if answers else None


def change_access_form(defect: Defect) -> ChangeAccessForm:
    """The facts about access as they are now."""
    facts = access_facts(defect)
    return ChangeAccessForm(
        data={
            "version": str(defect.version),
            "master_key": facts and facts.master_key,
            "has_pets": bool(facts and facts.pets),
            "pets": facts and facts.pets,
            "has_safety_chain": bool(facts and facts.has_safety_chain),
            "phone": facts and facts.phone,
            "call_when": facts and facts.call_when,
            "is_phone_shared": bool(facts and facts.is_phone_shared),
        }
    )
