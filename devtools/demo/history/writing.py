"""Write rows in bulk: PostgreSQL takes them as COPY, SQLite as many at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from psycopg.types.json import JsonDumper
from sqlalchemy import Connection

from devtools.demo.history.rows import Row, Sheet
from heka_portal.extensions import db

AT_ONCE = 5000

Write = Callable[[Sheet, Iterable[Row]], None]


def writer(connection: Connection) -> Write:
    """The way of this database; both write in the connection's transaction."""
    bulk = copy if connection.dialect.name == "postgresql" else insert

    def write(sheet: Sheet, rows: Iterable[Row]) -> None:
        bulk(connection, sheet, rows)

    return write


def copy(connection: Connection, sheet: Sheet, rows: Iterable[Row]) -> None:
    """Stream rows into a table. Raises psycopg's errors."""
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor:
        cursor.adapters.register_dumper(dict, JsonDumper)
        cursor.adapters.register_dumper(list, JsonDumper)
        with cursor.copy(f"COPY {sheet.table} ({', '.join(sheet.columns)}) FROM STDIN") as target:
            write_row = target.write_row
            for row in rows:
                write_row(row)


def insert(connection: Connection, sheet: Sheet, rows: Iterable[Row]) -> None:
    """Insert rows in large batches."""
    statement = db.metadata.tables[sheet.table].insert()
    left = iter(rows)
    while batch := [dict(zip(sheet.columns, row, strict=True)) for row in islice(left, AT_ONCE)]:
        connection.execute(statement, batch)
