"""What PostgreSQL would do for a statement, and what of that is bad at full size."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from flask import Flask
from psycopg import sql

from devtools.statements import heard

#: a table with more rows is never read as a whole, and no more rows than these are sorted
BIG = 10_000
#: rows of an index that may be walked, and that a step may take: the open cases, not the closed ones
MOST_WALKED = 100_000
#: steps that take all rows below them, whatever is asked of them
TAKES_ALL_SORTED = frozenset({"Sort", "Incremental Sort"})
TAKES_ALL = TAKES_ALL_SORTED | {"Aggregate", "Hash", "Materialize", "Bitmap Heap Scan", "SetOp", "WindowAgg"}
_PLACE = re.compile(r"%\((\w+)\)s|%%")

Node = Mapping[str, Any]


@dataclass(frozen=True)
class Sent:
    """A statement as the driver got it, with the values of its parameters."""

    text: str
    values: Mapping[str, Any]

    @property
    def is_planned(self) -> bool:
        """Whether it reads or changes rows that are there."""
        return self.text.lstrip().upper().startswith(("SELECT", "WITH", "UPDATE", "DELETE"))

    def numbered(self) -> tuple[str, list[Any]]:
        """The statement with its parameters numbered, as it is prepared, and their values in that order."""
        names = list(dict.fromkeys(name for name in _PLACE.findall(self.text) if name))
        numbers = {name: f"${number}" for number, name in enumerate(names, 1)}
        text = _PLACE.sub(lambda found: numbers[found[1]] if found[1] else "%", self.text)
        return text, [self.values[name] for name in names]


@contextmanager
def recorded(app: Flask) -> Iterator[list[Sent]]:
    """The statements sent while the block runs, with their parameters."""
    statements: list[Sent] = []

    def keep(text: str, values: Any) -> None:
        statements.append(Sent(text, (values[0] if isinstance(values, list | tuple) and values else values) or {}))

    with heard(app, keep):
        yield statements


def plan_of(connection: psycopg.Connection, sent: Sent) -> Node:
    """The plan that a connection of the portal keeps for the statement, whatever the values."""
    text, values = sent.numbered()
    connection.execute("SET plan_cache_mode = force_generic_plan")
    connection.execute(f"PREPARE asked AS {text}")
    try:
        given = sql.SQL("({})").format(sql.SQL(", ").join(map(sql.Literal, values))) if values else sql.SQL("")
        found = connection.execute(sql.SQL("EXPLAIN (FORMAT JSON) EXECUTE asked") + given).fetchone()
    finally:
        connection.execute("DEALLOCATE asked")
    assert found is not None
    read = json.loads(found[0]) if isinstance(found[0], str) else found[0]
    plan: Node = read[0]["Plan"]
    return plan


def nodes_of(plan: Node, *, stops: bool = False) -> Iterator[tuple[Node, bool]]:
    """The steps of a plan, each before those it takes its rows from; and whether it ends when there are enough rows."""
    yield plan, stops
    name = plan["Node Type"]
    below = name == "Limit" or (stops and name not in TAKES_ALL)
    for child in plan.get("Plans", ()):
        yield from nodes_of(child, stops=below)


def faults_of(plan: Node, sizes: Mapping[str, int]) -> set[str]:
    """What a plan does that costs more as the tables grow; `sizes` are the rows of tables and indexes."""
    return {fault for node, stops in nodes_of(plan) for fault in _faults(node, stops, sizes)}


def _faults(node: Node, stops: bool, sizes: Mapping[str, int]) -> Iterator[str]:
    kind, table, index = node["Node Type"], node.get("Relation Name", ""), node.get("Index Name", "")
    if kind == "Seq Scan" and sizes.get(table, 0) > BIG:
        yield f"reads all of {table}"
    is_walk = index and "Index Cond" not in node and sizes.get(index, 0) > MOST_WALKED
    if is_walk and ("Filter" in node or not stops):
        yield f"walks all of {index}"
    if kind in TAKES_ALL_SORTED and node["Plans"][0]["Plan Rows"] > BIG:
        yield "sorts too many rows"
    if "Scan" in kind and not stops and sizes.get(table, 0) > BIG and node["Plan Rows"] > MOST_WALKED:
        yield f"takes too many rows of {table}"
