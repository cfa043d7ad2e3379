"""Write cases: open, say, note, assign, follow. With `moves.py` the one writer of events and states."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from heka_portal import clock
from heka_portal.domain.access import Actor
from heka_portal.domain.audit.operations import record_audit
from heka_portal.domain.cases.queries import parts_in
from heka_portal.domain.cases.rules import draw_number, may_write
from heka_portal.domain.cases.telling import mail_participants
from heka_portal.domain.cases.words import folded, searchable
from heka_portal.domain.errors import AlreadyDone, Changed, NotAllowed
from heka_portal.extensions import db
from heka_portal.models.accounts import StaffMember
from heka_portal.models.cases import Case, CaseEvent, CaseParticipant, CaseText
from heka_portal.models.homes import Apartment, Building
from heka_portal.models.people import Person
from heka_portal.vocabulary import (
    AuditAction,
    Channel,
    MailKind,
    Part,
    ParticipantRole,
    Verb,
    Visibility,
)

_EVENTS = insert(CaseEvent.__table__).returning(  # type: ignore[arg-type]
    CaseEvent.id, sort_by_parameter_order=True
)
_EVENT_COLUMNS = [column.name for column in CaseEvent.__table__.columns if not column.primary_key]
_TEXT = insert(CaseText.__table__)  # type: ignore[arg-type]
_PARTICIPANT = insert(CaseParticipant.__table__)  # type: ignore[arg-type]
_FIRST_WORDS = (
    select(
        Person.is_protected,
        Person.first_names,
        Person.last_name,
        Building.street_address,
        Building.name,
        Apartment.staircase,
        Apartment.number,
    )
    .select_from(Building)
    .join(Person, Person.id == bindparam("owner_id"))
    .outerjoin(Apartment, Apartment.id == bindparam("apartment_id"))
    .where(Building.id == bindparam("building_id"))
)

RESIDENTS = frozenset({Part.OWNER, Part.HOUSEHOLD, Part.FOLLOWER})


@contextmanager
def once(form_key: str | None, *, asks_first: bool = True) -> Iterator[None]:
    """Let a submission through once: the same key again raises AlreadyDone with the first one's case.

    What checks nothing before it writes need not ask first: the unique key of its event answers.
    """
    if form_key is None:
        yield
        return
    if asks_first:
        raise_if_done(form_key)
    try:
        with db.session.begin_nested():
            yield
    except IntegrityError:
        raise_if_done(form_key)
        raise


def raise_if_done(form_key: str) -> None:
    """Raise AlreadyDone where an event was made with this key."""
    number = db.session.scalar(
        select(Case.number).join(CaseEvent, CaseEvent.case_id == Case.id).where(CaseEvent.form_key == form_key)
    )
    if number is not None:
        raise AlreadyDone(number)


def check_version(case: Case, version: int | None) -> None:
    """Whether the case is still as it was when the form was drawn. Raises Changed."""
    if version is not None and case.version != version:
        raise Changed


def fresh_number() -> int:
    """A number no case has."""
    while True:
        number = draw_number()
        if db.session.scalar(select(Case.id).where(Case.number == number)) is None:
            return number


def open_case(
    actor: Actor | None,
    case: Case,
    *,
    text: str,
    form_key: str | None,
    now: datetime,
    channel: Channel | None = None,
    data: Mapping[str, Any] | None = None,
) -> CaseEvent:
    """Begin a case: its number, its owner's part, its first event, and the owner's confirmation mail.

    With a channel it is customer service that writes down what the owner told there.
    """
    case.number = fresh_number()
    case.created_at = case.updated_at = case.last_event_at = now
    db.session.add(case)
    db.session.flush()
    event = record(
        actor,
        case,
        Verb.OPENED,
        part=Part.OWNER if actor is None or actor.person_id is not None else Part.CLERK,
        text=text,
        to_state=case.state,
        data={**(data or {}), **({"channel": str(channel)} if channel else {})},
        form_key=form_key,
        now=now,
    )
    is_own = actor is not None and actor.person_id == case.owner_id
    owner = {
        "person_id": case.owner_id,
        "case_id": case.id,
        "role": ParticipantRole.OWNER,
        "seen_event_id": event.id if is_own else None,
        "created_at": now,
    }
    db.session.connection().execute(_PARTICIPANT, owner)
    mail_participants(case, MailKind.CASE_RECEIVED)
    return event


def record(
    actor: Actor | None,
    case: Case,
    verb: Verb,
    *,
    part: Part,
    now: datetime,
    text: str | None = None,
    visibility: Visibility = Visibility.EVERYONE,
    move: str | None = None,
    from_state: str | None = None,
    to_state: str | None = None,
    data: Mapping[str, Any] | None = None,
    form_key: str | None = None,
) -> CaseEvent:
    """Add a line to the timeline, keep the case's last event and words, and enter it in the audit log."""
    event = CaseEvent(
        case_id=case.id,
        at=now,
        actor_id=actor.account_id if actor else None,
        part=part,
        verb=verb,
        move=move,
        visibility=visibility,
        text=text or None,
        from_state=from_state,
        to_state=to_state,
        data=dict(data or {}),
        form_key=form_key,
    )
    insert_events([event])
    keep_last(case, event, is_public=visibility is Visibility.EVERYONE, by_resident=part in RESIDENTS)
    if visibility is Visibility.EVERYONE and (text or verb is Verb.OPENED):
        _write_words(case, text or "", is_new=verb is Verb.OPENED)
    if actor is not None and actor.person_id is not None and verb is not Verb.OPENED:
        mark_seen(actor.person_id, case.id, event.id)
    enter_in_audit(actor, case, event)
    db.session.flush()
    return event


