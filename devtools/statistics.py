"""Write down what PostgreSQL knows of a database of full size, so that a test can plan statements without one.

    python -m devtools.statistics postgresql:///heka_bench_1000000

The file holds, a table a line, how many rows and pages it and its indexes have, and the statistics of its columns,
thinned. `tests/support/statistics.py` puts them into a small database. A table without rows keeps the line it had.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import psycopg

from devtools.machine import plain_url

FILE = Path(__file__).parents[1] / "tests/contracts/full_size.jsonl"
#: rows of tables that a history of cases does not fill as years of use do; with them grow their pages and indexes
YEARS = {
    "accessibility_feedback": 20_000,
    "account_tokens": 100_000,
    "attachments": 1_000_000,
    "audit_log": 10_000_000,
    "bank_accounts": 120_000,
    "building_documents": 2_000,
    "building_events": 100_000,
    "building_texts": 6_000,
    "calendar_links": 50_000,
    "case_drafts": 20_000,
    "charges": 2_000_000,
    "data_exports": 50_000,
    "email_changes": 20_000,
    "enquiries": 300_000,
    "identifications": 200_000,
    "invoices": 2_000_000,
    "known_devices": 200_000,
    "landlord_texts": 360,
    "login_sessions": 1_000_000,
    "mail_refusals": 40_000,
    "notice_audiences": 30_000,
    "notice_files": 5_000,
    "notice_mailings": 20_000,
    "notice_readings": 10_000_000,
    "notice_texts": 50_000,
    "notices": 20_000,
    "outbox_mails": 1_000_000,
    "passkey_challenges": 20_000,
    "passkeys": 50_000,
    "payments": 2_000_000,
    "rate_counters": 50_000,
    "rescue_plan_readings": 150_000,
    "rescue_plan_texts": 5_000,
    "rescue_plans": 2_500,
}
#: bytes of a row, where the database has none to weigh
ROW_BYTES, PAGE_BYTES = 200, 8192
#: how many of the commonest values, of the bounds between equally many rows, and of a text's words are kept
MOST_COMMON, BOUNDS, WORDS = 20, 21, 100
#: values of columns wider than this say nothing to the planner of ours
WIDEST = 40
#: kinds of statistics (src/include/catalog/pg_statistic.h) and how they are thinned
COMMON, HISTOGRAM, CORRELATION, ELEMENTS = 1, 2, 3, 4

TABLES = """
    SELECT oid, relname, reltuples, relpages FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version' ORDER BY relname
"""
INDEXES = """
    SELECT c.relname, c.reltuples, c.relpages FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE i.indrelid = %s ORDER BY 1
"""
COLUMNS = """
    SELECT a.attname, format_type(a.atttypid, NULL) AS type, s.stanullfrac, s.stawidth, s.stadistinct,
        ARRAY[stakind1, stakind2, stakind3, stakind4, stakind5],
        ARRAY[staop1, staop2, staop3, staop4, staop5]::int[],
        ARRAY[stacoll1, stacoll2, stacoll3, stacoll4, stacoll5]::int[],
        ARRAY[to_json(stanumbers1), to_json(stanumbers2), to_json(stanumbers3), to_json(stanumbers4),
              to_json(stanumbers5)],
        ARRAY[stavalues1::text, stavalues2::text, stavalues3::text, stavalues4::text, stavalues5::text]
    FROM pg_statistic s JOIN pg_attribute a ON a.attrelid = s.starelid AND a.attnum = s.staattnum
    WHERE s.starelid = %s AND NOT s.stainherit ORDER BY a.attnum
