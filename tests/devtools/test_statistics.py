"""Statistics of a database are thinned and written down as a test can put them into another one."""

from __future__ import annotations

import json
from typing import Any

import psycopg
import pytest
from flask import Flask

from devtools.machine import plain_url
from devtools.statistics import (
    BOUNDS,
    COMMON,
    CORRELATION,
    ELEMENTS,
    HISTOGRAM,
    keep_known,
    read_statistics,
    thin,
    thin_slot,
)
from heka_portal.extensions import settings
from tests.support.roles import World
from tests.support.statistics import read_file


def test_thinned_values_reach_from_the_first_to_the_last() -> None:
    kept = thin(list(range(101)), BOUNDS)
    assert kept == list(range(0, 101, 5))
    assert thin([1, 2], BOUNDS) == [1, 2]


def test_each_kind_is_thinned_its_own_way() -> None:
    many = [str(number) for number in range(500)]
    assert thin_slot(CORRELATION, [0.5], None) == ([0.5], None)
    assert thin_slot(HISTOGRAM, None, many)[1][::20] == ["0", "499"]  # type: ignore[index]
    assert thin_slot(COMMON, [0.1] * 500, many) == ([0.1] * 20, many[:20])
    assert thin_slot(9, [1.0], many) is None
    frequencies = [number / 1000 for number in range(500)]
    numbers, words = thin_slot(ELEMENTS, [*frequencies, 0.0, 0.5, 0.1], many)  # type: ignore[misc]
    assert words == many[400:]
    assert numbers == [*frequencies[400:], 0.0, 0.5, 0.1]


def test_a_table_without_rows_keeps_its_line() -> None:
    head, full, new = {"at": "now"}, {"table": "a", "columns": [1]}, {"table": "c", "columns": []}
    known: dict[str, Any] = {"table": "b", "columns": [2]}
    before: list[dict[str, Any]] = [{"at": "then"}, {"table": "a", "columns": [3]}, known]
    assert keep_known([head, full, {"table": "b", "columns": []}, new], before) == [head, full, known, new]


@pytest.mark.postgresql
def test_every_table_is_written_down(app: Flask, world: World) -> None:
    with app.app_context():
        url = settings().database
    with psycopg.connect(plain_url(url), autocommit=True) as connection:
        head, *tables = json.loads(json.dumps(read_statistics(connection)))
    assert "PostgreSQL" in head["server"]
    people = next(table for table in tables if table["table"] == "people")
    assert people["rows"] >= 7
    assert "ix_people_last_name_first_names" in people["indexes"]
    language = next(column for column in people["columns"] if column["name"] == "language")
    assert (language["type"], language["nulls"]) == ("character varying", 0)
    # what the suite plans with is of this schema
    assert {table["table"] for table in read_file()[1]} == {table["table"] for table in tables}
