"""The lists customer service begins from, and how many cases wait in each: counted to a hundred, never further."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, literal, select, union_all

from heka_portal.database import at_most
from heka_portal.domain.access import Actor, Permission
from heka_portal.domain.cases.inbox import Filters, moments, narrowed_to
from heka_portal.domain.errors import NotAllowed
from heka_portal.extensions import db
from heka_portal.models.cases import Case
from heka_portal.vocabulary import CaseQueue, Party

#: a badge counts no further: "100+"
BADGE_LIMIT = 100


@dataclass(frozen=True)
class Beginning:
    """A list to begin from: its name, whether it holds only one's own cases, and what it is narrowed to."""

    name: str
    is_mine: bool
    filters: Filters

    def filters_of(self, actor: Actor) -> Filters:
        """The same for this reader: their own cases, or those of their team's region."""
        if self.is_mine:
            return replace(self.filters, handler_id=actor.staff_id)
        return replace(self.filters, region_id=actor.staff_region_id)


BEGINNINGS = (
    Beginning("mine", True, Filters()),
    Beginning("mine_overdue", True, Filters(is_overdue=True)),
    Beginning("mine_today", True, Filters(is_today=True)),
    Beginning("mine_unread", True, Filters(is_unread=True)),
    Beginning("mine_reopened", True, Filters(is_reopened=True)),
    Beginning("mine_waiting", True, Filters(awaits=Party.RESIDENT)),
    Beginning("all", False, Filters()),
    Beginning("unassigned", False, Filters(is_unassigned=True)),
    Beginning("overdue", False, Filters(is_overdue=True)),
    Beginning("unread", False, Filters(is_unread=True)),
    Beginning("reopened", False, Filters(is_reopened=True)),
    Beginning("waiting", False, Filters(awaits=Party.RESIDENT)),
    Beginning("defects", False, Filters(queue=CaseQueue.DEFECTS)),
    Beginning("building_management", False, Filters(queue=CaseQueue.BUILDING_MANAGEMENT)),
    Beginning("payments", False, Filters(queue=CaseQueue.PAYMENTS)),
    Beginning("tenant_democracy", False, Filters(queue=CaseQueue.TENANT_DEMOCRACY)),
    Beginning("customer_service", False, Filters(queue=CaseQueue.CUSTOMER_SERVICE)),
)


def _conditions(beginning: Beginning, with_region: bool) -> Iterator[ColumnElement[bool]]:
    yield Case.closed_at.is_(None)
    if beginning.is_mine:
        yield Case.handler_id == bindparam("staff_id")
    elif with_region:
        yield Case.region_id == bindparam("region_id")
    for name in sorted(beginning.filters.active()):
        yield narrowed_to(name, getattr(beginning.filters, name))


def _badge(beginning: Beginning, with_region: bool) -> Any:
    some = select(Case.id).where(*_conditions(beginning, with_region)).limit(at_most("limit")).subquery()
    return select(literal(beginning.name).label("name"), func.count().label("amount")).select_from(some)


@lru_cache(maxsize=2)
def _statement(with_region: bool) -> Any:
    return union_all(*(_badge(beginning, with_region) for beginning in BEGINNINGS))


def count_badges(actor: Actor, *, now: datetime) -> Mapping[str, int]:
    """How many cases each list to begin from holds, at most a hundred."""
    if not actor.may(Permission.CASE_WORK):
        raise NotAllowed
    with_region = actor.staff_region_id is not None
    asked = {"limit": BADGE_LIMIT, "staff_id": actor.staff_id, "region_id": actor.staff_region_id, **moments(now)}
    if not with_region:
        del asked["region_id"]
    return {row.name: row.amount for row in db.session.execute(_statement(with_region), asked)}
