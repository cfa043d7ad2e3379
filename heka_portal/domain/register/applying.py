"""Make the register what the plan says, set by set; what the portal keeps of its own is not named here."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, FromClause, Select, insert, literal, null, select, update

from heka_portal.database import UtcDateTime
from heka_portal.domain.register.differences import Parents, parents_of
from heka_portal.domain.register.rules import Difference
from heka_portal.domain.register.selections import end_day
from heka_portal.domain.register.tables import PEOPLE, RegisterTable


def apply_table(connection: Connection, table: RegisterTable, *, on: date, now: datetime) -> None:
    """Write the changed, the new and the ended records of one table."""
    if table is PEOPLE:
        _clear_changed_identity_codes(connection)
    _write_changed(connection, table)
    _write_new(connection, table, now)
    if table.ends:
        _end_absent(connection, table, on)


def _clear_changed_identity_codes(connection: Connection) -> None:
    """Before codes are written: two people may have changed theirs with each other, and a code is unique."""
    target, staged, planned = PEOPLE.target, PEOPLE.staged, PEOPLE.planned
    connection.execute(
        update(target)
        .values(identity_code=null(), identity_mark=null())
        .where(target.c.id == planned.c.id, staged.c.line == planned.c.line)
        .where(target.c.identity_mark.is_distinct_from(staged.c.identity_mark))
    )


def _write_changed(connection: Connection, table: RegisterTable) -> None:
    target, staged, planned, parents = table.target, table.staged, table.planned, parents_of(table)
    connection.execute(
        update(target)
        .values(_values(table, parents))
        .where(target.c.id == planned.c.id, staged.c.line == planned.c.line)
        .where(*(parent.c.register_id == staged.c[name] for name, parent in parents.items()))
    )


def _write_new(connection: Connection, table: RegisterTable, now: datetime) -> None:
    staged, planned, parents = table.staged, table.planned, parents_of(table)
    came: FromClause = planned.join(staged, staged.c.line == planned.c.line)
    for name, parent in parents.items():
        came = came.join(parent, parent.c.register_id == staged.c[name])
    values = {**{name: staged.c[name] for name in table.key if name not in parents}, **_values(table, parents)}
    if table is PEOPLE:
        values["created_at"] = literal(now, UtcDateTime())
    rows: Select[Any] = (
        select(*values.values())
        .select_from(came)
        .where(planned.c.difference == Difference.NEW)
        # In the order of the file: ids grow with it, and indexes are filled in order.
        .order_by(staged.c.line)
    )
    connection.execute(insert(table.target).from_select(list(values), rows))


def _end_absent(connection: Connection, table: RegisterTable, on: date) -> None:
    target, planned = table.target, table.planned
    absent = select(planned.c.id).where(planned.c.line.is_(None))
    connection.execute(update(target).values({str(table.ends): end_day(table, on)}).where(target.c.id.in_(absent)))


def _values(table: RegisterTable, parents: Parents) -> dict[str, Any]:
    values: dict[str, Any] = {f"{name}_id": parent.c.id for name, parent in parents.items()}
    return values | {name: table.staged.c[name] for name in table.values}
