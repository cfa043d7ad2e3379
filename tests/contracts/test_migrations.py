"""The way up, down and up again holds with data in every table, and the models ask for nothing the migrations lack."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import flask_migrate
import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine.interfaces import ReflectedColumn

from devtools.machine import server_url
from heka_portal import create_app
from heka_portal.config import Settings
from heka_portal.domain.cases.words import searchable
from heka_portal.extensions import db
from tests.support.databases import postgres_database
from tests.support.rows import counts, fill_empty_tables
from tests.support.triggers import triggers

T = TypeVar("T")

MIGRATIONS = Path(__file__).resolve().parents[2] / "heka_portal" / "migrations"
REVISIONS = [each.revision for each in ScriptDirectory(str(MIGRATIONS)).walk_revisions()][::-1]


@pytest.fixture
def blank_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without a single table."""
    if request.config.getoption("--database") == "sqlite":
        yield f"sqlite:///{tmp_path / 'blank.sqlite3'}"
        return
    with postgres_database(server_url(), f"heka_blank_{secrets.token_hex(6)}") as made:
        yield made.url


@pytest.fixture
def blank_app(blank_url: str, settings: Settings) -> Iterator[Flask]:
    """An application over a database without a single table, its context open."""
    app = create_app(settings.model_copy(update={"database_url": blank_url}))
    with app.app_context():
        yield app
        db.engine.dispose()


def test_there_is_one_line_of_migrations() -> None:
    assert len(ScriptDirectory(str(MIGRATIONS)).get_heads()) == 1


def test_up_down_and_up_again_with_data(blank_app: Flask) -> None:
    for revision in REVISIONS:
        before = with_connection(counts) if revision != REVISIONS[0] else {}
        flask_migrate.upgrade(revision=revision)
        after = with_connection(counts)
        assert {name: after.get(name, 0) for name, count in before.items() if after.get(name, 0) < count} == {}
        with db.engine.begin() as connection:
            fill_empty_tables(connection)
    first_schema = with_connection(schema)

    for revision in [*REVISIONS[-2::-1], "base"]:
        flask_migrate.downgrade(revision=revision)
    assert with_connection(lambda connection: inspect(connection).get_table_names()) == ["alembic_version"]
    assert with_connection(triggers) == set()

    flask_migrate.upgrade()
    assert with_connection(schema) == first_schema


def test_texts_written_before_are_found_by_folded_words(blank_app: Flask) -> None:
    flask_migrate.upgrade(revision="0006")
    with db.engine.begin() as connection:
        fill_empty_tables(connection)
        connection.execute(text("UPDATE case_texts SET body = 'Jääkaapin\nlukko'"))
    flask_migrate.upgrade()
    with db.engine.connect() as connection:
        assert connection.scalar(text("SELECT folded FROM case_texts")) == searchable("Jääkaapin\nlukko")
        asked = {"sqlite": "SELECT rowid FROM case_search WHERE case_search MATCH 'jaakaap'"}
        asked["postgresql"] = "SELECT case_id FROM case_texts WHERE folded LIKE '%jaakaap%'"
        assert connection.scalar(text(asked[connection.dialect.name])) == 1


def test_models_and_migrations_agree(blank_app: Flask) -> None:
    """The check names each difference in the log and ends with a SystemExit."""
    flask_migrate.upgrade()
    flask_migrate.check()


def with_connection(read: Callable[[Connection], T]) -> T:
    """Read by a connection of its own, which holds nothing open."""
    with db.engine.connect() as connection:
        return read(connection)


def schema(connection: Connection) -> dict[str, object]:
    """What the database is made of, to be compared."""
    inspector = inspect(connection)
    columns = {
        name: sorted(
            (column["name"], str(column["type"]), column["nullable"]) for column in inspector.get_columns(name)
        )
        for name in inspector.get_table_names()
    }
    indexes = {name: sorted(str(index["name"]) for index in inspector.get_indexes(name)) for name in columns}
    return {"columns": columns, "indexes": indexes, "triggers": triggers(connection)}


def described(column: ReflectedColumn) -> tuple[str, str, bool]:
    """A column as far as it must stay the same."""
    return column["name"], str(column["type"]), column["nullable"]
