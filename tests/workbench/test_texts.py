"""The landlord's texts in the workbench: written, previewed, published; nothing typed is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from heka_portal import clock
from heka_portal.domain.texts.operations import publish_text
from heka_portal.domain.texts.queries import get_latest
from heka_portal.extensions import db
from heka_portal.vocabulary import Language, TextKind
from tests.support.forms import find_form, submit
from tests.support.roles import ClientFor, World

PAGE = "/admin/texts/privacy/fi/"


def send(client: FlaskClient, button: str, page: TestResponse | None = None, **fields: Any) -> TestResponse:
    return submit(client, page or PAGE, button=button, **fields)


@pytest.fixture
def writer(client_for: ClientFor) -> FlaskClient:
    """Somebody of communications, in English."""
    client = client_for("communications")
    client.set_cookie("lang", "en")
    return client


def latest(app: Flask) -> int:
    with app.app_context():
        text = get_latest(TextKind.PRIVACY, Language.FINNISH)
        assert text is not None
        return text.version


def test_the_front_leads_there(writer: FlaskClient) -> None:
    assert "/admin/texts/" in writer.get("/admin/").text
    page = writer.get("/admin/texts/").text
    for kind in TextKind:
        for language in Language:
            assert f"/admin/texts/{kind}/{language}/" in page


def test_a_preview_publishes_nothing_and_keeps_the_text(app: Flask, writer: FlaskClient) -> None:
    page = send(writer, "preview", body="# Otsikko\n\n**Vahva** <script>alert(1)</script>")
    assert "<strong>Vahva</strong>" in page.text
    assert "<script>alert" not in page.text
    assert "As residents will see it" in page.text
    assert "# Otsikko" in page.text
    assert latest(app) == 1


def test_a_version_is_published_and_read(app: Flask, writer: FlaskClient, client: FlaskClient) -> None:
    answer = send(writer, "publish", body="# Uusi seloste")
    assert answer.location == "/admin/texts/"
    assert latest(app) == 2
    assert writer.get("/admin/texts/").text.count("Older than the Finnish text") == 2
    page = client.get("/privacy?lang=fi").text
    assert "Uusi seloste" in page
    assert 'href="/privacy/versions/1"' in page
    assert "Kuka vastaa tiedoista" in client.get("/privacy/versions/1?lang=fi").text


def test_a_coming_version_is_announced_and_not_in_force(writer: FlaskClient, client: FlaskClient) -> None:
    day = clock.today() + timedelta(days=10)
    send(writer, "publish", body="# Tuleva", valid_from=day.isoformat())
    page = client.get("/privacy?lang=fi").text
    assert "Kuka vastaa tiedoista" in page
    assert "/privacy/versions/2" in page
    assert "Older than the Finnish text" in writer.get("/admin/texts/").text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"body": " "}, "Write the text"),
        ({"valid_from": ""}, "Write the day it comes into force"),
        ({"valid_from": "1.1.2020"}, "The earliest day is"),
    ],
)
def test_what_is_missing_is_said_and_the_text_is_kept(
    app: Flask, writer: FlaskClient, fields: dict[str, str], sentence: str
) -> None:
    page = send(writer, "publish", None, **{"body": "# Kirjoitettu teksti", **fields})
    assert sentence in page.text
    assert find_form(page)[1]["body"] == fields.get("body", "# Kirjoitettu teksti").strip()
    assert latest(app) == 1


def test_who_was_slower_reads_what_came_and_keeps_their_text(app: Flask, world: World, writer: FlaskClient) -> None:
    drawn = writer.get(PAGE)
    with app.app_context():
        publish_text(
            world.actor("administrator"),
            kind=TextKind.PRIVACY,
            language=Language.FINNISH,
            body="# Toisen teksti",
            valid_from=clock.today(),
            follows=1,
        )
        db.session.commit()
    page = send(writer, "publish", drawn, body="# Oma teksti")
    assert page.status_code == 409
    assert "Toisen teksti" in page.text
    assert "# Oma teksti" in page.text
    assert latest(app) == 2
    assert send(writer, "publish", page).status_code == 303
    assert latest(app) == 3


@pytest.mark.parametrize("path", ["nothing/fi/", "privacy/de/"])
def test_there_is_no_other_text(writer: FlaskClient, path: str) -> None:
    assert writer.get(f"/admin/texts/{path}").status_code == 404
