"""The dashboard's figures: open cases by state and age, arrivals and closings by week."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import case, func, select

from heka_portal.clock import date_in_helsinki, start_of_day
from heka_portal.database import as_said
from heka_portal.domain.access import Actor, Permission
from heka_portal.domain.errors import NotAllowed
from heka_portal.extensions import db
from heka_portal.models.cases import Case

WEEKS = 12
#: upper ends of the age classes, in days
AGES = (2, 7, 14, 30)


@dataclass(frozen=True)
class Week:
    """Arrivals and closings of one week, which begins on a Monday."""

    monday: date
    arrived: int
    closed: int


@dataclass(frozen=True)
class StateAges:
    """The open cases of a state by age: one count for each class of AGES, and the older ones."""

    state: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """All open cases of the state."""
        return sum(self.counts)


@dataclass(frozen=True)
class Figures:
    """What the dashboard shows."""

    states: tuple[StateAges, ...]
    weeks: tuple[Week, ...]


def get_figures(actor: Actor, *, now: datetime) -> Figures:
    """The figures of all open cases and of the last twelve weeks."""
    if not actor.may(Permission.CASE_WORK):
        raise NotAllowed
    return Figures(_states(now), _weeks(now))


def _states(now: datetime) -> tuple[StateAges, ...]:
    counts = [
        func.sum(case((Case.created_at > now - timedelta(days=days), 1), else_=0)).label(f"under_{days}")
        for days in AGES
    ]
    rows = db.session.execute(
        select(Case.state, func.count(), *counts).where(Case.closed_at.is_(None)).group_by(Case.state)
    )
    return tuple(sorted((_ages(*row) for row in rows), key=lambda ages: -ages.total))


def _ages(state: str, total: int, *under: int) -> StateAges:
    """From "younger than" to classes that do not overlap."""
    steps = [0, *(int(count or 0) for count in under), total]
    return StateAges(state, tuple(later - before for before, later in pairwise(steps)))


def _weeks(now: datetime) -> tuple[Week, ...]:
    today = date_in_helsinki(now)
    this_monday = today - timedelta(days=today.weekday())
    mondays = [this_monday - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]
    edges = [start_of_day(monday) for monday in mondays]
    arrived, closed = _by_week(Case.created_at, edges), _by_week(Case.closed_at, edges)
    return tuple(Week(monday, arrived[number], closed[number]) for number, monday in enumerate(mondays))


def _by_week(column: object, edges: list[datetime]) -> Counter[int]:
    """How many in each week, counted in the database: one case expression over the weeks' edges."""
    moment: Any = column
    week = case(*((moment < edge, number) for number, edge in enumerate(edges[1:])), else_=len(edges) - 1).label("week")
    # The edge stands in the statement, which is another one each week: a kept plan knows how many rows are asked for.
    since = as_said(moment, edges[0])
    rows = db.session.execute(select(week, func.count()).where(moment >= since).group_by(week))
    return Counter({int(number): int(count) for number, count in rows})
