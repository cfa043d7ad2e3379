"""The fixtures' promise: what one test writes, the next does not find, and what migrations put there stays."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import text

from heka_portal.extensions import db
from tests.support.databases import Database


def counted(app: Flask, table: str) -> int:
    with app.app_context():
        return int(db.session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())  # noqa: S608 (constants)


def test_renewed_database_has_nothing_of_the_test_before(app: Flask, database: Database) -> None:
    with app.app_context():
        db.session.execute(text("INSERT INTO contractors (name, is_active) VALUES ('Talotiimi', true)"))
        db.session.commit()
    assert counted(app, "contractors") == 1
    database.renew()
    assert counted(app, "contractors") == 0


def test_renewed_database_has_what_the_migrations_put_there(app: Flask, database: Database) -> None:
    before = counted(app, "audit_head")
    with app.app_context():
        db.session.execute(text("DELETE FROM audit_head"))
        db.session.commit()
    database.renew()
    assert counted(app, "audit_head") == before
