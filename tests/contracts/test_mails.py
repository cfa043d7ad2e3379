"""The catalogue of mails: every kind, in every language, in both forms, with one link and nothing left open."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from typing import Any
from urllib.parse import urlsplit

import html5lib
import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException

from heka_portal.domain.outbox.operations import enqueue_mail
from heka_portal.integrations.mail import Letter
from heka_portal.vocabulary import Language, MailKind
from heka_portal.web.letters import LETTERS
from heka_portal.web.mails import render_letter

BASE = "https://asukas.heka.example"
TOKEN = "tkn-4f1c" + "x" * 35
#: what each kind is enqueued with
PARAMS: dict[str, str | int] = {"number": 482719306, "token": TOKEN, "building_id": 7, "notice": 17}
TITLE = {"title": "Vesikatko torstaina 26.11."}
LINK = re.compile(r"https?://[^\s\"<>]+")
#: placeholders, template tags, broken translations
LEFTOVERS = re.compile(r"%\(|%[sd]|\{\{|\{%|\bNone\b|&lt;|&#")
KINDS = list(MailKind)


@pytest.fixture
def addressed(app: Flask) -> Iterator[Flask]:
    """The application under an address of its own, with a context: no client is used here."""
    settings = app.extensions["heka_settings"]
    app.extensions["heka_settings"] = settings.model_copy(update={"base_url": BASE})
    with app.app_context():
        yield app
    app.extensions["heka_settings"] = settings


def letter_of(kind: MailKind, language: Language) -> Letter:
    params = {name: PARAMS[name] for name in LETTERS[kind].address}
    params |= TITLE if "notice" in params else {}
    return render_letter(enqueue_mail(kind, to_email="maija@example.fi", language=language, params=params))


def words_of(html: str) -> str:
    body = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html).find("body")
    return " ".join("".join(body.itertext()).split())


def test_every_kind_has_words() -> None:
    assert set(LETTERS) == set(MailKind)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", KINDS)
def test_a_mail_is_whole_in_both_forms(addressed: Flask, kind: MailKind, language: Language) -> None:
    letter = letter_of(kind, language)
    assert letter.subject
    assert "\n" not in letter.subject
    assert len(letter.subject) < 70
    assert not LEFTOVERS.search(letter.subject + letter.text)
    assert not LEFTOVERS.search(words_of(letter.html))
    assert f'<html lang="{language}">' in letter.html
    assert letter.html.count("<h1>") == 1
    # Whoever does not know the sender can call: the numbers are there, as are the reasons.
    for needed in ("09\u00a05767\u00a03000", "09\u00a05767\u00a03100", "Helsingin kaupungin asunnot Oy"):
        assert needed in letter.text
        assert needed in letter.html


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", KINDS)
def test_both_forms_say_the_same(addressed: Flask, kind: MailKind, language: Language) -> None:
    letter = letter_of(kind, language)
    html = words_of(letter.html)
    for line in filter(None, letter.text.replace("-- \n", "").splitlines()):
        if not LINK.search(line):
            assert " ".join(line.removesuffix(":").split()) in html, line


@pytest.mark.parametrize("kind", KINDS)
def test_a_mail_has_one_link_which_leads_to_a_page_of_ours(addressed: Flask, kind: MailKind) -> None:
    letter = letter_of(kind, Language.FINNISH)
    in_text, in_html = LINK.findall(letter.text), LINK.findall(letter.html)
    assert len(in_text) == 1
    assert in_text == in_html == re.findall(r'href="([^"]+)"', letter.html)
    parts = urlsplit(in_text[0])
    assert f"{parts.scheme}://{parts.netloc}" == BASE
    assert not parts.query
    assert leads_somewhere(addressed, parts.path)


def leads_somewhere(app: Flask, path: str) -> bool:
    try:
        app.url_map.bind(urlsplit(BASE).netloc).match(path, method="GET")
    except HTTPException:
        return False
    return True


@pytest.mark.parametrize("kind", [kind for kind in KINDS if "number" in LETTERS[kind].address])
@pytest.mark.parametrize("language", Language)
def test_the_subject_names_the_case(addressed: Flask, kind: MailKind, language: Language) -> None:
    letter = letter_of(kind, language)
    assert "482\u00a0719\u00a0306" in letter.subject
    assert "/482719306" in letter.text


@pytest.mark.parametrize("kind", KINDS)
def test_the_languages_differ(addressed: Flask, kind: MailKind) -> None:
    assert len({letter_of(kind, language).subject for language in Language}) == len(Language)


def test_a_mail_says_nothing_personal(addressed: Flask) -> None:
    for kind in KINDS:
        letter = letter_of(kind, Language.FINNISH)
        assert "maija" not in (letter.text + letter.html + letter.subject).lower()


def test_the_letter_is_a_message_that_comes_back_the_same(addressed: Flask) -> None:
    letter = letter_of(MailKind.CASE_NEWS, Language.SWEDISH)
    message: Any = message_from_bytes(letter.to_message().as_bytes(), policy=default)
    assert message["Subject"] == letter.subject
    assert message["Content-Language"] == "sv"
    assert message.get_body(("plain",)).get_content().replace("\r\n", "\n").strip() == letter.text.strip()
    assert message.get_body(("html",)).get_content().replace("\r\n", "\n").strip() == letter.html.strip()
    assert datetime.fromisoformat(str(message["Date"].datetime.astimezone(UTC))) == letter.written_at.replace(
        microsecond=0
    )


def test_a_mail_lacking_what_it_needs_is_not_written(addressed: Flask) -> None:
    mail = enqueue_mail(MailKind.CASE_NEWS, to_email="a@example.fi", language=Language.FINNISH, params={})
    with pytest.raises(KeyError):
        render_letter(mail)
