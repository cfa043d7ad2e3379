"""security.txt, as RFC 9116 wants it, and the page it leads to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import time_machine
from flask.testing import FlaskClient


def fields(client: FlaskClient) -> dict[str, str]:
    answer = client.get("/.well-known/security.txt")
    assert answer.mimetype == "text/plain"
    assert "utf-8" in answer.headers["Content-Type"]
    return dict(line.split(": ", 1) for line in answer.text.splitlines())


def test_it_names_who_where_and_until_when(client: FlaskClient) -> None:
    found = fields(client)
    assert found["Contact"] == "mailto:tietoturva@heka.example"
    assert found["Preferred-Languages"] == "fi, sv, en"
    assert found["Canonical"] == "http://localhost/.well-known/security.txt"
    assert client.get(found["Policy"].removeprefix("http://localhost")).status_code == 200
    assert "mailto:tietoturva@heka.example" in client.get("/security?lang=en").text


def test_it_never_expires_while_the_portal_runs(client: FlaskClient) -> None:
    for moment in (datetime(2026, 11, 24, 17, tzinfo=UTC), datetime(2031, 2, 28, tzinfo=UTC)):
        with time_machine.travel(moment, tick=False):
            expires = datetime.fromisoformat(fields(client)["Expires"])
        assert timedelta(days=90) < expires - moment < timedelta(days=365)
