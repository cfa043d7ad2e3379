"""The session and its transactions, the same on SQLite and on PostgreSQL.

* A read sees what is committed. The first write, or a SELECT ... FOR UPDATE, takes SQLite's write lock until the
  commit, so that read-then-write loses nothing there either.
* A request of a safe method (GET, HEAD, OPTIONS) reads in autocommit and may not write: footprints go through
  `footprint()` in a short transaction of their own.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar, Generic, TypeVar

from flask import Flask, current_app, has_request_context, request
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import (
    BigInteger,
    Connection,
    DateTime,
    Engine,
    Integer,
    MetaData,
    String,
    bindparam,
    event,
    literal_column,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session, UOWTransaction, registry
from sqlalchemy.types import TypeDecorator

#: statements whose plans a connection of PostgreSQL keeps: all the portal has; of a hundred, the driver's own limit,
#: the one that finds the reader was forgotten and planned again at every other page
PLANS = 1_000
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
READING_ENGINE = "heka_reading_engine"
USED = "heka_used"

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


#: Whole numbers of 64 bits; as a key it counts up on both databases (SQLite numbers only INTEGER keys).
BigKey = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    """Declarative base: named constraints, so that each can be dropped by name on both databases."""

    registry: ClassVar[registry] = registry(
        metadata=MetaData(naming_convention=NAMING), type_annotation_map={int: BigKey}
    )


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware in Python, UTC in the database. Naive values are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def at_most(limit: int | str) -> Any:
    """A LIMIT that stands in the statement, a number or a parameter by its name.

    Of a limit that a kept plan does not know PostgreSQL assumes a tenth of the table, and reads and sorts that.
    """
    return (
        literal_column(str(limit)) if isinstance(limit, int) else bindparam(limit, type_=Integer, literal_execute=True)
    )


def as_said(column: Any, value: Any) -> Any:
    """A value of few, such as a state, that stands in the statement: a parameter by its name, or the value itself.

    A kept plan then knows how many rows have it, and which partial index holds them.
    """
    name, given = (value, {}) if isinstance(value, str) and not isinstance(value, StrEnum) else (None, {"value": value})
    return bindparam(name, type_=column.type, literal_execute=True, **given)


E = TypeVar("E", bound=StrEnum)


class Code(TypeDecorator[E], Generic[E]):
    """A code of the vocabulary, stored as its text."""

    impl = String(40)
    cache_ok = True

    def __init__(self, codes: type[E]) -> None:
        super().__init__()
        self.codes = codes

    def process_bind_param(self, value: E | str | None, dialect: Any) -> str | None:
        return None if value is None else str(self.codes(value))

    def process_result_value(self, value: Any, dialect: Any) -> E | None:
        return None if value is None else self.codes(value)


def is_reading() -> bool:
    """Whether this is a request that may only read."""
    return has_request_context() and request.method in SAFE_METHODS


class PortalSession(FlaskSession):
    """Reads of a safe request go in autocommit: PostgreSQL then keeps its prepared statements."""

    def get_bind(self, *args: Any, **kwargs: Any) -> Engine | Connection:
        if is_reading():
            engine: Engine | None = current_app.extensions.get(READING_ENGINE)
            if engine is not None:
                return engine
        return super().get_bind(*args, **kwargs)


class WriteInReading(RuntimeError):
    """A safe request tried to write through the session."""


def _refuse_flush(session: Session, flush_context: UOWTransaction, instances: object) -> None:
    if is_reading() and (session.new or session.dirty or session.deleted):
        raise WriteInReading("a GET may not write through the session; use footprint()")


def _refuse_statement(state: ORMExecuteState) -> None:
    if is_reading() and (state.is_insert or state.is_update or state.is_delete):
        raise WriteInReading("a GET may not write through the session; use footprint()")


def _on_connect(dbapi_connection: Any, _record: object) -> None:
    if not isinstance(dbapi_connection, sqlite3.Connection):
        return
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    cursor.execute("PRAGMA busy_timeout = 20000")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _keep_plans(dbapi_connection: Any, _record: object) -> None:
    dbapi_connection.prepared_max = PLANS


def _note_use(
    connection: Connection, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool
) -> None:
    if _takes_lock(statement, context):
        connection.info[USED] = "written"
    elif has_request_context():  # a command may write past the engine
        connection.info.setdefault(USED, "read")


def _forget_use(connection: Connection) -> None:
    connection.info.pop(USED, None)


def _end_reading(connection: Connection) -> None:
    """Let a request's transaction that only read end by a COMMIT: at a ROLLBACK the driver forgets all plans."""
    if connection.invalidated:
        return
    if connection.info.pop(USED, "written") == "read":
        error: Any = connection.dialect.loaded_dbapi.Error
        with contextlib.suppress(error):  # the rollback that follows says what is wrong
            connection.connection.driver_connection.commit()  # type: ignore[union-attr]


def _takes_lock(statement: str, context: Any) -> bool:
    head = statement.lstrip()[:8].upper()
    if not head.startswith(("SELECT", "PRAGMA", "EXPLAIN", "BEGIN")):
        return True
    compiled = getattr(context, "compiled", None)
    return getattr(getattr(compiled, "statement", None), "_for_update_arg", None) is not None


def _before_execute(
    connection: Connection, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool
) -> None:
    driver = connection.connection.driver_connection
    if isinstance(driver, sqlite3.Connection) and not driver.in_transaction and _takes_lock(statement, context):
        cursor.execute("BEGIN IMMEDIATE")


def _before_savepoint(connection: Connection, name: str) -> None:
    driver = connection.connection.driver_connection
    if isinstance(driver, sqlite3.Connection) and not driver.in_transaction:
        driver.execute("BEGIN IMMEDIATE")


def prepare_engine(engine: Engine) -> None:
    """Give an engine SQLite's transactions, or PostgreSQL's connections room for every plan."""
    if engine.dialect.name == "postgresql":
        event.listen(engine, "connect", _keep_plans)
        event.listen(engine, "before_cursor_execute", _note_use)
        event.listen(engine, "commit", _forget_use)
        event.listen(engine, "rollback", _end_reading)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "before_cursor_execute", _before_execute)
        event.listen(engine, "savepoint", _before_savepoint)


def look_at_tables(engine: Engine) -> None:
    """Let SQLite's planner know how its tables have grown: without it a badge walked an index ten times as long.

    It reads a thousand rows of each index. PostgreSQL does so by itself.
    """
    if engine.dialect.name == "sqlite":
        with engine.begin() as connection:
            connection.exec_driver_sql("PRAGMA analysis_limit = 1000")
            connection.exec_driver_sql("ANALYZE")


def init_app(app: Flask, db: SQLAlchemy) -> None:
    """Prepare the engine of `app`: SQLite's transactions, PostgreSQL's reading in autocommit."""
    with app.app_context():
        engine = db.engine
    prepare_engine(engine)
    if engine.dialect.name == "postgresql":
        app.extensions[READING_ENGINE] = engine.execution_options(isolation_level="AUTOCOMMIT")


def listen_to(session: Any) -> None:
    """Attach the refusals to a session factory, once."""
    event.listen(session, "before_flush", _refuse_flush)
    event.listen(session, "do_orm_execute", _refuse_statement)


def insert_into(model: Any, connection: Connection) -> Any:
    """An INSERT that can say what happens where the row stands already: each database has its own of it."""
    dialect: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(model.__table__)


@contextlib.contextmanager
def footprint(db: SQLAlchemy) -> Iterator[Connection]:
    """A short write transaction of its own: last seen, read marks, who looked at whom."""
    with db.engine.begin() as connection:
        yield connection
