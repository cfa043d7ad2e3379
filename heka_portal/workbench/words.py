"""How the workbench says times: how late, how long still, how long a clock stood."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask, current_app
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from heka_portal.clock import date_in_helsinki, today
from heka_portal.web.filters import due, when
from heka_portal.workbench.base import Guarded, Menu

A_DAY, AN_HOUR = timedelta(days=1), timedelta(hours=1)


def span(length: timedelta) -> str:
    """A length of time in its two largest units: 3 days, 2 h 10 min, 5 min."""
    if length >= A_DAY:
        return str(ngettext("%(num)s day", "%(num)s days", length // A_DAY))
    hours, minutes = length // AN_HOUR, length % AN_HOUR // timedelta(minutes=1)
    if not hours:
        return str(_("%(minutes)s min", minutes=max(1, minutes)))
    return str(_("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes))


def lateness(due_at: datetime, now: datetime) -> str:
    """By how much something is late, in one unit."""
    late = now - due_at
    if late >= A_DAY:
        return str(ngettext("%(num)s day late", "%(num)s days late", late // A_DAY))
    if late >= AN_HOUR:
        return str(_("%(hours)s h late", hours=late // AN_HOUR))
    return str(_("%(minutes)s min late", minutes=max(1, late // timedelta(minutes=1))))


def due_when(value: datetime) -> Markup:
    """When something is due: today with the hour, else the day."""
    return when(value) if date_in_helsinki(value) == today() else due(value)


def workbench_menu() -> Menu:
    """The menu of a page that belongs to no view, such as an error's."""
    view = current_app.extensions["admin"][0].index_view
    menu: Menu = Guarded.menu_for_reader(view)
    return Menu(tuple(place for place in menu.main), ())


def init_app(app: Flask) -> None:
    """Give the words to Jinja."""
    app.jinja_env.globals.update(lateness=lateness, span=span, workbench_menu=workbench_menu)
    app.jinja_env.filters["due_when"] = due_when
