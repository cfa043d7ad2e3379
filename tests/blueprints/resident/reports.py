"""Reporting a defect as a person would, page by page."""

from __future__ import annotations

import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.forms import submit

WHAT = {
    "fault": "water_leak",
    "title": "The sink cupboard gets wet",
    "description": "Water drips from the pipe.",
}
ACCESS = {"master_key": "allowed", "phone": "040 297 6225", "call_when": "After 16"}


def begin(client: FlaskClient) -> str:
    """Begin a draft; returns the address of its pages."""
    answer = submit(client, "/defects/report")
    assert answer.status_code == 303
    assert re.fullmatch(r"/defects/report/[\w-]{32}/place", answer.location)
    return str(answer.location).removesuffix("/place")


def first_home(client: FlaskClient, draft: str) -> str:
    """The value of the first home that can be chosen."""
    return _choice(client, draft, "home")


def common_area(client: FlaskClient, draft: str) -> str:
    """The value of the first building whose common areas can be chosen."""
    return _choice(client, draft, "common")


def _choice(client: FlaskClient, draft: str, kind: str) -> str:
    page = client.get(f"{draft}/place").get_data(as_text=True)
    return str(re.findall(rf'value="({kind}-\d+)"', page)[0])


def fill_home(client: FlaskClient, **changed: Any) -> str:
    """Answer every page about a defect at home; returns the address of the draft's pages."""
    draft = begin(client)
    answers = {**WHAT, **ACCESS, "room": "kitchen", **changed}
    step = submit(client, f"{draft}/place", where=first_home(client, draft), room=answers.pop("room"))
    assert step.location == f"{draft}/what"
    what = {
        name: answers.pop(name) for name in list(answers) if name in WHAT or name.startswith(("files", "noticed_on"))
    }
    assert submit(client, f"{draft}/what", **what).location == f"{draft}/access"
    assert submit(client, f"{draft}/access", **answers).location == f"{draft}/check"
    return draft


def fill_common(client: FlaskClient, **changed: Any) -> str:
    """Answer every page about a defect in the common areas; returns the address of the draft's pages."""
    draft = begin(client)
    answers = {**WHAT, "fault": "cleaning", "title": "Stairs are dirty", **changed}
    place = {"where": common_area(client, draft), "spot": answers.pop("spot", "stairwell")}
    assert submit(client, f"{draft}/place", **place).location == f"{draft}/what"
    assert submit(client, f"{draft}/what", **answers).location == f"{draft}/check"
    return draft


def send(client: FlaskClient, draft: str) -> TestResponse:
    """Press the button at the end of the answers."""
    return submit(client, f"{draft}/check", "/send")


def number_of(answer: TestResponse) -> int:
    """The number of the case a sent report became."""
    assert answer.status_code == 303
    found = re.fullmatch(r"/matters/(\d{9})/sent", answer.location)
    assert found is not None, answer.location
    return int(found[1])
