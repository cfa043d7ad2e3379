"""Each mail is sent once, whatever breaks; only a break in mid-send repeats it, as the same message."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask

from heka_portal.domain.outbox.delivery import (
    LINK_EXPIRED,
    OWN_MISTAKE,
    WORKER_ENDED,
    MailFailed,
    Outcome,
    deliver_batch,
    deliver_due,
)
from heka_portal.domain.outbox.rules import LEASE, LINK_LIFE, WAITS
from heka_portal.extensions import db
from heka_portal.models.outbox import OutboxMail
from heka_portal.vocabulary import MailKind, MailState
from tests.factories.mails import Office, enqueue, mail_of

DELAYED = MailFailed("450 later")
REFUSED = MailFailed("550 unknown", is_final=True)
AWAY = MailFailed("connection refused", is_away=True)


class Killed(BaseException):
    """Stands for kill -9: nothing of ours runs after it."""


def test_a_sent_mail_is_marked_and_its_secret_gone(office: Office) -> None:
    mail_id = enqueue(MailKind.CONFIRM_ACCOUNT, token="open-sesame")
    assert office.deliver() == Outcome(MailState.SENT)
    mail = mail_of(mail_id)
    assert office.params == [{"token": "open-sesame"}]
    assert office.sent == [mail.message_id]
    assert (mail.state, mail.sent_at, mail.params, mail.last_error) == (MailState.SENT, office.now, {}, None)
    assert office.deliver() is None


def test_mails_go_in_the_order_they_came(office: Office) -> None:
    ids = [enqueue() for _ in range(3)]
    ended = deliver_due(office.send, office.render, clock=office.clock)
    assert ended == Counter({MailState.SENT: 3})
    assert office.sent == [mail_of(mail_id).message_id for mail_id in ids]


def test_a_delay_is_waited_for_longer_each_time_and_then_the_mail_is_dead(office: Office) -> None:
    mail_id = enqueue()
    office.error = DELAYED
    for wait in WAITS:
        assert office.deliver() == Outcome(MailState.WAITING)
        mail = mail_of(mail_id)
        assert (mail.next_try_at, mail.last_error) == (office.now + wait, "450 later")
        office.pass_time(wait - timedelta(seconds=1))
        assert office.deliver() is None
        office.pass_time(timedelta(seconds=1))
    assert office.deliver() == Outcome(MailState.DEAD)
    assert mail_of(mail_id).last_error == "450 later"
    office.pass_time(timedelta(days=30))
    assert office.deliver() is None


def test_a_refused_mail_is_dead_at_once_and_stops_no_other(office: Office) -> None:
    refused, fine = enqueue(), enqueue()
    office.error = REFUSED
    office.deliver()
    office.error = None
    office.deliver()
    assert [mail_of(refused).state, mail_of(fine).state] == [MailState.DEAD, MailState.SENT]


def test_a_mail_that_cannot_be_written_stops_no_other(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    first, second = enqueue(to="secret@example.fi"), enqueue()

    def render(mail: OutboxMail) -> str:
        if mail.id == first:
            raise KeyError("number")
        return mail.message_id

    ended = deliver_due(office.send, render, clock=office.clock)
    assert ended == Counter({MailState.WAITING: 1, MailState.SENT: 1})
    assert mail_of(first).last_error == OWN_MISTAKE
    assert mail_of(second).state is MailState.SENT
    assert "could not be written" in caplog.text
    assert "secret@example.fi" not in caplog.text


def test_a_server_that_is_away_uses_up_the_try_of_one_mail_only(office: Office) -> None:
    ids = [enqueue() for _ in range(4)]
    office.error = AWAY
    assert deliver_due(office.send, office.render, clock=office.clock) == Counter({MailState.WAITING: 1})
    assert sum(mail_of(mail_id).attempts for mail_id in ids) == 1


def test_a_link_that_expired_while_it_waited_is_not_sent(office: Office) -> None:
    mail_id = enqueue(MailKind.RESET_PASSWORD, token="t")
    office.now = mail_of(mail_id).created_at + LINK_LIFE
    assert office.deliver() == Outcome(MailState.DEAD)
    assert mail_of(mail_id).last_error == LINK_EXPIRED
    assert office.sent == []


def test_a_worker_killed_before_sending_loses_nothing(office: Office) -> None:
    mail_id = enqueue()
    office.error = Killed()
    with pytest.raises(Killed):
        office.deliver()
    db.session.remove()
    office.error = None
    assert mail_of(mail_id).state is MailState.SENDING
    assert office.deliver() is None
    office.pass_time(LEASE)
    assert office.deliver() == Outcome(MailState.SENT)
    assert office.sent == [mail_of(mail_id).message_id]


def test_a_worker_killed_after_sending_repeats_the_same_message(office: Office) -> None:
    mail_id = enqueue()

    def send_and_be_killed(message_id: str) -> None:
        office.sent.append(message_id)
        raise Killed

    with pytest.raises(Killed):
        deliver_batch(send_and_be_killed, office.render, clock=office.clock)
    db.session.remove()
    office.pass_time(LEASE)
    office.deliver()
    assert office.sent == [mail_of(mail_id).message_id] * 2
    office.pass_time(LEASE)
    assert office.deliver() is None


def test_a_mail_that_ends_each_worker_is_dead_in_the_end(office: Office) -> None:
    mail_id = enqueue()
    mail_of(mail_id).attempts = len(WAITS)
    db.session.commit()
    office.error = Killed()
    with pytest.raises(Killed):
        office.deliver()
    db.session.remove()
    office.pass_time(LEASE)
    office.error = None
    assert office.deliver() == Outcome(MailState.DEAD)
    assert mail_of(mail_id).last_error == WORKER_ENDED


def test_a_slow_worker_does_not_undo_what_a_faster_one_did(office: Office) -> None:
    mail_id = enqueue()

    def outlive_the_lease(_message_id: str) -> None:
        office.pass_time(LEASE)
        assert office.deliver() == Outcome(MailState.SENT)
        raise REFUSED

    deliver_batch(outlive_the_lease, office.render, clock=office.clock)
    assert mail_of(mail_id).state is MailState.SENT


def test_a_long_answer_of_the_server_is_cut(office: Office) -> None:
    mail_id = enqueue()
    office.error = MailFailed("x" * 5000, is_final=True)
    office.deliver()
    assert mail_of(mail_id).last_error == "x" * 300


def test_three_workers_at_once_send_each_mail_once(app: Flask, office: Office) -> None:
    ids = [enqueue() for _ in range(30)]
    begin = threading.Barrier(3)
    ended: list[Counter[MailState]] = []

    def work() -> None:
        with app.app_context():
            begin.wait()
            ended.append(deliver_due(office.send, office.render, clock=office.clock, limit=100))
            db.session.remove()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(ended, Counter()) == Counter({MailState.SENT: 30})
    assert sorted(office.sent) == sorted(mail_of(mail_id).message_id for mail_id in ids)
    assert len(set(office.sent)) == 30
