"""What the database itself must refuse, whoever writes; a migration that rebuilds a table could lose it silently."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from heka_portal.extensions import db
from tests.support.rows import fill_empty_tables
from tests.support.triggers import triggers

APPEND_ONLY = ("audit_log", "case_events")
NEEDED = {
    "sqlite": {
        *(f"{table}.{table}_no_{verb}" for table in APPEND_ONLY for verb in ("update", "delete")),
        *(f"case_texts.case_texts_{change}" for change in ("added", "removed", "changed")),
        "landlord_texts.landlord_texts_no_update",
    },
    "postgresql": {
        *(f"{table}.{table}_append_only" for table in APPEND_ONLY),
        "landlord_texts.landlord_texts_no_update",
    },
}
WORDS = {
    "sqlite": ("SELECT name FROM sqlite_master WHERE name = 'case_search'", {"case_search"}),
    "postgresql": (
        "SELECT indexname FROM pg_indexes WHERE tablename = 'case_texts' AND indexdef LIKE '% gin %'",
        {"ix_case_texts_folded"},
    ),
}


def test_database_has_its_triggers(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        assert triggers(connection) == NEEDED[connection.dialect.name]


def test_database_has_its_index_of_words(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        asked, needed = WORDS[connection.dialect.name]
        assert set(connection.execute(text(asked)).scalars()) == needed


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET id = id + 1000"])
def test_rows_are_only_added(app: Flask, table: str, statement: str) -> None:
    with app.app_context():
        with db.engine.begin() as connection:
            fill_empty_tables(connection)
        with pytest.raises(DatabaseError, match="append-only"), db.engine.begin() as connection:
            connection.execute(text(statement.format(table)))


def test_a_published_text_never_changes(app: Flask) -> None:
    with (
        app.app_context(),
        pytest.raises(DatabaseError, match="append-only"),
        db.engine.begin() as connection,
    ):
        connection.execute(text("UPDATE landlord_texts SET body = 'something else'"))
