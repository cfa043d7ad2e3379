"""A list of cases in an address: what it is narrowed to and where one stands in it, read and written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from heka_portal.domain.access import Actor
from heka_portal.domain.cases.badges import BEGINNINGS, Beginning
from heka_portal.domain.cases.inbox import Cursor, Filters, Line
from heka_portal.vocabulary import CaseKind, CaseQueue, DefectState, EnquiryState, Party, Urgency
from heka_portal.web.addresses import as_key
from heka_portal.web.cursors import read_cursor, write_cursor

#: how far back closed cases are listed
PERIODS = (30, 90, 365)

#: the states of all kinds; those with one code are one
STATES: Mapping[str, StrEnum] = {str(state): state for state in (*EnquiryState, *DefectState)}
CODES: Mapping[str, Mapping[str, StrEnum]] = {
    "kind": {str(code): code for code in CaseKind},
    "state": STATES,
    "urgency": {str(code): code for code in Urgency},
    "queue": {str(code): code for code in CaseQueue},
    "awaits": {str(code): code for code in Party},
}
KEYS = {
    "region": "region_id",
    "building": "building_id",
    "apartment": "apartment_id",
    "owner": "owner_id",
    "topic": "topic_id",
    "handler": "handler_id",
}
FLAGS = {
    "unassigned": "is_unassigned",
    "overdue": "is_overdue",
    "today": "is_today",
    "unread": "is_unread",
    "reopened": "is_reopened",
}
ME = "me"

TITLES: Mapping[str, Any] = {
    "mine": _l("My open cases"),
    "mine_overdue": _l("My overdue cases"),
    "mine_today": _l("My cases due today"),
    "mine_unread": _l("My unread cases"),
    "mine_reopened": _l("My reopened cases"),
    "mine_waiting": _l("My cases that wait for the resident"),
    "all": _l("All open cases"),
    "unassigned": _l("Unassigned cases"),
    "overdue": _l("Overdue cases"),
    "unread": _l("Unread cases"),
    "reopened": _l("Reopened cases"),
    "waiting": _l("Cases that wait for the resident"),
    "defects": _l("Queue: defects"),
    "building_management": _l("Queue: building managers"),
    "payments": _l("Queue: rent and payments"),
    "tenant_democracy": _l("Queue: tenant democracy"),
    "customer_service": _l("Queue: customer service"),
}
SHORT: Mapping[str, Any] = {
    "mine": _l("My open"),
    "mine_overdue": _l("Overdue"),
    "mine_today": _l("Due today"),
    "mine_unread": _l("Unread"),
    "mine_reopened": _l("Reopened"),
    "mine_waiting": _l("Wait for the resident"),
    "all": _l("All open"),
    "unassigned": _l("Unassigned"),
    "overdue": _l("Overdue"),
    "unread": _l("Unread"),
    "reopened": _l("Reopened"),
    "waiting": _l("Wait for the resident"),
    "defects": _l("Defects"),
    "building_management": _l("Building managers"),
    "payments": _l("Rent and payments"),
    "tenant_democracy": _l("Tenant democracy"),
    "customer_service": _l("Customer service"),
}


@dataclass(frozen=True)
class ListPlace:
    """A list and a page of it."""

    filters: Filters
    after: Cursor | None = None
    before: Cursor | None = None

    def narrowing(self, actor: Actor) -> dict[str, Any]:
        """What the list is narrowed to, as arguments of an address."""
        given: dict[str, Any] = {name: getattr(self.filters, name) for name in CODES}
        given.update({name: getattr(self.filters, attribute) for name, attribute in KEYS.items()})
        given.update({name: 1 if getattr(self.filters, attribute) else None for name, attribute in FLAGS.items()})
        given["closed"] = self.filters.closed_days
        if self.filters.handler_id is not None and self.filters.handler_id == actor.staff_id:
            given["handler"] = ME
        return {name: str(value) for name, value in given.items() if value is not None}

    def args(self, actor: Actor) -> dict[str, Any]:
        """The list and its page, as arguments of an address."""
        page = {"after": self.after, "before": self.before}
        return self.narrowing(actor) | {name: write_cursor(at) for name, at in page.items() if at is not None}

    def url(self, actor: Actor, *, here: int | None = None) -> str:
        """The page of the list; with `here` at the line of a case."""
        return url_for("admin_cases.index", **self.args(actor), _anchor=f"c{here}" if here else None)

    def case_url(self, actor: Actor, line: Line) -> str:
        """The page of a case that knows the list it was opened from."""
        return self.case_urls(actor)(line)

    def case_urls(self, actor: Actor) -> Callable[[Line], str]:
        """The pages of the list's cases: the address is built once, and differs by its number and its place."""
        head, tail = url_for("admin_cases.show", number=0, **self.args(actor), at="").split("/0/", 1)
        return lambda line: f"{head}/{line.number}/{tail}{write_cursor(line.cursor)}"


def read_filters(actor: Actor, given: Mapping[str, str]) -> Filters:
    """What a list is narrowed to; what cannot be read narrows nothing."""
    found: dict[str, Any] = {}
    for name, codes in CODES.items():
        code = codes.get(given.get(name) or "")
        if code is not None:
            found[name] = code
    for name, attribute in KEYS.items():
        word = given.get(name)
        found[attribute] = actor.staff_id if name == "handler" and word == ME else as_key(word)
    for name, attribute in FLAGS.items():
        found[attribute] = given.get(name) == "1"
    days = as_key(given.get("closed"))
    return Filters(**found, closed_days=days if days in PERIODS else None)


def place_of_request(actor: Actor) -> ListPlace:
    """The list of this request's address."""
    return ListPlace(
        read_filters(actor, request.args),
        after=read_cursor(request.args.get("after")),
        before=read_cursor(request.args.get("before")),
    )


def beginning_of(actor: Actor, filters: Filters) -> Beginning | None:
    """The list to begin from that these filters are."""
    plain = replace(filters, closed_days=None)
    if filters.is_closed:
        return None
    return next((each for each in BEGINNINGS if each.filters_of(actor) == plain), None)


def title_of(actor: Actor, filters: Filters) -> str:
    """What a list is called: the name of a list to begin from, or that it is narrowed."""
    beginning = beginning_of(actor, filters)
    if beginning is not None:
        return str(TITLES[beginning.name])
    if filters == Filters():
        return str(TITLES["all"])
    if filters.is_closed:
        return str(_("Cases closed in the last %(days)s days", days=filters.closed_days))
    return str(_("Narrowed list of cases"))
