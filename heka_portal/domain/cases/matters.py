"""A resident's own list of cases: "My matters", by keyset, whatever its length."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Select, bindparam, select, tuple_, union

from heka_portal import clock
from heka_portal.clock import END_OF_TIME
from heka_portal.database import UtcDateTime, at_most
from heka_portal.domain.access import Actor
from heka_portal.domain.cases.inbox import Cursor
from heka_portal.domain.cases.rules import may_read
from heka_portal.extensions import db
from heka_portal.models.cases import Case, CaseParticipant
from heka_portal.models.defects import Defect
from heka_portal.models.enquiries import Enquiry, Topic
from heka_portal.models.homes import Apartment, Building
from heka_portal.vocabulary import Audience, CaseKind, ClosingReason, Fault, ParticipantRole, Party, Place, Urgency

PAGE = 20
#: the tables, not the classes: a column of a class would join `cases` to it once more
_DEFECTS, _ENQUIRIES = Defect.__table__, Enquiry.__table__


#: a case is opened by its owner's account, or by customer service
_IS_OTHERS = db.func.coalesce(Case.opened_by_id, bindparam("account_id")) != bindparam("account_id")


@dataclass(frozen=True)
class Matter:
    """A line of "My matters"."""

    id: int
    number: int
    kind: CaseKind
    state: str
    subject: str
    outcome: ClosingReason | None
    awaits: Party
    urgency: Urgency
    due_at: datetime
    target_at: datetime
    closed_at: datetime | None
    last_event_at: datetime
    is_own: bool
    is_followed: bool
    is_unread: bool
    #: sensitive words, which the reader has to be identified for: its subject is not here
    is_hidden: bool
    place: Place | None
    fault: Fault | None
    visit_from: datetime | None
    visit_to: datetime | None
    street_address: str
    staircase: str | None
    home_number: str | None
    #: customer service opened it for its owner
    is_opened_for_me: bool

    @property
    def address(self) -> str:
        """The home's address, or the building's."""
        return " ".join(part for part in (self.street_address, self.staircase, self.home_number) if part)


def _ids() -> Any:
    """Whose matters: taken part in, or a household matter of one's lease."""
    mine = select(CaseParticipant.case_id).where(CaseParticipant.person_id == bindparam("person_id"))
    return union(mine, of_home())


def of_home() -> Select[int]:
    """The household matters of the leases of the reader's homes."""
    return select(Case.id).where(
        Case.lease_id.in_(bindparam("lease_ids", expanding=True)), Case.audience == Audience.HOUSEHOLD
    )


def lines() -> Select[*tuple[Any, ...]]:
    """The columns of `Matter`, with the names they are joined to."""
    seen = CaseParticipant.seen_event_id
    return (
        select(
            Case.id,
            Case.number,
            Case.kind,
            Case.state,
            Case.subject,
            Case.outcome,
            Case.awaits,
            Case.urgency,
            Case.due_at,
            Case.target_at,
            Case.closed_at,
            Case.last_event_at,
            (Case.owner_id == bindparam("person_id")).label("is_own"),
            db.func.coalesce(CaseParticipant.role == ParticipantRole.FOLLOWER, False).label("is_followed"),
            db.and_(
                CaseParticipant.case_id.is_not(None),
                db.func.coalesce(seen, 0) < db.func.coalesce(Case.last_public_event_id, 0),
            ).label("is_unread"),
            db.func.coalesce(db.or_(_ENQUIRIES.c.is_sensitive, Topic.is_sensitive), False).label("is_hidden"),
            _DEFECTS.c.place,
            _DEFECTS.c.fault,
            _DEFECTS.c.visit_from,
            _DEFECTS.c.visit_to,
            Building.street_address,
            Apartment.staircase,
            Apartment.number,
            db.and_(Case.owner_id == bindparam("person_id"), _IS_OTHERS).label("is_opened_for_me"),
        )
        .join(Building, Building.id == Case.building_id)
        .outerjoin(Apartment, Apartment.id == Case.apartment_id)
        .outerjoin(_DEFECTS, _DEFECTS.c.id == Case.id)
        .outerjoin(_ENQUIRIES, _ENQUIRIES.c.id == Case.id)
        .outerjoin(Topic, Topic.id == _ENQUIRIES.c.topic_id)
        .outerjoin(
            CaseParticipant,
            (CaseParticipant.case_id == Case.id) & (CaseParticipant.person_id == bindparam("person_id")),
        )
    )


def _page(*which: Any, order: tuple[Any, ...]) -> Select[*tuple[Any, ...]]:
    """The lines of a page: names are joined to the page, not to everything it is taken from."""
    ids = select(Case.id).where(*which).order_by(*order).limit(at_most("limit")).subquery()
    return lines().where(Case.id.in_(ids.select())).order_by(*order)


def _statement(is_closed: bool) -> Select[*tuple[Any, ...]]:
    moment = Case.closed_at if is_closed else Case.last_event_at
    place = tuple_(bindparam("at", type_=UtcDateTime), bindparam("id", type_=BigInteger))
    return _page(
        Case.id.in_(_ids()),
        Case.closed_at.is_not(None) if is_closed else Case.closed_at.is_(None),
        tuple_(moment, Case.id) < place,
        order=(moment.desc(), Case.id.desc()),
    )


def _waiting() -> Select[*tuple[Any, ...]]:
    return _page(
        Case.owner_id == bindparam("person_id"),
        Case.closed_at.is_(None),
        Case.awaits == Party.RESIDENT,
        order=(Case.due_at, Case.id),
    )


_WAITING = _waiting()
_OPEN, _CLOSED = _statement(is_closed=False), _statement(is_closed=True)


@dataclass(frozen=True)
class Matters:
    """A page of "My matters", and where the next one begins."""

    lines: tuple[Matter, ...]
    next: Cursor | None


def to_matters(actor: Actor, rows: Iterable[Any]) -> tuple[Matter, ...]:
    """The lines as this reader sees them: the subject of a hidden one stays behind."""
    now = clock.now()
    return tuple(_to_matter(actor, Matter(*row), now) for row in rows)


def _to_matter(actor: Actor, line: Matter, now: datetime) -> Matter:
    if not line.is_hidden:
        return line
    if may_read(actor, is_sensitive=True, now=now):
        return replace(line, is_hidden=False)
    return replace(line, subject="")


def list_matters(actor: Actor, *, is_closed: bool, after: Cursor | None = None, limit: int = PAGE) -> Matters:
    """The actor's open or closed cases, the latest first."""
    rows = db.session.execute(
        _CLOSED if is_closed else _OPEN,
        {
            "person_id": actor.person_id,
            "account_id": actor.account_id,
            "lease_ids": sorted(actor.lease_ids) or [0],
            "at": after.at if after else END_OF_TIME,
            "id": after.id if after else 0,
            "limit": limit + 1,
        },
    ).all()
    lines = to_matters(actor, rows[:limit])
    if len(rows) <= limit:
        return Matters(lines, None)
    last = lines[-1]
    return Matters(lines, Cursor(last.closed_at or last.last_event_at if is_closed else last.last_event_at, last.id))


def list_waiting(actor: Actor, *, limit: int = PAGE) -> tuple[Matter, ...]:
    """The actor's own cases in which it is their turn, the most pressing first."""
    given = {"person_id": actor.person_id, "account_id": actor.account_id, "limit": limit}
    return to_matters(actor, db.session.execute(_WAITING, given))
