"""One plausible row in every table, whatever version of the schema: what a migration must cope with."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    Table,
    func,
    select,
)

#: Tables that are not filled here, and why.
LEFT_ALONE = {
    "alembic_version": "Alembic's own",
    "audit_head": "its only row is laid by a migration",
}
#: Values that a CHECK asks for, or that nothing counts up; `...` is a reference that could stay empty.
NEEDED: dict[tuple[str, str], Any] = {
    ("accounts", "person_id"): ...,
    ("audit_log", "id"): 1,
    ("building_documents", "attachment_id"): ...,
    ("building_documents", "building_id"): ...,
    ("building_events", "ends_at"): datetime(2026, 3, 29, 3, 30, tzinfo=UTC),
    ("defect_targets", "days"): 14,
    ("defects", "area"): "common",
    ("rescue_plans", "state"): "draft",
}
VALUES: tuple[tuple[type[Any], Any], ...] = (
    (Boolean, False),
    (Integer, 1),
    (Numeric, 1),
    (DateTime, datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
    (Date, date(2026, 3, 29)),
    (JSON, {}),
    (LargeBinary, b"x"),
)


def ordinary_tables(connection: Connection) -> list[Table]:
    """The tables as they are now, those that are referred to first; SQLite's search tables are none."""
    metadata = MetaData()
    metadata.reflect(connection, only=lambda name, _: not name.startswith("case_search"), resolve_fks=False)
    return [table for table in metadata.sorted_tables if table.name not in LEFT_ALONE]


def fill_empty_tables(connection: Connection) -> None:
    """Put a row into each table that has none."""
    for table in ordinary_tables(connection):
        if not connection.scalar(select(func.count()).select_from(table)):
            connection.execute(table.insert().values(row_of(connection, table)))


def counts(connection: Connection) -> dict[str, int]:
    """How many rows each table has."""
    return {
        table.name: connection.scalar(select(func.count()).select_from(table)) or 0
        for table in ordinary_tables(connection)
    }


def row_of(connection: Connection, table: Table) -> dict[str, Any]:
    """A value for each column that needs one."""
    return {column.name: value_of(connection, column) for column in table.columns if needs_value(column)}


def needs_value(column: Column[Any]) -> bool:
    """Whether the column cannot be left out of an insert."""
    if (column.table.name, column.name) in NEEDED:
        return True
    counts_up = column.primary_key and isinstance(column.type, Integer) and not column.foreign_keys
    return not (column.nullable or counts_up or column.server_default is not None or column.computed is not None)


def value_of(connection: Connection, column: Column[Any]) -> Any:
    """A value that the column takes."""
    given = NEEDED.get((column.table.name, column.name))
    if given is not None and given is not ...:
        return given
    for reference in column.foreign_keys:
        return connection.scalar(select(reference.column).limit(1))
    for kind, value in VALUES:
        if isinstance(column.type, kind):
            return value
    return f"{column.name} {column.table.name}"[: getattr(column.type, "length", None) or 40]
