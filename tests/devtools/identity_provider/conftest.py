"""The stand-in as a server of its own, a portal's relying party, and a browser of requests between them."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from flask import Flask, Response
from werkzeug.serving import WSGIRequestHandler, make_server

from devtools.identity_provider import keys as provider_keys
from devtools.identity_provider.app import create_provider
from devtools.identity_provider.configuration import Client, Configuration, Dialect
from heka_portal.integrations.identification import keys as portal_keys
from heka_portal.integrations.identification import settings as portal_settings
from heka_portal.integrations.identification.attempts import Attempt, new_attempt
from heka_portal.integrations.identification.persons import IdentifiedPerson
from heka_portal.integrations.identification.publishing import SIGNED_JWKS_MEDIA_TYPE, signed_jwks
from heka_portal.integrations.identification.relying_party import RelyingParty


class _Quiet(WSGIRequestHandler):
    def log(self, *_: Any) -> None:
        """Keep the tests' output quiet."""


@contextmanager
def serving(make_app: Callable[[str], Flask]) -> Iterator[str]:
    """An application on a free port; its address."""
    placeholder = Flask("placeholder")
    server = make_server("127.0.0.1", 0, placeholder, threaded=True, request_handler=_Quiet)
    address = f"http://127.0.0.1:{server.port}"
    server.app = make_app(address)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield address
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class World:
    """A stand-in and a portal that know each other, and the time they share."""

    folder: Path
    keys: portal_keys.RelyingPartyKeys
    issuer: str = ""
    portal_address: str = ""
    portal_is_up: bool = True
    now: datetime = field(default_factory=lambda: datetime(2026, 11, 24, 10, 0, tzinfo=UTC))
    dialect: Dialect = Dialect.URN

    @property
    def provider_folder(self) -> Path:
        return self.folder / f"provider-{self.dialect}"

    def configuration(self, issuer: str) -> Configuration:
        self.issuer = issuer
        client = Client(
            client_id="heka",
            redirect_uris=(f"{self.portal_address}/callback",),
            entity_id=self.portal_address,
            signed_jwks_uri=f"{self.portal_address}/signed-jwks",
            entity_keys=self.folder / "portal" / portal_keys.ENTITY_PUBLIC_FILE,
        )
        return Configuration(
            issuer=issuer,
            keys=self.provider_folder,
            clients=(client,),
            dialect=self.dialect,
            slow_seconds=1.5,
            now=lambda: self.now,
        )

    def portal_app(self, address: str) -> Flask:
        self.portal_address = address
        app = Flask("portal")

        @app.get("/signed-jwks")
        def keys() -> Response:
            if not self.portal_is_up:
                return Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
            text = signed_jwks(self.settings(), self.keys, now=self.now)
            return Response(text, content_type=SIGNED_JWKS_MEDIA_TYPE)

        return app

    def settings(self) -> portal_settings.IdentificationSettings:
        plain = self.dialect is Dialect.PLAIN
        return portal_settings.IdentificationSettings(
            issuer=self.issuer,
            client_id="heka",
            redirect_uri=f"{self.portal_address}/callback",
            provider_entity_keys=(self.provider_folder / provider_keys.STATEMENT_FILE).read_text(),
            dialect=portal_settings.Dialect(self.dialect.value),
            scope="openid personal_identity_code profile weak" if plain else "openid",
            allowed_acr=frozenset({portal_settings.TEST_LOA_SUBSTANTIAL}),
            asked_acr=(portal_settings.TEST_LOA_SUBSTANTIAL,),
            allow_test_codes=True,
            timeout_seconds=0.8,
            entity_id=self.portal_address,
            organisation_name="Heka",
            own_signed_jwks_uri=f"{self.portal_address}/signed-jwks",
        )

    def relying_party(self, **changes: Any) -> RelyingParty:
        return RelyingParty(replace(self.settings(), **changes), self.keys)

    def attempt(self, *, max_age: timedelta | None = None, newer_than: datetime | None = None) -> Attempt:
        return new_attempt(now=self.now, max_age=max_age, newer_than=newer_than)


class Browser:
    """A person's browser: it keeps cookies and stops where the portal begins."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.session = requests.Session()

    def open(self, address: str) -> requests.Response:
        return self.session.get(address, timeout=10)

    def choose(self, page: requests.Response, **form: str) -> dict[str, str]:
        """Send the page's form; what the portal then gets in its callback."""
        [action] = re.findall(r'<form method="post" action="(/identify/[^"]+)"', page.text)
        answer = self.session.post(f"{self.world.issuer}{action}", data=form, timeout=10, allow_redirects=False)
        assert answer.status_code == HTTPStatus.SEE_OTHER, answer.text
        return callback_of(answer)


def callback_of(answer: requests.Response) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))


def identify(
    world: World,
    portal: RelyingParty,
    *,
    browser: Browser | None = None,
    attempt: Attempt | None = None,
    **form: str,
) -> IdentifiedPerson:
    """A whole identification, as Tero unless the form says otherwise."""
    browser, attempt = browser or Browser(world), attempt or world.attempt()
    page = browser.open(portal.begin(attempt, locale="fi", now=world.now))
    assert page.status_code == HTTPStatus.OK, page.text
    callback = browser.choose(page, **{"person": "010170-999R", "action": "identify", **form})
    return portal.complete(callback, attempt, now=world.now)


@contextmanager
def living(folder: Path, dialect: Dialect) -> Iterator[World]:
    portal_keys.make_keys(folder / "portal")
    world = World(folder, portal_keys.load_keys(folder / "portal"), dialect=dialect)
    with ExitStack() as stack:
        stack.enter_context(serving(world.portal_app))
        stack.enter_context(serving(lambda address: create_provider(world.configuration(address))))
        yield world


@pytest.fixture(scope="session")
def urn_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with living(tmp_path_factory.mktemp("urn"), Dialect.URN) as world:
        yield world


@pytest.fixture(scope="session")
def plain_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with living(tmp_path_factory.mktemp("plain"), Dialect.PLAIN) as world:
        yield world


@pytest.fixture
def world(urn_world: World) -> World:
    """The world an hour later: what other tests left behind has run out."""
    urn_world.now += timedelta(hours=1)
    urn_world.portal_is_up = True
    return urn_world


@pytest.fixture
def portal(world: World) -> RelyingParty:
    return world.relying_party()
