"""Closings that time makes: many at once as each alone, and what fails stops no other."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update

from heka_portal import clock
from heka_portal.domain.audit.queries import verify_chain
from heka_portal.domain.casework.operations import make_move
from heka_portal.domain.casework.timed import FAILED_WAIT, Closings
from heka_portal.extensions import db
from heka_portal.models.audit import AuditLine
from heka_portal.models.cases import Case, CaseEvent
from heka_portal.models.defects import DefectTarget
from heka_portal.models.outbox import OutboxMail
from heka_portal.vocabulary import DefectArea, DefectState, MailKind, Urgency
from tests.factories.defects import finish, make_defect
from tests.support.roles import World

TWO_WEEKS = timedelta(days=14)


def finished(world: World, count: int, *, area: DefectArea = DefectArea.HOME) -> tuple[list[int], datetime]:
    """Repairs that nobody answers about, the ids in the order they are due, and the moment all are due."""
    now = clock.now()
    ids = []
    for number in range(count):
        defect = make_defect(world.actor("main_tenant"), area, now=now)
        finish(world.actor("clerk"), defect, now=now + timedelta(minutes=number))
        ids.append(defect.id)
    db.session.commit()
    return ids, now + TWO_WEEKS + timedelta(days=1)


def closed() -> list[int]:
    """The cases that lapsed, in the order they did."""
    db.session.rollback()
    lapses = select(CaseEvent.case_id).where(CaseEvent.move == "lapse").order_by(CaseEvent.id)
    return list(db.session.scalars(lapses))


def is_whole() -> bool:
    with db.engine.connect() as connection:
        return verify_chain(connection).broken_id is None


def make_unclosable(case_id: int) -> None:
    """Give it an urgency that no rule in force has a target for."""
    db.session.execute(update(Case).where(Case.id == case_id).values(urgency=Urgency.PLANNED))
    db.session.execute(delete(DefectTarget).where(DefectTarget.urgency == Urgency.PLANNED))
    db.session.commit()


def what_became_of(case_id: int) -> dict[str, object]:
    """All that is written when a case closes, but for ids and the case's own number."""
    db.session.expire_all()
    case = db.session.get_one(Case, case_id)
    event = db.session.scalars(select(CaseEvent).where(CaseEvent.case_id == case_id, CaseEvent.move == "lapse")).one()
    audit = db.session.scalars(select(AuditLine).where(AuditLine.case_id == case_id).order_by(AuditLine.id.desc()))
    line = audit.first()
    assert line is not None
    mails = [mail for mail in db.session.scalars(select(OutboxMail)) if mail.params == {"number": case.number}]
    told = [
        (str(mail.kind), mail.to_email, mail.language, mail.account_id, mail.state, mail.attempts)
        for mail in mails
        if mail.kind is MailKind.CASE_CLOSED
    ]
    assert (case.last_event_id, case.last_public_event_id, line.data.pop("event")) == (event.id,) * 3
    names = (
        "state", "awaits", "outcome", "closed_at", "paused_at", "last_event_at", "updated_at", "unread_by_staff",
        "owner_id",
    )  # fmt: skip
    columns = ("at", "actor_id", "part", "verb", "move", "visibility", "text", "from_state", "to_state", "data")
    return {
        "case": [getattr(case, name) for name in names],
        "event": [getattr(event, name) for name in columns],
        "audit": [line.action, line.account_id, line.person_id, line.reason, line.data],
        "mails": sorted(told, key=str),
    }


def test_a_case_closed_with_others_is_closed_as_one_alone(app: Flask, world: World) -> None:
    with app.app_context():
        ids, now = finished(world, 3)
        make_move(None, db.session.get_one(Case, ids[0]), move="lapse", now=now)
        db.session.commit()
        assert Closings().close_some(now=now) == 2
        alone, *together = (what_became_of(case_id) for case_id in ids)
        assert alone["mails"]
        assert together == [alone, alone]


def test_the_earliest_close_first_a_batch_at_a_time(app: Flask, world: World) -> None:
    with app.app_context():
        ids, now = finished(world, 5)
        closings = Closings(limit=2)
        assert [closings.close_some(now=now) for _ in range(4)] == [2, 2, 1, 0]
        assert closed() == ids


def test_a_case_that_cannot_be_closed_stops_no_other(
    app: Flask, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    with app.app_context():
        ids, now = finished(world, 6)
        make_unclosable(ids[1])
        closings = Closings(limit=3)
        assert [closings.close_some(now=now) for _ in range(3)] == [3, 3, 0]
        assert closed() == [ids[0], *ids[2:]]
        assert caplog.text.count(f"the timed move of case {ids[1]} failed") == 1
        assert is_whole()


def test_a_case_that_could_not_be_closed_is_tried_again_after_an_hour(app: Flask, world: World) -> None:
    with app.app_context():
        (wrong,), now = finished(world, 1)
        make_unclosable(wrong)
        closings = Closings()
        assert [closings.close_some(now=now) for _ in range(2)] == [1, 0]
        db.session.execute(update(Case).where(Case.id == wrong).values(urgency=Urgency.ORDINARY))
        db.session.commit()
        assert closings.close_some(now=now + FAILED_WAIT - timedelta(seconds=1)) == 0
        assert closings.close_some(now=now + FAILED_WAIT) == 1
        assert closed() == [wrong]


def test_a_batch_is_in_the_audit_log_line_by_line(app: Flask, world: World) -> None:
    with app.app_context():
        ids, now = finished(world, 4)
        before = db.session.scalar(select(func.count()).select_from(AuditLine)) or 0
        Closings().close_some(now=now)
        lines = db.session.scalars(select(AuditLine).where(AuditLine.id > before).order_by(AuditLine.id)).all()
        assert [line.case_id for line in lines] == ids
        assert is_whole()


def test_workers_at_once_close_each_case_once(app: Flask, world: World) -> None:
    with app.app_context():
        ids, now = finished(world, 24)
    begin = threading.Barrier(3)

    def work() -> None:
        with app.app_context():
            begin.wait()
            closings = Closings(limit=2)
            # Rows that another one holds are passed over: nothing found is not yet the end.
            while db.session.scalar(select(Case.id).where(Case.state == DefectState.DONE).limit(1)):
                closings.close_some(now=now)
                db.session.rollback()
            db.session.remove()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with app.app_context():
        assert sorted(closed()) == sorted(ids)
        assert is_whole()
