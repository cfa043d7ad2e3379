"""Feedback on accessibility: anyone may give it, once, and a brake stands before a flood."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from heka_portal.extensions import db
from heka_portal.models.feedback import AccessibilityFeedback
from heka_portal.vocabulary import Language
from tests.support.forms import find_form, submit

PAGE = "/accessibility/feedback"
WORDS = "Ruudunlukija ei kerro, mikä vaihe on menossa."


def kept(app: Flask) -> list[AccessibilityFeedback]:
    with app.app_context():
        return list(db.session.scalars(select(AccessibilityFeedback)))


def test_it_is_kept_with_the_language_it_was_written_in(app: Flask, client: FlaskClient) -> None:
    client.set_cookie("lang", "sv")
    answer = submit(client, PAGE, text=WORDS, page="Mina ärenden", email="Lasse@Example.FI")
    assert answer.location == f"{PAGE}/sent"
    assert "14 dagar" in client.get(answer.location).text
    [feedback] = kept(app)
    assert (feedback.text, feedback.page, feedback.email) == (WORDS, "Mina ärenden", "Lasse@example.fi")
    assert feedback.language is Language.SWEDISH


def test_email_and_page_are_optional(app: Flask, client: FlaskClient) -> None:
    assert submit(client, PAGE, text=WORDS).status_code == 303
    [feedback] = kept(app)
    assert (feedback.page, feedback.email) == (None, None)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"text": ""}, "Tell what is hard to use"),
        ({"text": WORDS, "email": "lasse@"}, "Check the email address"),
        ({"text": "x" * 4001}, "Shorten this to 4000 characters"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    app: Flask, client: FlaskClient, fields: dict[str, str], sentence: str
) -> None:
    client.set_cookie("lang", "en")
    page = submit(client, PAGE, **{"page": "The front page", **fields})
    assert page.status_code == 200
    assert sentence in page.text
    assert "The front page" in page.text
    assert kept(app) == []


def test_a_double_press_is_one(app: Flask, client: FlaskClient) -> None:
    target, drawn = find_form(client.get(PAGE))
    for _ in range(2):
        assert client.post(target, data={**drawn.to_dict(), "text": WORDS}).status_code == 303
    assert len(kept(app)) == 1


def test_a_flood_is_braked_and_the_words_stand_on_the_page(app: Flask, client: FlaskClient) -> None:
    for _ in range(5):
        assert submit(client, PAGE, text=WORDS).status_code == 303
    page = submit(client, PAGE, text="Kuudes kirje")
    assert page.status_code == 429
    assert "Kuudes kirje" in page.text
    assert len(kept(app)) == 5


def test_the_statement_leads_to_the_form_and_the_authority(client: FlaskClient) -> None:
    page = client.get("/accessibility?lang=en").text
    assert f'href="{PAGE}"' in page
    assert "mailto:saavutettavuus@traficom.fi" in page
    assert "306/2019" in page
