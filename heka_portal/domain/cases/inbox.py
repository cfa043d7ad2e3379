"""Customer service's lists of cases: the inbox by keyset, a contractor's jobs, and the badges beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import starmap
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    bindparam,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)

from heka_portal.database import UtcDateTime
from heka_portal.domain.access import Actor, Permission
from heka_portal.domain.cases.deadlines import JOB_DAYS
from heka_portal.domain.errors import NotAllowed
from heka_portal.extensions import db
from heka_portal.models.accounts import Contractor, StaffMember
from heka_portal.models.cases import Case
from heka_portal.models.homes import Apartment, Building
from heka_portal.models.people import Person
from heka_portal.vocabulary import CaseKind, CaseQueue, ClosingReason, DefectState, Party, Urgency

PAGE = 25
#: a badge counts no further: "100+"
BADGE_LIMIT = 100
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
END = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Filters:
    """What the inbox is narrowed to; none: not narrowed by it."""

    kind: CaseKind | None = None
    state: str | None = None
    urgency: Urgency | None = None
    region_id: int | None = None
    building_id: int | None = None
    apartment_id: int | None = None
    owner_id: int | None = None
    queue: CaseQueue | None = None
    handler_id: int | None = None
    awaits: Party | None = None
    is_unassigned: bool = False
    is_overdue: bool = False
    is_unread: bool = False
    is_reopened: bool = False
    #: closed cases of the last so many days, instead of the open ones
    closed_days: int | None = None

    @property
    def is_closed(self) -> bool:
        """Whether closed cases are listed."""
        return self.closed_days is not None

    def active(self) -> frozenset[str]:
        """The names of the filters that narrow the list."""
        return frozenset(
            field.name for field in fields(self) if field.name != "closed_days" and getattr(self, field.name)
        )


@dataclass(frozen=True)
class Cursor:
    """Where a page begins: after this line."""

    at: datetime
    id: int


@dataclass(frozen=True)
class Line:
    """One case in a list of staff's."""

    id: int
    number: int
    kind: CaseKind
    state: str
    outcome: ClosingReason | None
    subject: str
    urgency: Urgency
    awaits: Party
    due_at: datetime
    paused_at: datetime | None
    closed_at: datetime | None
    is_unread: bool
    reopened_count: int
    is_common: bool
    street_address: str
    staircase: str | None
    home_number: str | None
    owner_first_names: str
    owner_last_name: str
    owner_is_protected: bool
    handler: str | None
    contractor: str | None
    version: int


@dataclass(frozen=True)
class Page:
    """A page of a list, and where the next one begins."""

    lines: tuple[Line, ...]
    next: Cursor | None


_NARROWING: Mapping[str, ColumnElement[bool]] = {
    "kind": Case.kind == bindparam("kind"),
    "state": Case.state == bindparam("state"),
    "urgency": Case.urgency == bindparam("urgency"),
    "region_id": Case.region_id == bindparam("region_id"),
    "building_id": Case.building_id == bindparam("building_id"),
    "apartment_id": Case.apartment_id == bindparam("apartment_id"),
    "owner_id": Case.owner_id == bindparam("owner_id"),
    "queue": Case.queue == bindparam("queue"),
    "handler_id": Case.handler_id == bindparam("handler_id"),
    "awaits": Case.awaits == bindparam("awaits"),
    "is_unassigned": Case.handler_id.is_(None),
    "is_overdue": Case.due_at < bindparam("now", type_=UtcDateTime),
    "is_unread": Case.unread_by_staff.is_(True),
    "is_reopened": Case.reopened_count > 0,
    "contractor_id": Case.contractor_id == bindparam("contractor_id"),
}
_LINE = (
    Case.id,
    Case.number,
    Case.kind,
    Case.state,
    Case.outcome,
    Case.subject,
    Case.urgency,
    Case.awaits,
    Case.due_at,
    Case.paused_at,
    Case.closed_at,
    Case.unread_by_staff,
    Case.reopened_count,
    Case.lease_id.is_(None).label("is_common"),
    Building.street_address,
    Apartment.staircase,
    Apartment.number.label("home_number"),
    Person.first_names,
    Person.last_name,
    Person.is_protected,
    StaffMember.name,
    Contractor.name.label("company"),
    Case.version,
)


def with_names(ids: Any, *order: Any) -> Select[*tuple[Any, ...]]:
    """The lines of a page of ids: names are joined to the page, not to the table."""
    return (
        select(*_LINE)
        .join(Building, Building.id == Case.building_id)
        .join(Person, Person.id == Case.owner_id)
        .outerjoin(Apartment, Apartment.id == Case.apartment_id)
        .outerjoin(StaffMember, StaffMember.id == Case.handler_id)
        .outerjoin(Contractor, Contractor.id == Case.contractor_id)
        .where(Case.id.in_(ids))
        .order_by(*order)
    )


