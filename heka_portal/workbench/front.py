"""The front page: figures for customer service, the jobs of a contractor, and an administrator's ways on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import AdminIndexView, expose
from flask_babel import gettext as _
from flask_babel import ngettext

from heka_portal import clock
from heka_portal.domain.access import Actor, Permission
from heka_portal.domain.cases.badges import count_badges
from heka_portal.domain.cases.figures import AGES, Figures, Week, get_figures
from heka_portal.domain.cases.inbox import list_jobs
from heka_portal.web.access import Rule, current_actor
from heka_portal.web.cursors import read_cursor, write_cursor
from heka_portal.workbench.base import Guarded
from heka_portal.workbench.inbox import list_queues

#: where a process keeps the dashboard's figures, and for how long
KEPT = "heka_figures"
KEPT_FOR = timedelta(minutes=1)


@dataclass(frozen=True)
class KeptFigures:
    """Figures and when they were counted."""

    made_at: datetime
    figures: Figures


def recent_figures(actor: Actor, *, now: datetime) -> KeptFigures:
    """The figures as this process last counted them: they sum up all open cases, and need no second's precision."""
    kept: KeptFigures | None = current_app.extensions.get(KEPT)
    if kept is None or not timedelta() <= now - kept.made_at < KEPT_FOR:
        kept = current_app.extensions[KEPT] = KeptFigures(now, get_figures(actor, now=now))
    return kept


class FrontView(Guarded, AdminIndexView):
    """The first page of the workbench, for each role its own."""

    access = Rule(Permission.WORKBENCH)

    def __init__(self, name: Any) -> None:
        super().__init__(name=name, endpoint="admin", url="/admin")

    def render(self, template: str, **kwargs: object) -> str:
        """The page with the menu around it."""
        return str(super().render(template, menu=self.menu_for_reader, **kwargs))

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """What the reader begins the day with."""
        actor = current_actor()
        if actor.may(Permission.CASE_WORK):
            return self._dashboard()
        if actor.may(Permission.JOB_WORK):
            return self._jobs()
        return self.render("workbench/front/administration.html")

    def _dashboard(self) -> str:
        actor, now = current_actor(), clock.now()
        kept = recent_figures(actor, now=now)
        figures = kept.figures
        return self.render(
            "workbench/front/dashboard.html",
            queues={queue.name: queue for queue in list_queues(actor, count_badges(actor, now=now))},
            figures=figures,
            weeks_heading=weeks_heading(figures.weeks),
            states_heading=states_heading(figures),
            ages_heading=ages_heading(figures),
            ages=ages_of(figures),
            ticks=ticks_for(max((max(week.arrived, week.closed) for week in figures.weeks), default=0)),
            columns=[column_of(week) for week in figures.weeks],
            now=kept.made_at,
        )

    def _jobs(self) -> str:
        actor, now = current_actor(), clock.now()
        is_closed = request.args.get("closed") == "1"
        after, before = read_cursor(request.args.get("after")), read_cursor(request.args.get("before"))
        page = list_jobs(actor, is_closed=is_closed, now=now, after=after, before=before)
        closed: dict[str, Any] = {"closed": 1} if is_closed else {}
        return self.render(
            "workbench/front/jobs.html",
            page=page,
            is_closed=is_closed,
            next_url=url_for("admin.index", after=write_cursor(page.next), **closed) if page.next else None,
            previous_url=(
                url_for("admin.index", before=write_cursor(page.previous), **closed) if page.previous else None
            ),
            now=now,
        )


@dataclass(frozen=True)
class Column:
    """A week as the chart draws it."""

    label: str
    parts: tuple[tuple[str, int], ...]
    short: str | None = None


def column_of(week: Week) -> Column:
    """Arrivals and closings of a week, side by side."""
    return Column(str(week.monday.isocalendar().week), (("2", week.arrived), ("1", week.closed)))


def ticks_for(peak: int) -> list[int]:
    """Three or four round numbers for the lines of a chart, the last at least as high as the highest bar."""
    for unit in (power * step for power in (1, 10, 100, 1000, 10_000) for step in (1, 2, 5)):
        if peak <= unit * 3:
            return [0, unit, unit * 2, unit * 3]
    return [0, peak]


def weeks_heading(weeks: Sequence[Week]) -> str:
    """What the weeks say: about the last whole one."""
    if not any(week.arrived or week.closed for week in weeks):
        return str(_("No cases in the last 12 weeks"))
    last = weeks[-2]
    number, change = last.monday.isocalendar().week, last.arrived - last.closed
    if change > 0:
        return str(
            ngettext(
                "In week %(week)s %(num)s case more came than was closed",
                "In week %(week)s %(num)s cases more came than were closed",
                change,
                week=number,
            )
        )
    if change < 0:
        return str(
            ngettext(
                "In week %(week)s %(num)s case more was closed than came",
                "In week %(week)s %(num)s cases more were closed than came",
                -change,
                week=number,
            )
        )
    return str(_("In week %(week)s as many cases were closed as came", week=number))


def states_heading(figures: Figures) -> str:
    """What the states say: how many are open."""
    total = sum(state.total for state in figures.states)
    return str(ngettext("%(num)s case is open", "%(num)s cases are open", total))


def ages_heading(figures: Figures) -> str:
    """What the ages say: how many are old."""
    old = sum(state.counts[-1] for state in figures.states)
    if not old:
        return str(_("No open case is older than %(days)s days", days=AGES[-1]))
    return str(
        ngettext(
            "%(num)s open case is older than %(days)s days",
            "%(num)s open cases are older than %(days)s days",
            old,
            days=AGES[-1],
        )
    )


def age_classes() -> list[str]:
    """The names of the age classes, youngest first."""
    names, begin = [], 0
    for end in AGES:
        names.append(str(_("%(first)s–%(last)s days", first=begin, last=end)))
        begin = end + 1
    return [*names, str(_("over %(days)s days", days=AGES[-1]))]


@dataclass(frozen=True)
class Age:
    """An age class and how many open cases are in it."""

    name: str
    number: int


def ages_of(figures: Figures) -> list[Age]:
    """The open cases by age, all states together."""
    numbers = [sum(counts) for counts in zip(*(state.counts for state in figures.states), strict=True)]
    names = age_classes()
    return [Age(*each) for each in zip(names, numbers or [0] * len(names), strict=True)]
