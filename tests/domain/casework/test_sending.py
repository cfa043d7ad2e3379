"""What was sent goes once, whoever is killed between, and stops nothing where it cannot go."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from heka_portal import clock
from heka_portal.domain.access import Actor
from heka_portal.domain.attachments.operations import drop_ended_drafts
from heka_portal.domain.cases.drafts import get_draft, save_answers, send_later, take_back, take_draft
from heka_portal.domain.casework.operations import write
from heka_portal.domain.casework.sending import AGAIN, send_next
from heka_portal.domain.enquiries.rules import UNDO
from heka_portal.domain.errors import AlreadyDone, NotFound
from heka_portal.extensions import db
from heka_portal.models.accounts import LoginSession
from heka_portal.models.cases import CaseDraft, CaseEvent
from heka_portal.models.enquiries import Enquiry
from heka_portal.models.homes import Occupancy
from heka_portal.models.leases import Lease
from heka_portal.vocabulary import CaseKind
from tests.factories.enquiries import make_enquiry
from tests.support.roles import World
from tests.support.sending import waiting_mails

KEY = "a-key-of-twenty-letters-{}"


def put(actor: Actor, now: datetime, number: int = 1, *, case_id: int | None = None) -> str:
    """Something that was sent and waits; returns its key. Commits."""
    draft = take_draft(actor, CaseKind.ENQUIRY, KEY.format(number), case_id=case_id, now=now)
    home = actor.own_homes[0].apartment_id
    save_answers(draft, {"topic": "rent_payment", "apartment_id": home, "title": f"Invoice {number}", "text": "Which?"})
    send_later(draft, sends_at=now + UNDO)
    key = draft.key
    db.session.commit()
    return key


def send(now: datetime) -> int:
    return send_next(now=now, former_days=365)


def cases() -> int:
    return db.session.scalar(select(func.count()).select_from(Enquiry)) or 0


@pytest.fixture
def now(app: Flask) -> Iterator[datetime]:
    with app.app_context():
        yield clock.now()


def test_it_waits_half_a_minute_and_not_a_second_more(world: World, now: datetime) -> None:
    put(world.actor("main_tenant"), now)
    assert send(now + timedelta(seconds=29)) == 0
    assert send(now + UNDO) == 1
    assert cases() == 1


def test_pressing_again_does_not_move_its_moment(world: World, now: datetime) -> None:
    actor = world.actor("main_tenant")
    key = put(actor, now)
    draft = get_draft(actor, key, for_update=True)
    send_later(draft, sends_at=now + timedelta(hours=1))
    assert draft.sends_at == now + UNDO


def test_the_earliest_goes_first(world: World, now: datetime) -> None:
    actor = world.actor("main_tenant")
    put(actor, now + timedelta(seconds=5), 2)
    put(actor, now, 1)
    for _ in range(3):
        send(now + timedelta(minutes=1))
    subjects = db.session.scalars(select(Enquiry.subject).order_by(Enquiry.id)).all()
    assert subjects == ["Invoice 1", "Invoice 2"]


def test_a_worker_killed_before_the_commit_sends_nothing_and_the_next_one_sends_once(
    world: World, now: datetime
) -> None:
    actor = world.actor("main_tenant")
    key = put(actor, now)
    with pytest.MonkeyPatch.context() as patch:

        def killed() -> None:
            raise SystemExit

        # the death of a process between the last statement and the commit
        patch.setattr(db.session, "commit", killed)
        with pytest.raises(SystemExit):
            send(now + UNDO)
    db.session.rollback()
    assert (cases(), waiting_mails()) == (0, [])
    assert [send(now + UNDO) for _ in range(3)] == [1, 0, 0]
    assert cases() == 1
    with pytest.raises(AlreadyDone):
        get_draft(actor, key)


def test_a_key_that_made_a_line_already_makes_no_second(world: World, now: datetime) -> None:
    actor = world.actor("main_tenant")
    case = make_enquiry(actor)
    key = put(actor, now, case_id=case.id)
    write(actor, db.session.get_one(Enquiry, case.id), text="Which?", form_key=key)
    db.session.commit()
    assert send(now + UNDO) == 1
    assert db.session.scalar(select(func.count()).select_from(CaseEvent).where(CaseEvent.form_key == key)) == 1
    assert db.session.scalar(select(func.count()).select_from(CaseDraft)) == 0


def test_workers_at_once_send_each_once(app: Flask, world: World) -> None:
    with app.app_context():
        now, actor = clock.now(), world.actor("main_tenant")
        for number in range(8):
            put(actor, now, number)
    begin = threading.Barrier(3)

    def work() -> None:
        with app.app_context():
            begin.wait()
            while db.session.scalar(select(CaseDraft.id).limit(1)):
                send(now + UNDO)
                db.session.rollback()
            db.session.remove()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with app.app_context():
        assert cases() == 8


def test_what_was_taken_back_stays(world: World, now: datetime) -> None:
    actor = world.actor("main_tenant")
    key = put(actor, now)
    take_back(get_draft(actor, key, for_update=True))
    db.session.commit()
    assert send(now + timedelta(hours=1)) == 0
    assert get_draft(actor, key).answers["title"] == "Invoice 1"


def test_the_end_of_a_session_drops_drafts_but_not_what_was_sent(world: World, now: datetime) -> None:
    actor = world.actor("main_tenant")
    waits = put(actor, now)
    written = put(actor, now, 2)
    take_back(get_draft(actor, written, for_update=True))
    db.session.execute(update(LoginSession).values(ended_at=now))
    db.session.commit()
    assert drop_ended_drafts(now=now) == 1
    db.session.commit()
    assert list(db.session.scalars(select(CaseDraft.key))) == [waits]
    assert drop_ended_drafts(now=now) == 0
    assert send(now + UNDO) == 1
    assert cases() == 1


def test_one_whose_lease_has_ended_meanwhile_sends_nothing_and_reads_why(world: World, now: datetime) -> None:
    actor = world.actor("main_tenant")
    key = put(actor, now)
    lease = db.session.get_one(Lease, world.lease_id)
    lease.ends_on = clock.today() - timedelta(days=1)
    db.session.execute(update(Occupancy).where(Occupancy.person_id == actor.person_id).values(to_on=lease.ends_on))
    db.session.commit()
    assert send(now + UNDO) == 1
    assert cases() == 0
    draft = get_draft(actor, key)
    assert (draft.sends_at, draft.answers["is_refused"], draft.answers["text"]) == (None, True, "Which?")
    assert send(now + timedelta(hours=1)) == 0


def test_one_that_cannot_be_sent_stops_no_other(world: World, now: datetime, caplog: pytest.LogCaptureFixture) -> None:
    actor = world.actor("main_tenant")
    key = put(actor, now, 1)
    put(actor, now + timedelta(seconds=1), 2)
    db.session.execute(update(CaseDraft).where(CaseDraft.key == key).values(answers={"text": ["a", "list"]}))
    db.session.commit()
    for _ in range(3):
        send(now + timedelta(minutes=1))
    assert cases() == 1
    assert "Which?" not in caplog.text


def test_what_fails_for_no_reason_of_its_own_is_tried_again(
    world: World, now: datetime, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    put(world.actor("main_tenant"), now)

    def fail(*_arguments: object, **_options: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr("heka_portal.domain.casework.sending.open_enquiry", fail)
        assert send(now + UNDO) == 1
    assert "could not be sent" in caplog.text
    assert send(now + UNDO) == 0
    assert send(now + UNDO + AGAIN) == 1
    assert cases() == 1


def test_anothers_key_is_nobodys(world: World, now: datetime) -> None:
    put(world.actor("main_tenant"), now)
    with pytest.raises(NotFound):
        take_draft(world.actor("neighbour"), CaseKind.ENQUIRY, KEY.format(1), now=now)
