"""Read one case and its timeline; each query takes the actor and returns only what the actor may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update

from heka_portal import clock
from heka_portal.database import footprint
from heka_portal.domain.access import Actor, Permission
from heka_portal.domain.attachments.queries import FileLine, list_files
from heka_portal.domain.cases.rules import Standing, parts_of, shows_event, shows_text
from heka_portal.domain.cases.workflow import Parts
from heka_portal.domain.errors import NotFound
from heka_portal.extensions import db
from heka_portal.models.accounts import Account, Contractor, StaffMember
from heka_portal.models.cases import Case, CaseEvent, CaseParticipant
from heka_portal.models.people import Person
from heka_portal.vocabulary import Part, ParticipantRole, Verb, Visibility

_FOLLOWS = select(CaseParticipant.role).where(
    CaseParticipant.person_id == bindparam("person_id"), CaseParticipant.case_id == bindparam("case_id")
)


def parts_in(actor: Actor, case: Case, *, now: datetime | None = None) -> Parts:
    """The parts the actor has in the case; none: it is not theirs to see."""
    follows = None
    if actor.person_id is not None and case.lease_id is None and case.owner_id != actor.person_id:
        follows = db.session.scalar(_FOLLOWS, {"person_id": actor.person_id, "case_id": case.id})
    return parts_of(actor, standing_of(case, follows), now=now or clock.now())


def standing_of(case: Case, follows_as: ParticipantRole | None = None) -> Standing:
    """What a part in this case follows from."""
    return Standing(
        case.owner_id, case.lease_id, case.building_id, case.audience, case.contractor_id, case.closed_at, follows_as
    )


def check_visible(actor: Actor, case: Case | None, *, now: datetime | None = None) -> Parts:
    """The actor's parts in a case they may see. Raises NotFound, for absent and for another's alike."""
    parts = parts_in(actor, case, now=now) if case is not None else frozenset()
    if not parts:
        raise NotFound
    return parts


def get_case(actor: Actor, number: int, *, for_update: bool = False) -> Case:
    """A case the actor may see, by its number. Raises NotFound."""
    statement = select(Case).where(Case.number == number)
    case = db.session.scalar(statement.with_for_update(of=Case) if for_update else statement)
    check_visible(actor, case)
    assert case is not None  # noqa: S101 - check_visible has raised otherwise
    return case


def get_case_by_id(actor: Actor, case_id: int) -> Case:
    """A case the actor may see, by its id: for what hangs on it, a file. Raises NotFound."""
    case = db.session.get(Case, case_id)
    check_visible(actor, case)
    assert case is not None  # noqa: S101 - check_visible has raised otherwise
    return case


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


_TIMELINE = (
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
    .where(CaseEvent.case_id == bindparam("case_id"))
    .order_by(CaseEvent.id)
)


def list_timeline(actor: Actor, case: Case, parts: Parts) -> list[Entry]:
    """The timeline of a case as the actor sees it, oldest first."""
    rows = [
        row
        for row in db.session.execute(_TIMELINE, {"case_id": case.id})
        if shows_event(parts, verb=row.verb, visibility=row.visibility, is_own=row.actor_id == actor.account_id)
    ]
    with_text = {row.id for row in rows if shows_text(parts, verb=row.verb, is_own=row.actor_id == actor.account_id)}
    files = list_files(with_text)
    return [_to_entry(actor, row, row.id in with_text, tuple(files.get(row.id, ())), parts) for row in rows]


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


def mark_read(actor: Actor, case: Case) -> None:
    """Leave the read mark of a participant: a footprint, in a transaction of its own."""
    if actor.person_id is None or case.last_public_event_id is None:
        return
    with footprint(db) as connection:
        connection.execute(
            update(CaseParticipant.__table__)  # type: ignore[arg-type]
            .where(
                CaseParticipant.person_id == actor.person_id,
                CaseParticipant.case_id == case.id,
                func.coalesce(CaseParticipant.seen_event_id, 0) < case.last_public_event_id,
            )
            .values(seen_event_id=case.last_public_event_id)
        )


def is_unread(actor: Actor, case: Case) -> bool:
    """Whether the participant has not seen the case's last public event."""
    if actor.person_id is None:
        return False
    seen = db.session.execute(
        select(CaseParticipant.seen_event_id).where(
            CaseParticipant.person_id == actor.person_id, CaseParticipant.case_id == case.id
        )
    ).first()
    return seen is not None and (seen[0] or 0) < (case.last_public_event_id or 0)
