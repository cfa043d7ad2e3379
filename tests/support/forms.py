"""Fill in the forms of a page as a browser would: hidden fields, the token and what is already chosen go along."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.support.html import Page

CHECKED = {"radio", "checkbox"}
NOT_SENT = {"submit", "button", "file", "reset", "image"}


class NoSuchForm(AssertionError):
    """The page has no such form."""


def find_form(response: TestResponse, action: str | None = None) -> tuple[str, MultiDict[str, Any]]:
    """The address and the fields of a page's form: the one whose action ends so, else the first inside `main`."""
    page = Page(response.get_data(as_text=True))
    for form in page.all("form"):
        target = urlsplit(urljoin(response.request.path, form.get("action") or "")).path
        if page.has_ancestor(form, "main") and (action is None or target.endswith(action)):
            return target, _fields(form)
    raise NoSuchForm(f"{response.request.path}: no form to {action!r}")


def _fields(form: Element) -> MultiDict[str, Any]:
    found: MultiDict[str, Any] = MultiDict()
    for control in form.iter():
        name = control.get("name")
        if not name or control.get("disabled") is not None:
            continue
        if control.tag == "input" and control.get("type") not in NOT_SENT:
            if control.get("type") not in CHECKED or control.get("checked") is not None:
                found.add(name, control.get("value") or "")
        elif control.tag == "textarea":
            found.add(name, (control.text or "").removeprefix("\n"))
        elif control.tag == "select":
            chosen = [one for one in control.iter("option") if one.get("selected") is not None]
            first = chosen[0] if chosen else next(control.iter("option"), None)
            found.add(name, "" if first is None else first.get("value") or "")
    return found


def submit(client: FlaskClient, where: str | TestResponse, action: str | None = None, /, **given: Any) -> TestResponse:
    """Open a page (or take it as it was opened), fill in a form and send it; `None` leaves a field out.

    In names of fields `__` stands for a hyphen.
    """
    page = client.get(where) if isinstance(where, str) else where
    assert page.status_code in {200, 409}, f"{page.request.path}: {page.status_code}"
    target, fields = find_form(page, action)
    for name, value in given.items():
        field = name.replace("__", "-")
        fields.poplist(field)
        for one in value if isinstance(value, list) else [value]:
            if one is not None:
                fields.add(field, one)
    answer = client.post(target, data=fields, content_type="multipart/form-data")
    # A large body lies in a temporary file of the test client, which nobody else closes.
    answer.request.environ["wsgi.input"].close()
    return answer
