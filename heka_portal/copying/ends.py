"""The two ends of a copy: opening them, their migrations, and whether they may be copied from and into."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from pydantic import ValidationError
from sqlalchemy import Connection, Engine, Table, create_engine, inspect, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool, StaticPool

from heka_portal.config import Settings
from heka_portal.copying.digests import Digest, digest_table
from heka_portal.copying.errors import CopyRefused
from heka_portal.database import prepare_engine
from heka_portal.extensions import db

MEMORY = "sqlite://"


def open_end(url: str, *, must_exist: bool) -> Engine:
    """An engine for an address as `DATABASE_URL` would have it. Raises CopyRefused; its words hold no password."""
    try:
        address = make_url(Settings(database_url=url).database_url)
    except (ValidationError, ArgumentError):
        raise CopyRefused("An address must begin with sqlite:/// or postgresql://, as DATABASE_URL does.") from None
    if address.get_backend_name() == "sqlite":
        if not address.database or address.database == ":memory:":
            raise CopyRefused("An SQLite address must name a file: sqlite:///instance/heka.sqlite3.")
        if must_exist and not Path(address.database).is_file():
            raise CopyRefused(f"There is no file {address.database}.")
    engine = create_engine(address, poolclass=NullPool, hide_parameters=True)
    prepare_engine(engine)
    return engine


def refuse_same(source: Engine, target: Engine) -> None:
    """Raises CopyRefused when both addresses are one."""
    if _place(source) == _place(target):
        raise CopyRefused("Both addresses name the same database.")


def _place(engine: Engine) -> tuple[object, ...]:
    url = engine.url
    if engine.dialect.name == "sqlite":
        return ("sqlite", Path(url.database or "").resolve())
    return (url.host, url.port, url.database, url.query)


def tables() -> list[Table]:
    """What is copied, in an order in which every reference finds its row."""
    return db.metadata.sorted_tables


def newest() -> tuple[str, ...]:
    """The newest migration of this version of the portal."""
    return tuple(ScriptDirectory.from_config(_configuration()).get_heads())


def revision(connection: Connection) -> tuple[str, ...]:
    """The migration a database is at."""
    return tuple(MigrationContext.configure(connection).get_current_heads())


def refuse_old_source(connection: Connection) -> None:
    """Raises CopyRefused unless the database is at the newest migration."""
    found = revision(connection)
    if found != newest():
        raise CopyRefused(
            f"The source is at {_said(found)} and this version of the portal at {_said(newest())}: "
            "run `flask db upgrade` on the source first, with the version of the portal that is installed here."
        )


def prepare_target(engine: Engine) -> None:
    """Give a database without tables its tables. Raises CopyRefused when it has others than the newest ones."""
    with engine.connect() as connection:
        found, has_tables = revision(connection), bool(inspect(connection).get_table_names())
    if not has_tables:
        upgrade(engine)
    elif not found:
        raise CopyRefused("The target has tables that are not the portal's: give it a database of its own.")
    elif found != newest():
        raise CopyRefused(
            f"The target is at {_said(found)} and this version of the portal at {_said(newest())}: "
            "run `flask db upgrade` on it, or give it a new database."
        )


def refuse_full_target(connection: Connection) -> None:
    """Raises CopyRefused when a table holds anything but the rows that the migrations lay."""
    laid = rows_of_new_database()
    full = [table.name for table in tables() if not _is_as_new(connection, table, laid[table.name])]
    if full:
        raise CopyRefused(f"The target is not empty, and nothing is ever copied over other data: {', '.join(full)}.")


def _is_as_new(connection: Connection, table: Table, laid: Digest) -> bool:
    if connection.execute(select(table.c[0]).limit(1)).first() is None:
        return True
    return laid.count > 0 and digest_table(connection, table, _silently) == laid


def rows_of_new_database() -> Mapping[str, Digest]:
    """What the migrations themselves lay, found by running them on a database in memory."""
    engine = create_engine(MEMORY, poolclass=StaticPool)
    prepare_engine(engine)
    upgrade(engine)
    with engine.connect() as connection:
        found = {table.name: digest_table(connection, table, _silently) for table in tables()}
    engine.dispose()
    return found


def upgrade(engine: Engine) -> None:
    """Run all migrations on a database other than the application's own."""
    configuration = _configuration()
    configuration.attributes["engine"] = engine
    command.upgrade(configuration, "head")


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one moment of the database, whoever writes meanwhile, and cannot write itself."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA query_only = ON")
            connection.exec_driver_sql("BEGIN")
            yield connection
        return
    with engine.connect().execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True) as connection:
        yield connection


def _configuration() -> Config:
    found: Config = current_app.extensions["migrate"].migrate.get_config()
    return found


def _said(heads: tuple[str, ...]) -> str:
    return f"migration {', '.join(heads)}" if heads else "no migration"


def _silently(_table: str, _rows: int) -> None:
    """Nobody waits for these."""
