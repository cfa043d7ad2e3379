"""`flask db copy` and `flask db compare`: move everything to another database, and see that two hold the same."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy import Connection

from heka_portal.copying.digests import Progress
from heka_portal.copying.ends import open_end, refuse_same
from heka_portal.copying.errors import CopyFailed, CopyRefused
from heka_portal.copying.transfer import Comparison, compare_databases, copy_database, count_rows
from heka_portal.domain.audit.queries import verify_chain

#: digits of a hash that are shown; all are compared
SHOWN = 16

ENDS = (
    click.option("--from", "source", required=True, metavar="URL", help="Where everything is now."),
    click.option("--to", "target", required=True, metavar="URL", help="The other database."),
)


def between_ends(command: Callable[..., None]) -> Callable[..., None]:
    """A command with both addresses, whose refusals are sentences."""

    @wraps(command)
    def run(**options: Any) -> None:
        try:
            command(**options)
        except (CopyRefused, CopyFailed) as problem:
            raise click.ClickException(str(problem)) from None

    for option in reversed(ENDS):
        run = option(run)
    return with_appcontext(run)


@click.command("copy")
@click.option("--with-broken-log", is_flag=True, help="Copy although the audit log of the source is broken already.")
@between_ends
def copy(source: str, target: str, with_broken_log: bool) -> None:
    """Copy everything from one database into another, new one, and compare both.

    Stop the portal and the worker before: what is written meanwhile stays behind. A target without tables gets them.
    All of it is one transaction: when it breaks, or anything differs, the target stays empty.
    Ends with 0 when all is the same on both sides, with 1 when nothing was copied.
    """
    reading, writing = open_end(source, must_exist=True), open_end(target, must_exist=False)
    refuse_same(reading, writing)
    check = LogCheck(may_be_broken=with_broken_log)
    with bar("Copying", 2 * count_rows(reading)) as progress:
        copied = copy_database(reading, writing, check=check, progress=progress)
    show(copied.comparisons)
    click.echo(check.words, err=not copied.is_kept)
    if not copied.is_kept:
        raise click.ClickException("Nothing was copied: the target is empty as before.")
    click.echo(f"Everything was copied: {sum(one.target.count for one in copied.comparisons):,} rows.")


@click.command("compare")
@between_ends
def compare(source: str, target: str) -> None:
    """Count and hash every table of two databases at the newest migration.

    Ends with 0 when they hold the same, with 1 when not. While the portal runs on either of them they differ.
    """
    one, other = open_end(source, must_exist=True), open_end(target, must_exist=True)
    with bar("Comparing", 2 * count_rows(one)) as progress:
        count_rows(other)
        compared = compare_databases(one, other, progress=progress)
    show(compared)
    if not all(each.is_same for each in compared):
        raise click.ClickException("The databases differ.")
    click.echo("Both hold the same.")


class LogCheck:
    """Verifies the copied audit log before the commit."""

    def __init__(self, *, may_be_broken: bool) -> None:
        self.may_be_broken = may_be_broken
        self.words = "The audit log was not verified, as tables differ."

    def __call__(self, connection: Connection) -> bool:
        verdict = verify_chain(connection)
        if verdict.broken_id is None:
            self.words = f"The copied audit log is whole: {verdict.lines} lines."
            return True
        self.words = (
            f"The audit log is broken at line {verdict.broken_id}, in the source as in the copy: "
            "find out why (`flask audit verify`), or copy it as it is with --with-broken-log."
        )
        return self.may_be_broken


@contextmanager
def bar(label: str, total: int) -> Iterator[Progress]:
    """A bar of rows read and compared on a terminal, nothing elsewhere."""
    with click.progressbar(
        length=max(total, 1),
        label=label,
        file=sys.stderr,
        hidden=not sys.stderr.isatty(),
        item_show_func=lambda table: table,
        show_pos=True,
    ) as shown:
        yield lambda table, rows: shown.update(rows, table)


def show(comparisons: Iterable[Comparison]) -> None:
    """Print a line for each table."""
    click.echo(f"{'table':<20}{'from':>12}{'to':>12}  {'hash':<{SHOWN}}")
    for one in comparisons:
        hashes = one.source.hash[:SHOWN]
        ending = "same" if one.is_same else f"{one.target.hash[:SHOWN]}  DIFFERS"
        click.echo(f"{one.table:<20}{one.source.count:>12,}{one.target.count:>12,}  {hashes}  {ending}")
