"""The inbox: lists of cases by due date, narrowed by links and fields, with cases taken and handed over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask import flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _
from flask_babel import ngettext

from heka_portal import clock
from heka_portal.domain.access import Actor, Permission
from heka_portal.domain.cases.badges import BADGE_LIMIT, BEGINNINGS, count_badges
from heka_portal.domain.cases.handling import hand_over_all, list_handlers, take_next
from heka_portal.domain.cases.inbox import Filters, Line, list_inbox
from heka_portal.domain.enquiries.queries import list_all_topics
from heka_portal.domain.errors import DetailNeeded
from heka_portal.domain.homes.queries import find_buildings, get_building_name, list_regions
from heka_portal.extensions import db
from heka_portal.vocabulary import DefectState, Urgency
from heka_portal.web.access import Rule, current_actor
from heka_portal.web.addresses import as_key
from heka_portal.web.fields import clean_line
from heka_portal.workbench.cases import CasePages
from heka_portal.workbench.lists import (
    ME,
    PERIODS,
    SHORT,
    STATES,
    ListPlace,
    beginning_of,
    place_of_request,
    read_filters,
    title_of,
)

#: the states an open case can be narrowed to
OPEN_STATES = tuple(state for state in STATES.values() if state != DefectState.CLOSED)
#: who takes the chosen cases: whom the list beside the button names, or nobody
CHOSEN, NOBODY = "chosen", "nobody"


@dataclass(frozen=True)
class Queue:
    """One link at the left, with the number that waits there."""

    name: str
    label: str
    url: str
    count: str
    is_mine: bool
    is_current: bool
    is_bad: bool


@dataclass(frozen=True)
class Group:
    """The lines of a page that belong together: overdue, today, later."""

    name: str
    lines: tuple[Line, ...]


def write_count(amount: int) -> str:
    """A number beside a list; it is counted to a hundred."""
    return f"{BADGE_LIMIT}+" if amount >= BADGE_LIMIT else str(amount)


def list_queues(actor: Actor, counts: Mapping[str, int], filters: Filters | None = None) -> list[Queue]:
    """The lists to begin from."""
    here = beginning_of(actor, filters) if filters is not None else None
    return [
        Queue(
            name=each.name,
            label=str(SHORT[each.name]),
            url=ListPlace(each.filters_of(actor)).url(actor),
            count=write_count(counts.get(each.name, 0)),
            is_mine=each.is_mine,
            is_current=each is here,
            is_bad=each.filters.is_overdue and counts.get(each.name, 0) > 0,
        )
        for each in BEGINNINGS
    ]


def group_lines(lines: Sequence[Line], filters: Filters, now: datetime) -> list[Group]:
    """Overdue first, then today, then later; a list of closed cases is one group."""
    if filters.is_closed:
        return [Group("closed", tuple(lines))] if lines else []
    today = clock.date_in_helsinki(now)

    def name_of(line: Line) -> str:
        if line.due_at < now:
            return "overdue"
        return "today" if clock.date_in_helsinki(line.due_at) == today else "later"

    names = [name_of(line) for line in lines]
    return [
        Group(name, tuple(line for line, own in zip(lines, names, strict=True) if own == name))
        for name in ("overdue", "today", "later")
        if name in names
    ]


class CasesView(CasePages):
    """Cases: the inbox, and the page of each."""

    access = Rule(Permission.CASE_WORK)

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """A list of cases."""
        actor, now = current_actor(), clock.now()
        place = place_of_request(actor)
        asked = clean_line(request.args.get("building_text"))
        buildings = find_buildings(asked) if asked else []
        if len(buildings) == 1:
            narrowed = ListPlace(replace(place.filters, building_id=buildings[0].id))
            return redirect(narrowed.url(actor), code=303)
        page = list_inbox(actor, place.filters, now=now, after=place.after, before=place.before)
        regions = list_regions()
        may_give = actor.may(Permission.CASE_ASSIGN_OTHERS)
        return self.render(
            "workbench/cases/index.html",
            title=title_of(actor, place.filters),
            place=place,
            page=page,
            groups=group_lines(page.lines, place.filters, now),
            next_url=replace(place, after=page.next, before=None).url(actor) if page.next else None,
            previous_url=replace(place, before=page.previous, after=None).url(actor) if page.previous else None,
            queues=list_queues(actor, count_badges(actor, now=now), place.filters),
            team=next((each for each in regions if each.id == actor.staff_region_id), None),
            regions=regions,
            states=OPEN_STATES,
            urgencies=list(Urgency),
            topics=list_all_topics(actor),
            periods=PERIODS,
            handlers=list_handlers() if may_give else (),
            building=get_building_name(place.filters.building_id),
            asked_building=asked,
            building_choices=[
                (each.name, ListPlace(replace(place.filters, building_id=each.id)).url(actor)) for each in buildings
            ],
            now=now,
        )

    @expose("/buildings/")
    def buildings(self) -> ResponseReturnValue:
        """Suggestions while one types a building: names and addresses of buildings only."""
        asked = clean_line(request.args.get("q"))
        return jsonify([each.name for each in find_buildings(asked)] if asked else [])

    @expose("/take-next/", methods=("POST",))
    def take_next(self) -> ResponseReturnValue:
        """Take the most urgent case of this list that nobody has."""
        actor = current_actor()
        filters = read_filters(actor, request.args)
        case = take_next(actor, filters, now=clock.now())
        db.session.commit()
        if case is None:
            flash(_("Nothing in this list waits for somebody to take it."), "info")
            return redirect(ListPlace(filters).url(actor), code=303)
        return redirect(url_for("admin_cases.show", number=case.number), code=303)

    @expose("/assign/", methods=("POST",))
    def assign(self) -> ResponseReturnValue:
        """Give the chosen cases to oneself, or to another."""
        actor, place = current_actor(), place_of_request(current_actor())
        numbers = [number for word in request.form.getlist("number") if (number := as_key(word)) is not None]
        word = request.form.get("handler", ME)
        if word == CHOSEN:
            word = request.form.get("to", "")
        staff_id = actor.staff_id if word == ME else as_key(word)
        if word != NOBODY and staff_id is None:
            flash(_("Choose who takes the cases."), "bad")
            return redirect(place.url(actor), code=303)
        try:
            changed = hand_over_all(actor, numbers, staff_id=staff_id, now=clock.now())
            db.session.commit()
        except DetailNeeded:
            db.session.rollback()
            flash(_("This person no longer takes cases."), "bad")
            return redirect(place.url(actor), code=303)
        flash(_told(len(numbers), changed), "good" if changed else "info")
        return redirect(place.url(actor), code=303)


def _told(chosen: int, changed: int) -> str:
    """What has become of the chosen cases."""
    if not chosen:
        return str(_("Choose at least one case first."))
    said = ngettext("%(num)s case was handed over.", "%(num)s cases were handed over.", changed)
    return str(said)
