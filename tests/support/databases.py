"""The suite's own databases: one per worker, migrated once, as new again before each test.

Migrations put rows and triggers of their own into a new database, so "as new" is neither "empty" nor "created anew": on
SQLite the migrated file is copied back, on PostgreSQL what was written since is deleted and the first rows come back.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import LiteralString, Protocol

import psycopg
from psycopg import sql
from sqlalchemy import Engine, event
from sqlalchemy.engine import make_url

from devtools.machine import plain_url


class Database(Protocol):
    """A database of one worker."""

    url: str

    def attach(self, engine: Engine) -> None:
        """Take the application's engine, after the migrations have run: what is in it now is "as new"."""

    def renew(self) -> None:
        """Make it as new."""


class SqliteDatabase:
    """A file, and a copy of it as it was when new."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "suite.sqlite3"
        self.url = f"sqlite:///{self.file}"
        self.template = folder / "template.sqlite3"

    def attach(self, engine: Engine) -> None:
        self.engine = engine
        event.listen(engine, "connect", _trust_the_system)
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()
        shutil.copyfile(self.file, self.template)

    def renew(self) -> None:
        self.engine.dispose()
        for leftover in (f"{self.file}-wal", f"{self.file}-shm"):
            Path(leftover).unlink(missing_ok=True)
        shutil.copyfile(self.template, self.file)


def _trust_the_system(connection: object, _record: object) -> None:
    """No wait for the disk: a test's database need not survive a power cut."""
    connection.execute("PRAGMA synchronous = OFF")  # type: ignore[attr-defined]  # any DB-API connection


class PostgresDatabase:
    """A database on a server, and a schema beside the public one that keeps its first rows."""

    def __init__(self, url: str, keeper: psycopg.Connection) -> None:
        self.url = url
        self.keeper = keeper

    def attach(self, engine: Engine) -> None:
        self.tables = [name for (name,) in self.keeper.execute(TABLES)]
        self.first_rows = self._filled()
        self.keeper.execute("CREATE SCHEMA first_rows")
        for table in self.first_rows:
            self.keeper.execute(_named("CREATE TABLE first_rows.{0} AS TABLE public.{0}", table))

    def renew(self) -> None:
        with self.keeper.transaction():
            # Neither references nor append-only triggers may object; this needs a superuser.
            self.keeper.execute("SET LOCAL session_replication_role = replica")
            for table in self._filled() | self.first_rows:
                self.keeper.execute(_named("DELETE FROM public.{0}", table))
            for table in self.first_rows:
                self.keeper.execute(_named("INSERT INTO public.{0} SELECT * FROM first_rows.{0}", table))

    def _filled(self) -> set[str]:
        """The tables that have rows now, by one statement."""
        asked = (_named("SELECT {1} WHERE EXISTS (SELECT FROM public.{0})", table) for table in self.tables)
        return {name for (name,) in self.keeper.execute(sql.SQL(" UNION ALL ").join(asked))}


@contextmanager
def postgres_database(server: str, name: str) -> Iterator[PostgresDatabase]:
    """Create a database on the server, and drop it in the end."""
    url = make_url(server).set(drivername="postgresql+psycopg", database=name).render_as_string(False)
    drop = _named("DROP DATABASE IF EXISTS {0} WITH (FORCE)", name)
    with psycopg.connect(plain_url(server), autocommit=True) as main:
        main.execute(drop)
        main.execute(_named("CREATE DATABASE {0}", name))
        main.execute(_named("ALTER DATABASE {0} SET synchronous_commit = off", name))
        main.execute(_named("ALTER DATABASE {0} SET lock_timeout = '15s'", name))
        try:
            with psycopg.connect(plain_url(url), autocommit=True) as keeper:
                yield PostgresDatabase(url, keeper)
        finally:
            main.execute(drop)


TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"


def _named(statement: LiteralString, name: str) -> sql.Composed:
    """A statement over a thing: `{0}` is its name as an identifier, `{1}` as a text."""
    return sql.SQL(statement).format(sql.Identifier(name), sql.Literal(name))
