"""The one writer of a case's state: make one move of its workflow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from heka_portal.clock import date_in_helsinki
from heka_portal.domain.access import Actor
from heka_portal.domain.cases.deadlines import CHECK_DAYS, LOOK_AGAIN_DAYS, Deadline, Target, close_of
from heka_portal.domain.cases.operations import check_version, main_part, once, record
from heka_portal.domain.cases.queries import parts_in
from heka_portal.domain.cases.recording import record_moves
from heka_portal.domain.cases.telling import kind_of, mail_participants_of_many, tell
from heka_portal.domain.cases.workflow import CHECKED, Move, Needs, Workflow, check_needs
from heka_portal.domain.cases.workflows.defects import DEFECTS
from heka_portal.domain.cases.workflows.enquiries import ENQUIRIES
from heka_portal.domain.errors import DetailNeeded
from heka_portal.extensions import db
from heka_portal.models.cases import Case, CaseEvent
from heka_portal.vocabulary import CaseKind, Fault, Part, Place, Verb

WORKFLOWS: dict[CaseKind, Workflow] = {CaseKind.DEFECT: DEFECTS, CaseKind.ENQUIRY: ENQUIRIES}


@dataclass(frozen=True)
class Details:
    """What comes with a move: each move says in its row what it cannot be made without."""

    text: str = ""
    visit_from: datetime | None = None
    visit_to: datetime | None = None
    contractor_id: int | None = None
    look_again_on: date | None = None
    rule_id: int | None = None
    price_cents: int | None = None
    other_number: int | None = None
    place: Place | None = None
    fault: Fault | None = None
    version: int | None = None
    form_key: str | None = None

    @property
    def given(self) -> Needs:
        """What is given, to compare with what is needed."""
        found = Needs.NOTHING
        for need, value in (
            (Needs.TEXT, self.text.strip()),
            (Needs.VISIT, self.visit_from and self.visit_to),
            (Needs.CONTRACTOR, self.contractor_id),
            (Needs.DAY, self.look_again_on),
            (Needs.RULE, self.rule_id),
            (Needs.CASE, self.other_number),
            (Needs.DEFECT, self.place and self.fault),
        ):
            if value:
                found |= need
        return found

    def check_days(self, now: datetime) -> None:
        """A visit ends after it begins, and neither it nor the day to look again has passed. Raises DetailNeeded."""
        if self.visit_from and self.visit_to and not now - timedelta(hours=12) <= self.visit_from < self.visit_to:
            raise DetailNeeded("visit")
        if self.look_again_on and self.look_again_on <= date_in_helsinki(now):
            raise DetailNeeded("day")

    def as_data(self) -> dict[str, object]:
        """What the timeline's line keeps."""
        kept: dict[str, object] = {
            "visit_from": self.visit_from.isoformat() if self.visit_from else None,
            "visit_to": self.visit_to.isoformat() if self.visit_to else None,
            "contractor_id": self.contractor_id,
            "look_again_on": self.look_again_on.isoformat() if self.look_again_on else None,
            "rule_id": self.rule_id,
            "price_cents": self.price_cents,
            "other_number": self.other_number,
        }
        return {name: value for name, value in kept.items() if value is not None}


def available_moves(actor: Actor, case: Case, *, now: datetime) -> tuple[Move, ...]:
    """The moves the actor may make now, the likely one first."""
    return WORKFLOWS[case.kind].available(case.state, parts_in(actor, case, now=now))


def move_case(
    actor: Actor | None, case: Case, *, move: str, details: Details, target: Target, now: datetime
) -> tuple[Move, CaseEvent]:
    """Make one move of the case's workflow. Raises IllegalMove, DetailNeeded, Changed, AlreadyDone."""
    parts = parts_in(actor, case, now=now) if actor else frozenset({Part.WORKER})
    with once(details.form_key):
        check_version(case, details.version)
        step = WORKFLOWS[case.kind].find(move, case.state, parts)
        check_needs(step, details.given)
        details.check_days(now)
        before = case.state
        _turn(case, step, details, target, now)
        event = record(
            actor,
            case,
            Verb.MOVED,
            part=main_part(parts & step.by),
            move=step.name,
            text=details.text,
            from_state=before,
            to_state=step.target,
            data={**details.as_data(), **({"outcome": str(step.outcome)} if step.outcome else {})},
            form_key=details.form_key,
            now=now,
        )
        db.session.flush()
    tell(case, step, except_account=actor.account_id if actor else None)
    return step, event


def move_many(
    cases: Sequence[Case], *, move: str, target_of: Callable[[Case], Target], now: datetime
) -> Sequence[CaseEvent]:
    """The worker's move of many cases whose rows it has locked: as `move_case` for each, with a statement a table.

    Raises IllegalMove, DetailNeeded: the caller rolls back, for some have been moved.
    """
    details, parts = Details(), frozenset({Part.WORKER})
    steps, before = [], [case.state for case in cases]
    for case in cases:
        step = WORKFLOWS[case.kind].find(move, case.state, parts)
        check_needs(step, details.given)
        _turn(case, step, details, target_of(case), now)
        steps.append(step)
    events = record_moves(zip(cases, steps, before, strict=True), now=now)
    db.session.flush()
    told = zip(cases, map(kind_of, steps), strict=True)
    mail_participants_of_many({case.id: (case.number, kind) for case, kind in told if kind is not None})
    return events


def _turn(case: Case, step: Move, details: Details, target: Target, now: datetime) -> None:
    case.state = step.target
    case.awaits = step.awaits
    case.outcome = step.outcome
    case.closed_at = now if step.closes else None
    turned = Deadline(case.due_at, case.target_at, case.paused_at).turn(
        step.clock, now=now, target=target, look_again_at=_look_again(step, details, now)
    )
    case.due_at, case.target_at, case.paused_at = turned.due_at, turned.target_at, turned.paused_at


def _look_again(step: Move, details: Details, now: datetime) -> datetime:
    """When a paused case is looked at again: the day given, the end of the resident's check, or in a week."""
    if details.look_again_on is not None:
        return close_of(details.look_again_on)
    if step.target in CHECKED:
        return now + timedelta(days=CHECK_DAYS)
    return close_of(date_in_helsinki(now) + timedelta(days=LOOK_AGAIN_DAYS))
