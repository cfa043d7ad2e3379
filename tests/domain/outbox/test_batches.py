"""Mails are claimed together and settled each by itself: what breaks in a batch takes nothing along."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.dialects import postgresql, sqlite

from heka_portal.domain.outbox import delivery
from heka_portal.domain.outbox.delivery import (
    BATCH,
    BATCH_TIME,
    LINK_EXPIRED,
    MailFailed,
    Outcome,
    deliver_batch,
    deliver_due,
)
from heka_portal.domain.outbox.operations import NewMail, enqueue_bulk
from heka_portal.domain.outbox.rules import LEASE, LINK_LIFE, WAITS
from heka_portal.extensions import db
from heka_portal.models.outbox import IS_DUE, IS_DUE_FIRST
from heka_portal.vocabulary import Language, MailKind, MailState
from tests.factories.mails import Office, enqueue, mail_of

SENT, WAITING, DEAD, SENDING = MailState.SENT, MailState.WAITING, MailState.DEAD, MailState.SENDING


class Killed(BaseException):
    """Stands for kill -9: nothing of ours runs after it."""


def states(ids: list[int]) -> list[MailState]:
    return [mail_of(mail_id).state for mail_id in ids]


def message_ids(ids: list[int]) -> list[str]:
    return [mail_of(mail_id).message_id for mail_id in ids]


def failing_at(office: Office, mail_id: int, error: BaseException) -> Callable[[str], None]:
    """A sender that takes all but one."""
    wrong = mail_of(mail_id).message_id

    def send(message_id: str) -> None:
        if message_id == wrong:
            raise error
        office.send(message_id)

    return send


def test_a_batch_is_claimed_at_once_and_settled_one_by_one(office: Office) -> None:
    ids = [enqueue() for _ in range(3)]
    seen: list[list[MailState]] = []

    def look_and_send(message_id: str) -> None:
        seen.append(states(ids))
        office.send(message_id)

    outcomes = deliver_batch(look_and_send, office.render, clock=office.clock)
    assert outcomes == [Outcome(SENT)] * 3
    assert seen == [[SENDING, SENDING, SENDING], [SENT, SENDING, SENDING], [SENT, SENT, SENDING]]
    assert office.sent == message_ids(ids)
    assert [mail_of(mail_id).attempts for mail_id in ids] == [1, 1, 1]


def test_no_more_than_a_batch_is_claimed_and_the_order_is_kept(office: Office) -> None:
    ids = [enqueue() for _ in range(BATCH + 5)]
    assert len(deliver_batch(office.send, office.render, clock=office.clock)) == BATCH
    assert states(ids[BATCH:]) == [WAITING] * 5
    assert len(deliver_batch(office.send, office.render, clock=office.clock)) == 5
    assert office.sent == message_ids(ids)


def test_a_limit_is_kept_over_several_batches(office: Office) -> None:
    ids = [enqueue() for _ in range(BATCH + 5)]
    ended = deliver_due(office.send, office.render, clock=office.clock, limit=BATCH + 2)
    assert ended == Counter({SENT: BATCH + 2})
    assert states(ids[-3:]) == [WAITING] * 3


def test_what_fails_in_a_batch_takes_nothing_along(office: Office) -> None:
    fine, refused, delayed, last = (enqueue() for _ in range(4))
    errors = {
        mail_of(refused).message_id: MailFailed("550 unknown", is_final=True),
        mail_of(delayed).message_id: MailFailed("450 later"),
    }

    def send(message_id: str) -> None:
        if message_id in errors:
            raise errors[message_id]
        office.send(message_id)

    outcomes = deliver_batch(send, office.render, clock=office.clock)
    assert [outcome.state for outcome in outcomes] == [SENT, DEAD, WAITING, SENT]
    assert states([fine, refused, delayed, last]) == [SENT, DEAD, WAITING, SENT]
    assert mail_of(refused).last_error == "550 unknown"
    assert (mail_of(delayed).next_try_at, mail_of(delayed).attempts) == (office.now + WAITS[0], 1)


def test_a_server_that_goes_away_in_mid_batch_gives_the_rest_back_at_once(office: Office) -> None:
    ids = [enqueue() for _ in range(6)]
    waited_since = [mail_of(mail_id).next_try_at for mail_id in ids]
    away = failing_at(office, ids[2], MailFailed("connection refused", is_away=True))
    outcomes = deliver_batch(away, office.render, clock=office.clock)
    assert outcomes == [Outcome(SENT), Outcome(SENT), Outcome(WAITING, is_away=True)]
    assert states(ids) == [SENT, SENT, WAITING, WAITING, WAITING, WAITING]
    assert [mail_of(mail_id).attempts for mail_id in ids] == [1, 1, 1, 0, 0, 0]
    assert [mail_of(mail_id).next_try_at for mail_id in ids[3:]] == waited_since[3:]
    # Nothing waits for the end of a lease: they go as soon as the server is back, in their order.
    deliver_batch(office.send, office.render, clock=office.clock)
    assert office.sent == message_ids(ids[:2] + ids[3:])
    office.pass_time(WAITS[0])
    deliver_batch(office.send, office.render, clock=office.clock)
    assert states(ids) == [SENT] * 6


def test_a_worker_told_to_end_gives_the_rest_back(office: Office) -> None:
    ids = [enqueue() for _ in range(4)]
    outcomes = deliver_batch(office.send, office.render, clock=office.clock, goes_on=lambda: len(office.sent) < 2)
    assert len(outcomes) == 2
    assert states(ids) == [SENT, SENT, WAITING, WAITING]
    assert [mail_of(mail_id).attempts for mail_id in ids[2:]] == [0, 0]


def test_a_slow_server_does_not_keep_a_batch_longer_than_its_time(office: Office) -> None:
    ids = [enqueue() for _ in range(4)]

    def think_and_send(message_id: str) -> None:
        office.pass_time(BATCH_TIME / 2)
        office.send(message_id)

    assert len(deliver_batch(think_and_send, office.render, clock=office.clock)) == 2
    assert states(ids) == [SENT, SENT, WAITING, WAITING]


def test_secrets_are_gone_of_each_mail_of_a_batch(office: Office) -> None:
    secret, plain = enqueue(MailKind.CONFIRM_ACCOUNT, token="open-sesame"), enqueue()
    expired = enqueue(MailKind.RESET_PASSWORD, token="old")
    mail_of(expired).created_at -= LINK_LIFE
    db.session.commit()
    deliver_batch(office.send, office.render, clock=office.clock)
    assert (mail_of(secret).params, mail_of(plain).params) == ({}, {"number": 482719306})
    assert (mail_of(expired).state, mail_of(expired).last_error) == (DEAD, LINK_EXPIRED)
    assert office.sent == message_ids([secret, plain])


def test_a_killed_workers_batch_is_taken_over_when_its_lease_ends(office: Office) -> None:
    ids = [enqueue() for _ in range(5)]
    killed_at = mail_of(ids[2]).message_id

    def take_and_be_killed(message_id: str) -> None:
        office.send(message_id)
        if message_id == killed_at:
            raise Killed

    with pytest.raises(Killed):
        deliver_batch(take_and_be_killed, office.render, clock=office.clock)
    db.session.remove()
    assert states(ids) == [SENT, SENT, SENDING, SENDING, SENDING]
    late = enqueue()
    deliver_due(office.send, office.render, clock=office.clock)
    office.pass_time(LEASE)
    deliver_due(office.send, office.render, clock=office.clock)
    assert states(ids) == [SENT] * 5
    # The one that was on its way is the only one that went twice.
    assert Counter(office.sent) == Counter([*message_ids([*ids, late]), killed_at])


def test_a_mail_that_ends_each_worker_takes_no_others_along(office: Office) -> None:
    before, deadly, behind = enqueue(), enqueue(), enqueue()
    deadly_send = failing_at(office, deadly, Killed())
    deaths = 0
    while states([deadly]) != [DEAD]:
        try:
            deliver_due(deadly_send, office.render, clock=office.clock)
        except Killed:
            deaths += 1
            db.session.remove()
        office.pass_time(LEASE)
        assert deaths < 2 * len(WAITS)
    assert deaths == len(WAITS) + 1
    assert states([before, behind]) == [SENT, SENT]
    assert mail_of(behind).attempts == 2
    assert office.sent == message_ids([before, behind])


def test_a_slow_worker_gives_nothing_back_that_a_faster_one_has_taken_over(office: Office) -> None:
    ids = [enqueue() for _ in range(3)]

    def outlive_the_lease(_message_id: str) -> None:
        office.pass_time(LEASE)
        assert deliver_due(office.send, office.render, clock=office.clock) == Counter({SENT: 3})
        raise MailFailed("gone", is_away=True)

    deliver_batch(outlive_the_lease, office.render, clock=office.clock)
    assert states(ids) == [SENT] * 3
    assert office.sent == message_ids(ids)


def test_mail_to_very_many_waits_behind_a_link_that_somebody_waits_for(office: Office) -> None:
    mail = NewMail(MailKind.NOTICE, "maija@example.fi", Language.FINNISH, {"notice": 1, "title": "Vesikatko"})
    assert enqueue_bulk({f"notice-1-{each}": mail for each in range(3)}) == 3
    assert enqueue_bulk({f"notice-1-{each}": mail for each in range(4)}) == 1
    db.session.commit()
    first = enqueue()
    deliver_batch(office.send, office.render, clock=office.clock, limit=1)
    assert office.sent == message_ids([first])
    deliver_due(office.send, office.render, clock=office.clock)
    assert len(office.sent) == len(set(office.sent)) == 5


@pytest.mark.parametrize("which", [IS_DUE, IS_DUE_FIRST], ids=["all", "first"])
def test_what_is_due_is_found_by_its_index_before_any_value_is_known(office: Office, which: Any) -> None:
    enqueue()
    due = delivery._due(which, office.now + timedelta(days=1), BATCH)
    if db.engine.dialect.name == "postgresql":
        statement = str(due.compile(dialect=postgresql.dialect(paramstyle="numeric_dollar")))
        for setting in ("enable_seqscan = off", "enable_sort = off", "plan_cache_mode = force_generic_plan"):
            db.session.execute(text(f"SET LOCAL {setting}"))
        db.session.connection().exec_driver_sql(f"PREPARE due (timestamptz) AS {statement}")
        plan = db.session.connection().exec_driver_sql("EXPLAIN EXECUTE due ('2026-01-01')").scalars().all()
        db.session.connection().exec_driver_sql("DEALLOCATE due")
    else:
        statement = str(due.compile(dialect=sqlite.dialect(paramstyle="qmark")))
        values = ("2026-01-01", 0)[: statement.count("?")]
        rows = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
        plan = [row[-1] for row in rows]
    db.session.rollback()
    assert "ix_outbox_mails_due" in "\n".join(plan)
    assert not any("Sort" in line or "TEMP B-TREE" in line for line in plan)
