"""Many rows at once: copies of one that a factory has made, written as one batch."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from itertools import count
from typing import Any

from sqlalchemy import Table, func, insert, select

from heka_portal.extensions import db

#: columns of which no two rows may hold the same, and what a copy has in them
UNIQUE: dict[str, Callable[[], Any]] = {
    "number": count(100_000_000).__next__,
    "register_id": lambda: secrets.token_hex(8),
    "message_id": lambda: f"<{secrets.token_hex()}@tests>",
    "email": lambda: f"{secrets.token_hex(6)}@example.fi",
    "key": lambda: secrets.token_urlsafe(24),
    "key_hash": lambda: secrets.token_hex(32),
    "state_hash": lambda: secrets.token_hex(32),
    "form_key": lambda: secrets.token_urlsafe(24),
}


def table_of(model: Any) -> Table:
    """The table of a model; of a kind of case the kind's own."""
    found: Table = model.__table__
    return found


def copy_row(model: Any, of: Any, copies: int, **changed: Callable[[int], Any]) -> range:
    """Write copies of the row whose key is `of`; `changed` makes values from the copy's place. Returns their keys."""
    table = table_of(model)
    [key] = table.primary_key.columns
    row = dict(db.session.execute(select(table).where(key == of)).mappings().one())
    first = (db.session.scalar(select(func.max(key))) or 0) + 1
    columns = table.columns.keys()
    made = [
        row
        | {name: fresh() for name, fresh in UNIQUE.items() if name in columns and row[name] is not None}
        | {key.name: first + place}
        | {name: value(place) for name, value in changed.items()}
        for place in range(copies)
    ]
    if made:
        db.session.execute(insert(table), made)
        _go_on_after(table)
    return range(first, first + copies)


def add_rows(model: Any, rows: Iterable[dict[str, Any]]) -> None:
    """Write rows as they are."""
    made = list(rows)
    if made:
        db.session.execute(insert(table_of(model)), made)


def _go_on_after(table: Table) -> None:
    """Let PostgreSQL give keys after those of the copies; SQLite does by itself, and some tables borrow theirs."""
    if db.engine.dialect.name == "postgresql":
        [key] = table.primary_key.columns
        sequence = func.pg_get_serial_sequence(table.name, key.name)
        db.session.execute(select(func.setval(sequence, select(func.max(key)).scalar_subquery())))
