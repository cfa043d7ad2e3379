"""Show the plan of an import: a table, then what to mind, then what must be mended."""

from __future__ import annotations

from collections.abc import Iterator

import click
from sqlalchemy import Connection

from heka_portal.domain.register import queries
from heka_portal.domain.register.rules import Finding, Plan

#: lines of a kind of warning, and changed fields, when no details are asked for
FEW = 5
#: errors, when no details are asked for
MANY = 200

HEADS = ("", "new", "changed", "ended", "unchanged")


def show(connection: Connection, plan: Plan, *, details: bool) -> None:
    """Print a plan to the standard output, its errors too: one text to read from the top."""
    for line in _lines(connection, plan, limit=None if details else FEW, errors=None if details else MANY):
        click.echo(line)


def _lines(connection: Connection, plan: Plan, *, limit: int | None, errors: int | None) -> Iterator[str]:
    yield f"{'Whole register' if plan.is_whole else 'Part of the register'} from {plan.source}"
    yield ""
    if plan.is_partial:
        yield "Some files could not be read, so that nothing was compared with the register."
    else:
        yield from _table(plan)
        yield from _changes(connection, plan, limit)
    yield from _warnings(connection, plan, limit)
    yield from _errors(connection, plan, errors)


def _table(plan: Plan) -> Iterator[str]:
    rows: list[tuple[str, ...]] = [HEADS]
    rows += [(table.table, *(f"{number:,}" for number in table.counts().values())) for table in plan.tables]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for name, *numbers in rows:
        cells = (number.rjust(width) for number, width in zip(numbers, widths[1:], strict=True))
        yield "  ".join((name.ljust(widths[0]), *cells))
    yield ""


def _changes(connection: Connection, plan: Plan, limit: int | None) -> Iterator[str]:
    changed = [(table.table, column, number) for table in plan.tables for column, number in table.columns.items()]
    if not changed:
        return
    yield "Changed fields of known records:"
    yield from (f"  {table} {column}: {number:,}" for table, column, number in changed)
    yield ""
    for change in queries.list_changes(connection, limit=limit):
        before, after = (value or "(nothing)" for value in (change.before, change.after))
        yield f"  {change.table} {change.record}: {change.column} {before} → {after}"
    yield from _rest(sum(number for *_, number in changed), limit)
    yield ""


def _warnings(connection: Connection, plan: Plan, limit: int | None) -> Iterator[str]:
    if not plan.warning_count:
        return
    yield f"Warnings: {plan.warning_count:,}"
    for group in queries.list_finding_groups(connection, errors=False):
        findings = list(queries.list_findings(connection, errors=False, group=group, limit=limit))
        # What all of them say is said once.
        sentences = {finding.sentence for finding in findings}
        shared = sentences.pop() if len(sentences) == 1 else ""
        yield f"  {group.count:,} × {group.kind}: {shared}".rstrip(": ")
        yield from (f"    {_place(finding, '' if shared else finding.sentence)}" for finding in findings)
        yield from _rest(group.count, limit, indent="    ")
    yield ""


def _errors(connection: Connection, plan: Plan, limit: int | None) -> Iterator[str]:
    if not plan.error_count:
        return
    yield f"Errors: {plan.error_count:,}. Nothing was changed."
    for finding in queries.list_findings(connection, errors=True, limit=limit):
        yield f"  {_place(finding, finding.sentence)}"
    yield from _rest(plan.error_count, limit)


def _place(finding: Finding, sentence: str) -> str:
    """`people.csv:12 identity_code 010190-****: what is wrong and how to mend it`."""
    place = finding.file if finding.line is None else f"{finding.file}:{finding.line}"
    return ": ".join(filter(None, (" ".join(filter(None, (place, finding.column, finding.value))), sentence)))


def _rest(number: int, limit: int | None, indent: str = "  ") -> Iterator[str]:
    if limit is not None and number > limit:
        yield f"{indent}… and {number - limit:,} more: --details shows them all."
