"""Read what staged tables say of a plan: findings, changes, counts. The connection is the one that staged them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import starmap

from sqlalchemy import Connection, func, select

from heka_portal.domain.register.rules import Change, Difference, Finding, TablePlan
from heka_portal.domain.register.selections import count
from heka_portal.domain.register.tables import BY_NAME, CHANGES, FINDINGS, TABLES, RegisterTable
from heka_portal.models.register import RegisterImport

CENTS = "_cents"


@dataclass(frozen=True)
class FindingGroup:
    """Findings of one kind about one column."""

    is_error: bool
    kind: str
    file: str
    column: str | None
    count: int


def count_findings(connection: Connection, *, errors: bool) -> int:
    """How many errors, or warnings, there are."""
    return connection.execute(count(FINDINGS).where(FINDINGS.c.is_error.is_(errors))).scalar_one()


def list_findings(
    connection: Connection, *, errors: bool, group: FindingGroup | None = None, limit: int | None = None
) -> Iterator[Finding]:
    """Errors, or warnings, by file and line; all, or those of one group."""
    columns = [FINDINGS.c[name] for name in ("is_error", "kind", "file", "line", "field", "value", "sentence")]
    statement = select(*columns).where(FINDINGS.c.is_error.is_(errors))
    if group is not None:
        same = FINDINGS.c.field.is_not_distinct_from(group.column)
        statement = statement.where(FINDINGS.c.kind == group.kind, FINDINGS.c.file == group.file, same)
    ordered = statement.order_by(
        FINDINGS.c.file, func.coalesce(FINDINGS.c.line, 0), FINDINGS.c.field, FINDINGS.c.sentence
    )
    yield from starmap(Finding, connection.execute(ordered.limit(limit)))


def list_finding_groups(connection: Connection, *, errors: bool) -> list[FindingGroup]:
    """The findings counted by kind, file and column."""
    by = (FINDINGS.c.is_error, FINDINGS.c.kind, FINDINGS.c.file, FINDINGS.c.field)
    statement = select(*by, func.count()).where(FINDINGS.c.is_error.is_(errors)).group_by(*by)
    return list(starmap(FindingGroup, connection.execute(statement.order_by(*by[1:]))))


def list_changes(connection: Connection, *, limit: int | None = None) -> Iterator[Change]:
    """What changes in records that are known already, field by field, money in euros."""
    statement = select(CHANGES).order_by(CHANGES.c.table, CHANGES.c.record, CHANGES.c.field).limit(limit)
    for table, record, name, *values in connection.execute(statement):
        before, after = map(_euros, values) if name.endswith(CENTS) else values
        yield Change(table, record, BY_NAME[table].column_in_file(name), before, after)


def list_table_plans(connection: Connection) -> Iterator[TablePlan]:
    """New, changed, ended and unchanged records of each table."""
    columns: dict[str, dict[str, int]] = {}
    by_column = select(CHANGES.c.table, CHANGES.c.field, func.count()).group_by(CHANGES.c.table, CHANGES.c.field)
    for table, name, number in connection.execute(by_column.order_by(CHANGES.c.table, CHANGES.c.field)):
        columns.setdefault(table, {})[BY_NAME[table].column_in_file(name)] = number
    for each in TABLES:
        yield _table_plan(connection, each, columns.get(each.name, {}))


def _table_plan(connection: Connection, table: RegisterTable, columns: dict[str, int]) -> TablePlan:
    planned = table.planned
    statement = select(planned.c.difference, func.count(), func.count(planned.c.line)).group_by(planned.c.difference)
    found = {difference: (number, named) for difference, number, named in connection.execute(statement)}
    new, changed, ended = (found.get(each, (0, 0))[0] for each in Difference)
    came = connection.execute(count(table.staged)).scalar_one()
    return TablePlan(table.name, new, changed, ended, came - sum(named for _, named in found.values()), columns)


def latest_import_id(connection: Connection) -> int | None:
    """The import at which the register stands."""
    return connection.execute(select(func.max(RegisterImport.id))).scalar_one()


def _euros(cents: str | None) -> str | None:
    return None if cents is None else f"{int(cents) / 100:.2f}"
