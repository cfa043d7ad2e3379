"""Writes plain rows into a target, each database by its fastest way, within the one transaction of the copy.

Append-only triggers allow what is done to their tables here: rows are only added.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import psycopg
from psycopg import sql
from sqlalchemy import Connection, Integer, Table, bindparam, func, select, text
from sqlalchemy.schema import CreateIndex

from heka_portal.copying.columns import stored_columns
from heka_portal.copying.digests import Rows
from heka_portal.copying.errors import CopyFailed, without_value

LOCK_TIMEOUT = "10s"
#: pages SQLite may keep in memory while it writes, in KiB
CACHE_KIB = 65536
#: indexes that are no constraint's
_INDEXES = text(
    "SELECT c.relname AS name, pg_get_indexdef(i.indexrelid) AS definition "
    "FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid "
    "WHERE t.relnamespace = current_schema()::regnamespace AND t.relname = ANY(:tables) "
    "AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid) ORDER BY 1"
)


class Writer(Protocol):
    """How rows come into one of the databases."""

    def begin(self) -> None:
        """Begin the transaction, and keep all other writers out until it ends."""

    def put(self, table: Table, rows: Rows) -> None:
        """Add plain rows, in the order of the table's stored columns. Raises CopyFailed."""

    def finish(self) -> None:
        """What can only be done when all rows are there; the transaction is still open."""

    def after_commit(self) -> None:
        """What the database does better without a transaction."""


def writer_for(connection: Connection, tables: Sequence[Table]) -> Writer:
    """The writer of a target's database."""
    kind = PostgresWriter if connection.dialect.name == "postgresql" else SqliteWriter
    return kind(connection, tables)


class SqliteWriter:
    """`executemany`; the triggers keep the index of words."""

    def __init__(self, connection: Connection, tables: Sequence[Table]) -> None:
        self.connection = connection
        self.statements = {table.name: _insert(table) for table in tables}

    def begin(self) -> None:
        self.connection.exec_driver_sql(f"PRAGMA cache_size = -{CACHE_KIB}")
        self.connection.exec_driver_sql("BEGIN IMMEDIATE")

    def put(self, table: Table, rows: Rows) -> None:
        self.connection.exec_driver_sql(self.statements[table.name], [tuple(row) for row in rows])

    def finish(self) -> None:
        """SQLite counts its keys up from the highest by itself."""

    def after_commit(self) -> None:
        """Nothing: the file is as it should be."""


class PostgresWriter:
    """COPY in batches, so that the server's queue of references to check stays short.

    The indexes that are no constraint's are made anew at the end: that takes a fraction of keeping them meanwhile,
    most of all for the index of words.
    """

    def __init__(self, connection: Connection, tables: Sequence[Table]) -> None:
        self.connection = connection
        self.tables = tables
        self.names = {"tables": [table.name for table in tables]}
        self.dropped: list[str] = []
        self.statements = {table.name: _copy(table) for table in tables}

    def begin(self) -> None:
        self.connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
        self.connection.execute(text("SET LOCAL TimeZone = 'UTC'"))
        self.connection.execute(text(f"LOCK TABLE {self._all()} IN ACCESS EXCLUSIVE MODE"))

    def put(self, table: Table, rows: Rows) -> None:
        if not self.dropped:
            self._drop_indexes()
        driver: Any = self.connection.connection.driver_connection
        with naming_the_place(table), driver.cursor() as cursor, cursor.copy(self.statements[table.name]) as copy:
            for row in rows:
                copy.write_row(row)

    def finish(self) -> None:
        for definition in self.dropped:
            self.connection.exec_driver_sql(definition)
        for table in self.tables:
            self._count_on(table)

    def after_commit(self) -> None:
        """Tell the planner what the tables hold now."""
        self.connection.exec_driver_sql(f"ANALYZE {self._all()}")
        self.connection.commit()

    def _all(self) -> str:
        quote = self.connection.dialect.identifier_preparer.format_table
        return ", ".join(quote(table) for table in self.tables)

    def _drop_indexes(self) -> None:
        # By the model where there is one: the server's own words for a condition do not come back letter by letter.
        dialect = self.connection.dialect
        known = {
            index.name: str(CreateIndex(index).compile(dialect=dialect))
            for table in self.tables
            for index in table.indexes
        }
        for index in self.connection.execute(_INDEXES, self.names).all():
            self.connection.exec_driver_sql(f'DROP INDEX "{index.name}"')
            self.dropped.append(known.get(index.name, index.definition))

    def _count_on(self, table: Table) -> None:
        """Let a key that counts up go on behind the highest one there is."""
        key = table.autoincrement_column
        if key is None or not isinstance(key.type, Integer):
            return
        sequence = self.connection.scalar(select(func.pg_get_serial_sequence(table.name, key.name)))
        if sequence is not None:
            highest = self.connection.scalar(select(func.max(key)))
            self.connection.execute(select(func.setval(sequence, highest or 1, highest is not None)))


def _insert(table: Table) -> str:
    columns = stored_columns(table)
    names = ", ".join(f'"{column.name}"' for column in columns)
    marks = ", ".join("?" for _ in columns)
    return f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})'  # noqa: S608  # names of our own models


def _copy(table: Table) -> sql.Composed:
    names = sql.SQL(", ").join(sql.Identifier(column.name) for column in stored_columns(table))
    return sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), names)


@contextmanager
def naming_the_place(table: Table) -> Iterator[None]:
    """Say in which table and column a row was refused, never what it held. Raises CopyFailed."""
    try:
        yield
    except psycopg.Error as error:
        column = (error.diag.context or "").partition("column ")[2].split(":")[0]
        place = f"{table.name}.{column}" if column else table.name
        why = without_value(error.diag.message_primary or type(error).__name__)
        raise CopyFailed(f"A row of {place} cannot be stored in the target: {why}.") from None


def clear(connection: Connection, tables: Sequence[Table]) -> None:
    """Delete the rows that the migrations laid; tables without rows are not touched."""
    for table in reversed(tables):
        if connection.execute(select(table.c[0]).limit(1)).first() is not None:
            connection.execute(table.delete())


def point_to_own_rows(target: Connection, table: Table, column: str, pairs: Rows) -> None:
    """Fill in a reference of a table to itself, now that all its rows are there; pairs of key and reference."""
    (key,) = table.primary_key.columns
    statement = table.update().where(key == bindparam("own_key")).values({column: bindparam("other_key")})
    target.execute(statement, [{"own_key": own, "other_key": other} for own, other in pairs])