@lru_cache(maxsize=256)
def _statement(active: frozenset[str], is_closed: bool) -> Any:
    narrowed = [_NARROWING[name] for name in sorted(active)]
    at, id_ = bindparam("at", type_=UtcDateTime), bindparam("id", type_=BigInteger)
    ids = select(Case.id).where(*narrowed).limit(bindparam("limit"))
    if is_closed:
        ids = ids.where(
            Case.closed_at > bindparam("closed_since", type_=UtcDateTime),
            tuple_(Case.closed_at, Case.id) < tuple_(at, id_),
        ).order_by(Case.closed_at.desc(), Case.id.desc())
        return with_names(ids.subquery().select(), Case.closed_at.desc(), Case.id.desc())
    ids = ids.where(Case.closed_at.is_(None), tuple_(Case.due_at, Case.id) > tuple_(at, id_))
    ids = ids.order_by(Case.due_at, Case.id)
    return with_names(ids.subquery().select(), Case.due_at, Case.id)


def list_inbox(
    actor: Actor, filters: Filters, *, now: datetime, after: Cursor | None = None, limit: int = PAGE
) -> Page:
    """A page of the inbox: the open cases by due date, or the closed ones of a period, the latest first."""
    if not actor.may(Permission.CASE_WORK):
        raise NotAllowed
    active = filters.active()
    asked = {name: getattr(filters, name) for name in active if not name.startswith("is_")}
    return _list(active, asked, filters.closed_days, now, after, limit)


def list_jobs(actor: Actor, *, is_closed: bool, now: datetime, after: Cursor | None = None, limit: int = PAGE) -> Page:
    """A contractor's own jobs: the open ones, or those closed in the last 14 days."""
    if not actor.may(Permission.JOB_WORK) or actor.contractor_id is None:
        raise NotAllowed
    asked = {"contractor_id": actor.contractor_id}
    return _list(frozenset(asked), asked, JOB_DAYS if is_closed else None, now, after, limit)


def _list(
    active: frozenset[str],
    asked: Mapping[str, Any],
    closed_days: int | None,
    now: datetime,
    after: Cursor | None,
    limit: int,
) -> Page:
    is_closed = closed_days is not None
    first = Cursor(END if is_closed else BEGINNING, 0)
    start = after or first
    params = {**asked, "at": start.at, "id": start.id, "limit": limit + 1}
    if "is_overdue" in active:
        params["now"] = now
    if is_closed:
        params["closed_since"] = now - timedelta(days=closed_days or 0)
    rows = db.session.execute(_statement(active, is_closed), params).all()
    lines = tuple(starmap(Line, rows[:limit]))
    if len(rows) <= limit:
        return Page(lines, None)
    last = lines[-1]
    return Page(lines, Cursor(last.closed_at if is_closed and last.closed_at else last.due_at, last.id))


@dataclass(frozen=True)
class Badges:
    """How many wait in each list, counted to a hundred."""

    mine: int = 0
    overdue: int = 0
    unassigned: int = 0
    waiting_for_resident: int = 0
    reopened: int = 0
    unread: int = 0
    defects: int = 0
    building_management: int = 0


def _badge(name: str, *narrowed: ColumnElement[bool]) -> Any:
    some = select(Case.id).where(Case.closed_at.is_(None), *narrowed).limit(BADGE_LIMIT).subquery()
    return select(literal(name).label("name"), func.count().label("amount")).select_from(some)


_BADGES = union_all(
    _badge("mine", Case.handler_id == bindparam("staff_id")),
    _badge("overdue", Case.due_at < bindparam("now", type_=UtcDateTime)),
    _badge("unassigned", Case.handler_id.is_(None)),
    _badge("waiting_for_resident", Case.awaits == Party.RESIDENT),
    _badge("reopened", Case.reopened_count > 0, Case.state != DefectState.DONE),
    _badge("unread", Case.unread_by_staff.is_(True)),
    _badge("defects", Case.queue == CaseQueue.DEFECTS),
    _badge("building_management", Case.queue == CaseQueue.BUILDING_MANAGEMENT),
)


def count_badges(actor: Actor, *, now: datetime) -> Badges:
    """The numbers beside the lists of customer service, each to a hundred."""
    if not actor.may(Permission.CASE_WORK):
        raise NotAllowed
    rows = db.session.execute(_BADGES, {"staff_id": actor.staff_id, "now": now}).all()
    return Badges(**{row.name: row.amount for row in rows})


def _list_neighbouring(actor: Actor, case: Case, *, of: ColumnElement[bool], limit: int = 5) -> list[Line]:
    """The latest other cases of the same home or building, for the side of the case page."""
    if not actor.may(Permission.CASE_WORK):
        raise NotAllowed
    ids = select(Case.id).where(of, Case.id != case.id).order_by(Case.id.desc()).limit(limit)
    rows = db.session.execute(with_names(ids.subquery().select(), Case.id.desc()))
    return list(starmap(Line, rows))


def list_of_home(actor: Actor, case: Case) -> list[Line]:
    """The latest other cases of the same home."""
    return (
        [] if case.apartment_id is None else _list_neighbouring(actor, case, of=Case.apartment_id == case.apartment_id)
    )


def list_of_building(actor: Actor, case: Case) -> list[Line]:
    """The latest other cases of the same building's other homes and common areas."""
    elsewhere = or_(Case.apartment_id.is_(None), Case.apartment_id != (case.apartment_id or 0))
    return _list_neighbouring(actor, case, of=(Case.building_id == case.building_id) & elsewhere)
