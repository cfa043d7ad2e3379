"""Pieces of statements that checks, differences and changes are made of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Select,
    case,
    func,
    literal,
    or_,
    select,
)

from heka_portal.domain.register.tables import APARTMENTS, FINDINGS, OCCUPANCIES, PEOPLE, RegisterTable

#: a selection of the columns of FINDINGS
Found = Select[Any]

#: later than any date of the register, as the databases write dates
FOR_EVER = "9999-12-31"


def finding(
    table: RegisterTable,
    *,
    is_error: bool,
    kind: str,
    line: ColumnElement[Any],
    column: str,
    value: ColumnElement[Any],
    sentence: ColumnElement[str] | str,
) -> Found:
    """Select what is written down about records of a table."""
    columns = (literal(is_error), literal(kind), literal(table.file), line, literal(column), value)
    words = literal(sentence) if isinstance(sentence, str) else sentence
    return select(*columns, words, literal(True))


FINDING_COLUMNS = [column.name for column in FINDINGS.columns]


def count(table: FromClause) -> Select[int]:
    """How many rows there are."""
    return select(func.count()).select_from(table)


def lasts(ends: ColumnElement[Any], on: date) -> ColumnElement[bool]:
    """Whether something has not ended on a day; its end is the first day without it."""
    return or_(ends.is_(None), ends > on)


def is_staged(table: RegisterTable) -> ColumnElement[bool]:
    """Whether a record of the register came with the files; only for tables whose key is one id."""
    # Another name, so that the staged row which the statement is about is not taken for it.
    twin = table.staged.alias(f"came_{table.name}")
    return select(twin.c.line).where(twin.c.register_id == table.target.c.register_id).exists()


def end_day(table: RegisterTable, on: date) -> ColumnElement[Any]:
    """The end that a record gets when a whole register no longer names it: `on`, or its start if that is to come.

    What has ended before keeps its end.
    """
    begins, ends = table.target.c[str(table.begins)], table.target.c[str(table.ends)]
    today = literal(on, Date())
    return case((ends <= today, ends), (begins > today, begins), else_=today)


def kept_homes(on: date) -> Iterator[Select[Any]]:
    """Lasting homes of the register that did not come, of staged people and in staged apartments."""
    occupancies, staged = OCCUPANCIES.target, OCCUPANCIES.staged
    apartments, people = APARTMENTS.target, PEOPLE.target
    came = (
        select(staged.c.line)
        .where(staged.c.apartment == apartments.c.register_id, staged.c.person == people.c.register_id)
        .where(staged.c.from_on == occupancies.c.from_on)
        .exists()
    )
    kept = (
        select(apartments.c.register_id, people.c.register_id)
        .select_from(occupancies)
        .join(apartments, apartments.c.id == occupancies.c.apartment_id)
        .join(people, people.c.id == occupancies.c.person_id)
        .where(lasts(occupancies.c.to_on, on), ~came)
    )
    for table, column in ((PEOPLE, occupancies.c.person_id), (APARTMENTS, occupancies.c.apartment_id)):
        twin = table.target.alias(f"touched_{table.name}")
        touched = select(twin.c.id).where(twin.c.register_id.in_(select(table.staged.c.register_id)))
        yield kept.where(column.in_(touched))
