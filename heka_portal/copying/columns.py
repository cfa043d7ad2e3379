"""How rows are read as plain values that both databases write and take, and how a plain row is made canonical.

Plain are whole numbers, floats, texts and bytes: a moment is UTC text with microseconds, a boolean 0 or 1, JSON its
text, an encrypted value stays encrypted, a code is not looked up. Nothing passes through the application's own types,
so what is stored arrives even where the application would not write it today.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Date,
    DateTime,
    Dialect,
    Float,
    Integer,
    Interval,
    LargeBinary,
    Numeric,
    Select,
    String,
    Table,
    Text,
    cast,
    func,
    select,
    type_coerce,
)
from sqlalchemy.types import NullType, TypeDecorator, TypeEngine

from heka_portal.copying.errors import CopyRefused

MOMENT_LENGTH = len("2026-03-29 01:30:00.000000")
KINDS: tuple[type[TypeEngine[Any]], ...] = (
    Boolean,
    DateTime,
    Date,
    JSON,
    Float,
    Numeric,
    Integer,
    LargeBinary,
    String,
)

Fix = Callable[[Any], Any]


def kind_of(column: Column[Any]) -> type[TypeEngine[Any]]:
    """What a column is stored as. Raises CopyRefused for a type whose copy nobody has proven."""
    stored = stored_type(column)
    for kind in KINDS:
        if isinstance(stored, kind):
            return kind
    raise CopyRefused(f"{column.table.name}.{column.name} has a type that cannot be copied yet: {stored!r}.")


def stored_type(column: Column[Any]) -> TypeEngine[Any]:
    """The column's type without the application's wrapping."""
    found: TypeEngine[Any] = column.type
    # SQLAlchemy's own Interval is one too, and PostgreSQL stores it otherwise.
    while isinstance(found, TypeDecorator) and not isinstance(found, Interval):
        found = found.impl_instance
    return found


def stored_columns(table: Table) -> list[Column[Any]]:
    """The columns that are written; a generated one is the database's own work."""
    return [column for column in table.columns if column.computed is None]


def read_plainly(table: Table, dialect: Dialect) -> Select[*tuple[Any, ...]]:
    """The statement that reads a table's rows as plain values."""
    plain = _plain_on_postgresql if dialect.name == "postgresql" else _as_it_is
    return select(*(plain(column) for column in stored_columns(table)))


def _as_it_is(column: Column[Any]) -> ColumnElement[Any]:
    return type_coerce(column, NullType())


def _plain_on_postgresql(column: Column[Any]) -> ColumnElement[Any]:
    kind, stored = kind_of(column), stored_type(column)
    raw = _as_it_is(column)
    if kind is Boolean:
        return cast(raw, Integer)
    if kind is DateTime:
        moment = func.timezone("UTC", raw) if getattr(stored, "timezone", False) else raw
        return func.to_char(moment, "YYYY-MM-DD HH24:MI:SS.US")
    if kind is Date:
        return func.to_char(raw, "YYYY-MM-DD")
    return type_coerce(cast(raw, Text), NullType()) if kind in (JSON, Numeric) else raw


def fixes_of(table: Table) -> tuple[tuple[int, Fix], ...]:
    """Which places of a plain row are made canonical, and how: there one value has several spellings."""
    kinds = enumerate(map(kind_of, stored_columns(table)))
    return tuple((place, _FIXES[kind]) for place, kind in kinds if kind in _FIXES)


def canonical(rows: Sequence[Sequence[Any]], fixes: tuple[tuple[int, Fix], ...]) -> list[tuple[Any, ...]]:
    """The rows as they are hashed."""
    if not fixes:
        return [tuple(row) for row in rows]
    found = []
    for row in rows:
        values = list(row)
        for place, fix in fixes:
            if values[place] is not None:
                values[place] = fix(values[place])
        found.append(tuple(values))
    return found


def _moment(value: str) -> str:
    """SQLite keeps the text it was given, and microseconds may be missing from it."""
    if len(value) == MOMENT_LENGTH:
        return value
    moment = datetime.fromisoformat(value)
    moment = moment if moment.tzinfo is None else moment.astimezone(UTC).replace(tzinfo=None)
    return moment.isoformat(sep=" ", timespec="microseconds")


def _number(value: Any) -> str:
    """SQLite keeps a decimal as a float or a whole number, PostgreSQL with the zeros of its scale."""
    number = Decimal(str(value))
    return format(number.normalize() if number else Decimal(0), "f")


@lru_cache(maxsize=4096)
def _json(value: str) -> str:
    return json.dumps(json.loads(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


_FIXES: dict[type[TypeEngine[Any]], Fix] = {DateTime: _moment, Numeric: _number, JSON: _json}
