"""The worker goes round its jobs, survives what fails, and ends when it is told to, in its own process too."""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from heka_portal import clock
from heka_portal.cli.jobs import Job, MailJob, make_jobs
from heka_portal.cli.worker import LONGEST_REST_SECONDS, Worker, ended_by_signals, rest_after
from heka_portal.config import Settings
from heka_portal.domain.attachments.operations import add_files, drop_drafts, keep_file, receive_file
from heka_portal.extensions import db
from heka_portal.integrations.mail import open_mailer
from heka_portal.models.attachments import Attachment
from heka_portal.models.outbox import OutboxMail
from heka_portal.vocabulary import FileState, MailState
from heka_portal.web.files import storage
from tests.factories import files
from tests.factories.attachments import set_scene
from tests.factories.mails import enqueue, mail_of
from tests.support.smtp import Post, SmtpServer

HOURLY = timedelta(hours=1)


class Heap:
    """A job with so many things to do."""

    def __init__(self, name: str, things: int, done: list[str]) -> None:
        self.name, self.things, self.done = name, things, done

    def __call__(self) -> int:
        if not self.things:
            return 0
        self.things -= 1
        self.done.append(self.name)
        return 1


def job(step: Callable[[], int], name: str = "job", every: timedelta = HOURLY) -> Job:
    return Job(name, step, every)


@pytest.fixture
def context(app: Flask) -> Iterator[Flask]:
    """A context for the whole test: no client is used here."""
    with app.app_context():
        yield app


def test_a_heap_of_one_job_does_not_hold_up_the_others(context: Flask) -> None:
    done: list[str] = []
    Worker([job(Heap("a", 3, done), "a"), job(Heap("b", 2, done), "b")]).work(once=True)
    assert done == ["a", "b", "a", "b", "a"]


def test_a_turn_is_as_many_steps_as_fit_into_it(context: Flask) -> None:
    done: list[str] = []
    Worker([job(Heap("a", 3, done), "a"), job(Heap("b", 2, done), "b")], turn=3600).work(once=True)
    assert done == ["a", "a", "a", "b", "b"]


