"""Sends the forms of staff's case page as a browser would: with what the page's own form carries."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

FORM = re.compile(r"<form.*?</form>", re.DOTALL)
HIDDEN = re.compile(r'type="hidden" name="(\w+)" value="([^"]*)"')


@dataclass(frozen=True)
class CasePage:
    """The page of a case, as somebody reads it and presses its buttons."""

    client: FlaskClient
    number: int

    @property
    def path(self) -> str:
        """Where it is."""
        return f"/admin/cases/{self.number}/"

    def read(self, **query: str) -> str:
        """The page."""
        answer = self.client.get(self.path, query_string=query)
        assert answer.status_code == 200, answer.status
        return answer.text

    def press(self, act: str, *, do: str = "", page: str | None = None, **fields: str) -> TestResponse:
        """Send a form; `do` opens it first, `page` is one that was drawn before."""
        carried = carried_by(page or self.read(do=do), act)
        return self.client.post(self.path, data={**carried, "act": act, **fields})


def carried_by(page: str, act: str) -> dict[str, str]:
    """The hidden fields of the form of an act; buttons that need nothing share one form."""
    forms = FORM.findall(page)
    own = [form for form in forms if f'name="act" value="{act}"' in form]
    if not own:
        assert f'value="{act}"' in page, f"the page has no {act}"
        own = [form for form in forms if 'id="press"' in form]
    return {name: unescape(value) for name, value in HIDDEN.findall(own[0])}
