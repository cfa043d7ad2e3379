"""The page of one case, made of what the reader's part in it may see and do; and the cursor of the list."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import render_template
from flask.typing import ResponseReturnValue

from heka_portal.blueprints.resident.matters.forms import AnswerForm, ChangeAccessForm, WriteForm
from heka_portal.blueprints.resident.matters.progress import FIXED, steps_of
from heka_portal.blueprints.resident.matters.story import closing_rule, tell
from heka_portal.blueprints.resident.words import promise, what_follows
from heka_portal.domain.access import Actor
from heka_portal.domain.cases.deadlines import REOPEN_DAYS
from heka_portal.domain.cases.matters import Cursor
from heka_portal.domain.cases.rules import may_write
from heka_portal.domain.cases.timeline import list_timeline
from heka_portal.domain.casework.operations import ANSWER_MOVES, available_moves
from heka_portal.domain.defects.operations import access_facts
from heka_portal.domain.defects.queries import DefectView, get_upkeep_rule
from heka_portal.models.defects import Defect
from heka_portal.vocabulary import Part

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def case_page(
    actor: Actor, view: DefectView, *, write_form: WriteForm | None = None, answer: AnswerForm | None = None
) -> ResponseReturnValue:
    """The whole page; a form that was sent and has errors stands in it as it was typed."""
    defect, is_own = view.defect, Part.OWNER in view.parts
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
        write_form=write_form or _drawn_write_form(actor, view),
        answer_form=answer or drawn,
        access=access_facts(defect) if sees_access else None,
        moves={move.name for move in available_moves(actor, defect)},
        is_followed=Part.FOLLOWER in view.parts,
        reopens_until=defect.closed_at + timedelta(days=REOPEN_DAYS) if defect.closed_at else None,
    )


def earlier_page(actor: Actor, view: DefectView, before: int) -> ResponseReturnValue:
    """The lines before one of the timeline, where the page of the case has no room for them."""
    timeline = list_timeline(actor, view.defect, view.parts, before=before)
    return render_template(
        "resident/matters/earlier.html",
        view=view,
        defect=view.defect,
        is_own=Part.OWNER in view.parts,
        lines=tell(timeline.entries, is_own=Part.OWNER in view.parts),
        before=timeline.before,
    )


def sent_page(view: DefectView) -> ResponseReturnValue:
    """What is said right after sending."""
    defect = view.defect
    return render_template(
        "resident/matters/sent.html",
        view=view,
        defect=defect,
        steps=steps_of(defect, (), is_own=True),
        follows=what_follows(defect, is_own=True, created_at=defect.created_at),
    )


def _drawn_write_form(actor: Actor, view: DefectView) -> WriteForm | None:
    """The empty message, where the reader may write."""
    lives_there = actor.lives_at(view.defect.apartment_id, view.defect.building_id)
    return WriteForm(formdata=None) if may_write(actor, view.parts, lives_there=lives_there) else None


def answer_form(actor: Actor, view: DefectView) -> AnswerForm | None:
    """The question "is it fixed?", where it is the reader's to answer."""
    moves = {move.name for move in available_moves(actor, view.defect)}
    answers = tuple(answer for answer, move in ANSWER_MOVES.items() if move in moves)
    if view.defect.outcome is not None and view.defect.outcome not in FIXED:
        answers = answers[-1:]  # of what was never mended nothing can be "partly" fixed
    return AnswerForm(version=view.defect.version, answers=answers, formdata=None) if answers else None


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


def read_cursor(text: str | None) -> Cursor | None:
    """Where a page of the list begins; what cannot be read begins at the top."""
    moment, _, line_id = (text or "").partition("-")
    is_plain = moment.isascii() and moment.isdigit() and line_id.isascii() and line_id.isdigit()
    if not (is_plain and len(moment) < 18 and len(line_id) < 18):
        return None
    return Cursor(EPOCH + int(moment) * MICROSECOND, int(line_id))


def write_cursor(cursor: Cursor | None) -> str | None:
    """The same as it stands in an address."""
    return None if cursor is None else f"{(cursor.at - EPOCH) // MICROSECOND}-{cursor.id}"