def insert_events(events: Sequence[CaseEvent]) -> None:
    """Insert lines that are in no session, and let them know their ids.

    On the connection, not by a flush: so the case is written once, after it knows its last event.
    """
    rows = [{name: getattr(event, name) for name in _EVENT_COLUMNS} for event in events]
    for event, event_id in zip(events, db.session.connection().execute(_EVENTS, rows).scalars(), strict=True):
        event.id = event_id


def keep_last(case: Case, event: CaseEvent, *, is_public: bool, by_resident: bool) -> None:
    """What the case keeps of its last event: lists and badges read no timeline."""
    case.last_event_id = event.id
    case.last_event_at = case.updated_at = event.at
    if is_public:
        case.last_public_event_id = event.id
    if by_resident:
        case.unread_by_staff = True
    elif event.part in {Part.CLERK, Part.CONTRACTOR}:
        case.unread_by_staff = event.part is Part.CONTRACTOR


def enter_in_audit(actor: Actor | None, case: Case, event: CaseEvent) -> None:
    """Enter a line of the timeline in the audit log, with the commit of the transaction."""
    record_audit(
        AuditAction.CASE_OPENED if event.verb is Verb.OPENED else AuditAction.CASE_CHANGED,
        account_id=actor.account_id if actor else None,
        person_id=case.owner_id,
        case_id=case.id,
        data={
            "event": event.id,
            "verb": str(event.verb),
            "move": event.move,
            "to": event.to_state,
            **({"channel": event.data["channel"]} if "channel" in event.data else {}),
        },
    )


def _write_words(case: Case, text: str, *, is_new: bool) -> None:
    """Add to the words a case is found by. A protected person's name and address stay out."""
    if is_new or not _add_words(case.id, text):
        body = "\n".join([*_first_words(case), text])
        db.session.connection().execute(_TEXT, {"case_id": case.id, "body": body, "folded": searchable(body)})


def _add_words(case_id: int, text: str) -> bool:
    """Add to the words that are there, without reading them; answers whether there were any."""
    added: Any = db.session.execute(
        update(CaseText)
        .where(CaseText.case_id == case_id)
        .values(body=CaseText.body + f"\n{text}", folded=CaseText.folded + f"{folded(text)} "),
        execution_options={"synchronize_session": False},
    )
    return bool(added.rowcount)


def _first_words(case: Case) -> list[str]:
    row = db.session.execute(
        _FIRST_WORDS, {"owner_id": case.owner_id, "apartment_id": case.apartment_id, "building_id": case.building_id}
    ).one()
    words = [str(case.number), case.subject]
    if row.is_protected:
        return words
    address = " ".join(filter(None, (row.street_address, row.staircase, row.number)))
    return [*words, f"{row.first_names} {row.last_name}", address, row.name]


