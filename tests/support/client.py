"""A test client that checks every page it is given: markup, labels, token, headers, nothing left uncommitted."""

from __future__ import annotations

from typing import Any

from flask import Flask, request_finished
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session
from werkzeug.test import TestResponse
from werkzeug.wrappers import Response

from heka_portal.extensions import db
from tests.support.headers import header_faults
from tests.support.html import faults

UNSAVED = "tests.unsaved"
FORGOTTEN = "tests.forgotten"


class CheckedClient(FlaskClient):
    """Raises AssertionError for a bad page. `checks=False` makes a client that only carries requests."""

    def __init__(self, *args: Any, checks: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.checks = checks
        watch(self.application)

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        self.application.extensions[FORGOTTEN] = False
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
    if not db.session.registry.has() or response.status_code >= 400:
        return
    session = db.session()
    waiting = session.new or session.deleted or any(session.is_modified(each) for each in session.dirty)
    if waiting or session.info.get(UNSAVED):
        app.extensions[FORGOTTEN] = True


@event.listens_for(Session, "after_flush")
def _after_flush(session: Session, _context: object) -> None:
    session.info[UNSAVED] = True


@event.listens_for(Session, "do_orm_execute")
def _on_statement(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        state.session.info[UNSAVED] = True


@event.listens_for(Session, "after_commit")
def _after_commit(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info[UNSAVED] = False


@event.listens_for(Session, "after_rollback")
def _after_rollback(session: Session) -> None:
    session.info[UNSAVED] = False
