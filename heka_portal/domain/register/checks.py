"""What must hold in the register after an import: one statement a check, over staged rows and what stays beside them.

What is found stops the import, and names a line of the file that came.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, cast, func, literal, null, or_, select

from heka_portal.domain.register.rules import MASS_END_PERCENT, Difference
from heka_portal.domain.register.selections import (
    FOR_EVER,
    Found,
    count,
    end_day,
    finding,
    is_staged,
    lasts,
)
from heka_portal.domain.register.tables import (
    APARTMENTS,
    BY_NAME,
    INVOICES,
    LEASES,
    PEOPLE,
    RegisterTable,
)

people, staged_people = PEOPLE.target, PEOPLE.staged
leases, staged_leases = LEASES.target, LEASES.staged


def list_errors(came: Iterable[RegisterTable], *, on: date, whole: bool) -> Iterator[Found]:
    """Every check of the tables that came; what it finds stops the import."""
    for table in came:
        yield _standing_twice(table)
        for name in table.references:
            yield _naming_nothing(table, name)
        if table.begins and table.ends:
            yield _ending_before_it_begins(table, table.begins, table.ends)
    yield _ending_before_it_begins(INVOICES, "period_from", "period_to")
    yield _sharing_an_identity_code_in_the_file()
    yield _sharing_an_identity_code_with_the_register()
    yield _overlapping_leases(on=on, whole=whole)


def _standing_twice(table: RegisterTable) -> Found:
    staged = table.staged
    keys = [staged.c[name] for name in table.key]
    first = (
        select(*keys, func.min(staged.c.line).label("line")).group_by(*keys).having(func.count() > 1).subquery("first")
    )
    return finding(
        table,
        is_error=True,
        kind="duplicate",
        line=staged.c.line,
        column=table.column_in_file(table.key[0]),
        value=staged.c[table.key[0]],
        sentence=literal("This record stands on line ") + cast(first.c.line, Text) + " already: keep one of them.",
    ).where(*(staged.c[name] == first.c[name] for name in table.key), staged.c.line > first.c.line)


def _naming_nothing(table: RegisterTable, name: str) -> Found:
    staged, parent = table.staged, BY_NAME[table.references[name]]
    named = staged.c[name]
    return finding(
        table,
        is_error=True,
        kind="unknown id",
        line=staged.c.line,
        column=table.column_in_file(name),
        value=named,
        sentence=f"This id is neither in {parent.file} nor in the register: send the record it names too.",
    ).where(
        named.is_not(None),
        ~select(parent.staged.c.line).where(parent.staged.c.register_id == named).exists(),
        ~select(parent.target.c.id).where(parent.target.c.register_id == named).exists(),
    )


def _ending_before_it_begins(table: RegisterTable, begins: str, ends: str) -> Found:
    staged = table.staged
    return finding(
        table,
        is_error=True,
        kind="ends before it begins",
        line=staged.c.line,
        column=ends,
        value=cast(staged.c[ends], Text),
        sentence=f"This is before {begins}: the end is the first day that no longer belongs to it.",
    ).where(staged.c[ends] < staged.c[begins])


def _sharing_an_identity_code_in_the_file() -> Found:
    mark = staged_people.c.identity_mark
    first = select(mark, func.min(staged_people.c.line).label("line")).where(mark.is_not(None)).group_by(mark)
    shared = first.having(func.count() > 1).subquery("shared")
    return _sharing(literal("the person on line ") + cast(shared.c.line, Text)).where(
        mark == shared.c.identity_mark, staged_people.c.line > shared.c.line
    )


def _sharing_an_identity_code_with_the_register() -> Found:
    # A person who is staged too may have got another code: the check inside the file is theirs.
    return _sharing(literal("person ") + people.c.register_id).where(
        people.c.identity_mark == staged_people.c.identity_mark,
        people.c.register_id != staged_people.c.register_id,
        ~is_staged(PEOPLE),
    )


def _sharing(other: ColumnElement[str]) -> Found:
    return finding(
        PEOPLE,
        is_error=True,
        kind="shared identity code",
        line=staged_people.c.line,
        column="identity_code",
        value=staged_people.c.identity_shown,
        sentence=other + " has the same identity code: correct the one that is wrong.",
    )


def _overlapping_leases(*, on: date, whole: bool) -> Found:
    """Two leases of one apartment on the same day, one of them staged.

    In the order of their starts, a lease overlaps an earlier one when the latest end so far is after its start.
    """
    touched = select(APARTMENTS.target.c.id).where(
        APARTMENTS.target.c.register_id.in_(select(staged_leases.c.apartment))
    )
    ends_on = end_day(LEASES, on) if whole else leases.c.ends_on
    columns = ("apartment", "register_id", "starts_on", "ends_on", "line")
    after = (
        select(*(staged_leases.c[name] for name in columns))
        .union_all(
            select(APARTMENTS.target.c.register_id, leases.c.register_id, leases.c.starts_on, ends_on, null())
            .join_from(leases, APARTMENTS.target)
            .where(leases.c.apartment_id.in_(touched), ~is_staged(LEASES))
        )
        .subquery("after")
    )
    end_and_id = func.coalesce(cast(after.c.ends_on, Text), FOR_EVER) + " " + after.c.register_id
    latest = func.max(end_and_id).over(
        partition_by=after.c.apartment, order_by=(after.c.starts_on, after.c.register_id), rows=(None, -1)
    )
    # A lease that ended on the day of its start has no day at all.
    has_days = or_(after.c.ends_on.is_(None), after.c.ends_on > after.c.starts_on)
    each = select(after, latest.label("latest")).where(has_days).subquery("each")
    earlier = staged_leases.alias("earlier")
    line = func.coalesce(each.c.line, earlier.c.line)
    return (
        finding(
            LEASES,
            is_error=True,
            kind="overlapping leases",
            line=line,
            column="starts_on",
            value=each.c.register_id,
            sentence=literal("Lease ")
            + func.substr(each.c.latest, len(FOR_EVER) + 2)
            + " of the same apartment has not ended by then: correct its end or this start.",
        )
        .select_from(each)
        .outerjoin(earlier, earlier.c.register_id == func.substr(each.c.latest, len(FOR_EVER) + 2))
        .where(
            func.substr(each.c.latest, 1, len(FOR_EVER)) > cast(each.c.starts_on, Text),
            line.is_not(None),
        )
    )


def count_running(table: RegisterTable, on: date) -> Select[int]:
    """How many records of a table run on a day."""
    return count(table.target).where(
        table.target.c[str(table.begins)] <= on, lasts(table.target.c[str(table.ends)], on)
    )


def count_ended(table: RegisterTable, on: date) -> Select[int]:
    """How many of the running ones the plan ends."""
    planned = table.planned
    return (
        count_running(table, on)
        .join(planned, planned.c.id == table.target.c.id)
        .where(planned.c.difference == Difference.ENDED)
    )


def mass_end(table: RegisterTable, *, ended: int, running: int) -> dict[str, Any]:
    """The finding that too many would end."""
    return {
        "is_error": True,
        "kind": "mass end",
        "file": table.file,
        "sentence": f"{ended} of {running} running {table.name} would end, more than {MASS_END_PERCENT} %: is this the "
        "whole register? If they really end, allow it with --allow-mass-end.",
        "is_compared": True,
    }
