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

from heka_portal import create_app
from heka_portal.cli.jobs import make_jobs
from heka_portal.cli.worker import Worker
from heka_portal.config import Settings
from heka_portal.extensions import db
from heka_portal.integrations.identification.keys import make_keys
from tests.support.server import serving
from tests.support.stand_in import settings_for, stand_in

LINK = re.compile(r"https?://\S+")
#: seconds the portal waits for the provider: both run here, on a machine that has other things to do
PATIENCE = 10.0


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
    known = folder / "people.json"
    known.write_text(json.dumps(list(people)), encoding="utf-8")
    make_keys(keys / "portal")
    with ExitStack() as stack:
        apps: list[Flask] = []

        def make_portal(address: str) -> Flask:
            issuer = stack.enter_context(stand_in(keys, address, people=known))
            ours = settings_for(settings, keys, portal=address, issuer=issuer)
            apps.append(
                create_app(ours.model_copy(update={"instance_path": folder, "identification_timeout": PATIENCE}))
            )
            return apps[0]

        address = stack.enter_context(serving(make_portal))
        yield RunningPortal(apps[0], address, folder)
        with apps[0].app_context():
            db.engine.dispose()
