"""The checking client itself: it accepts a good answer, and tells a bad page and a forgotten commit."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from heka_portal import create_app
from heka_portal.config import Settings
from heka_portal.extensions import csrf, db
from heka_portal.web.access import public
from tests.support.client import CheckedClient

INSERT = text("INSERT INTO contractors (name, is_active) VALUES ('Talotiimi', true)")


@public
def written() -> str:
    """Writes and commits."""
    db.session.execute(INSERT)
    db.session.commit()
    return ""


@public
def forgotten() -> str:
    """Writes and forgets to commit."""
    db.session.execute(text("UPDATE contractors SET is_active = false"))
    return ""


@public
def refused() -> tuple[str, int]:
    """Writes, then refuses: the write is meant to be lost."""
    db.session.execute(INSERT)
    return "", 409


@public
def poor() -> str:
    """A page without anything."""
    return "<p>Hello"


@pytest.fixture
def checked(app: Flask, settings: Settings) -> Iterator[FlaskClient]:
    """A client of an application with the views above."""
    probe = create_app(settings)
    probe.test_client_class = CheckedClient
    for view in (written, forgotten, refused, poor):
        csrf.exempt(view)
        probe.add_url_rule(f"/probe-{view.__name__}", view_func=view, methods=["GET", "POST"])
    yield probe.test_client()
    with probe.app_context():
        db.engine.dispose()


def post(client: FlaskClient, path: str) -> int:
    return client.post(path, headers={"Accept": "text/plain", "HX-Request": "true"}).status_code


def test_commit_is_seen(checked: FlaskClient) -> None:
    assert post(checked, "/probe-written") == 200


def test_forgotten_commit_is_told(checked: FlaskClient) -> None:
    with pytest.raises(AssertionError, match="was not committed"):
        post(checked, "/probe-forgotten")


def test_refused_write_needs_no_commit(checked: FlaskClient) -> None:
    assert post(checked, "/probe-refused") == 409


def test_commit_before_does_not_excuse_the_next_request(checked: FlaskClient) -> None:
    assert post(checked, "/probe-written") == 200
    with pytest.raises(AssertionError, match="was not committed"):
        post(checked, "/probe-forgotten")


def test_poor_page_is_told(checked: FlaskClient) -> None:
    with pytest.raises(AssertionError, match=r"GET /probe-poor \(200\):\n.*DOCTYPE"):
        checked.get("/probe-poor")
