"""The audit log: chained last, append-only, and what was changed behind the portal's back is found."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DatabaseError

from heka_portal.domain.audit.operations import append_lines, make_line, record_audit
from heka_portal.domain.audit.queries import verify_chain
from heka_portal.extensions import db
from heka_portal.models.audit import AuditHead, AuditLine
from heka_portal.vocabulary import AuditAction


def write(*actions: AuditAction) -> None:
    for action in actions:
        record_audit(action, account_id=1, person_id=2, data={"ä": [1, None]})
    db.session.commit()


def verdict():
    with db.engine.connect() as connection:
        return verify_chain(connection, chunk=2)


def test_lines_are_chained_in_one_series(app):
    with app.app_context():
        write(AuditAction.SIGNED_IN, AuditAction.PERSON_VIEWED)
        write(AuditAction.SIGNED_OUT)
        lines = list(db.session.scalars(select(AuditLine).order_by(AuditLine.id)))
        assert [line.id for line in lines] == [1, 2, 3]
        assert [line.previous_seal for line in lines[1:]] == [line.seal for line in lines[:-1]]
        assert verdict().broken_id is None
        assert verdict().lines == 3


def test_what_is_rolled_back_leaves_no_line(app):
    with app.app_context():
        record_audit(AuditAction.SIGNED_IN)
        db.session.flush()
        db.session.rollback()
        db.session.commit()
        assert verdict().lines == 0


def test_a_savepoint_chains_nothing_before_the_commit(app):
    with app.app_context():
        with db.session.begin_nested():
            record_audit(AuditAction.SIGNED_IN)
        assert db.session.scalar(select(AuditHead.last_id)) == 0
        db.session.commit()
        assert verdict().lines == 1


def test_a_rolled_back_savepoint_takes_its_own_lines_only(app):
    with app.app_context():
        record_audit(AuditAction.SIGNED_IN)
        savepoint = db.session.begin_nested()
        record_audit(AuditAction.SIGNED_OUT)
        savepoint.rollback()
        record_audit(AuditAction.PERSON_VIEWED)
        db.session.commit()
        actions = list(db.session.scalars(select(AuditLine.action).order_by(AuditLine.id)))
        assert actions == [AuditAction.SIGNED_IN, AuditAction.PERSON_VIEWED]


def test_a_footprint_is_chained_too(app):
    with app.app_context():
        write(AuditAction.SIGNED_IN)
        with db.engine.begin() as connection:
            append_lines(connection, [make_line(AuditAction.CASE_VIEWED, account_id=1, case_id=7)])
        assert verdict().lines == 2
        assert verdict().broken_id is None


@pytest.mark.parametrize("statement", [update(AuditLine).values(reason="x"), delete(AuditLine)])
def test_the_database_refuses_to_change_the_log(app, statement):
    with app.app_context():
        write(AuditAction.SIGNED_IN)
        with pytest.raises(DatabaseError):
            db.session.execute(statement)
        db.session.rollback()


def drop_guards() -> None:
    """As someone with full rights to the database could."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("ALTER TABLE audit_log DISABLE TRIGGER audit_log_append_only"))
    else:
        for verb in ("update", "delete"):
            db.session.execute(text(f"DROP TRIGGER audit_log_no_{verb}"))


def raise_guards() -> None:
    """As they were: the database is shared by the worker's tests."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("ALTER TABLE audit_log ENABLE TRIGGER audit_log_append_only"))
        db.session.commit()


@pytest.mark.parametrize(
    ("tampering", "broken"),
    [
        ("UPDATE audit_log SET person_id = 99 WHERE id = 2", 2),
        ("UPDATE audit_log SET action = 'signed_out' WHERE id = 3", 3),
        ("DELETE FROM audit_log WHERE id = 1", 1),
        ("DELETE FROM audit_log WHERE id = 3", 3),
    ],
)
def test_the_first_broken_line_is_named(app, tampering, broken):
    with app.app_context():
        write(AuditAction.SIGNED_IN, AuditAction.PERSON_VIEWED, AuditAction.SIGNED_IN)
        drop_guards()
        db.session.execute(text(tampering))
        db.session.commit()
        raise_guards()
        assert verdict().broken_id == broken
