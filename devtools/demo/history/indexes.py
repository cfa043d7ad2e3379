"""Take the indexes and keys of tables off while they are filled, and put the same ones on again.

All of it is in the transaction that fills them: whatever ends it leaves the tables as they were.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, text

#: keys to other rows go first and come last
_CONSTRAINTS = text(
    "SELECT conrelid::regclass::text AS of, conname AS name, pg_get_constraintdef(oid) AS definition, contype AS kind"
    " FROM pg_constraint WHERE contype IN ('f', 'p', 'u')"
    " AND (conrelid::regclass::text = ANY(:tables) OR (contype = 'f' AND confrelid::regclass::text = ANY(:tables)))"
    " ORDER BY contype = 'f' DESC, conrelid::regclass::text, conname"
)
_INDEXES = text(
    "SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition FROM pg_index"
    " WHERE indrelid::regclass::text = ANY(:tables)"
    " AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))"
    " ORDER BY indexrelid::regclass::text"
)


@dataclass(frozen=True)
class Piece:
    """A key or an index: what takes it off and what puts it on."""

    name: str
    drop: str
    create: str


def read_pieces(connection: Connection, tables: Sequence[str]) -> list[Piece]:
    """All keys and indexes of some tables, in the order in which they may be taken off."""
    asked = {"tables": list(tables)}
    constraints = [
        Piece(
            row.name,
            f'ALTER TABLE {row.of} DROP CONSTRAINT "{row.name}"',
            f'ALTER TABLE {row.of} ADD CONSTRAINT "{row.name}" {row.definition}',
        )
        for row in connection.execute(_CONSTRAINTS, asked)
    ]
    indexes = [Piece(row.name, f"DROP INDEX {row.name}", row.definition) for row in connection.execute(_INDEXES, asked)]
    return constraints + indexes


@contextmanager
def taken_off(connection: Connection, tables: Sequence[str], tell: Callable[[str], None]) -> Iterator[None]:
    """Fill these tables without their indexes and keys; other databases than PostgreSQL keep theirs on."""
    if connection.dialect.name != "postgresql":
        yield
        return
    connection.execute(text("SET LOCAL synchronous_commit = off"))
    connection.execute(text("SET LOCAL maintenance_work_mem = '768MB'"))
    connection.execute(text("SET LOCAL work_mem = '128MB'"))
    pieces = read_pieces(connection, tables)
    for piece in pieces:
        connection.exec_driver_sql(piece.drop)
    yield
    for piece in reversed(pieces):
        if not piece.name.startswith("fk_"):
            tell(f"Indexing: {piece.name} …")
        connection.exec_driver_sql(piece.create)
