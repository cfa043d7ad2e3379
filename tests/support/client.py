"""A test client that checks every page it is given: markup, labels, token, headers, nothing left uncommitted."""

from __future__ import annotations

from typing import Any

from flask import Flask, request_finished
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, event
from werkzeug.test import TestResponse
from werkzeug.wrappers import Response

from heka_portal.extensions import db
from tests.support.headers import header_faults
from tests.support.html import faults

FORGOTTEN = "tests.forgotten"


class CheckedClient(FlaskClient):
    """Raises AssertionError for a bad page. `checks=False` makes a client that only carries requests."""

    def __init__(self, *args: Any, checks: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.checks = checks
        watch(self.application)

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        self.application.extensions[FORGOTTEN] = False
        UNCOMMITTED.clear()
        response = super().open(*args, **kwargs)
        if self.checks:
            check_answer(response, left_uncommitted=self.application.extensions[FORGOTTEN])
        return response


def check_answer(response: TestResponse, *, left_uncommitted: bool) -> None:
    """Assert that an answer is fit for a browser."""
    where = f"{response.request.method} {response.request.path} ({response.status_code})"
    assert not left_uncommitted, f"{where}: what was written was not committed"
    if response.mimetype != "text/html":
        return
    found = list(header_faults(response))
    if not is_fragment(response) and not is_redirect(response):
        found += faults(response.get_data(as_text=True))
    assert not found, "\n  ".join([f"{where}:", *found])


def is_fragment(response: TestResponse) -> bool:
    """Whether a script asked for a part of a page."""
    return "HX-Request" in response.request.headers


def is_redirect(response: TestResponse) -> bool:
    """Whether nobody sees the body."""
    return 300 <= response.status_code < 400


def watch(app: Flask) -> None:
    """Notice, once for each application, requests that answer well but leave writes without a commit."""
    if FORGOTTEN in app.extensions:
        return
    app.extensions[FORGOTTEN] = False
    request_finished.connect(_look_for_the_unsaved, app, weak=False)


def _look_for_the_unsaved(app: Flask, response: Response) -> None:
    if response.status_code >= 400:
        return
    app.extensions[FORGOTTEN] = bool(UNCOMMITTED) or _has_waiting_objects()


def _has_waiting_objects() -> bool:
    """Whether the session holds what was never even flushed."""
    if not db.session.registry.has():
        return False
    session = db.session()
    return bool(session.new or session.deleted or any(session.is_modified(each) for each in session.dirty))


#: Connections, by identity, that wrote and have neither committed nor rolled back.
UNCOMMITTED: set[int] = set()


@event.listens_for(Engine, "before_cursor_execute")
def _on_statement(
    connection: Connection, _cursor: Any, statement: str, _parameters: Any, _context: Any, _many: bool
) -> None:
    if statement.lstrip()[:6].upper() in {"INSERT", "UPDATE", "DELETE"}:
        UNCOMMITTED.add(id(connection))


@event.listens_for(Engine, "commit")
@event.listens_for(Engine, "rollback")
def _on_end(connection: Connection) -> None:
    UNCOMMITTED.discard(id(connection))
