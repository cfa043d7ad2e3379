"""What the page of a case shows to this reader: customer service all of it, a contractor what the job needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from heka_portal import clock
from heka_portal.database import footprint
from heka_portal.domain.access import Actor, Permission
from heka_portal.domain.attachments.queries import FileLine
from heka_portal.domain.audit.operations import append_lines, make_line
from heka_portal.domain.audit.queries import SAME_LOOK
from heka_portal.domain.cases.facts import Facts, Neighbours, get_facts, list_neighbours
from heka_portal.domain.cases.handling import list_companies, list_handlers
from heka_portal.domain.cases.queries import parts_in
from heka_portal.domain.cases.timeline import Room, list_timeline
from heka_portal.domain.cases.workflow import Move, Needs, Parts
from heka_portal.domain.casework.operations import available_moves
from heka_portal.domain.defects.queries import list_upkeep_rules
from heka_portal.domain.enquiries.queries import leave_seen, list_topics
from heka_portal.extensions import db
from heka_portal.models.cases import Case
from heka_portal.vocabulary import AuditAction, Part
from heka_portal.web import formats
from heka_portal.workbench.forms import (
    AssignForm,
    CaseForm,
    MoveForm,
    NoteForm,
    Offers,
    PressForm,
    ReplyForm,
    TopicForm,
    UrgencyForm,
)
from heka_portal.workbench.sides import SIDES, Beside, DefectSide, EnquirySide
from heka_portal.workbench.timeline import TimelineLine, read_timeline, rule_text

#: what of the timeline stands on the page; older lines have pages of their own
ROOM = Room(lines=12, letters=10_400)
WAITS = frozenset({"await_part", "await_access", "await_season"})
#: what a form is opened for, besides the moves
ASSIGN, URGENCY, TOPIC = "assign", "urgency", "topic"
#: of the moves that close, those that stand among the others
PLAIN_CLOSES = frozenset({"confirm"})


@dataclass(frozen=True)
class Buttons:
    """The moves as the page offers them: the likely one first, waits and closings in groups of their own."""

    main: tuple[Move, ...]
    waits: tuple[Move, ...]
    closes: tuple[Move, ...]


def arrange(moves: Sequence[Move]) -> Buttons:
    """Sort the moves into the groups of the page."""
    closes = tuple(move for move in moves if move.closes and move.name not in PLAIN_CLOSES)
    waits = tuple(move for move in moves if move.name in WAITS)
    return Buttons(tuple(move for move in moves if move not in closes and move not in waits), waits, closes)


@dataclass(frozen=True)
class Meanwhile:
    """What happened after the reader's form was drawn."""

    lines: tuple[TimelineLine, ...]


@dataclass
class CasePage:
    """Everything the page of a case shows."""

    case: Case
    parts: Parts
    facts: Facts
    #: what only a case of this kind shows
    side: DefectSide | EnquirySide
    #: how the case began, where the lines after it do not reach back to it
    began: list[TimelineLine]
    timeline: list[TimelineLine]
    #: where the page of earlier lines begins; none: there are no others
    before: int | None
    moves: tuple[Move, ...]
    neighbours: Neighbours | None
    is_name_hidden: bool
    now: datetime
    reply: ReplyForm
    note: NoteForm | None
    press: PressForm
    #: the form that is open, what for, and the move it makes
    opened: CaseForm | None = None
    opened_for: str | None = None
    opened_move: Move | None = None
    meanwhile: Meanwhile | None = None
    photos: list[FileLine] = field(default_factory=list)

    @property
    def is_clerk(self) -> bool:
        """Whether the reader works the case for the landlord."""
        return Part.CLERK in self.parts

    @property
    def buttons(self) -> Buttons:
        """The moves in their groups."""
        return arrange(self.moves)

    @property
    def owner(self) -> str:
        """The resident's name, or that it is not for this reader."""
        if self.is_name_hidden:
            return str(_("Name protected"))
        return f"{self.facts.owner_first_names} {self.facts.owner_last_name}"


