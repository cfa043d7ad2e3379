"""A building's calendar in words and as a file: when things happen, and what a resident's own calendar reads of it.

A calendar lies in phones and with the makers of calendars: of whoever is under a non-disclosure order it says no
address, no name of a building and no word that staff have written, only what kind of thing happens when.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, request
from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from heka_portal.clock import date_in_helsinki
from heka_portal.domain.buildings.sheets import BuildingSheet
from heka_portal.domain.calendars.queries import EventLine, Happening
from heka_portal.domain.calendars.rules import Source
from heka_portal.extensions import settings
from heka_portal.integrations.icalendars import MEDIA_TYPE, Entry, write_calendar
from heka_portal.vocabulary import Language
from heka_portal.web import formats
from heka_portal.web.filters import due, slot, when
from heka_portal.web.headers import keep_private
from heka_portal.web.i18n import current_language
from heka_portal.web.labels import label
from heka_portal.web.mails import absolute_url

ONLY_IN: Mapping[Language, Any] = {
    Language.FINNISH: _l("Only in Finnish"),
    Language.SWEDISH: _l("Only in Swedish"),
    Language.ENGLISH: _l("Only in English"),
}


def write_feed(happenings: Iterable[Happening], building: BuildingSheet | None) -> bytes:
    """The calendar to subscribe to, in the language in force; without a building it tells nobody where one lives."""
    name = settings().landlord_name
    if building is not None:
        name = f"{name}: {formats.write_address(building.street_address)}"
    entries = [_entry(each, building) for each in happenings]
    return write_calendar(entries, name=name, language=current_language())


def write_one(happening: Happening, building: BuildingSheet | None) -> bytes:
    """One event, to be kept."""
    return write_calendar([_entry(happening, building)])


def _entry(happening: Happening, building: BuildingSheet | None) -> Entry:
    host = urlsplit(settings().base_url).hostname
    is_cancelled, kind = happening.is_cancelled, label(happening.kind)
    title, language = (kind, current_language()) if building is None else (happening.title, str(happening.language))
    link = _link(happening, building)
    return Entry(
        uid=f"{happening.source}-{happening.id}@{host}",
        sequence=happening.version,
        changed_at=happening.changed_at,
        starts_at=happening.starts_at,
        ends_at=happening.ends_at,
        is_all_day=happening.is_all_day,
        is_cancelled=is_cancelled,
        category=kind,
        # Not every program shows that an event is cancelled.
        summary=str(_("Called off: %(title)s", title=title)) if is_cancelled else title,
        language=language,
        url=link,
        description="\n".join(_description(happening, building, link)),
        location=_location(happening, building),
    )


def _link(happening: Happening, building: BuildingSheet | None) -> str:
    if happening.source is Source.NOTICE:
        return absolute_url("resident.notices.show", {"notice": happening.id})
    if building is None:
        return absolute_url("resident.building.index", {})
    return absolute_url("resident.calendar.index", {"building_id": building.id})


def _description(happening: Happening, building: BuildingSheet | None, link: str) -> Iterable[str]:
    if building is not None:
        own = current_language()
        foreign = {each for each in (happening.language, happening.details_language) if each not in (None, own)}
        if happening.details:
            yield happening.details
        yield from (str(ONLY_IN[each]) for each in Language if each in foreign)
    yield str(_("More in the portal: %(link)s", link=link))


def _location(happening: Happening, building: BuildingSheet | None) -> str:
    if building is None:
        return ""
    stair = str(_("staircase %(stair)s", stair=happening.staircase)) if happening.staircase else None
    street = f"{building.street_address}, {building.postal_code} {building.city}"
    return ", ".join(filter(None, (happening.place, stair, street)))


def send_feed(content: bytes) -> Response:
    """The calendar, unless the one who asks has this very one."""
    response = Response(content, content_type=MEDIA_TYPE)
    response.add_etag()
    keep_private(response)
    response.make_conditional(request)
    return response


def time_words(happening: Happening | EventLine) -> Markup:
    """When it happens: a day or days, hours of a day, a moment, or from one day's hour to another's."""
    begins, ends = happening.starts_at, happening.ends_at
    if ends is None:
        return Markup("{} {}").format(due(begins), formats.write_time(begins, current_language()))
    last = ends - timedelta(microseconds=1)
    days = date_in_helsinki(begins), date_in_helsinki(last)
    if happening.is_all_day:
        return due(days[0]) if days[0] == days[1] else Markup("{} – {}").format(due(days[0]), due(days[1]))
    return slot(begins, ends) if days[0] == days[1] else Markup("{} – {}").format(when(begins), when(ends))


def by_month(happenings: Iterable[Happening]) -> list[tuple[str, list[Happening]]]:
    """The months in which things happen, each by its name and year; in the order that was given."""
    months = groupby(happenings, key=lambda each: date_in_helsinki(each.starts_at).replace(day=1))
    return [(_month(day), list(those)) for day, those in months]


def _month(day: Any) -> str:
    name = str(format_date(day, "LLLL yyyy"))
    return name[:1].upper() + name[1:]


def leaf(happening: Happening) -> tuple[str, str]:
    """The weekday and the day, as on a leaf of a calendar."""
    day = date_in_helsinki(happening.starts_at)
    return formats.write_short_weekday(day, current_language()), str(day.day)


def webcal(address: str) -> str:
    """An address under the name by which devices hand it to their calendar."""
    return f"webcal:{address.partition(':')[2]}"


def only_in(language: Language) -> str:
    """That something is said in another language than its reader's."""
    return str(ONLY_IN[language])


def init_app(app: Flask) -> None:
    """Give the words of calendars to Jinja."""
    app.jinja_env.globals.update(
        calendar_time=time_words, calendar_months=by_month, calendar_only_in=only_in, calendar_leaf=leaf
    )
    app.jinja_env.filters["webcal"] = webcal
