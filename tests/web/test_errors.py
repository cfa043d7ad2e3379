"""What the database refuses becomes a page, and its values no line of a log."""

from __future__ import annotations

import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, text
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError
from werkzeug.wrappers import Response

from heka_portal.extensions import db
from tests.support.roles import ClientFor

SECRET = "010190-999W lives in Kontula"


def answer_to(app: Flask, error: Exception, *, method: str = "GET") -> Response:
    """The page that an error of a view becomes."""
    with app.test_request_context("/contact", method=method):
        return app.make_response(app.handle_user_exception(error))


@pytest.mark.parametrize(("method", "status"), [("GET", 404), ("POST", 400)])
def test_value_that_the_database_refuses_is_no_failure_of_ours(app: Flask, method: str, status: int) -> None:
    answer = answer_to(app, DataError("SELECT", {"key": "\x00"}, ValueError("NUL")), method=method)
    assert answer.status_code == status


def test_row_of_a_refused_statement_stays_out_of_the_log(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    refused = IntegrityError("INSERT", {"text": SECRET}, ValueError(f"DETAIL: Failing row contains ({SECRET})"))
    with caplog.at_level(logging.INFO):
        answer = answer_to(app, refused)
    assert answer.status_code == 500
    assert "database error: ValueError" in caplog.text
    assert "Kontula" not in caplog.text


def test_error_of_a_statement_does_not_name_its_values(app: Flask) -> None:
    with app.app_context(), pytest.raises(DBAPIError) as refused:
        db.session.execute(text("SELECT nothing FROM nowhere WHERE a = :a"), {"a": SECRET})
    assert "Kontula" not in str(refused.value)


@pytest.mark.parametrize("path", ["/files/%00", "/defects/report/%00/what", "/matters?after=%00-1"])
def test_nul_in_an_address_is_no_failure(client_for: ClientFor, path: str) -> None:
    assert client_for("main_tenant").get(path).status_code in {200, 404}


def test_nul_in_the_key_of_a_form_is_no_failure(client: FlaskClient) -> None:
    assert client.post("/sign-in", data={"email": "a\x00@example.fi", "password": "\x00"}).status_code < 500


@pytest.mark.parametrize(("role", "path"), [("main_tenant", "/matters"), ("clerk", "/admin/cases/")])
def test_database_that_is_away_is_told_to_who_is_signed_in(
    app: Flask, client_for: ClientFor, role: str, path: str
) -> None:
    client = client_for(role)
    with app.app_context():
        engine = db.engine

    def fail(*_statement: object) -> None:
        raise OperationalError("SELECT", {}, ConnectionError("gone"))

    event.listen(engine, "before_cursor_execute", fail)
    try:
        answer = client.get(path)
    finally:
        event.remove(engine, "before_cursor_execute", fail)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert client.get(path).status_code == 200
