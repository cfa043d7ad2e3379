"""Every kind of value survives the way from one database to the other, and spelling alone is no difference."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Float,
    Integer,
    Interval,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    create_engine,
    select,
    text,
)

from devtools.machine import server_url
from heka_portal.copying.columns import canonical, fixes_of, kind_of
from heka_portal.copying.digests import Digesting, digest_table, read_batches
from heka_portal.copying.errors import CopyRefused, without_value
from heka_portal.copying.writing import writer_for
from heka_portal.database import BigKey, UtcDateTime, prepare_engine
from tests.support.databases import Database, postgres_database

KINDS = Table(
    "kinds",
    MetaData(),
    Column("id", BigKey, primary_key=True),
    Column("flag", Boolean),
    Column("moment", UtcDateTime),
    Column("naive", DateTime),
    Column("day", Date),
    Column("data", JSON),
    Column("share", Float),
    Column("area", Numeric(12, 3)),
    Column("number", BigKey),
    Column("raw", LargeBinary),
    Column("short", String(20)),
    Column("long", Text),
)
ROWS: list[dict[str, Any]] = [
    {
        "id": 1,
        "flag": True,
        "moment": datetime(2026, 3, 29, 3, 0, 0, 1, tzinfo=timezone(timedelta(hours=3))),
        "naive": datetime(1899, 12, 31, 23, 59, 59),  # noqa: DTZ001  # a column without a zone
        "day": date(1899, 12, 31),
        "data": {"b": [1, 2.5, None, "ä\n\u2028"], "a": {}},
        "share": 0.1 + 0.2,
        "area": Decimal("123456789.120"),
        "number": 2**62,
        "raw": bytes(range(256)),
        "short": "\\N\t\\.\r\n'",
        "long": "",
    },
    {"id": 2, "flag": False, "area": Decimal("0.000"), "data": [], "short": "🏠", "long": "\\"},
    {"id": 3, "area": Decimal("-100.000"), "moment": datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)},
]


@pytest.fixture
def connections(database: Database, tmp_path: Path) -> Iterator[dict[str, Connection]]:
    """A connection to each kind of database, with the table of all kinds; `database`: they are tests of one."""
    with postgres_database(server_url(), f"heka_copy_{secrets.token_hex(6)}") as made:
        opened = {}
        for url in (f"sqlite:///{tmp_path / 'kinds.sqlite3'}", made.url):
            engine = create_engine(url)
            prepare_engine(engine)
            KINDS.create(engine)
            opened[engine.dialect.name] = engine.connect()
        yield opened
        for connection in opened.values():
            connection.close()
            connection.engine.dispose()


@pytest.mark.postgresql
@pytest.mark.parametrize("source", ["sqlite", "postgresql"])
def test_every_kind_of_value_survives(connections: dict[str, Connection], source: str) -> None:
    reading = connections.pop(source)
    (writing,) = connections.values()
    for row in ROWS:
        reading.execute(KINDS.insert().values(row))
    before = reading.execute(select(KINDS).order_by(KINDS.c.id)).all()
    writer = writer_for(writing, [KINDS])
    writer.begin()
    for rows in read_batches(reading, KINDS, batch=2):
        writer.put(KINDS, rows)
    writer.finish()
    assert writing.execute(select(KINDS).order_by(KINDS.c.id)).all() == before
    sent, arrived = (digest_table(one, KINDS, lambda *_: None) for one in (reading, writing))
    assert sent == arrived
    assert sent.count == len(ROWS)
    connections[source] = reading


@pytest.mark.postgresql
@pytest.mark.parametrize(
    "change",
    [
        "flag = NOT flag",
        "moment = NULL",
        "day = '1900-01-01'",
        "data = '{\"a\": {}}'",
        "share = 0.3",
        "area = area + 0.001",
        "number = number + 1",
        "short = short || ' '",
        "long = NULL",
    ],
)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_every_change_of_a_value_changes_the_hash(connections: dict[str, Connection], kind: str, change: str) -> None:
    connection = connections[kind]
    connection.execute(KINDS.insert().values(ROWS[0]))
    before = digest_table(connection, KINDS, lambda *_: None)
    connection.execute(text(f"UPDATE kinds SET {change}"))  # noqa: S608  # the list above
    after = digest_table(connection, KINDS, lambda *_: None)
    assert after.count == before.count
    assert after.hash != before.hash


def test_a_hash_depends_on_rows_but_not_on_their_order() -> None:
    table = Table("words", MetaData(), Column("id", Integer, primary_key=True), Column("word", String))
    rows = [(1, "one"), (2, "two"), (3, None)]

    def hashed(*batches: list[tuple[Any, ...]]) -> str:
        adding = Digesting(table)
        for batch in batches:
            adding.add(batch)
        return adding.digest.hash

    assert hashed(rows) == hashed(rows[::-1]) == hashed(rows[2:], rows[:2])
    swapped = [(1, "two"), (2, "one"), (3, None)]
    assert len({hashed(rows), hashed(rows[:2]), hashed(swapped), hashed([*rows[:2], (3, "None")])}) == 4


@pytest.mark.parametrize(
    ("column", "spellings"),
    [
        (UtcDateTime, ["2026-03-29 00:00:00", "2026-03-29 00:00:00.000000", "2026-03-29T03:00:00+03:00"]),
        (Numeric(7, 2), [54.5, "54.50", "54.5"]),
        (Numeric(7, 2), [100, "100.00", 100.0]),
        (Numeric(7, 2), [0, "0.00", "-0.0"]),
        (JSON, ['{"b": 1, "a": "\\u00e4"}', '{"a":"ä","b":1}']),
    ],
)
def test_spellings_of_one_value_are_one(column: Any, spellings: list[Any]) -> None:
    table = Table("spelled", MetaData(), Column("value", column))
    assert len(set(canonical([(spelling,) for spelling in spellings], fixes_of(table)))) == 1


def test_a_type_nobody_has_proven_is_refused() -> None:
    table = Table("spans", MetaData(), Column("span", Interval))
    with pytest.raises(CopyRefused, match=r"spans\.span has a type that cannot be copied yet"):
        kind_of(table.c.span)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ('invalid input syntax for type bigint: "secret"', "invalid input syntax for type bigint"),
        ("Key (email)=(secret@example.fi) already exists.", "Key"),
        ("CHECK constraint failed: ck_people_one\nsecret", "CHECK constraint failed"),
    ],
)
def test_words_of_a_database_lose_the_values(said: str, kept: str) -> None:
    assert without_value(said) == kept
