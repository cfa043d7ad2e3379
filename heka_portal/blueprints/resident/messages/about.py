"""What a message can be about besides its topic: the one place that reads it from an address and says it.

Another thing to ask about is another row of `READERS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from heka_portal import clock
from heka_portal.domain.access import Actor
from heka_portal.domain.cases.queries import get_case
from heka_portal.domain.errors import NotFound
from heka_portal.domain.notices.queries import find_notice
from heka_portal.web.addresses import as_key
from heka_portal.web.formats import write_case_number
from heka_portal.web.i18n import current_language
from heka_portal.web.notices import read_notice


@dataclass(frozen=True)
class About:
    """What a message is about: the words of the page, and what the draft keeps of it."""

    words: Markup
    kept: Mapping[str, Any]


def _case(actor: Actor, word: str) -> About | None:
    number = as_key(word)
    if number is None:
        return None
    case = get_case(actor, number)
    address = url_for("resident.matters.show", number=case.number)
    link = Markup('<a href="{}" class="hp-num">{}</a>').format(address, write_case_number(case.number))
    return About(Markup(_("About your matter %(number)s")) % {"number": link}, {"about_number": case.number})  # noqa: S704


def _notice(actor: Actor, word: str) -> About | None:
    """One that the reader does not see is as if none were asked about."""
    number = as_key(word)
    notice = find_notice(actor, number, now=clock.now()) if number is not None else None
    if notice is None:
        return None
    words = read_notice(notice)
    lang = Markup(' lang="{}"').format(words.language) if words.language != current_language() else ""
    address = url_for("resident.notices.show", notice=notice.id)
    link = Markup('<a href="{}"{}>{}</a>').format(address, lang, words.title)
    return About(Markup(_("About the notice %(title)s")) % {"title": link}, {"about_notice": notice.id})  # noqa: S704


READERS: Mapping[str, Callable[[Actor, str], About | None]] = {"about": _case, "notice": _notice}
#: under which name a draft keeps it
KEPT: Mapping[str, str] = {"about_number": "about", "about_notice": "notice"}


def read_about(actor: Actor) -> About | None:
    """What this request's address asks about. Raises NotFound for another's thing."""
    for name, read in READERS.items():
        word = request.args.get(name)
        if word:
            return read(actor, word)
    return None


def about_of(actor: Actor, answers: Mapping[str, Any]) -> About | None:
    """What a draft is about; nothing where the reader does not see it any more."""
    for kept, name in KEPT.items():
        value = answers.get(kept)
        if value is not None:
            try:
                return READERS[name](actor, str(value))
            except NotFound:
                return None
    return None
