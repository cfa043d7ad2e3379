"""The portal as people meet it: served on a port, with the stand-in identity provider, its worker and its commands."""

from __future__ import annotations

import email
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from flask import Flask
from flask_babel import force_locale, gettext

from devtools.identity_provider.app import create_provider
from devtools.identity_provider.configuration import TEST_LEVELS, Client, Configuration
from devtools.identity_provider.keys import STATEMENT_FILE
from heka_portal import create_app
from heka_portal.cli.jobs import make_jobs
from heka_portal.cli.worker import Worker
from heka_portal.config import Settings
from heka_portal.extensions import db
from heka_portal.integrations.identification.keys import ENTITY_PUBLIC_FILE, make_keys
from heka_portal.web.identification import CALLBACK_PATH, SIGNED_JWKS_PATH
from tests.support.server import serving

LINK = re.compile(r"https?://\S+")
CLIENT_ID = "heka-portal"


@dataclass(frozen=True)
class Mail:
    """A mail as its reader gets it."""

    to: str
    subject: str
    language: str
    text: str
    html: str

    @property
    def link(self) -> str:
        """Its one link."""
        [link] = set(LINK.findall(self.text))
        return str(link)


@dataclass(frozen=True)
class RunningPortal:
    """A portal that runs: what an operator and a mailbox have to do with it. Browsers come by its address."""

    app: Flask
    address: str
    folder: Path

    def work(self) -> None:
        """Let the worker do all there is to do: send mail, prepare files, make timed moves."""
        with self.app.app_context():
            Worker(make_jobs()).work(once=True)

    def command(self, *words: str) -> str:
        """Run a command of the portal; answers what it printed. Fails the test where it fails."""
        result = self.app.test_cli_runner().invoke(args=words)
        assert result.exit_code == 0, f"flask {' '.join(words)}: {result.output}"
        return result.output

    def mails(self, to: str) -> list[Mail]:
        """The mails that an address has got by now, in order; the worker sends first what waits."""
        self.work()
        files = sorted((self.folder / "mail").glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
        return [mail for mail in map(read_mail, files) if mail.to == to]

    def say(self, language: str, words: str, **filled: object) -> str:
        """The interface's words in a language."""
        with self.app.test_request_context(), force_locale(language):
            return gettext(words, **filled)


def read_mail(file: Path) -> Mail:
    """The mail in a file."""
    message = email.message_from_bytes(file.read_bytes(), policy=default)
    assert isinstance(message, EmailMessage)
    bodies = {kind: message.get_body((kind,)) for kind in ("plain", "html")}
    text, html = (body.get_content() if body else "" for body in bodies.values())
    return Mail(message["To"], message["Subject"], message["Content-Language"], text, html)


@contextmanager
def running_portal(
    settings: Settings, *, folder: Path, keys: Path, people: Sequence[dict[str, str]] = ()
) -> Iterator[RunningPortal]:
    """Run the portal of these settings beside a stand-in provider that knows these people; `keys` are kept there."""
    with ExitStack() as stack:
        apps: list[Flask] = []

        def make_portal(address: str) -> Flask:
            issuer = stack.enter_context(serving(lambda issuer: make_provider(issuer, address, folder, keys, people)))
            apps.append(create_app(settings.model_copy(update=portal_settings(address, issuer, folder, keys))))
            return apps[0]

        make_keys(keys / "portal")
        address = stack.enter_context(serving(make_portal))
        yield RunningPortal(apps[0], address, folder)
        with apps[0].app_context():
            db.engine.dispose()


def make_provider(issuer: str, portal: str, folder: Path, keys: Path, people: Sequence[dict[str, str]]) -> Flask:
    """A stand-in that serves this portal."""
    persons = folder / "people.json"
    persons.write_text(json.dumps(list(people)), encoding="utf-8")
    client = Client(
        client_id=CLIENT_ID,
        redirect_uris=(portal + CALLBACK_PATH,),
        entity_id=portal,
        signed_jwks_uri=portal + SIGNED_JWKS_PATH,
        entity_keys=keys / "portal" / ENTITY_PUBLIC_FILE,
    )
    configuration = Configuration(issuer=issuer, keys=keys / "provider", clients=(client,), persons_file=persons)
    return create_provider(configuration)


def portal_settings(address: str, issuer: str, folder: Path, keys: Path) -> dict[str, object]:
    """What the portal has to be told of the address it is served at, and of the provider."""
    return {
        "base_url": address,
        "instance_path": folder,
        "identification_issuer": issuer,
        "identification_client_id": CLIENT_ID,
        "identification_keys": str(keys / "portal"),
        "identification_acr": (TEST_LEVELS[0],),
        "identification_entity_key": (keys / "provider" / STATEMENT_FILE).read_text(encoding="ascii").strip(),
        "identification_stand_in": True,
    }
