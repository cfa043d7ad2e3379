"""The copy itself: one snapshot read, one transaction written, both compared before it is committed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from sqlalchemy import Connection, Engine, Table, func, select
from sqlalchemy.exc import DBAPIError

from heka_portal.copying.columns import stored_columns
from heka_portal.copying.digests import BATCH, Digest, Digesting, Progress, Rows, digest_table, read_batches
from heka_portal.copying.ends import prepare_target, refuse_full_target, refuse_old_source, snapshot, tables
from heka_portal.copying.errors import CopyFailed, without_value
from heka_portal.copying.writing import clear, point_to_own_rows, writer_for

#: looks at the target before the commit; false: nothing is kept
Check = Callable[[Connection], bool]


@dataclass(frozen=True)
class Comparison:
    """A table as both ends have it."""

    table: str
    source: Digest
    target: Digest

    @property
    def is_same(self) -> bool:
        """Whether it holds the same rows on both sides."""
        return self.source == self.target


@dataclass(frozen=True)
class Copied:
    """What a copy came to: each table compared, and whether it was kept."""

    comparisons: tuple[Comparison, ...]
    is_kept: bool


def count_rows(source: Engine) -> int:
    """How many rows there are to be copied. Raises CopyRefused when the source is not at the newest migration."""
    with naming_the_database("source"), snapshot(source) as connection:
        refuse_old_source(connection)
        return sum(connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables())


def copy_database(source: Engine, target: Engine, *, check: Check, progress: Progress) -> Copied:
    """Copy everything, compare, and keep it when all is the same and `check` agrees.

    Raises CopyRefused, CopyFailed; then as when nothing is kept the target is as empty as before.
    """
    wanted = tables()
    with naming_the_database("source"), snapshot(source) as reading:
        refuse_old_source(reading)
        with naming_the_database("target"):
            prepare_target(target)
            with target.connect() as writing:
                return _copy(reading, writing, wanted, check=check, progress=progress)


def _copy(
    reading: Connection, writing: Connection, wanted: Sequence[Table], *, check: Check, progress: Progress
) -> Copied:
    writer = writer_for(writing, wanted)
    writer.begin()
    refuse_full_target(writing)
    clear(writing, wanted)
    sent = {}
    for table in wanted:
        adding = Digesting(table)
        for rows in read_batches(reading, table):
            adding.add(rows)
            writer.put(table, without_own_references(table, rows))
            progress(table.name, len(rows))
        sent[table.name] = adding.digest
        fill_own_references(reading, writing, table)
    progress("indexes", 0)
    writer.finish()
    compared = tuple(
        Comparison(table.name, sent[table.name], digest_table(writing, table, progress)) for table in wanted
    )
    if not all(one.is_same for one in compared) or not check(writing):
        writing.rollback()
        return Copied(compared, is_kept=False)
    writing.commit()
    writer.after_commit()
    return Copied(compared, is_kept=True)


def compare_databases(source: Engine, target: Engine, *, progress: Progress) -> tuple[Comparison, ...]:
    """Read both ends, each in a snapshot, and compare their tables; both are at the newest migration."""
    with naming_the_database("source"), snapshot(source) as one:
        refuse_old_source(one)
        with naming_the_database("target"), snapshot(target) as other:
            return tuple(
                Comparison(table.name, digest_table(one, table, progress), digest_table(other, table, progress))
                for table in tables()
            )


def own_references(table: Table) -> list[int]:
    """The places of the columns that refer to the table itself (the case that a case is a duplicate of)."""
    return [
        place
        for place, column in enumerate(stored_columns(table))
        if any(key.column.table is table for key in column.foreign_keys)
    ]


def without_own_references(table: Table, rows: Rows) -> Rows:
    """The rows with these columns empty: the row they name may come later."""
    places = own_references(table)
    if not places:
        return rows
    emptied = [list(row) for row in rows]
    for row in emptied:
        for place in places:
            row[place] = None
    return emptied


def fill_own_references(reading: Connection, writing: Connection, table: Table) -> None:
    """Read these columns again, and fill them in."""
    columns = stored_columns(table)
    for column in (columns[place] for place in own_references(table)):
        pairs = select(*table.primary_key.columns, column).where(column.is_not(None))
        streamed = {"stream_results": True, "yield_per": BATCH}
        with reading.execute(pairs, execution_options=streamed) as result:
            for rows in result.partitions(BATCH):
                point_to_own_rows(writing, table, column.name, rows)


@contextmanager
def naming_the_database(end: str) -> Iterator[None]:
    """Turn an error of a database into a sentence without values. Raises CopyFailed."""
    try:
        yield
    except DBAPIError as error:
        raise CopyFailed(f"The {end} refused: {said_by(error.orig)}.") from None
    except psycopg.Error as error:
        raise CopyFailed(f"The {end} refused: {said_by(error)}.") from None


def said_by(error: BaseException | None) -> str:
    """The database's reason; of one that is about itself (away, full, locked) in full."""
    words = (error.diag.message_primary if isinstance(error, psycopg.Error) else None) or str(error)
    if isinstance(error, (psycopg.OperationalError, sqlite3.OperationalError)):
        return words.strip().splitlines()[0]
    return without_value(words)
