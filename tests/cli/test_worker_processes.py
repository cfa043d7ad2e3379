"""Real workers, in processes of their own, that are told to end or are killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update

from heka_portal import clock
from heka_portal.config import Settings
from heka_portal.extensions import db
from heka_portal.models.outbox import OutboxMail
from heka_portal.vocabulary import MailState
from tests.factories.mails import enqueue, mail_of
from tests.support.smtp import Post, SmtpServer

ROOT = Path(__file__).resolve().parents[2]


def eventually(condition: Callable[[], bool], seconds: float = 60) -> bool:
    """Whether it becomes true in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def start_worker(app: Flask, settings: Settings, post: Post) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Starts workers on the database of the tests and a mail server, and ends them in the end."""
    started: list[subprocess.Popen[str]] = []
    with app.app_context(), SmtpServer(post) as server:
        environment = environment_of(settings, f"smtp://127.0.0.1:{server.port}")

        def start() -> subprocess.Popen[str]:
            command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker", "run"]
            process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
            started.append(process)
            return process

        yield start
        for process in started:
            process.kill()
            # Shown by pytest when the test fails.
            sys.stderr.write(process.communicate()[1])


def environment_of(settings: Settings, mail_url: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": settings.database_url,
        "HEKA_ENVIRONMENT": "testing",
        "HEKA_BASE_URL": settings.base_url,
        "HEKA_INSTANCE_PATH": str(settings.instance_path),
        "HEKA_SECRET_KEY": settings.secret_key,
        "HEKA_DATA_KEYS": ",".join(f"{n}:{urlsafe_b64encode(key).decode()}" for n, key in settings.data_keys.items()),
        "HEKA_LOOKUP_KEY": urlsafe_b64encode(settings.lookup_key).decode(),
        "HEKA_MAIL_URL": mail_url,
        "HEKA_TEST_IDENTITY_CODES": "1",
    }


def test_two_workers_send_each_mail_once_and_end_in_peace(
    start_worker: Callable[[], subprocess.Popen[str]], post: Post
) -> None:
    ids = [enqueue() for _ in range(20)]
    workers = [start_worker(), start_worker()]
    assert eventually(lambda: len(post.received) >= 20)
    for worker in workers:
        worker.send_signal(signal.SIGTERM)
    assert [worker.wait(60) for worker in workers] == [0, 0]
    assert sorted(post.message_ids) == sorted(mail_of(mail_id).message_id for mail_id in ids)


def test_a_worker_told_to_end_in_mid_send_finishes_the_mail(
    start_worker: Callable[[], subprocess.Popen[str]], post: Post
) -> None:
    post.takes_seconds = 1.5
    ids = [enqueue(), enqueue()]
    worker = start_worker()
    assert eventually(lambda: post.begun == 1)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(60) == 0
    assert [mail_of(mail_id).state for mail_id in ids] == [MailState.SENT, MailState.WAITING]
    assert len(post.received) == 1


def test_a_worker_killed_in_mid_send_loses_nothing(
    start_worker: Callable[[], subprocess.Popen[str]], post: Post
) -> None:
    post.takes_seconds = 1.5
    ids = [enqueue() for _ in range(3)]
    worker = start_worker()
    assert eventually(lambda: post.begun == 1)
    worker.kill()
    worker.wait(60)
    post.takes_seconds = 0
    assert mail_of(ids[0]).state is MailState.SENDING
    # The lease ends in ten minutes; here it ends now.
    db.session.execute(update(OutboxMail).values(next_try_at=clock.now()))
    db.session.commit()
    start_worker()
    assert eventually(lambda: {mail_of(mail_id).state for mail_id in ids} == {MailState.SENT})
    assert set(post.message_ids) == {mail_of(mail_id).message_id for mail_id in ids}
    # Only the mail that was on its way may have come twice.
    assert len(post.received) - len(set(post.message_ids)) <= 1
