"""Who handles a case: take one, take the next, hand some over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from heka_portal.database import at_most
from heka_portal.domain.access import Actor, Permission
from heka_portal.domain.cases.inbox import Filters, moments, narrowed_to
from heka_portal.domain.cases.operations import assign, check_version, once
from heka_portal.domain.cases.queries import get_case
from heka_portal.domain.errors import DetailNeeded, NotAllowed, NotFound
from heka_portal.extensions import db
from heka_portal.models.accounts import Account, Contractor, StaffMember
from heka_portal.models.cases import Case, CaseEvent
from heka_portal.vocabulary import StaffRole

#: the roles whose members handle cases
HANDLERS = (StaffRole.CLERK, StaffRole.SUPERVISOR, StaffRole.BUILDING_MANAGER, StaffRole.FINANCE)
MOST_HANDLERS = 200
#: as many as a page shows
MOST_AT_ONCE = 50


@dataclass(frozen=True)
class Handler:
    """Somebody a case can be given to."""

    id: int
    name: str


def list_handlers() -> list[Handler]:
    """Customer service's people whose account is open, by name."""
    rows = db.session.execute(
        select(StaffMember.id, StaffMember.name)
        .join(Account, Account.staff_member_id == StaffMember.id)
        .where(StaffMember.role.in_(HANDLERS), Account.is_disabled.is_(False))
        .order_by(StaffMember.name, StaffMember.id)
        .limit(at_most(MOST_HANDLERS))
    )
    return [Handler(row.id, row.name) for row in rows]


def list_companies() -> list[Handler]:
    """The maintenance companies that take jobs, by name."""
    rows = db.session.execute(
        select(Contractor.id, Contractor.name)
        .where(Contractor.is_active.is_(True))
        .order_by(Contractor.name, Contractor.id)
        .limit(at_most(MOST_HANDLERS))
    )
    return [Handler(row.id, row.name) for row in rows]


def get_handler(actor: Actor, staff_id: int | None) -> StaffMember | None:
    """Whom the actor may give cases to: themselves, and with the right anyone or nobody.

    Raises NotAllowed, DetailNeeded.
    """
    if not actor.may(Permission.CASE_WORK):
        raise NotAllowed
    if staff_id != actor.staff_id and not actor.may(Permission.CASE_ASSIGN_OTHERS):
        raise NotAllowed
    if staff_id is None:
        return None
    handler = db.session.scalar(
        select(StaffMember)
        .join(Account, Account.staff_member_id == StaffMember.id)
        .where(StaffMember.id == staff_id, StaffMember.role.in_(HANDLERS), Account.is_disabled.is_(False))
    )
    if handler is None:
        raise DetailNeeded("handler")
    return handler


def hand_over(
    actor: Actor,
    case: Case,
    *,
    staff_id: int | None,
    version: int | None = None,
    form_key: str | None = None,
    now: datetime,
) -> CaseEvent | None:
    """Give a case to somebody; none: it was theirs already. Raises NotAllowed, DetailNeeded, Changed, AlreadyDone."""
    handler = get_handler(actor, staff_id)
    with once(form_key):
        check_version(case, version)
        if case.handler_id == staff_id:
            return None
        return assign(actor, case, handler=handler, form_key=form_key, now=now)


def hand_over_all(actor: Actor, numbers: Sequence[int], *, staff_id: int | None, now: datetime) -> int:
    """Give several cases to somebody; those already theirs, closed or gone are left. Returns how many.

    Raises NotAllowed, DetailNeeded.
    """
    handler = get_handler(actor, staff_id)
    changed = 0
    for number in sorted(set(numbers))[:MOST_AT_ONCE]:
        try:
            case = get_case(actor, number, for_update=True)
        except NotFound:
            continue
        if case.handler_id != staff_id and not case.is_closed:
            assign(actor, case, handler=handler, now=now)
            changed += 1
    return changed


def take_next(actor: Actor, filters: Filters, *, now: datetime) -> Case | None:
    """Take the most urgent case of a list that nobody has; two who press at once get one each."""
    if not actor.may(Permission.CASE_WORK):
        raise NotAllowed
    handler = get_handler(actor, actor.staff_id)
    free = replace(filters, handler_id=None, is_unassigned=True, closed_days=None)
    narrowed = [narrowed_to(name, getattr(free, name)) for name in sorted(free.active())]
    case = db.session.scalar(
        select(Case)
        .where(Case.closed_at.is_(None), *narrowed)
        .order_by(Case.due_at, Case.id)
        .limit(at_most(1))
        .with_for_update(skip_locked=True, of=Case.__table__),
        moments(now),
    )
    if case is not None:
        assign(actor, case, handler=handler, now=now)
    return case
