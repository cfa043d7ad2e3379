"""Read the timeline of a case, newest lines first and a page at a time: a page costs the same after years of talk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
    true,
    union,
)

from heka_portal.database import at_most
from heka_portal.domain.access import Actor, Permission
from heka_portal.domain.attachments.queries import FileLine, list_files
from heka_portal.domain.cases.rules import (
    SEEN_BY_CONTRACTOR,
    SEEN_BY_FOLLOWER,
    Sight,
    shows_event,
    shows_text,
    sight_of,
)
from heka_portal.domain.cases.workflow import CHECKED, Parts
from heka_portal.domain.cases.workflows.defects import REOPENING
from heka_portal.extensions import db
from heka_portal.models.accounts import Account, Contractor, StaffMember
from heka_portal.models.cases import Case, CaseEvent
from heka_portal.models.people import Person
from heka_portal.vocabulary import DefectState, Part, Verb, Visibility

#: an id after every event
AFTER_ALL = 2**63 - 1
#: what a line and a file weigh beside the letters of a text
LINE_WEIGHT = 200
FILE_WEIGHT = 300


@dataclass(frozen=True)
class Entry:
    """A line of the timeline as one reader sees it."""

    id: int
    at: datetime
    verb: Verb
    move: str | None
    part: Part
    who: str | None
    is_mine: bool
    is_note: bool
    text: str | None
    to_state: str | None
    data: Mapping[str, Any]
    files: tuple[FileLine, ...] = ()

    @property
    def weight(self) -> int:
        """How much of a page it takes, in letters; its markup counts as some."""
        return LINE_WEIGHT + len(self.text or "") + FILE_WEIGHT * len(self.files)


@dataclass(frozen=True)
class Room:
    """How much of a timeline stands on one page: lines, and the letters in them."""

    lines: int
    letters: int


#: of a resident's page
ROOM = Room(lines=12, letters=3_600)


@dataclass(frozen=True)
class Timeline:
    """A page of a timeline, oldest line first."""

    entries: tuple[Entry, ...]
    #: the lines that what is said of the whole case follows from; those of the page, and some older ones
    turns: tuple[Entry, ...]
    #: where the page of the lines before these begins; none: there are no others
    before: int | None = None
    #: how the case began, where that line is not among the entries
    opening: Entry | None = None

    @property
    def shown(self) -> tuple[Entry, ...]:
        """Every line that the page shows."""
        return (self.opening, *self.entries) if self.opening else self.entries


_SEEN: Mapping[Sight, ColumnElement[bool]] = {
    Sight.ALL: true(),
    Sight.PUBLIC: CaseEvent.visibility == Visibility.EVERYONE,
    Sight.JOB: and_(
        CaseEvent.visibility == Visibility.EVERYONE,
        or_(CaseEvent.verb.in_(SEEN_BY_CONTRACTOR), CaseEvent.actor_id == bindparam("account_id")),
    ),
    Sight.STEPS: and_(CaseEvent.visibility == Visibility.EVERYONE, CaseEvent.verb.in_(SEEN_BY_FOLLOWER)),
}


def _ids(sight: Sight, *of: ColumnElement[bool]) -> Select[int]:
    return select(CaseEvent.id).where(CaseEvent.case_id == bindparam("case_id"), _SEEN[sight], *of)


def _newest(sight: Sight) -> Select[int]:
    before = CaseEvent.id < bindparam("before", type_=BigInteger)
    return _ids(sight, before).order_by(CaseEvent.id.desc()).limit(at_most("limit"))


def _turns(sight: Sight) -> tuple[Select[int], ...]:
    """One line each: how the case began, how its present round did, its last repair or answer and its last closing."""
    newest, oldest = CaseEvent.id.desc(), CaseEvent.id
    again = CaseEvent.move.in_(sorted(REOPENING))
    round_ = CaseEvent.id > func.coalesce(_ids(sight, again).order_by(newest).limit(at_most(1)).scalar_subquery(), 0)
    is_done = CaseEvent.to_state.in_(sorted(CHECKED))
    return (
        _ids(sight, CaseEvent.verb == Verb.OPENED).order_by(oldest).limit(at_most(1)),
        _ids(sight, again).order_by(newest).limit(at_most(1)),
        _ids(sight, round_, CaseEvent.move.is_not(None), ~is_done).order_by(oldest).limit(at_most(1)),
        _ids(sight, round_, is_done).order_by(newest).limit(at_most(1)),
        _ids(sight, CaseEvent.to_state == DefectState.CLOSED).order_by(newest).limit(at_most(1)),
    )


def _lines_of(ids: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(
            CaseEvent.id,
            CaseEvent.at,
            CaseEvent.verb,
            CaseEvent.move,
            CaseEvent.part,
            CaseEvent.actor_id,
            CaseEvent.visibility,
            CaseEvent.text,
            CaseEvent.to_state,
            CaseEvent.data,
            Person.first_names,
            Person.last_name,
            Person.is_protected,
            StaffMember.name.label("staff_name"),
            Contractor.name.label("company"),
        )
        .select_from(CaseEvent)
        .outerjoin(Account, Account.id == CaseEvent.actor_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .outerjoin(StaffMember, StaffMember.id == Account.staff_member_id)
        .outerjoin(Contractor, Contractor.id == StaffMember.contractor_id)
        .where(CaseEvent.id.in_(ids))
        .order_by(CaseEvent.id)
    )


def _latest_lines(sight: Sight) -> Select[*tuple[Any, ...]]:
    # one statement, so that a page sends as many for a long case as for a short one
    return _lines_of(union(*(part.subquery().select() for part in (_newest(sight), *_turns(sight)))))


_LATEST = {sight: _latest_lines(sight) for sight in Sight}
_EARLIER = {sight: _lines_of(_newest(sight).subquery().select()) for sight in Sight}


def list_timeline(actor: Actor, case: Case, parts: Parts, *, room: Room = ROOM, before: int | None = None) -> Timeline:
    """The newest lines of a case as the actor sees it, or the newest of those before an event."""
    entries = _read(actor, case, parts, limit=room.lines + 1, before=before)
    newest = entries[-room.lines - 1 :]
    opening = next((entry for entry in entries if entry.verb is Verb.OPENED), None) if before is None else None
    shown = _that_fit(newest[-room.lines :], room.letters)
    if opening and opening not in shown:
        shown = _that_fit(newest[-room.lines :], room.letters - opening.weight)
    older = [entry for entry in newest if entry.id < shown[0].id] if shown else []
    if opening is None or opening in shown:
        return Timeline(shown, tuple(entries), shown[0].id if older else None)
    return Timeline(shown, tuple(entries), shown[0].id if older != [opening] else None, opening)


def _read(actor: Actor, case: Case, parts: Parts, *, limit: int, before: int | None) -> list[Entry]:
    statement = (_LATEST if before is None else _EARLIER)[sight_of(parts)]
    given = {"case_id": case.id, "account_id": actor.account_id, "before": before or AFTER_ALL, "limit": limit}
    # the statement has narrowed the lines to these parts; the rule itself has the last word
    rows = [
        row
        for row in db.session.execute(statement, given)
        if shows_event(parts, verb=row.verb, visibility=row.visibility, is_own=row.actor_id == actor.account_id)
    ]
    with_text = {row.id for row in rows if shows_text(parts, verb=row.verb, is_own=row.actor_id == actor.account_id)}
    files = list_files(with_text)
    return [_to_entry(actor, row, row.id in with_text, tuple(files.get(row.id, ())), parts) for row in rows]


def _that_fit(entries: Sequence[Entry], letters: int) -> tuple[Entry, ...]:
    """The newest of them that fit on a page together; one in any case."""
    taken = 0
    for count, entry in enumerate(reversed(entries)):
        taken += entry.weight
        if count and taken > letters:
            return tuple(entries[-count:])
    return tuple(entries)


def _to_entry(actor: Actor, row: Any, with_text: bool, files: tuple[FileLine, ...], parts: Parts) -> Entry:
    return Entry(
        id=row.id,
        at=row.at,
        verb=row.verb,
        move=row.move,
        part=row.part,
        who=_who(actor, row, parts),
        is_mine=row.actor_id is not None and row.actor_id == actor.account_id,
        is_note=row.visibility is Visibility.STAFF and row.verb is Verb.NOTED,
        text=row.text if with_text else None,
        to_state=row.to_state,
        data=row.data,
        files=files,
    )


def _who(actor: Actor, row: Any, parts: Parts) -> str | None:
    """Staff go by first name to residents; a resident's name is not shown to contractors and followers.

    A protected person's is shown to staff of named roles only.
    """
    if row.staff_name:
        name = row.staff_name if Part.CLERK in parts else row.staff_name.split(" ")[0]
        return f"{name}, {row.company}" if row.company else name
    if row.is_protected and Part.CLERK in parts and not actor.may(Permission.PROTECTED_SEE):
        return None
    if row.first_names and parts & {Part.CLERK, Part.OWNER, Part.HOUSEHOLD}:
        return f"{row.first_names.split(' ')[0]} {row.last_name}"
    return None
