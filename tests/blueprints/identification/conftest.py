"""The portal and the stand-in provider, each on a port of its own, registered with each other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from devtools.identity_provider.app import create_provider
from devtools.identity_provider.configuration import Client, Configuration
from devtools.identity_provider.keys import STATEMENT_FILE, ProviderKeys
from heka_portal import clock
from heka_portal.config import Settings
from heka_portal.extensions import SETTINGS
from heka_portal.integrations.identification import keys as portal_keys
from heka_portal.integrations.identification.settings import TEST_LOA_SUBSTANTIAL
from heka_portal.web.identification import CALLBACK_PATH, EXTENSION, SIGNED_JWKS_PATH
from tests.support.sending import send
from tests.support.server import served

CLIENT_ID = "heka"
#: what the portal has made of its keys, from one test to the next: checking a private key takes its time
READY: dict[str, Any] = {}


class Later:
    """An application that is made when its address is known."""

    def __init__(self) -> None:
        self.app: Callable[..., Any] | None = None

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        assert self.app is not None
        return self.app(environ, start_response)


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
    later = Later()
    with served(application) as portal, served(later) as issuer:  # type: ignore[arg-type]  # any WSGI callable
        ProviderKeys(key_folder / "provider", issuer=issuer, now=clock.now())
        client = Client(
            client_id=CLIENT_ID,
            redirect_uris=(portal + CALLBACK_PATH,),
            entity_id=portal,
            signed_jwks_uri=portal + SIGNED_JWKS_PATH,
            entity_keys=key_folder / "portal" / portal_keys.ENTITY_PUBLIC_FILE,
        )
        later.app = create_provider(
            Configuration(issuer=issuer, keys=key_folder / "provider", clients=(client,), slow_seconds=1.5)
        )
        yield Addresses(portal, issuer)


@pytest.fixture
def provider(
    app: Flask, settings: Settings, key_folder: Path, addresses: Addresses, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Provider]:
    """The stand-in, and `app` as a portal that knows it."""
    changed = {
        "base_url": addresses.portal,
        "identification_issuer": addresses.issuer,
        "identification_client_id": CLIENT_ID,
        "identification_keys": str(key_folder / "portal"),
        "identification_entity_key": (key_folder / "provider" / STATEMENT_FILE).read_text().strip(),
        "identification_acr": (TEST_LOA_SUBSTANTIAL,),
        "identification_timeout": 0.8,
    }
    monkeypatch.setitem(app.extensions, SETTINGS, settings.model_copy(update=changed))
    if ready := READY.get("kept"):
        app.extensions[EXTENSION] = ready
    yield Provider(addresses.issuer)
    if ready := app.extensions.pop(EXTENSION, None):
        READY["kept"] = ready