def mark_seen(person_id: int, case_id: int, event_id: int) -> None:
    """One has seen what one has written oneself."""
    db.session.execute(
        update(CaseParticipant)
        .where(CaseParticipant.person_id == person_id, CaseParticipant.case_id == case_id)
        .values(seen_event_id=event_id)
    )


def say(actor: Actor, case: Case, *, text: str, form_key: str | None = None, now: datetime | None = None) -> CaseEvent:
    """Write into the conversation. Raises NotAllowed, AlreadyDone."""
    now = now or clock.now()
    parts = parts_in(actor, case, now=now)
    if not may_write(actor, parts, lives_there=actor.writes_about(case.apartment_id, case.building_id)):
        raise NotAllowed
    part = main_part(parts)
    with once(form_key):
        event = record(actor, case, Verb.SAID, part=part, text=text, form_key=form_key, now=now)
    if part not in RESIDENTS:
        mail_participants(case, MailKind.CASE_NEWS, except_account=actor.account_id, with_followers=False)
    return event


def note(actor: Actor, case: Case, *, text: str, form_key: str | None = None, now: datetime | None = None) -> CaseEvent:
    """An internal note: for customer service only. Raises NotAllowed, AlreadyDone."""
    now = now or clock.now()
    if Part.CLERK not in parts_in(actor, case, now=now):
        raise NotAllowed
    with once(form_key):
        return record(
            actor, case, Verb.NOTED, part=Part.CLERK, text=text, visibility=Visibility.STAFF, form_key=form_key, now=now
        )


def assign(
    actor: Actor,
    case: Case,
    *,
    handler: StaffMember | None,
    form_key: str | None = None,
    now: datetime | None = None,
) -> CaseEvent:
    """Give the case to a handler, or to nobody. Raises NotAllowed."""
    now = now or clock.now()
    if Part.CLERK not in parts_in(actor, case, now=now):
        raise NotAllowed
    case.handler_id = handler.id if handler else None
    return record(
        actor,
        case,
        Verb.ASSIGNED,
        part=Part.CLERK,
        visibility=Visibility.STAFF,
        data={"staff_id": case.handler_id},
        form_key=form_key,
        now=now,
    )


def follow(actor: Actor, case: Case, *, now: datetime | None = None) -> None:
    """Follow a common-area case of one's own building. Raises NotAllowed."""
    now = now or clock.now()
    if actor.person_id is None or case.lease_id is not None or case.building_id not in actor.building_ids:
        raise NotAllowed
    if _role_in(actor.person_id, case.id) is not None:
        return
    if add_follower(actor.person_id, case, now=now):
        record(actor, case, Verb.FOLLOWED, part=Part.FOLLOWER, visibility=Visibility.STAFF, now=now)


def add_follower(person_id: int, case: Case, *, now: datetime) -> bool:
    """Let a person follow; no news where they take part already, also by another press at the same moment."""
    follower = insert(CaseParticipant).values(
        person_id=person_id,
        case_id=case.id,
        role=ParticipantRole.FOLLOWER,
        created_at=now,
        seen_event_id=case.last_public_event_id,
    )
    try:
        with db.session.begin_nested():
            db.session.execute(follower)
    except IntegrityError:
        return False
    return True


def unfollow(actor: Actor, case: Case, *, now: datetime | None = None) -> None:
    """Stop following."""
    now = now or clock.now()
    if actor.person_id is None or _role_in(actor.person_id, case.id) is not ParticipantRole.FOLLOWER:
        return
    db.session.execute(
        delete(CaseParticipant).where(
            CaseParticipant.person_id == actor.person_id,
            CaseParticipant.case_id == case.id,
            CaseParticipant.role == ParticipantRole.FOLLOWER,
        )
    )
    record(actor, case, Verb.UNFOLLOWED, part=Part.FOLLOWER, visibility=Visibility.STAFF, now=now)


def _role_in(person_id: int, case_id: int) -> ParticipantRole | None:
    return db.session.scalar(
        select(CaseParticipant.role).where(CaseParticipant.person_id == person_id, CaseParticipant.case_id == case_id)
    )


def main_part(parts: Iterable[Part]) -> Part:
    """The part in which one acts, where one has several: as staff before as a resident."""
    found = set(parts)
    for part in (Part.CLERK, Part.CONTRACTOR, Part.OWNER, Part.HOUSEHOLD, Part.FOLLOWER, Part.WORKER):
        if part in found:
            return part
    raise NotAllowed
