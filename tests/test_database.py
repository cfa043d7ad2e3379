"""Transactions mean the same on both databases: nothing is lost, and a GET does not write."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError, StatementError

from heka_portal.database import Code, UtcDateTime, WriteInReading, footprint, look_at_tables
from heka_portal.extensions import db
from heka_portal.models.audit import AuditHead
from heka_portal.models.people import Person
from heka_portal.vocabulary import Language
from tests.factories.people import make_person

THREADS, TIMES = 4, 25


def test_reading_then_writing_under_a_lock_loses_nothing(app: Flask) -> None:
    def add() -> None:
        for _ in range(TIMES):
            with app.app_context():
                head = db.session.scalars(select(AuditHead).with_for_update()).one()
                head.last_id += 1
                db.session.commit()

    threads = [threading.Thread(target=add) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        assert db.session.scalar(select(AuditHead.last_id)) == THREADS * TIMES


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_safe_request_does_not_write(app: Flask, method: str) -> None:
    with app.test_request_context(method=method):
        with pytest.raises(WriteInReading):
            make_person()
        db.session.rollback()
        with pytest.raises(WriteInReading):
            db.session.execute(update(Person).values(first_names="x"))


def test_a_post_writes(app: Flask) -> None:
    with app.test_request_context(method="POST"):
        make_person()
        db.session.commit()


def test_a_footprint_is_left_in_a_get(app: Flask) -> None:
    with app.app_context():
        make_person(first_names="Aino")
        db.session.commit()
    with app.test_request_context(), footprint(db) as connection:
        connection.execute(update(Person.__table__).values(first_names="Eino"))  # type: ignore[arg-type]
    with app.app_context():
        assert db.session.scalar(select(Person.first_names)) == "Eino"


def test_a_post_that_ends_without_a_commit_leaves_nothing(app: Flask) -> None:
    with app.test_request_context(method="POST"):
        db.session.scalar(select(Person.id))
        make_person()
        db.session.flush()
        db.session.remove()
    with app.test_request_context(method="POST"):
        db.session.scalar(select(Person.id))
        db.session.execute(update(AuditHead.__table__).values(last_id=7))  # type: ignore[arg-type]
        db.session.remove()
    with app.app_context():
        assert db.session.scalar(select(Person.id)) is None
        assert db.session.scalar(select(AuditHead.last_id).where(AuditHead.last_id == 7)) is None


def test_a_post_whose_reading_failed_leaves_a_sound_connection(app: Flask) -> None:
    for _ in range(3):
        with app.test_request_context(method="POST"):
            with pytest.raises(DBAPIError):
                db.session.execute(text("SELECT no_such_column FROM people"))
            db.session.remove()
    with app.test_request_context(method="POST"):
        assert db.session.scalar(select(Person.id)) is None


@pytest.mark.postgresql
def test_plans_outlive_a_request_that_only_read(database: str, app: Flask) -> None:
    kept = text("SELECT count(*) FROM pg_prepared_statements WHERE generic_plans > 0 AND statement LIKE '%people%'")
    with app.app_context():
        db.engine.dispose()  # so that all requests have the same connection
    for _ in range(3):
        with app.test_request_context(method="POST"):
            db.session.scalar(select(Person.id))
            db.session.remove()
    with app.test_request_context():
        assert db.session.scalar(text("SHOW plan_cache_mode")) == "force_generic_plan"
        assert db.session.scalar(kept) == 1


def test_a_moment_without_a_zone_is_refused(app: Flask) -> None:
    with app.app_context(), pytest.raises(StatementError):
        make_person(created_at=datetime(2026, 11, 24))  # noqa: DTZ001 - the naive moment is what is tried


def test_a_moment_comes_back_aware_and_in_utc(app: Flask) -> None:
    at = datetime.fromisoformat("2026-10-25T03:30:00+02:00")
    with app.app_context():
        make_person(created_at=at)
        db.session.commit()
        db.session.expunge_all()
        found = db.session.scalar(select(Person.created_at))
        assert found == at
        assert found is not None
        assert found.tzinfo is UTC


def test_a_code_that_is_not_in_the_vocabulary_is_refused() -> None:
    with pytest.raises(ValueError, match="xx"):
        Code(Language).process_bind_param("xx", None)
    assert UtcDateTime().process_bind_param(None, None) is None


@pytest.mark.sqlite
def test_sqlite_knows_how_its_tables_have_grown(app: Flask) -> None:
    with app.app_context():
        for _ in range(5):
            make_person()
        db.session.commit()
        look_at_tables(db.engine)
        db.session.remove()
        assert db.session.scalar(text("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'people'"))
        look_at_tables(db.engine)


@pytest.mark.sqlite
def test_sqlite_is_prepared(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        asked = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "foreign_keys")
        }
    assert asked == {"journal_mode": "wal", "foreign_keys": 1}
