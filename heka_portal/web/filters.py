"""Jinja filters: each writes a value in the reader's language by the rules of `formats`."""

from __future__ import annotations

import re
from datetime import date, datetime

from flask import Flask
from markupsafe import Markup, escape

from heka_portal.clock import helsinki, today
from heka_portal.web import formats, markdown
from heka_portal.web.i18n import current_language


def date_filter(value: date | datetime) -> str:
    """24.11.2026 or 24 November 2026, without markup."""
    return formats.write_date(value, current_language())


def weekday_filter(value: date | datetime) -> str:
    """The weekday's name."""
    return formats.write_weekday(value, current_language())


def clock_filter(value: datetime) -> str:
    """The time of day in Helsinki."""
    return formats.write_time(value, current_language())


def when(value: date | datetime | None, *, clock: bool = True) -> Markup:
    """A `time` element in words near to us: today at 14:05; the full form is in its title."""
    if value is None:
        return Markup("")
    said = formats.write_when(value, current_language(), today=today(), clock=clock)
    return _time_element(value, said)


def due(value: date | datetime | None) -> Markup:
    """A `time` element with the weekday: pe 4.12., the year when it is another one."""
    if value is None:
        return Markup("")
    said = formats.write_due(value, current_language(), today=today())
    return _time_element(value, said)


def on_date(value: date | datetime | None) -> Markup:
    """A `time` element with the plain date: 24.11.2026."""
    if value is None:
        return Markup("")
    return _time_element(value, formats.write_date(value, current_language()))


def slot(start: datetime, end: datetime) -> Markup:
    """A span of hours on one day, kept on one line: to 26.11. klo 12–14."""
    language = current_language()
    day = formats.write_due(start, language, today=today())
    hours = formats.write_hours(start, end, language)
    return Markup('<time datetime="{}">{} <span class="hp-nowrap">{}</span></time>').format(
        helsinki(start).isoformat(timespec="minutes"), day, hours
    )


def _time_element(value: date | datetime, said: str) -> Markup:
    """Wrap the words in a `time` element that holds the exact value twice."""
    language = current_language()
    if isinstance(value, datetime):
        exact, full = helsinki(value).isoformat(timespec="minutes"), formats.write_moment(value, language)
    else:
        exact, full = value.isoformat(), formats.write_full_date(value, language)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(exact, full, said)


def file_size(size: int) -> str:
    """The size of a file in the reader's units."""
    return formats.write_file_size(size, current_language())


def opening_hours(hours: str) -> str:
    """Opening hours with the reader's weekdays."""
    return formats.write_opening_hours(hours, current_language())


def paragraphs(text: str | None) -> Markup:
    """A person's own text as paragraphs: escaped, with its line breaks kept."""
    blocks = re.split(r"\n\s*\n", (text or "").replace("\r\n", "\n").strip())
    line_break = Markup("<br>\n")
    return Markup("\n").join(
        Markup("<p>{}</p>").format(line_break.join(escape(line.rstrip()) for line in block.split("\n")))
        for block in blocks
        if block.strip()
    )


def phone_anchor(number: str) -> Markup:
    """A link that dials the number, written in groups."""
    return Markup('<a class="hp-num hp-nowrap" href="{}">{}</a>').format(
        formats.phone_link(number), formats.write_phone(number)
    )


def init_app(app: Flask) -> None:
    """Give the filters to Jinja, and keep the lines of bare tags out of the pages."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        date=date_filter,
        weekday=weekday_filter,
        clock=clock_filter,
        when=when,
        due=due,
        on_date=on_date,
        slot=slot,
        money=formats.write_money,
        number=formats.write_number,
        case_number=formats.write_case_number,
        file_size=file_size,
        phone=formats.write_phone,
        phone_link=formats.phone_link,
        phone_anchor=phone_anchor,
        address=formats.write_address,
        opening_hours=opening_hours,
        paragraphs=paragraphs,
        markdown=markdown.to_html,
    )
