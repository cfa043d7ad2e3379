"""What a table holds, in two figures: how many rows, and a hash that does not depend on their order.

The hash is the sum, modulo 2^256, of the SHA-256 of every canonical row: no sorting, whose rules for text the two
databases do not share, and no memory.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table

from heka_portal.copying.columns import canonical, fixes_of, read_plainly

BATCH = 2000
_SPACE = (1 << 256) - 1

Rows = Sequence[Sequence[Any]]
#: told the table's name and how many of its rows went by since the last time
Progress = Callable[[str, int], None]


@dataclass(frozen=True)
class Digest:
    """Count and hash of a table's rows."""

    count: int = 0
    total: int = 0

    @property
    def hash(self) -> str:
        """The hash, in 64 hexadecimal digits."""
        return f"{self.total:064x}"


class Digesting:
    """Adds up a table's rows as they go by."""

    def __init__(self, table: Table) -> None:
        self.fixes = fixes_of(table)
        self.count = 0
        self.total = 0

    def add(self, rows: Rows) -> None:
        """Take a batch of plain rows in."""
        total = self.total
        for row in canonical(rows, self.fixes):
            total += int.from_bytes(hashlib.sha256(repr(row).encode("utf-8", "surrogatepass")).digest())
        self.total = total & _SPACE
        self.count += len(rows)

    @property
    def digest(self) -> Digest:
        """What went by so far."""
        return Digest(self.count, self.total)


def read_batches(connection: Connection, table: Table, *, batch: int = BATCH) -> Iterator[Rows]:
    """The table's plain rows, a batch at a time; the database holds the rest back."""
    statement = read_plainly(table, connection.dialect)
    with connection.execute(statement, execution_options={"stream_results": True, "yield_per": batch}) as result:
        yield from result.partitions(batch)


def digest_table(connection: Connection, table: Table, progress: Progress) -> Digest:
    """Read a table once and add it up."""
    adding = Digesting(table)
    for rows in read_batches(connection, table):
        adding.add(rows)
        progress(table.name, len(rows))
    return adding.digest