def show_page(actor: Actor, case: Case, *, now: datetime | None = None, before: int | None = None) -> CasePage:
    """The page as it is drawn anew, with empty forms; or of the lines before one of them."""
    now = now or clock.now()
    parts = parts_in(actor, case, now=now)
    is_clerk = Part.CLERK in parts
    facts = get_facts(actor, case)
    is_hidden = not is_clerk or (facts.owner_is_protected and not actor.may(Permission.PROTECTED_SEE))
    timeline = list_timeline(actor, case, parts, room=ROOM, before=before)
    lines = read_timeline(timeline.shown)
    first = 1 if timeline.opening else 0
    page = CasePage(
        case=case,
        parts=parts,
        facts=facts,
        side=SIDES[case.kind](Beside(case, facts, is_clerk=is_clerk, is_hidden=is_hidden, now=now)),
        began=lines[:first],
        timeline=lines[first:],
        before=timeline.before,
        moves=available_moves(actor, case, now=now),
        neighbours=list_neighbours(actor, case) if is_clerk else None,
        is_name_hidden=is_hidden,
        now=now,
        reply=ReplyForm(formdata=None),
        note=NoteForm(formdata=None) if is_clerk else None,
        press=PressForm(formdata=None),
        photos=[file for line in lines for file in line.entry.files],
    )
    for form in (page.reply, page.note, page.press):
        if form is not None:
            form.draw(version=case.version, seen=case.last_event_id)
    return page


def find_move(moves: Sequence[Move], name: str) -> Move | None:
    """The move of this name, where it can be made."""
    return next((move for move in moves if move.name == name), None)


def make_offers(move: Move) -> Offers:
    """What the move's fields offer: read only where it has such fields."""
    contractors: list[SelectChoice] = []
    rules: list[SelectChoice] = []
    prices: Mapping[int, int] = {}
    if Needs.CONTRACTOR in move.needs:
        contractors = [SelectChoice(str(each.id), each.name) for each in list_companies()]
    if Needs.RULE in move.needs:
        found = list_upkeep_rules(on=clock.today())
        rules = [SelectChoice(str(rule.id), _with_price(rule_text(rule), rule.price_cents)) for rule in found]
        prices = {rule.id: rule.price_cents for rule in found if rule.price_cents is not None}
    return Offers(contractors, rules, prices)


def _with_price(text: str, cents: int | None) -> str:
    return text if cents is None else f"{text} {formats.write_money(cents)}"


def open_form(actor: Actor, page: CasePage, wanted: str) -> None:
    """Open the form that an address asks for; nothing where the reader has no such thing to do now."""
    form: Any = None
    if wanted == ASSIGN and page.is_clerk and actor.may(Permission.CASE_ASSIGN_OTHERS):
        form = AssignForm(formdata=None)
        form.offer(list_handlers())
        form.handler.data = str(page.case.handler_id or "")
    elif wanted == URGENCY and page.is_clerk and not page.case.is_closed and isinstance(page.side, DefectSide):
        form = UrgencyForm(formdata=None)
    elif wanted == TOPIC and page.is_clerk and not page.case.is_closed and isinstance(page.side, EnquirySide):
        form = TopicForm(formdata=None)
        form.offer(list_topics(), without=page.side.topic.id)
    elif (move := find_move(page.moves, wanted)) is not None:
        form = MoveForm(formdata=None)
        form.fit(move, make_offers(move))
        page.opened_move = move
    if form is not None:
        form.draw(version=page.case.version, seen=page.case.last_event_id)
        page.opened, page.opened_for = form, wanted


def leave_look(actor: Actor, page: CasePage) -> None:
    """Enter in the audit log that the reader looked at the case; looks within ten minutes count as one."""
    if page.is_clerk:
        leave_seen(page.case, now=page.now)
    last = page.facts.last_look_at
    if last is not None and page.now - last < SAME_LOOK:
        return
    line = make_line(
        AuditAction.CASE_VIEWED, account_id=actor.account_id, person_id=page.case.owner_id, case_id=page.case.id
    )
    with footprint(db) as connection:
        append_lines(connection, [line])