"""


def thin(values: Sequence[Any], most: int) -> list[Any]:
    """So many of the values, evenly from the first to the last."""
    if len(values) <= most:
        return list(values)
    return [values[round(place * (len(values) - 1) / (most - 1))] for place in range(most)]


def thin_slot(kind: int, numbers: Sequence[float] | None, values: Sequence[str] | None) -> tuple[Any, Any] | None:
    """The numbers and values of a statistic, thinned; none: it is left out."""
    if kind == CORRELATION:
        return numbers, None
    if kind == HISTOGRAM and values:
        return None, thin(values, BOUNDS)
    if kind == COMMON and values and numbers:
        return numbers[:MOST_COMMON], values[:MOST_COMMON]
    if kind == ELEMENTS and values and numbers:
        return _thin_elements(numbers, values)
    return None


def _thin_elements(numbers: Sequence[float], values: Sequence[str]) -> tuple[Any, Any]:
    """The commonest words, in the order they were in; behind their frequencies stand the least and the greatest."""
    frequencies, bounds = numbers[: len(values)], numbers[len(values) :]
    kept = sorted(sorted(range(len(values)), key=lambda place: -frequencies[place])[:WORDS])
    return [*(frequencies[place] for place in kept), *bounds], [values[place] for place in kept]


def read_column(row: Sequence[Any], read_values: Any) -> dict[str, Any]:
    """A column's statistics."""
    name, kind_of_value, nulls, width, distinct, kinds, operators, collations, numbers, values = row
    slots = []
    for kind, operator, collation, ns, vs in zip(kinds, operators, collations, numbers, values, strict=True):
        if width > WIDEST and kind not in {CORRELATION, ELEMENTS}:
            continue
        kept = thin_slot(kind, ns, read_values(vs))
        if kept is not None:
            slots.append([kind, operator, collation, *kept])
    return {
        "name": name,
        "type": kind_of_value,
        "nulls": round(nulls, 4),
        "width": width,
        "distinct": distinct,
        "slots": slots,
    }


def read_table(connection: psycopg.Connection, oid: int, name: str, rows: float, pages: int) -> dict[str, Any]:
    """A table, its indexes and columns; grown to years of use where it is one of those."""
    rows = max(rows, 0)
    grown = YEARS.get(name, int(rows))
    growth = grown / rows if rows else 1.0
    return {
        "table": name,
        "rows": grown,
        "pages": round(pages * growth) if rows else grown * ROW_BYTES // PAGE_BYTES + 1,
        "indexes": {
            index: {"rows": round(max(held, 0) * growth), "pages": max(2, round(index_pages * growth))}
            for index, held, index_pages in connection.execute(INDEXES, [oid])
        },
        "columns": [
            read_column(row, lambda text: _as_list(connection, text)) for row in connection.execute(COLUMNS, [oid])
        ],
    }


def _as_list(connection: psycopg.Connection, text: str | None) -> list[str] | None:
    if text is None:
        return None
    found = connection.execute("SELECT %s::text[]", [text]).fetchone()
    return found[0] if found else None


def read_statistics(connection: psycopg.Connection) -> list[Mapping[str, Any]]:
    """All tables, analysed anew; the moment at which the statistics are true comes first."""
    connection.execute("ANALYZE")
    moment = connection.execute("SELECT now()::text, version()").fetchone()
    assert moment is not None  # noqa: S101 - a SELECT without FROM has a row
    tables = connection.execute(TABLES).fetchall()
    return [{"at": moment[0], "server": moment[1]}, *(read_table(connection, *row) for row in tables)]


def keep_known(read: Sequence[Mapping[str, Any]], before: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """What was read, but the line of before for a table of which nothing could be read."""
    known = {line["table"]: line for line in before if line.get("columns")}
    return [line if line.get("columns", True) else known.get(line["table"], line) for line in read]


def main(url: str) -> None:
    """Write the file."""
    with psycopg.connect(plain_url(url), autocommit=True) as connection:
        lines = keep_known(read_statistics(connection), map(json.loads, FILE.read_text(encoding="utf-8").splitlines()))
    FILE.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    print(f"{FILE.name}: {len(lines) - 1} tables, {FILE.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main(*sys.argv[1:])