def test_a_job_that_fails_is_logged_and_left_alone_and_stops_no_other(
    context: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    done: list[str] = []
    tries: list[int] = []

    def fail() -> int:
        tries.append(1)
        raise RuntimeError("broken")

    Worker([job(fail, "bad"), job(Heap("good", 3, done), "good")]).work(once=True)
    assert done == ["good"] * 3
    assert len(tries) == 1
    assert "the job 'bad' failed" in caplog.text


def test_a_database_that_is_away_costs_one_line(context: Flask, caplog: pytest.LogCaptureFixture) -> None:
    def away() -> int:
        raise OperationalError("SELECT secret", {}, ConnectionError("gone"))

    Worker([job(away)]).work(once=True)
    (record,) = caplog.records
    assert (record.levelno, record.exc_info) == (logging.WARNING, None)
    assert "secret" not in caplog.text


def test_an_idle_job_is_asked_again_only_after_its_time(context: Flask) -> None:
    asked: list[int] = []

    def idle() -> int:
        asked.append(1)
        return 0

    worker = Worker([job(idle)])
    worker.go_round()
    worker.go_round()
    assert len(asked) == 1
    worker.due_at["job"] = time.monotonic()
    worker.go_round()
    assert len(asked) == 2


def test_a_signal_ends_the_worker_after_the_present_step(context: Flask) -> None:
    done: list[str] = []

    def step() -> int:
        os.kill(os.getpid(), signal.SIGTERM)
        done.append("finished")
        return 1

    worker = Worker([job(step, "a"), job(Heap("b", 1, done), "b")])
    with ended_by_signals(worker):
        worker.work()
    assert done == ["finished"]


@pytest.mark.parametrize(
    ("worked", "share", "rest"), [(0.2, 0.5, 0.2), (0.2, 0.25, 0.6), (0.2, 1, 0), (60, 0.5, LONGEST_REST_SECONDS)]
)
def test_the_worker_rests_in_proportion_to_its_work(worked: float, share: float, rest: float) -> None:
    assert rest_after(worked, share) == pytest.approx(rest)


def test_the_rest_after_a_step_is_counted_by_the_clock_of_its_job(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    rested: list[float] = []
    monkeypatch.setattr(Worker, "_sleep", lambda _self, seconds: rested.append(round(seconds, 3)))
    done: list[str] = []
    jobs = [
        Job(name, Heap(name, 1, done), HOURLY, effort=iter([begun, ended, ended, ended]).__next__)
        for name, begun, ended in (("a", 5.0, 5.25), ("b", 1.0, 1.0))
    ]
    Worker(jobs, share=0.5).work(once=True)
    assert done == ["a", "b"]
    assert rested == [0.25, 0.0]


def test_nothing_uncommitted_is_carried_into_the_next_step(context: Flask) -> None:
    def forget_to_commit() -> int:
        enqueue_uncommitted()
        return 0

    Worker([job(forget_to_commit)]).work(once=True)
    assert db.session.scalars(select(OutboxMail)).all() == []


def enqueue_uncommitted() -> None:
    mail_id = enqueue()
    db.session.delete(mail_of(mail_id))
    db.session.commit()
    db.session.add(OutboxMail(message_id="<x@heka.example>"))


def test_the_jobs_of_the_application_do_their_work(context: Flask, settings: Settings) -> None:
    scene, now = set_scene(), clock.now()
    received = [receive_file(files.heic(), name="kuva.heic", put=storage().put) for _ in range(2)]
    add_files(scene.actor, received[:1], case_id=scene.case_id, event_id=scene.event_id, now=now)
    keep_file(scene.actor, received[1], draft_id=scene.draft_id, now=now)
    drop_drafts([scene.draft_id])
    db.session.commit()
    mail_id = enqueue()
    result = context.test_cli_runner().invoke(args=["worker", "run", "--once"])
    assert result.exit_code == 0, result.output
    assert mail_of(mail_id).state is MailState.SENT
    assert [file.state for file in db.session.scalars(select(Attachment))] == [FileState.READY]
    written = [path.read_text() for path in (settings.instance_path / "mail").iterdir()]
    assert sum(mail_of(mail_id).message_id in text for text in written) == 1


def test_each_job_has_a_name_of_its_own(context: Flask) -> None:
    names = [one.name for one in make_jobs()]
    assert len(names) == len(set(names)) == 17


def test_a_mail_server_killed_and_back_loses_and_doubles_nothing(context: Flask) -> None:
    post = Post()
    server = SmtpServer(post)
    server.start()
    mails = MailJob(open_mailer(f"smtp://127.0.0.1:{server.port}"))
    ids = [enqueue() for _ in range(2)]
    assert mails() == 2
    ids += [enqueue() for _ in range(4)]
    server.stop()
    # The first one finds out; then the job rests, and the mails behind keep their tries.
    assert [mails() for _ in range(3)] == [1, 0, 0]
    assert sum(mail_of(mail_id).attempts for mail_id in ids) == 3
    server.start()
    let_time_pass(mails)
    while mails():
        pass
    server.stop()
    assert sorted(post.message_ids) == sorted(mail_of(mail_id).message_id for mail_id in ids)
    assert {mail_of(mail_id).state for mail_id in ids} == {MailState.SENT}


def test_a_break_after_the_letter_was_taken_repeats_the_same_message(context: Flask) -> None:
    post = Post(breaks_after_data=True)
    with SmtpServer(post) as server:
        mails = MailJob(open_mailer(f"smtp://127.0.0.1:{server.port}"))
        mail_id = enqueue()
        assert mails() == 1
        assert mail_of(mail_id).state is MailState.WAITING
        post.breaks_after_data = False
        let_time_pass(mails)
        assert [mails(), mails()] == [1, 0]
    assert post.message_ids == [mail_of(mail_id).message_id] * 2


def let_time_pass(mails: MailJob) -> None:
    """Make what waits due now."""
    mails.rests_until = 0
    db.session.execute(update(OutboxMail).values(next_try_at=clock.now()))
    db.session.commit()
