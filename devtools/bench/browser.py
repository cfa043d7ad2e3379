"""A browser small enough not to be measured itself: cookies, forms and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

from werkzeug.test import Client

from devtools.bench.served import HOST

#: a request: method, path, headers, body; and its answer: status, headers, body
Send = Callable[[str, str, Mapping[str, str], bytes | None], tuple[int, list[tuple[str, str]], bytes]]
FORM = re.compile(rb"<form.*?</form>", re.DOTALL)
INPUT = re.compile(rb"<input[^>]*>")
ATTRIBUTE = re.compile(rb'([\w-]+)="([^"]*)"')
BOUNDARY = "heka-bench-boundary"
TIMEOUT_SECONDS = 60


class WrongAnswer(Exception):
    """A page answered otherwise than it does to people: what is measured would be something else."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    path: str
    status: int
    location: str
    body: bytes

    def hidden(self, sign: bytes = b'name="csrf_token"') -> dict[str, str]:
        """The hidden fields of the first form that holds a sign. Raises WrongAnswer."""
        for form in FORM.findall(self.body):
            if sign in form:
                inputs = [dict(ATTRIBUTE.findall(each)) for each in INPUT.findall(form)]
                return {
                    each[b"name"].decode(): unescape(each.get(b"value", b"").decode())
                    for each in inputs
                    if each.get(b"type") == b"hidden"
                }
        raise WrongAnswer(f"{self.path}: no form with {sign!r}")


def over_http(port: int) -> Send:
    """Requests to a server of this machine, a connection each."""

    def send(
        method: str, path: str, headers: Mapping[str, str], body: bytes | None
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        connection = HTTPConnection(HOST, port, timeout=TIMEOUT_SECONDS)
        try:
            connection.request(method, path, body, dict(headers))
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()

    return send


def in_process(app: Any) -> Send:
    """Requests to an application of this process, whose statements can be counted."""

    def send(
        method: str, path: str, headers: Mapping[str, str], body: bytes | None
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        answer = Client(app, use_cookies=False).open(path, method=method, headers=dict(headers), data=body)
        return answer.status_code, list(answer.headers.items()), answer.data

    return send


@dataclass
class Browser:
    """Somebody's browser."""

    send: Send
    cookies: dict[str, str] = field(default_factory=dict)
    #: what it has got by now
    requests: int = 0
    received: int = 0

    def get(self, path: str, *, expected: int = 200) -> Answer:
        """Open a page. Raises WrongAnswer."""
        return self._ask("GET", path, None, "", expected)

    def post(self, path: str, fields: Mapping[str, str], *, photo: bytes | None = None, expected: int = 303) -> Answer:
        """Send a form. Raises WrongAnswer."""
        if photo is None:
            return self._ask("POST", path, urlencode(fields).encode(), "application/x-www-form-urlencoded", expected)
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        return self._ask("POST", path, _multipart(fields, photo), kind, expected)

    def _ask(self, method: str, path: str, body: bytes | None, kind: str, expected: int) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if kind:
            headers["Content-Type"] = kind
        status, given, answered = self.send(method, path, headers, body)
        self.requests += 1
        self.received += len(answered)
        location = ""
        for name, value in given:
            if name.lower() == "set-cookie":
                cookie, _, rest = value.partition("=")
                self.cookies[cookie] = rest.partition(";")[0]
            elif name.lower() == "location":
                location = value
        if status != expected:
            raise WrongAnswer(f"{method} {path}: {status} instead of {expected}, to {location or 'nowhere'}")
        return Answer(path, status, location, answered)


def _multipart(fields: Mapping[str, str], photo: bytes) -> bytes:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="photo.jpg"\r\n'
    return b"".join(
        [*parts, head.encode(), b"Content-Type: image/jpeg\r\n\r\n", photo, f"\r\n--{BOUNDARY}--\r\n".encode()]
    )
