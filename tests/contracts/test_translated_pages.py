"""No English is left on a Finnish or Swedish page: not in its text, labels or title, nor in what a library adds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from devtools.translations import LANGUAGES
from heka_portal.extensions import db
from heka_portal.models.accounts import LoginSession
from heka_portal.models.cases import CaseEvent
from heka_portal.models.defects import Defect
from tests.contracts.access_matrix import OWNER, Entry, Things, entries, make_things
from tests.support.roles import ClientFor, World

#: Words that English uses all the time, and Finnish and Swedish never.
ENGLISH = re.compile(
    r"\b(the|of|your|you|with|this|these|what|which|who|from|are|has|been|will|can|when|where|please|no|yes"
    r"|page|search|filter|apply|reset|details|edit|delete|create|show|case|cases|defect|resident|matter|report"
    r"|sign|name|email|password|send|write|choose|back|next|previous|open|closed|done|error|record|selected)\b",
    re.IGNORECASE,
)
READ_OUT = ("aria-label", "alt", "title", "placeholder")
#: Each sees other pages, or the same ones with other parts.
READERS = ("main_tenant", "supervisor", "contractor", "administrator")
SILENT = {"script", "style"}
EMPTY = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
#: The page for those who build pages is in English, and production has none; an export is no page.
NOT_FOR_READERS = {"public.components", "admin_buildings.export"}


class Words(HTMLParser):
    """The text of a page in the page's language: what says that it is in another one is left out."""

    def __init__(self, page: str, language: str) -> None:
        super().__init__()
        self.language, self.said = language, [""]
        #: the tags around, each with whether it is read out
        self.around: list[tuple[str, bool]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        is_read = self.is_read() and tag not in SILENT and given.get("lang") in (None, self.language)
        if is_read:
            self.said += [given.get(name) or "" for name in READ_OUT]
        if tag not in EMPTY:
            self.around.append((tag, is_read))

    def handle_endtag(self, tag: str) -> None:
        while self.around and self.around.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.is_read():
            self.said.append(data)

    def is_read(self) -> bool:
        """Whether what comes now is read out in the page's language."""
        return not self.around or self.around[-1][1]


def english_in(text: str, language: str, *, typed: Iterable[str] = ()) -> list[str]:
    """The English words of a page that nobody typed."""
    said = " ".join(" ".join(Words(text, language).said).split())
    for one in typed:
        said = said.replace(" ".join(one.split()), "")
    return sorted({found.group().lower() for found in ENGLISH.finditer(said)})


def typed_texts() -> list[str]:
    """What the people of the tests wrote, in English; the longest first, as one may hold another."""
    rows = db.session.execute(select(Defect.subject, Defect.pets, Defect.call_when)).all()
    texts = [text for row in rows for text in row] + list(db.session.scalars(select(CaseEvent.text)))
    return sorted(filter(None, texts), key=len, reverse=True)


def pages_of(client: FlaskClient, app: Flask, things: Things, language: str) -> Iterable[tuple[Entry, str]]:
    """Every page there is for a reader."""
    for entry in entries(app):
        if entry.method != "GET" or entry.endpoint in NOT_FOR_READERS:
            continue
        rule = next(rule for rule in app.url_map.iter_rules(entry.endpoint) if "GET" in (rule.methods or ()))
        asked = {"lang": language, "id": things.values["building_id"]}
        answer = client.get(things.address(app, rule), query_string=asked)
        if answer.mimetype == "text/html" and not 300 <= answer.status_code < 400:
            yield entry, answer.get_data(as_text=True)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reader", READERS)
def test_page_is_in_one_language(app: Flask, world: World, client_for: ClientFor, reader: str, language: str) -> None:
    client = client_for(reader, checks=False)
    with app.app_context():
        session_id = db.session.scalars(select(LoginSession.id).order_by(LoginSession.id.desc())).first()
        things = make_things(world, session_id if reader == OWNER else None)
        typed = typed_texts()
    left = {}
    for entry, text in pages_of(client, app, things, language):
        if found := english_in(text, language, typed=typed):
            left[entry.endpoint] = found
    assert left == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_for_anyone_is_in_one_language(app: Flask, world: World, language: str) -> None:
    client = app.test_client(checks=False)
    with app.app_context():
        things = make_things(world, None)
    left = {
        entry.endpoint: found
        for entry, text in pages_of(client, app, things, language)
        if (found := english_in(text, language))
    }
    assert left == {}


def test_english_would_be_found_in_text_label_and_title() -> None:
    page = "<!doctype html><title>Hae</title><p lang='en'>Your page</p><p>Kotini</p>{}"
    assert english_in(page.format(""), "fi") == []
    assert english_in(page.format("<p>Write your name</p>"), "fi") == ["name", "write", "your"]
    assert english_in(page.format("<input aria-label='Search'>"), "fi") == ["search"]
    assert english_in(page.format("<p>Write your name</p>"), "fi", typed=["Write your name"]) == []
