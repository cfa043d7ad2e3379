"""Real workers, in processes of their own, that are told to end or are killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from devtools.bench.meters import children_of
from devtools.bench.worker_fill import add_due_cases, add_mails
from heka_portal import clock
from heka_portal.config import Settings
from heka_portal.domain.attachments.operations import add_files, receive_file
from heka_portal.domain.audit.queries import verify_chain
from heka_portal.extensions import db
from heka_portal.models.attachments import Attachment
from heka_portal.models.audit import AuditLine
from heka_portal.models.cases import Case, CaseEvent
from heka_portal.models.outbox import OutboxMail
from heka_portal.vocabulary import DefectState, FileState, MailKind, MailState
from heka_portal.web.files import storage
from tests.factories import files
from tests.factories.defects import finish, make_defect
from tests.factories.mails import enqueue, mail_of
from tests.support.roles import World
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
        "HEKA_WORKER_SHARE": "1",
    }


def hears_terminate(process: subprocess.Popen[str]) -> bool:
    """Whether a process has a way of its own to end: before that a signal simply kills it."""
    lines = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8").splitlines()
    caught = next(int(line.split()[1], 16) for line in lines if line.startswith("SigCgt:"))
    return bool(caught >> (signal.SIGTERM - 1) & 1)


def test_two_workers_send_each_mail_once_and_end_in_peace(
    start_worker: Callable[[], subprocess.Popen[str]], post: Post
) -> None:
    ids = [enqueue() for _ in range(20)]
    workers = [start_worker(), start_worker()]
    assert eventually(lambda: len(post.received) >= 20)
    assert eventually(lambda: all(map(hears_terminate, workers))), "one of them may still be starting"
    for worker in workers:
        worker.send_signal(signal.SIGTERM)
    assert [worker.wait(60) for worker in workers] == [0, 0]
    assert sorted(post.message_ids) == sorted(mail_of(mail_id).message_id for mail_id in ids)


def due_now(*tables: Any) -> None:
    """Let leases and waits end now, which would take minutes."""
    for table, state in tables:
        db.session.execute(update(table).where(table.state == state).values(next_try_at=clock.now()))
    db.session.commit()


def fill_heaps(world: World, post: Post) -> None:
    """Mails, repairs nobody has answered about, and photos, some hundreds in all."""
    now = clock.now()
    resident = world.actor("main_tenant")
    defect = make_defect(resident, now=now - timedelta(days=16))
    event = finish(world.actor("clerk"), defect, now=now - timedelta(days=15))
    photos = [
        receive_file(files.jpeg(files.photo(60 + number, 40)), name=f"{number}.jpg", put=storage().put)
        for number in range(40)
    ]
    for start in range(0, len(photos), 8):
        add_files(resident, photos[start : start + 8], case_id=defect.id, event_id=event.id, now=now)
    db.session.commit()
    with db.engine.begin() as connection:
        add_mails(connection, 200, now)
        add_due_cases(connection, 200, now)
    post.takes_seconds = 0.005


def how_far() -> tuple[int, int, int]:
    """How many mails are sent, cases closed, files ready."""
    db.session.rollback()
    counts = [
        select(func.count()).select_from(table).where(which)
        for table, which in (
            (OutboxMail, OutboxMail.state == MailState.SENT),
            (CaseEvent, CaseEvent.move == "lapse"),
            (Attachment, Attachment.state == FileState.READY),
        )
    ]
    sent, closed, ready = (db.session.scalar(count) or 0 for count in counts)
    return sent, closed, ready


def is_all_done() -> bool:
    left = (
        select(OutboxMail.id).where(OutboxMail.state != MailState.SENT),
        select(Case.id).where(Case.state == DefectState.DONE),
        select(Attachment.id).where(Attachment.state != FileState.READY),
    )
    db.session.rollback()
    return not any(db.session.scalar(each.limit(1)) for each in left)


def test_two_workers_of_whom_one_is_killed_do_everything_and_nothing_twice(
    world: World, start_worker: Callable[[], subprocess.Popen[str]], post: Post
) -> None:
    fill_heaps(world, post)
    killed, other = start_worker(), start_worker()
    assert eventually(lambda: min(how_far()) >= 5)
    killed.kill()
    killed.wait(60)
    assert not is_all_done(), "it was killed too late to prove anything"
    other.send_signal(signal.SIGTERM)
    assert other.wait(60) == 0
    due_now((OutboxMail, MailState.SENDING), (Attachment, FileState.QUARANTINE))
    start_worker(), start_worker()
    assert eventually(is_all_done, 180)

    # Each case lapsed once, was told of once and entered in the audit log once.
    closed = list(db.session.scalars(select(CaseEvent.case_id).where(CaseEvent.move == "lapse")))
    assert len(closed) == len(set(closed)) == 201
    numbers = [
        mail.params["number"]
        for mail in db.session.scalars(select(OutboxMail).where(OutboxMail.kind == MailKind.CASE_CLOSED))
    ]
    assert len(numbers) == len(set(numbers)) == 201
    lines = [line for line in db.session.scalars(select(AuditLine)) if line.data.get("move") == "lapse"]
    assert sorted(line.case_id or 0 for line in lines) == sorted(closed)
    with db.engine.connect() as connection:
        assert verify_chain(connection).broken_id is None
    # Each mail came; at most the one that the killed worker had on its way came twice.
    assert set(post.message_ids) == set(db.session.scalars(select(OutboxMail.message_id)))
    assert len(post.received) - len(set(post.message_ids)) <= 1
    # Each file was made once, but for the one that the killed worker had; nothing else lies in the store.
    prepared = db.session.scalars(select(Attachment)).all()
    assert sorted(file.attempts for file in prepared)[:-1] == [1] * 39
    keys = {f"{folder}/{file.key}" for file in prepared for folder in ("files", "previews")}
    assert {file.key for folder in ("files", "previews") for file in storage().list_files(folder)} >= keys
    assert not {file.raw_key for file in prepared} - {None}


def test_a_worker_and_what_it_starts_stand_back_from_the_pages(
    world: World, start_worker: Callable[[], subprocess.Popen[str]], post: Post
) -> None:
    fill_heaps(world, post)
    worker = start_worker()
    assert eventually(lambda: how_far()[2] > 0)
    started = children_of(worker.pid)
    assert started
    assert {os.getpriority(os.PRIO_PROCESS, pid) for pid in (worker.pid, *started)} == {
        os.getpriority(os.PRIO_PROCESS, 0) + 5
    }


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
    due_now((OutboxMail, MailState.SENDING))
    start_worker()
    assert eventually(lambda: {mail_of(mail_id).state for mail_id in ids} == {MailState.SENT})
    assert set(post.message_ids) == {mail_of(mail_id).message_id for mail_id in ids}
    # Only the mail that was on its way may have come twice.
    assert len(post.received) - len(set(post.message_ids)) <= 1
