"""`kill -9` of the portal while defects are being reported: none is lost or doubled, and a file comes with its row.

Real processes: gunicorn over the suite's database, several browsers sending at once, its workers and now and then all
of it killed. A browser that gets no answer sends the same form again, as a person does.
"""

from __future__ import annotations

import base64
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests
from flask import Flask
from sqlalchemy import func, select

from devtools.machine import free_port
from heka_portal.config import Settings
from heka_portal.domain.audit.queries import verify_chain
from heka_portal.extensions import db
from heka_portal.integrations.storage import Storage
from heka_portal.models.attachments import Attachment
from heka_portal.models.cases import Case, CaseEvent
from heka_portal.models.defects import Defect
from heka_portal.models.outbox import OutboxMail
from tests.factories.accounts import make_session
from tests.factories.files import jpeg
from tests.support.roles import World

SENDERS = 3
REPORTS = 8
KILLS = 8
PATIENCE = 60.0
ROOT = Path(__file__).parents[2]


@dataclass
class Portal:
    """gunicorn over the suite's database, to be killed and started again."""

    settings: Settings
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        given = self.settings
        keys = ",".join(f"{name}:{base64.urlsafe_b64encode(key).decode()}" for name, key in given.data_keys.items())
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "WEB_CONCURRENCY": "2",
            "HEKA_ENVIRONMENT": "testing",
            "HEKA_INSTANCE_PATH": str(given.instance_path),
            "DATABASE_URL": given.database_url,
            "HEKA_BASE_URL": self.address,
            "HEKA_SECRET_KEY": given.secret_key,
            "HEKA_DATA_KEYS": keys,
            "HEKA_LOOKUP_KEY": base64.urlsafe_b64encode(given.lookup_key).decode(),
            "HEKA_TEST_IDENTITY_CODES": "1",
        }

    def start(self) -> None:
        command = ["-m", "gunicorn", "--config", "python:heka_portal.serving", "--bind", f"127.0.0.1:{self.port}"]
        self.process = subprocess.Popen(
            [sys.executable, *command, "--log-level", "critical", "wsgi:app"],
            cwd=ROOT,
            env=self.environment(),
            start_new_session=True,
        )

    def wait(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                if requests.get(f"{self.address}/readyz", timeout=2).ok:
                    return
            except requests.RequestException:
                time.sleep(0.1)
        raise AssertionError("the portal does not come up")

    def workers(self) -> list[int]:
        assert self.process is not None
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in listed.split()]

    def kill_a_worker(self) -> None:
        for pid in self.workers()[:1]:
            os.kill(pid, signal.SIGKILL)

    def kill_all(self) -> None:
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            # the fixture ends what the test may have ended
            self.process = None


@pytest.fixture
def portal(app: Flask, settings: Settings) -> Iterator[Portal]:
    running = Portal(settings)
    running.start()
    running.wait()
    yield running
    running.kill_all()


HIDDEN = re.compile(r'<input[^>]*name="(csrf_token|form_key|version)"[^>]*value="([^"]*)"')


class Browser:
    """A resident's browser that sends a form again until it gets an answer."""

    def __init__(self, portal: Portal, cookie: tuple[str, str]) -> None:
        self.portal = portal
        self.session = requests.Session()
        self.session.cookies.set(*cookie, domain="127.0.0.1")

    def ask(self, method: str, path: str, **given: object) -> requests.Response:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                answer = self.session.request(
                    method,
                    self.portal.address + path,
                    allow_redirects=False,
                    timeout=10,
                    **given,  # type: ignore[arg-type]
                )
            except requests.RequestException:
                time.sleep(0.05)
                continue
            if answer.status_code != 503:
                return answer
            time.sleep(0.05)
        raise AssertionError(f"no answer to {method} {path}")

    def send(self, path: str, page: str, *, files: object = None, **answers: str) -> str:
        """Fill the form of a page and send it to a path; answers where it leads."""
        hidden = dict(HIDDEN.findall(self.ask("GET", page).text))
        answer = self.ask("POST", path, data={**hidden, **answers}, files=files)
        assert answer.status_code == 303, (
            path,
            answer.status_code,
            re.findall(r'hp-error"[^>]*>(.*?)</p>', answer.text),
        )
        return answer.headers["Location"]

    def report(self, apartment_id: int, title: str) -> str:
        """Report a defect with a photo; answers the page it led to."""
        place = self.send("/defects/report", "/defects/report")
        what = self.send(place, place, where=f"home-{apartment_id}", room="kitchen")
        photo = {"files": ("photo.jpg", jpeg(), "image/jpeg")}
        access = self.send(
            what, what, files=photo, fault="tap", title=title, description="It drips.", button="continue"
        )
        check = self.send(access, access, master_key="allowed", audience="own")
        return self.send(check.replace("/check", "/send"), check)


def cookie_of(app: Flask, world: World, role: str) -> tuple[str, str]:
    with app.app_context():
        key = make_session(world.account(role))
        db.session.commit()
    client = app.test_client(checks=False)
    with client.session_transaction() as visit:
        visit["_user_id"], visit["_fresh"] = key, True
    found = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert found is not None
    return found.key, found.value


def send_while_killing(portal: Portal, cookies: list[tuple[str, str]], apartment_id: int) -> list[str]:
    """Several browsers report while the portal dies again and again; answers where each report led."""
    led_to: list[str] = []
    failures: list[BaseException] = []

    def send_all(sender: int, cookie: tuple[str, str]) -> None:
        browser = Browser(portal, cookie)
        try:
            led_to.extend(browser.report(apartment_id, f"Tap {sender}-{number}") for number in range(REPORTS))
        except BaseException as failure:  # noqa: BLE001 - told below, outside the thread
            failures.append(failure)

    threads = [threading.Thread(target=send_all, args=(sender, cookie)) for sender, cookie in enumerate(cookies)]
    for thread in threads:
        thread.start()
    for kill in range(KILLS):
        time.sleep(0.6)
        if kill % 5 == 4:
            portal.kill_all()
            portal.start()
        else:
            portal.kill_a_worker()
    for thread in threads:
        thread.join()
    assert not failures, failures
    return led_to


def test_killing_the_portal_loses_and_doubles_nothing(app: Flask, world: World, portal: Portal) -> None:
    with app.app_context():
        apartment_id = world.actor("main_tenant").homes[0].apartment_id
        db.session.rollback()
    cookies = [cookie_of(app, world, "main_tenant") for _sender in range(SENDERS)]
    led_to = send_while_killing(portal, cookies, apartment_id)
    portal.kill_all()
    titles = {f"Tap {sender}-{number}" for sender in range(SENDERS) for number in range(REPORTS)}
    assert len(led_to) == len(set(led_to)) == len(titles)
    with app.app_context():
        assert sorted(db.session.scalars(select(Case.subject))) == sorted(titles)
        for table in (Defect, CaseEvent, OutboxMail):
            assert db.session.scalar(select(func.count()).select_from(table)) == len(titles)
        photos = list(db.session.scalars(select(Attachment).where(Attachment.event_id.is_not(None))))
        assert {photo.case_id for photo in photos} == set(db.session.scalars(select(Case.id)))
        store = Storage(app.extensions["heka_settings"].storage)
        assert all(photo.raw_key and store.exists(photo.raw_key) for photo in photos)
        with db.engine.connect() as connection:
            assert verify_chain(connection).broken_id is None
