"""A notice as it is read: its words in one language, what other languages there are, its files and its places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from heka_portal.clock import date_in_helsinki, now
from heka_portal.domain.attachments.queries import FileLine
from heka_portal.domain.notices.queries import NamedPlace
from heka_portal.integrations.mail import Letter
from heka_portal.models.notices import Notice
from heka_portal.models.outbox import OutboxMail
from heka_portal.vocabulary import Language, MailKind
from heka_portal.web import formats
from heka_portal.web.filters import due, slot, when
from heka_portal.web.i18n import LANGUAGES, current_language
from heka_portal.web.mails import render_letter
from heka_portal.web.markdown import cut_words, plain_text, to_html

#: what is said where a notice is missing in the reader's language
ONLY_IN: Mapping[Language, Any] = {
    Language.FINNISH: _l("This notice is in Finnish. It has not been written in your language."),
    Language.SWEDISH: _l("This notice is in Swedish. It has not been written in your language."),
    Language.ENGLISH: _l("This notice is in English. It has not been written in your language."),
}
IN: Mapping[Language, Any] = {
    Language.FINNISH: _l("in Finnish"),
    Language.SWEDISH: _l("in Swedish"),
    Language.ENGLISH: _l("in English"),
}


@dataclass(frozen=True)
class ReadNotice:
    """The words of a notice in one language."""

    language: Language
    title: str
    body: Markup
    #: the reader's language is not among those it is written in
    is_missing: bool
    #: the other languages it can be read in, by code and own name
    others: tuple[tuple[str, str], ...]


def read_notice(notice: Notice, wanted: str | None = None) -> ReadNotice:
    """The words in the language that is asked for, else the reader's, else one that there is, which is said."""
    written = notice.languages
    own = current_language()
    chosen = next((each for each in written if each == wanted), None) or next(
        (each for each in written if each == own), written[0]
    )
    words = notice.text_in(chosen)
    assert words is not None  # noqa: S101 - one of those it is written in
    return ReadNotice(
        language=chosen,
        title=words.title,
        body=to_html(words.body),
        is_missing=own not in written,
        others=tuple((str(each), LANGUAGES[each]) for each in written if each is not chosen),
    )


@dataclass(frozen=True)
class NoticeWords:
    """The words of a notice in one language, as staff look at them."""

    language: Language
    title: str
    body: Markup


def all_words(notice: Notice) -> list[NoticeWords]:
    """The words of a notice in each language it is written in, in the order of the service."""
    texts = sorted(notice.texts, key=lambda each: notice.languages.index(each.language))
    return [NoticeWords(each.language, each.title, to_html(each.body, top=3)) for each in texts]


def notice_mails(notice: Notice, words: Sequence[NoticeWords]) -> dict[Language, Letter]:
    """The mail that goes out in each language."""
    kind = MailKind.NOTICE_URGENT if notice.is_urgent else MailKind.NOTICE
    return {
        each.language: render_letter(
            OutboxMail(
                message_id="",
                kind=kind,
                to_email="",
                language=each.language,
                params={"notice": notice.id, "title": each.title},
                created_at=now(),
            )
        )
        for each in words
    }


def files_in(notice: Notice, language: Language, files: Mapping[int, FileLine]) -> list[FileLine]:
    """The files that stand beside the words in a language: its own, and those of all languages."""
    return [files[each.attachment_id] for each in notice.files if each.language in (None, language)]


@lru_cache(maxsize=2_000)
def beginning(text: str) -> str:
    """How a notice begins, for a list: of its first paragraph what fits into two lines."""
    return cut_words(plain_text(text).partition("\n")[0], 120)


def only_in(language: Language) -> str:
    """That a notice is in another language than its reader's."""
    return str(ONLY_IN[language])


def in_words(language: Language) -> str:
    """The language a line of a list is in."""
    return str(IN[language])


def place_words(places: Sequence[NamedPlace]) -> list[str]:
    """Where a notice holds: buildings with their staircases, regions, or everywhere."""
    language = current_language()
    buildings: dict[str, list[str]] = {}
    said = []
    for place in places:
        if place.street_address is not None:
            buildings.setdefault(place.street_address, []).extend([place.staircase] if place.staircase else [])
        elif place.region_fi is not None:
            said.append(str(_("Region %(name)s", name=place.region(language))))
        else:
            said.append(str(_("All homes of Heka")))
    for street, stairs in buildings.items():
        address = formats.write_address(street)
        said.append(
            str(_("%(address)s, staircase %(stairs)s", address=address, stairs=", ".join(stairs)))
            if stairs
            else address
        )
    return said


def happens(notice: Any) -> Markup:
    """When that happens which a notice tells of: a span of hours, some days, or a moment."""
    begins, ends = notice.happens_from, notice.happens_to
    if begins is None:
        return Markup("")
    if ends is None:
        return Markup("{} {}").format(due(begins), Markup('<span class="hp-nowrap">{}</span>').format(_hour(begins)))
    last = ends - timedelta(microseconds=1)
    if date_in_helsinki(begins) == date_in_helsinki(last):
        return slot(begins, ends)
    return Markup("{} – {}").format(when(begins), when(ends))


def _hour(moment: Any) -> str:
    return formats.write_time(moment, current_language())


def init_app(app: Flask) -> None:
    """Give the words of notices to Jinja."""
    app.jinja_env.globals.update(
        notice_beginning=beginning, notice_happens=happens, notice_in=in_words, notice_only_in=only_in
    )
