"""Let a small PostgreSQL database plan as if it were of full size.

The planner reads three things: how many rows and pages a table had when it was analysed (`pg_class`), how its values
are spread (`pg_statistic`), and how many pages its file has now. It multiplies rows per page by the pages there are, so
the first two are not enough: the files are made as long as those of the full database, with holes that take no room on
the disk. Nothing may read the tables afterwards; the database is for planning only, and is dropped in the end.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

FILE = Path(__file__).parents[1] / "contracts/full_size.jsonl"
PAGE_BYTES, SEGMENT_PAGES = 8192, 131_072
#: of what part of the pages PostgreSQL knows that every row is visible, where autovacuum keeps up
VISIBLE = 0.98
SLOTS = 5
#: types whose values lie in time: with the statistics' age they move on, so that "overdue" stays what it was
IN_TIME = frozenset({"date", "timestamp with time zone"})


def read_file() -> tuple[datetime, list[dict[str, Any]]]:
    """When the full database was analysed, and its tables."""
    head, *tables = map(json.loads, FILE.read_text(encoding="utf-8").splitlines())
    return datetime.fromisoformat(head["at"]), tables


def rows_at_full_size() -> Mapping[str, int]:
    """How many rows each table and each index has at full size."""
    tables = read_file()[1]
    indexes = {name: size["rows"] for table in tables for name, size in table["indexes"].items()}
    return indexes | {table["table"]: table["rows"] for table in tables}


def make_full_size(connection: psycopg.Connection) -> None:
    """Give the database of this connection the statistics of the full one."""
    at, tables = read_file()
    days = (datetime.now(UTC) - at).days
    for table in tables:
        name = sql.Identifier(table["table"])
        connection.execute(sql.SQL("ALTER TABLE {} SET (autovacuum_enabled = false)").format(name))
        _stretch(connection, table["table"], table["rows"], table["pages"])
        for index, size in table["indexes"].items():
            _stretch(connection, index, size["rows"], size["pages"])
        connection.execute("DELETE FROM pg_statistic WHERE starelid = %s::regclass", [f"public.{table['table']}"])
        for column in table["columns"]:
            _spread(connection, table["table"], column, days)


def _stretch(connection: psycopg.Connection, name: str, rows: int, pages: int) -> None:
    """Say how many rows a table or an index has, and make its file that long."""
    relation = sql.Literal(f"public.{name}")
    connection.execute(
        sql.SQL(
            "UPDATE pg_class SET reltuples = {}, relpages = {},"
            " relallvisible = CASE relkind WHEN 'r' THEN {} ELSE 0 END WHERE oid = {}::regclass"
        ).format(rows, pages, int(pages * VISIBLE), relation)
    )
    asked = sql.SQL("SELECT pg_relation_filepath({0}::regclass), pg_relation_size({0}::regclass)").format(relation)
    found = connection.execute(asked).fetchone()
    assert found is not None
    file, length = found
    if length < pages * PAGE_BYTES:
        programs = " && ".join(f"truncate -s {size} {segment}" for segment, size in _segments(file, pages))
        connection.execute(sql.SQL("COPY (SELECT WHERE false) TO PROGRAM {}").format(sql.Literal(programs)))


def _segments(file: str, pages: int) -> Iterator[tuple[str, int]]:
    """The files of a relation, which are a gigabyte long but for the last, and their lengths."""
    for segment in range(pages // SEGMENT_PAGES + 1):
        left = min(pages - segment * SEGMENT_PAGES, SEGMENT_PAGES)
        yield f"{file}.{segment}" if segment else file, left * PAGE_BYTES


def _spread(connection: psycopg.Connection, table: str, column: Mapping[str, Any], days: int) -> None:
    """Say how the values of a column are spread."""
    slots = [*column["slots"], *[[0, 0, 0, None, None]] * (SLOTS - len(column["slots"]))]
    array = _array_in(column, days)
    parts = [
        *(sql.Literal(slot[0]) for slot in slots),
        *(sql.Literal(slot[1]) for slot in slots),
        *(sql.Literal(slot[2]) for slot in slots),
        *(sql.SQL("{}::real[]").format(sql.Literal(slot[3])) for slot in slots),
        *(array(slot) for slot in slots),
    ]
    connection.execute(
        sql.SQL(
            "INSERT INTO pg_statistic SELECT a.attrelid, a.attnum, false, {}, {}, {}, {} FROM pg_attribute a"
            " WHERE a.attrelid = {}::regclass AND a.attname = {}"
        ).format(
            column["nulls"],
            column["width"],
            column["distinct"],
            sql.SQL(", ").join(parts),
            sql.Literal(f"public.{table}"),
            sql.Literal(column["name"]),
        )
    )


#: the kind of statistics that holds the words of a text, whatever the column's own type
ELEMENTS = 4


def _array_in(column: Mapping[str, Any], days: int) -> Any:
    """How a list of values becomes an array of the column's type."""

    def array(slot: list[Any]) -> sql.Composable:
        if slot[4] is None:
            return sql.NULL
        kind = "text" if slot[0] == ELEMENTS else column["type"]
        moved = sql.SQL("v::{kind}").format(kind=sql.SQL(kind))
        if kind in IN_TIME:
            moved = sql.SQL("({} + {} * interval '1 day')::{}").format(moved, days, sql.SQL(kind))
        return sql.SQL(
            "array_in((SELECT array_agg({} ORDER BY n)::text FROM unnest({}::text[]) WITH ORDINALITY u(v, n))::cstring,"
            " {}::regtype, -1)"
        ).format(moved, sql.Literal(slot[4]), sql.Literal(kind))

    return array
