"""The difference between staged rows and register, set by set: which records are new, changed or ended, and where."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import reduce
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    FromClause,
    Insert,
    Select,
    Text,
    and_,
    case,
    cast,
    insert,
    literal,
    null,
    or_,
    select,
)

from heka_portal.domain.people.rules import HIDDEN
from heka_portal.domain.register.rules import Difference
from heka_portal.domain.register.selections import end_day, lasts
from heka_portal.domain.register.tables import BY_NAME, CHANGES, NEVER_COMPARED, RegisterTable

Parents = dict[str, FromClause]


def parents_of(table: RegisterTable, prefix: str = "its") -> Parents:
    """The tables that a record names, each under a name of its own."""
    return {name: BY_NAME[parent].target.alias(f"{prefix}_{name}") for name, parent in table.references.items()}


def fill_planned(table: RegisterTable, on: date) -> Insert:
    """Write down each staged record that is not in the register, or not like this."""
    staged, target, parents = table.staged, table.target, parents_of(table)
    came: FromClause = staged
    for name, parent in parents.items():
        came = came.outerjoin(parent, parent.c.register_id == staged.c[name])
    came = came.outerjoin(target, and_(*_same_key(table, parents)))
    differences: list[tuple[ColumnElement[bool], str]] = [(target.c.id.is_(None), Difference.NEW)]
    if table.ends:
        ended = and_(lasts(target.c[table.ends], on), staged.c[table.ends] <= on)
        differences.append((ended, Difference.ENDED))
    differs = or_(target.c.id.is_(None), *(unlike for _, unlike in _compared(table, parents)))
    rows = (
        select(staged.c.line, target.c.id, case(*differences, else_=Difference.CHANGED))
        .select_from(came)
        .where(differs)
    )
    return insert(table.planned).from_select(["line", "id", "difference"], rows)


def fill_absent(table: RegisterTable, on: date) -> Insert:
    """Write down each lasting record that a whole register no longer names."""
    staged, target, parents = table.staged, table.target, parents_of(table)
    ends = target.c[str(table.ends)]
    known: FromClause = target
    for name, parent in parents.items():
        known = known.join(parent, parent.c.id == target.c[f"{name}_id"])
    same = (
        staged.c[name] == (parents[name].c.register_id if name in parents else target.c[name]) for name in table.key
    )
    rows = (
        select(null(), target.c.id, literal(Difference.ENDED.value))
        .select_from(known.outerjoin(staged, and_(*same)))
        # What is yet to begin was perhaps ended at its start by an earlier import: it stays as it is.
        .where(staged.c.line.is_(None), lasts(ends, on), ends.is_distinct_from(end_day(table, on)))
    )
    return insert(table.planned).from_select(["line", "id", "difference"], rows)


def fill_changes(table: RegisterTable, on: date) -> Iterator[Insert]:
    """Write down, field by field, what changes in records that are known already."""
    staged, target, planned = table.staged, table.target, table.planned
    parents, before = parents_of(table), parents_of(table, "former")
    known: FromClause = planned.join(staged, staged.c.line == planned.c.line).join(target, target.c.id == planned.c.id)
    for name in table.references:
        known = known.outerjoin(parents[name], parents[name].c.register_id == staged.c[name])
        known = known.join(before[name], before[name].c.id == target.c[f"{name}_id"])
    record = _record({name: staged.c[name] for name in table.key})
    values: tuple[ColumnElement[Any], ColumnElement[Any]]
    for name, unlike in _compared(table, parents):
        if name in table.references:
            values = (before[name].c.register_id, staged.c[name])
        elif name == "identity_mark":
            values = (case((target.c[name].is_not(None), HIDDEN)), staged.c.identity_shown)
        else:
            values = (_shown(target.c[name]), _shown(staged.c[name]))
        yield _into_changes(_change(table, record, name, *values).select_from(known).where(unlike))
    if table.ends:
        yield _into_changes(_absent_changes(table, before, on))


def _absent_changes(table: RegisterTable, parents: Parents, on: date) -> Select[Any]:
    target, planned, ends = table.target, table.planned, str(table.ends)
    known: FromClause = planned.join(target, target.c.id == planned.c.id)
    for name, parent in parents.items():
        known = known.join(parent, parent.c.id == target.c[f"{name}_id"])
    record = _record({name: parents[name].c.register_id if name in parents else target.c[name] for name in table.key})
    change = _change(table, record, ends, _shown(target.c[ends]), _shown(end_day(table, on)))
    return change.select_from(known).where(planned.c.line.is_(None))


def _same_key(table: RegisterTable, parents: Parents) -> Iterator[ColumnElement[bool]]:
    for name in table.key:
        if name in parents:
            yield table.target.c[f"{name}_id"] == parents[name].c.id
        else:
            yield table.target.c[name] == table.staged.c[name]


def _compared(table: RegisterTable, parents: Parents) -> Iterator[tuple[str, ColumnElement[bool]]]:
    """Each column that may differ in a known record, and whether it does."""
    for name, parent in parents.items():
        if name not in table.key:
            # A parent that is not in the register yet has no id: it differs.
            yield name, table.target.c[f"{name}_id"].is_distinct_from(parent.c.id)
    for name in table.values:
        if name not in NEVER_COMPARED:
            yield name, table.target.c[name].is_distinct_from(table.staged.c[name])


def _record(key: dict[str, ColumnElement[Any]]) -> ColumnElement[str]:
    words = (cast(column, Text) for column in key.values())
    return reduce(lambda record, word: record + " " + word, words)


def _shown(column: ColumnElement[Any]) -> ColumnElement[Any]:
    if isinstance(column.type, Boolean):
        return case((column.is_(True), "1"), (column.is_(False), "0"))
    return cast(column, Text)


def _change(
    table: RegisterTable, record: ColumnElement[str], name: str, before: ColumnElement[Any], after: ColumnElement[Any]
) -> Select[Any]:
    return select(literal(table.name), record, literal(name), before, after)


def _into_changes(rows: Select[Any]) -> Insert:
    return insert(CHANGES).from_select(["table", "record", "field", "before", "after"], rows)
