"""What is done on the page of a case: each act reads its form and calls one operation. Nothing commits here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from heka_portal.domain.access import Actor
from heka_portal.domain.cases.handling import hand_over
from heka_portal.domain.cases.operations import check_version, note, raise_if_done
from heka_portal.domain.cases.workflow import Move
from heka_portal.domain.casework.operations import make_move, write
from heka_portal.domain.defects.operations import change_urgency
from heka_portal.domain.enquiries.operations import change_sensitivity, change_topic
from heka_portal.domain.errors import IllegalMove, NotAllowed
from heka_portal.models.cases import Case, CaseEvent
from heka_portal.models.defects import Defect
from heka_portal.models.enquiries import Enquiry
from heka_portal.vocabulary import Urgency
from heka_portal.web.addresses import as_key
from heka_portal.workbench.case_page import ASSIGN, TOPIC, URGENCY, find_move, make_offers
from heka_portal.workbench.forms import AssignForm, MoveForm, NoteForm, PressForm, ReplyForm, TopicForm, UrgencyForm

Do = Callable[[Actor, Case, datetime], CaseEvent | None]
REPLY, NOTE, TAKE, MOVE = "reply", "note", "take", "move:"
MARK, UNMARK = "mark", "unmark"


@dataclass
class Act:
    """A form that came in, and what it does when it is in order."""

    name: str
    form: Any
    do: Do


def _reply(name: str) -> Act:
    form = ReplyForm()

    def do(actor: Actor, case: Case, now: datetime) -> CaseEvent:
        if form.key:
            raise_if_done(form.key)
        check_version(case, form.version.data)
        return write(actor, case, text=form.text.data or "", form_key=form.key, now=now)

    return Act(name, form, do)


def _note(name: str) -> Act:
    """A note tells nobody anything: it needs no look at what came meanwhile."""
    form = NoteForm()

    def do(actor: Actor, case: Case, now: datetime) -> CaseEvent:
        return note(actor, case, text=form.text.data or "", form_key=form.key, now=now)

    return Act(name, form, do)


def _take(name: str) -> Act:
    form = PressForm()

    def do(actor: Actor, case: Case, now: datetime) -> CaseEvent | None:
        return hand_over(actor, case, staff_id=actor.staff_id, version=form.version.data, form_key=form.key, now=now)

    return Act(name, form, do)


def _assign(name: str) -> Act:
    form = AssignForm()
    # What can be chosen is settled by the operation, which asks the database.
    form.handler.validate_choice = False

    def do(actor: Actor, case: Case, now: datetime) -> CaseEvent | None:
        word = form.handler.data or ""
        staff_id = as_key(word)
        if word and staff_id is None:
            raise NotAllowed
        return hand_over(actor, case, staff_id=staff_id, version=form.version.data, form_key=form.key, now=now)

    return Act(name, form, do)


def _urgency(name: str) -> Act:
    form = UrgencyForm()

    def do(actor: Actor, case: Case, now: datetime) -> CaseEvent:
        return change_urgency(
            actor,
            _of_kind(case, Defect),
            urgency=Urgency(form.urgency.data),
            reason=form.text.data or "",
            version=form.version.data,
            form_key=form.key,
            now=now,
        )

    return Act(name, form, do)


def _topic(name: str) -> Act:
    form = TopicForm()
    # What can be chosen is settled by the operation, which asks the database.
    form.topic.validate_choice = False

    def do(actor: Actor, case: Case, now: datetime) -> CaseEvent:
        return change_topic(
            actor,
            _of_kind(case, Enquiry),
            topic_id=as_key(form.topic.data) or 0,
            version=form.version.data,
            form_key=form.key,
            now=now,
        )

    return Act(name, form, do)


def _sensitivity(name: str) -> Act:
    form = PressForm()

    def do(actor: Actor, case: Case, now: datetime) -> CaseEvent | None:
        return change_sensitivity(
            actor,
            _of_kind(case, Enquiry),
            is_sensitive=name == MARK,
            version=form.version.data,
            form_key=form.key,
            now=now,
        )

    return Act(name, form, do)


C = TypeVar("C", bound=Case)


def _of_kind(case: Case, kind: type[C]) -> C:
    """The case, where the act is one of its kind. Raises IllegalMove."""
    if not isinstance(case, kind):
        raise IllegalMove(str(case.kind))
    return case


ACTS: Mapping[str, Callable[[str], Act]] = {
    REPLY: _reply,
    NOTE: _note,
    TAKE: _take,
    ASSIGN: _assign,
    URGENCY: _urgency,
    TOPIC: _topic,
    MARK: _sensitivity,
    UNMARK: _sensitivity,
}


def read_act(name: str, moves: Sequence[Move]) -> Act:
    """The act that a form asks for, of the moves that can be made. Raises IllegalMove for one there is not."""
    if name.startswith(MOVE):
        return _move(name, moves)
    if name not in ACTS:
        raise IllegalMove(name)
    return ACTS[name](name)


def _move(name: str, moves: Sequence[Move]) -> Act:
    move = find_move(moves, name.removeprefix(MOVE))
    if move is None:
        raise IllegalMove(name)
    form, offers = MoveForm(), make_offers(move)
    form.fit(move, offers)

    def do(actor: Actor, case: Case, now: datetime) -> CaseEvent:
        return make_move(actor, case, move=move.name, details=form.to_details(offers), now=now)[1]

    return Act(name, form, do)
