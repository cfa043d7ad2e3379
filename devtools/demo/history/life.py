"""The life of one case in memory: each step does to it what the domain's operation of that name would."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache
from random import Random
from typing import Any, NamedTuple

from devtools.demo.history.town import Home, Place, Resident
from heka_portal.clock import date_in_helsinki
from heka_portal.domain.cases.deadlines import CHECK_DAYS, LOOK_AGAIN_DAYS, Deadline, Target, close_of
from heka_portal.domain.cases.workflow import Move
from heka_portal.domain.cases.workflows.defects import DEFECTS, REOPENING
from heka_portal.domain.defects.operations import BACK_TO_MANAGER
from heka_portal.vocabulary import CaseQueue, DefectState, Part, ParticipantRole, Verb, Visibility

EVERYONE, STAFF = str(Visibility.EVERYONE), str(Visibility.STAFF)
RESIDENT_PARTS = frozenset({str(Part.OWNER), str(Part.HOUSEHOLD), str(Part.FOLLOWER)})
DONE = str(DefectState.DONE)


class Line(NamedTuple):
    """One event, before it has an id."""

    at: datetime
    actor_id: int | None
    part: str
    verb: str
    move: str | None
    visibility: str
    text: str | None
    from_state: str | None
    to_state: str | None
    data: dict[str, Any]
    form_key: str | None


class Follower:
    """One who takes part, and the place of the last line they have seen."""

    __slots__ = ("joined_at", "person_id", "role", "seen")

    def __init__(self, person_id: int, role: str, joined_at: datetime, seen: int) -> None:
        self.person_id, self.role, self.joined_at, self.seen = person_id, role, joined_at, seen


@cache
def find_move(name: str, state: str, part: Part) -> Move:
    """The row of the workflow's table. Raises IllegalMove."""
    return DEFECTS.find(name, state, frozenset({part}))


