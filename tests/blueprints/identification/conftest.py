"""The portal and the stand-in provider, each on a port of its own, registered with each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from heka_portal.config import Settings
from heka_portal.extensions import SETTINGS
from heka_portal.integrations.identification import keys as portal_keys
from heka_portal.web.identification import CALLBACK_PATH, EXTENSION
from tests.support.sending import send
from tests.support.server import served
from tests.support.stand_in import settings_for, stand_in

#: what the portal has made of its keys, from one test to the next: checking a private key takes its time
READY: dict[str, Any] = {}


@dataclass
class Provider:
    """The stand-in, and a browser that visits it."""

    issuer: str
    browser: requests.Session = field(default_factory=requests.Session)

    def answer(self, address: str, **form: str) -> str:
        """Choose on the provider's page; the path the browser is sent back to."""
        page = self.browser.get(address, timeout=10)
        assert page.status_code == 200, page.text
        [action] = re.findall(r'<form method="post" action="(/identify/[^"]+)"', page.text)
        chosen = {"person": "010170-999R", "action": "identify", **form}
        back = self.browser.post(f"{self.issuer}{action}", data=chosen, timeout=10, allow_redirects=False)
        assert back.status_code == 303, back.text
        parts = urlsplit(back.headers["Location"])
        assert parts.path == CALLBACK_PATH
        return f"{parts.path}?{parts.query}"

    def begin(self, client: FlaskClient) -> str:
        """Press the button of the portal; the provider's address."""
        answer = send(client, "/register/identify", page="/register?lang=en")
        assert answer.status_code == 303, answer.text
        assert answer.location.startswith(self.issuer)
        return answer.location

    def identify(self, client: FlaskClient, **form: str) -> TestResponse:
        """A whole round; what the portal answers in the end."""
        return client.get(self.answer(self.begin(client), **form))


@pytest.fixture(scope="session")
def key_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The keys of both: making them takes seconds."""
    folder = tmp_path_factory.mktemp("identification")
    portal_keys.make_keys(folder / "portal")
    return folder


@dataclass(frozen=True)
class Addresses:
    """Where the two are."""

    portal: str
    issuer: str


@pytest.fixture(scope="session")
def addresses(application: Flask, key_folder: Path) -> Iterator[Addresses]:
    """Both served, for all tests: the stand-in makes keys of its own, which takes seconds too."""
    with served(application) as portal, stand_in(key_folder, portal) as issuer:
        yield Addresses(portal, issuer)


@pytest.fixture
def provider(
    app: Flask, settings: Settings, key_folder: Path, addresses: Addresses, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Provider]:
    """The stand-in, and `app` as a portal that knows it."""
    known = settings_for(settings, key_folder, portal=addresses.portal, issuer=addresses.issuer)
    monkeypatch.setitem(app.extensions, SETTINGS, known)
    if ready := READY.get("kept"):
        app.extensions[EXTENSION] = ready
    yield Provider(addresses.issuer)
    if ready := app.extensions.pop(EXTENSION, None):
        READY["kept"] = ready
