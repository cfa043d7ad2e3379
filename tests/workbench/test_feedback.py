"""The list of feedback on accessibility: due first, marked as answered once."""

from __future__ import annotations

import secrets
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from heka_portal import clock
from heka_portal.domain.feedback.operations import Feedback, give_feedback
from heka_portal.extensions import db
from heka_portal.models.feedback import AccessibilityFeedback
from heka_portal.vocabulary import Language
from tests.support.forms import find_form
from tests.support.roles import ClientFor


@pytest.fixture
def feedback_id(app: Flask) -> int:
    """Feedback that has waited too long."""
    with app.app_context():
        feedback = Feedback(
            "<b>Valikko</b> ei aukea", "Asiani", "lukija@example.fi", Language.FINNISH, secrets.token_urlsafe(24)
        )
        give_feedback(feedback, now=clock.now() - timedelta(days=20))
        db.session.commit()
        return db.session.scalars(select(AccessibilityFeedback.id)).one()


def test_it_is_listed_with_its_due_day(client_for: ClientFor, feedback_id: int) -> None:
    page = client_for("clerk").get("/admin/feedback/?lang=en").text
    assert "&lt;b&gt;Valikko&lt;/b&gt; ei aukea" in page
    assert "Answer was due" in page
    assert "mailto:lukija@example.fi" in page


def test_it_is_marked_as_answered_once(client_for: ClientFor, feedback_id: int) -> None:
    client = client_for("clerk")
    client.set_cookie("lang", "en")
    target, drawn = find_form(client.get("/admin/feedback/"), f"/{feedback_id}/")
    assert client.post(target, data={**drawn.to_dict(), "text": "Korjattu."}).status_code == 303
    assert "Marked as answered." in client.get("/admin/feedback/").text
    assert "Korjattu." in client.get("/admin/feedback/?answered=1").text
    client.post(target, data={**drawn.to_dict(), "text": "Uudelleen"})
    assert "Somebody was faster" in client.get("/admin/feedback/").text


def test_without_words_nothing_is_marked(client_for: ClientFor, feedback_id: int) -> None:
    client = client_for("clerk")
    client.set_cookie("lang", "en")
    target, drawn = find_form(client.get("/admin/feedback/"), f"/{feedback_id}/")
    page = client.post(target, data={**drawn.to_dict(), "text": " "})
    assert "Write what was answered or mended" in page.text
    assert "Answer was due" in page.text


def test_what_is_not_there_is_not_found(client_for: ClientFor, feedback_id: int) -> None:
    client = client_for("clerk")
    target, drawn = find_form(client.get("/admin/feedback/"), f"/{feedback_id}/")
    answer = client.post(target.replace(str(feedback_id), "999"), data={**drawn.to_dict(), "text": "x"})
    assert answer.status_code == 404


def test_an_empty_list_says_what_comes_here(client_for: ClientFor) -> None:
    assert "Nothing here" in client_for("clerk").get("/admin/feedback/?lang=en").text