class Life:
    """One defect from its report on."""

    def __init__(
        self,
        dice: Random,
        *,
        index: int,
        number: int,
        place: Place,
        home: Home | None,
        owner: Resident,
        urgency: str,
        target: Target,
        opened_at: datetime,
    ) -> None:
        self.dice, self.index, self.number = dice, index, number
        self.place, self.home, self.owner = place, home, owner
        self.urgency, self.target, self.opened_at = urgency, target, opened_at
        self.state, self.awaits = str(DEFECTS.initial), "staff"
        due = target.due(opened_at)
        self.clock = Deadline(due, due)
        self.outcome: str | None = None
        self.closed_at: datetime | None = None
        self.queue = str(CaseQueue.DEFECTS)
        self.handler_id: int | None = None
        self.contractor_id: int | None = None
        self.duplicate_of_id: int | None = None
        self.reopened_count = 0
        self.unread_by_staff = True
        self.visit: tuple[datetime, datetime] | None = None
        self.done_at: datetime | None = None
        self.lines: list[Line] = []
        self.last_public = 0
        self.words: list[str] = []
        # The insert is the first version, the keeping of the first line the second.
        self.version = 1
        self.people = [Follower(owner.person_id, str(ParticipantRole.OWNER), opened_at, 0)]

    @property
    def at(self) -> datetime:
        """When the last thing happened."""
        return self.lines[-1].at

    @property
    def is_open(self) -> bool:
        """Whether it has not been closed."""
        return self.closed_at is None

    def _record(
        self,
        at: datetime,
        actor_id: int | None,
        part: Part,
        verb: Verb,
        *,
        text: str | None = None,
        visibility: str = EVERYONE,
        move: str | None = None,
        from_state: str | None = None,
        to_state: str | None = None,
        data: dict[str, Any] | None = None,
        person_id: int | None = None,
    ) -> None:
        key = base64.urlsafe_b64encode(self.dice.randbytes(24)).decode() if actor_id is not None else None
        side = str(part)
        self.lines.append(
            Line(at, actor_id, side, str(verb), move, visibility, text or None, from_state, to_state, data or {}, key)
        )
        if visibility == EVERYONE:
            self.last_public = len(self.lines) - 1
            if text or verb is Verb.OPENED:
                self.words.append(text or "")
        if side in RESIDENT_PARTS:
            self.unread_by_staff = True
        elif actor_id is not None:
            self.unread_by_staff = part is Part.CONTRACTOR
        self.version += 1
        if person_id is not None and verb is not Verb.OPENED:
            self.see(person_id)

    def see(self, person_id: int) -> None:
        """One who takes part has seen the last line."""
        for one in self.people:
            if one.person_id == person_id:
                one.seen = len(self.lines) - 1

    def open(self, description: str) -> None:
        """The report itself."""
        self._record(
            self.opened_at, self.owner.account_id, Part.OWNER, Verb.OPENED, text=description, to_state=self.state
        )

    def say(self, at: datetime, actor_id: int, part: Part, text: str, person_id: int | None = None) -> None:
        """A word in the conversation."""
        self._record(at, actor_id, part, Verb.SAID, text=text, person_id=person_id)

    def note(self, at: datetime, actor_id: int, text: str) -> None:
        """A note of staff's."""
        self._record(at, actor_id, Part.CLERK, Verb.NOTED, text=text, visibility=STAFF)

    def assign(self, at: datetime, actor_id: int, staff_id: int) -> None:
        """Give it to a handler."""
        self.handler_id = staff_id
        self._record(at, actor_id, Part.CLERK, Verb.ASSIGNED, visibility=STAFF, data={"staff_id": staff_id})

    def follow(self, at: datetime, follower: Resident) -> None:
        """A neighbour follows a common area's case."""
        if any(one.person_id == follower.person_id for one in self.people):
            return
        self.people.append(Follower(follower.person_id, str(ParticipantRole.FOLLOWER), at, self.last_public))
        self._record(
            at, follower.account_id, Part.FOLLOWER, Verb.FOLLOWED, visibility=STAFF, person_id=follower.person_id
        )

    def change_urgency(self, at: datetime, actor_id: int, urgency: str, target: Target, reason: str) -> None:
        """Another urgency: the target is counted anew from opening."""
        before, self.urgency, self.target = self.urgency, urgency, target
        due = target.due(self.opened_at)
        self.clock = Deadline(due if self.clock.paused_at is None else self.clock.due_at, due, self.clock.paused_at)
        self._record(
            at,
            actor_id,
            Part.CLERK,
            Verb.URGENCY_CHANGED,
            text=reason,
            visibility=STAFF,
            data={"from": before, "to": urgency},
        )

    def move(
        self,
        name: str,
        at: datetime,
        part: Part,
        actor_id: int | None,
        *,
        text: str = "",
        visit: tuple[datetime, datetime] | None = None,
        contractor_id: int | None = None,
        look_again_on: date | None = None,
        data: Iterable[tuple[str, object]] = (),
        duplicate_of_id: int | None = None,
        person_id: int | None = None,
    ) -> None:
        """One move of the workflow, with what a defect keeps for it. Raises IllegalMove."""
        step = find_move(name, self.state, part)
        kept: dict[str, Any] = {}
        if visit:
            kept["visit_from"], kept["visit_to"] = visit[0].isoformat(), visit[1].isoformat()
        if contractor_id is not None:
            kept["contractor_id"] = contractor_id
        if look_again_on is not None:
            kept["look_again_on"] = look_again_on.isoformat()
        kept.update(data)
        if step.outcome:
            kept["outcome"] = str(step.outcome)
        before = self.state
        self._turn(step, at, look_again_on)
        self._record(
            at,
            actor_id,
            part,
            Verb.MOVED,
            text=text,
            move=name,
            from_state=before,
            to_state=self.state,
            data=kept,
            person_id=person_id,
        )
        self._keep(name, at, visit, contractor_id, duplicate_of_id)

    def _turn(self, step: Move, at: datetime, look_again_on: date | None) -> None:
        self.state, self.awaits = str(step.target), str(step.awaits)
        self.outcome = str(step.outcome) if step.outcome else None
        self.closed_at = at if step.closes else None
        if look_again_on is not None:
            look_again_at = close_of(look_again_on)
        elif self.state == DONE:
            look_again_at = at + timedelta(days=CHECK_DAYS)
        else:
            look_again_at = close_of(date_in_helsinki(at) + timedelta(days=LOOK_AGAIN_DAYS))
        self.clock = self.clock.turn(step.clock, now=at, target=self.target, look_again_at=look_again_at)

    def _keep(
        self,
        name: str,
        at: datetime,
        visit: tuple[datetime, datetime] | None,
        contractor_id: int | None,
        duplicate_of_id: int | None,
    ) -> None:
        before = (self.visit, self.contractor_id, self.done_at, self.reopened_count, self.duplicate_of_id)
        if name == "schedule":
            self.visit = visit
        elif name == "order":
            self.contractor_id = contractor_id
        elif self.state == DONE:
            self.done_at = at
        elif name in REOPENING:
            self.reopened_count += 1
            # The count is written before the rest.
            self.version += self.done_at is not None or self.visit is not None
            self.done_at = self.visit = None
            if self.reopened_count >= BACK_TO_MANAGER:
                self.queue = str(CaseQueue.BUILDING_MANAGEMENT)
        elif duplicate_of_id is not None:
            self.duplicate_of_id = duplicate_of_id
        kept = (self.visit, self.contractor_id, self.done_at, self.reopened_count, self.duplicate_of_id)
        self.version += before != kept
