"""What stands around a page is written once, not for every request: its head, its header, its footer.

A kept piece depends on nothing but its key. What differs from reader to reader is a hole in it (`HOLES`), filled anew
each time: nothing of one reader can reach another.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, current_app
from flask_wtf.csrf import generate_csrf
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from heka_portal.web.headers import csp_nonce
from heka_portal.web.i18n import current_language, same_page

KEPT = "heka_kept_pieces"
#: kinds of pages, readers and languages are a few hundred; should there be more, all begin anew
MOST_KEPT = 2_000
_HOLE = re.compile("\ue000(\\w+)\ue001")

#: what fills each hole: a function of the page's own context
HOLES: Mapping[str, Callable[[Context], str]] = {
    "csrf_token": lambda _page: generate_csrf(),
    "nonce": lambda _page: csp_nonce(),
    "same_page": lambda _page: same_page(),
    "reader_name": lambda page: page["reader"].name,
    "asked": lambda page: page.get("asked") or "",
}


def hole(name: str) -> Markup:
    """A place in a kept piece that is filled for each reader; the value is escaped. Raises KeyError."""
    if name not in HOLES:
        raise KeyError(name)
    return Markup(f"\ue000{name}\ue001")  # noqa: S704 - a name of the table above


@pass_context
def kept(page: Context, name: str, *key: Any, caller: Callable[[], str]) -> Markup:
    """A piece of the page that is the same wherever name, language and key are the same."""
    pieces: dict[Any, list[str]] = current_app.extensions[KEPT]
    place = (name, current_language(), *key)
    parts = pieces.get(place)
    if parts is None:
        if len(pieces) >= MOST_KEPT:
            pieces.clear()
        parts = pieces[place] = _HOLE.split(caller())
    # Every second part is the name of a hole.
    filled: dict[str, str] = {}
    for hole_name in parts[1::2]:
        if hole_name not in filled:
            filled[hole_name] = str(escape(HOLES[hole_name](page)))
    return Markup("".join(filled[part] if number % 2 else part for number, part in enumerate(parts)))  # noqa: S704


def init_app(app: Flask) -> None:
    """Give the pieces to Jinja."""
    app.extensions[KEPT] = {}
    app.jinja_env.globals.update(kept=kept, hole=hole)
