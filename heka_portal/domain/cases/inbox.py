"""Customer service's lists of cases: the inbox by keyset, forward and back, and a contractor's jobs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import starmap
from typing import Any

from sqlalchemy import BigInteger, Boolean, ColumnElement, Select, bindparam, literal_column, select, tuple_

from heka_portal.clock import END_OF_TIME, EPOCH, date_in_helsinki, end_of_day
from heka_portal.database import UtcDateTime, as_said, at_most
from heka_portal.domain.access import Actor, Permission
from heka_portal.domain.cases.deadlines import JOB_DAYS
from heka_portal.domain.errors import NotAllowed
from heka_portal.extensions import db
from heka_portal.models.accounts import Contractor, StaffMember
from heka_portal.models.cases import Case
from heka_portal.models.enquiries import Enquiry
from heka_portal.models.homes import Apartment, Building
from heka_portal.models.people import Person
from heka_portal.vocabulary import CaseKind, CaseQueue, ClosingReason, DefectState, Party, Urgency

PAGE = 25


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
    topic_id: int | None = None
    handler_id: int | None = None
    awaits: Party | None = None
    is_unassigned: bool = False
    is_overdue: bool = False
    is_today: bool = False
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
    """The place of a line in a list: a page begins after it, or ends before it."""

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
    apartment_id: int | None
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

    @property
    def cursor(self) -> Cursor:
        """Where the line stands in its list: closed cases go by their closing, open ones by their due date."""
        return Cursor(self.closed_at or self.due_at, self.id)


@dataclass(frozen=True)
class Page:
    """A page of a list, and where the ones around it begin; none: there is nothing more that way."""

    lines: tuple[Line, ...]
    next: Cursor | None
    previous: Cursor | None = None


#: what a list is narrowed to by a value
COLUMNS: Mapping[str, Any] = {
    "kind": Case.kind,
    "state": Case.state,
    "urgency": Case.urgency,
    "region_id": Case.region_id,
    "building_id": Case.building_id,
    "apartment_id": Case.apartment_id,
    "owner_id": Case.owner_id,
    "queue": Case.queue,
    "handler_id": Case.handler_id,
    "awaits": Case.awaits,
    "contractor_id": Case.contractor_id,
}
_ENQUIRIES = Enquiry.__table__
#: or by a value that only cases of one kind have
RELATED: Mapping[str, Callable[[Any], ColumnElement[bool]]] = {
    "topic_id": lambda value: Case.id.in_(select(_ENQUIRIES.c.id).where(_ENQUIRIES.c.topic_id == value)),
}
_NOW = bindparam("now", type_=UtcDateTime)
#: and by a yes
FLAGS: Mapping[str, ColumnElement[bool]] = {
    "is_unassigned": Case.handler_id.is_(None),
    "is_overdue": Case.due_at < _NOW,
    "is_today": (Case.due_at >= _NOW) & (Case.due_at < bindparam("tonight", type_=UtcDateTime)),
    # written as the partial indexes say it
    "is_unread": literal_column("cases.unread_by_staff", Boolean),
    # a repair that waits for the resident's check is not customer service's to look at
    "is_reopened": (Case.reopened_count > literal_column("0")) & (Case.state != as_said(Case.state, DefectState.DONE)),
}
#: columns of few values
_SAID = frozenset({"kind", "state", "urgency", "queue", "awaits"})
_NARROWING: Mapping[str, ColumnElement[bool]] = {
    **{
        name: column == (as_said(column, name) if name in _SAID else bindparam(name))
        for name, column in COLUMNS.items()
    },
    **{name: condition(bindparam(name)) for name, condition in RELATED.items()},
    **FLAGS,
}


def narrowed_to(name: str, value: Any) -> ColumnElement[bool]:
    """The condition of a filter that stands in a statement of its own; its moments are parameters."""
    if name in FLAGS:
        return FLAGS[name]
    if name in RELATED:
        return RELATED[name](value)
    narrowed: ColumnElement[bool] = COLUMNS[name] == as_said(COLUMNS[name], value)
    return narrowed


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
    Case.apartment_id,
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
def _statement(active: frozenset[str], is_closed: bool, is_back: bool) -> Any:
    """The page after a place, or the one before it in the order that runs back."""
    place = tuple_(bindparam("at", type_=UtcDateTime), bindparam("id", type_=BigInteger))
    moment: Any = Case.closed_at if is_closed else Case.due_at
    rises = is_closed == is_back
    key = tuple_(moment, Case.id)
    order = (moment, Case.id) if rises else (moment.desc(), Case.id.desc())
    ids = select(Case.id).where(*(_NARROWING[name] for name in sorted(active)), key > place if rises else key < place)
    if is_closed:
        ids = ids.where(Case.closed_at > bindparam("closed_since", type_=UtcDateTime))
    else:
        ids = ids.where(Case.closed_at.is_(None))
    ids = ids.order_by(*order).limit(at_most("limit"))
    return with_names(ids.subquery().select(), *order)


def list_inbox(
    actor: Actor,
    filters: Filters,
    *,
    now: datetime,
    after: Cursor | None = None,
    before: Cursor | None = None,
    limit: int = PAGE,
) -> Page:
    """A page of the inbox: the open cases by due date, or the closed ones of a period, the latest first."""
    if not actor.may(Permission.CASE_WORK):
        raise NotAllowed
    asked = {name: getattr(filters, name) for name in filters.active()}
    return _list(asked, filters.closed_days, now, after, before, limit)


def list_jobs(
    actor: Actor,
    *,
    is_closed: bool,
    now: datetime,
    after: Cursor | None = None,
    before: Cursor | None = None,
    limit: int = PAGE,
) -> Page:
    """A contractor's own jobs: the open ones, or those closed in the last 14 days."""
    if not actor.may(Permission.JOB_WORK) or actor.contractor_id is None:
        raise NotAllowed
    return _list({"contractor_id": actor.contractor_id}, JOB_DAYS if is_closed else None, now, after, before, limit)


def _list(
    asked: Mapping[str, Any],
    closed_days: int | None,
    now: datetime,
    after: Cursor | None,
    before: Cursor | None,
    limit: int,
) -> Page:
    is_closed, is_back = closed_days is not None, before is not None
    start = before or after or Cursor(END_OF_TIME if is_closed else EPOCH, 0)
    params = {
        **{name: value for name, value in asked.items() if name in COLUMNS or name in RELATED},
        **moments(now),
        "closed_since": now - timedelta(days=closed_days or 0),
        "at": start.at,
        "id": start.id,
        "limit": limit + 1,
    }
    rows = db.session.execute(_statement(frozenset(asked), is_closed, is_back), params).all()
    lines = list(starmap(Line, rows[:limit]))
    has_more = len(rows) > limit
    if is_back:
        lines.reverse()
    return _page(tuple(lines), has_next=has_more or is_back, has_previous=has_more if is_back else after is not None)


def _page(lines: tuple[Line, ...], *, has_next: bool, has_previous: bool) -> Page:
    if not lines:
        return Page((), None)
    return Page(lines, lines[-1].cursor if has_next else None, lines[0].cursor if has_previous else None)


def moments(now: datetime) -> dict[str, datetime]:
    """What "overdue" and "today" are measured by."""
    return {"now": now, "tonight": end_of_day(date_in_helsinki(now))}
