"""The bench's browser: forms, cookies and answers that are not what people get."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from devtools.bench.browser import Answer, Browser, WrongAnswer

PAGE = b"""<form><input type="hidden" name="csrf_token" value="a"></form>
<form method="post"><input name="q"><input value="b&amp;c" type="hidden" name="csrf_token">
<input type="hidden" name="key"><input type="password" name="password"></form>"""


def test_hidden_fields_are_those_of_the_form_with_the_sign() -> None:
    answer = Answer("/sign-in", 200, "", PAGE)
    assert answer.hidden() == {"csrf_token": "a"}
    assert answer.hidden(b'name="password"') == {"csrf_token": "b&c", "key": ""}
    with pytest.raises(WrongAnswer):
        answer.hidden(b"nothing")


def test_cookies_stay_and_another_status_is_a_failure() -> None:
    seen: list[Mapping[str, str]] = []

    def send(
        _method: str, _path: str, headers: Mapping[str, str], _body: bytes | None
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        seen.append(headers)
        return 200, [("Set-Cookie", "visit=key; Path=/; HttpOnly")], b"page"

    browser = Browser(send)
    browser.get("/home")
    browser.get("/home")
    assert seen[1]["Cookie"] == "visit=key"
    assert (browser.requests, browser.received) == (2, 8)
    with pytest.raises(WrongAnswer):
        browser.post("/home", {"a": "b"})
