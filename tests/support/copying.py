"""What the tests of copying call and look at: the commands, another database, a portal on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from click.testing import Result
from flask import Flask
from flask.cli import FlaskGroup
from sqlalchemy import Engine, func, select, text

from heka_portal import create_app
from heka_portal.config import Settings
from heka_portal.copying.ends import open_end, rows_of_new_database, upgrade
from heka_portal.extensions import db


@dataclass
class Copier:
    """Calls the commands of the suite's application."""

    app: Flask
    url: str

    def __call__(self, *args: str) -> Result:
        flask = FlaskGroup(create_app=lambda: self.app, load_dotenv=False, set_debug_flag=False)
        return self.app.test_cli_runner().invoke(flask, args=["db", *args])

    def copy(self, target: str, *args: str, source: str = "") -> Result:
        return self("copy", "--from", source or self.url, "--to", target, *args)

    def compare(self, target: str) -> Result:
        return self("compare", "--from", self.url, "--to", target)


@contextmanager
def opened(run: Copier, url: str) -> Iterator[Engine]:
    """The engine of another database, its tables in their newest state."""
    with run.app.app_context():
        engine = open_end(url, must_exist=False)
        upgrade(engine)
        yield engine
        engine.dispose()


@contextmanager
def portal_on(url: str, settings: Settings) -> Iterator[Flask]:
    """A portal with the same settings on the copy, its context open."""
    app = create_app(settings.model_copy(update={"database_url": url}))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def differing(result: Result) -> list[str]:
    """The tables that the printed comparison calls different."""
    return re.findall(r"^(\w+) .*DIFFERS$", result.output, re.MULTILINE)


def is_as_new(engine: Engine) -> bool:
    """Whether there is nothing but what the migrations lay."""
    laid = rows_of_new_database()
    with engine.connect() as connection:
        return all(
            connection.scalar(select(func.count()).select_from(table)) == laid[table.name].count
            for table in db.metadata.sorted_tables
        )


def indexes(engine: Engine) -> set[str]:
    """Every index as the database defines it."""
    asked = {
        "sqlite": "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
        "postgresql": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    }
    with engine.connect() as connection:
        return set(connection.execute(text(asked[engine.dialect.name])).scalars())
