"""Take rows into temporary tables of one connection: nobody else sees them, and no lock is held over the register."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any, Protocol

from sqlalchemy import Connection, Table, insert
from sqlalchemy.schema import CreateIndex, CreateTable

from heka_portal.database import Code
from heka_portal.domain.people.rules import mask_identity_code
from heka_portal.domain.register.tables import (
    BY_NAME,
    CHANGES,
    FINDINGS,
    HOMES,
    PEOPLE,
    TABLES,
    RegisterTable,
)
from heka_portal.keyring import keyring

#: rows taken at once; findings are written down between the lots
LOT = 5_000
PURPOSE = "people.identity_code"
SQLITE_SIZES = ("PRAGMA cache_size = -64000", "PRAGMA temp.cache_size = -32000")
POSTGRESQL_SIZES = ("SET temp_buffers = '64MB'", "SET work_mem = '64MB'")
ALL_STAGED: tuple[Table, ...] = (
    *(table.staged for table in TABLES),
    *(table.planned for table in TABLES),
    FINDINGS,
    CHANGES,
    HOMES,
)

#: one column of a lot of rows
Values = Sequence[Any]


class FoundProblem(Protocol):
    """What a source reports: the fields of a Finding."""

    @property
    def is_error(self) -> bool: ...
    @property
    def kind(self) -> str: ...
    @property
    def file(self) -> str: ...
    @property
    def line(self) -> int | None: ...
    @property
    def column(self) -> str | None: ...
    @property
    def value(self) -> str | None: ...
    @property
    def sentence(self) -> str: ...


class Source(Protocol):
    """Where a register comes from. A row is a named tuple of `line` and the columns of its table."""

    name: str

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that came."""

    @property
    def refused(self) -> set[str]:
        """Those of which not all could be read."""

    def survey(self, report: Callable[[FoundProblem], None]) -> None:
        """Report what concerns no table."""

    def rows(self, table: str, report: Callable[[FoundProblem], None]) -> Iterable[Any]:
        """The rows of a table; what is wrong with them is reported."""


@contextmanager
def aside(connection: Connection) -> Iterator[None]:
    """A transaction that writes to temporary tables only: on SQLite a plain BEGIN, which takes no write lock."""
    with connection.begin():
        if connection.dialect.name == "sqlite":
            driver: Any = connection.connection.driver_connection
            driver.execute("BEGIN")
        yield


def create_tables(connection: Connection) -> None:
    """Create the temporary tables, all empty, and give the work the memory it needs."""
    sizes = SQLITE_SIZES if connection.dialect.name == "sqlite" else POSTGRESQL_SIZES
    for statement in sizes:
        connection.exec_driver_sql(statement)
    connection.commit()
    with aside(connection):
        for table in reversed(ALL_STAGED):
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {table.name}")
        for table in ALL_STAGED:
            connection.execute(CreateTable(table))
        for index in HOMES.indexes:
            connection.execute(CreateIndex(index))


def stage(connection: Connection, source: Source) -> None:
    """Take all rows of a source, and write down what it reports."""
    found: list[FoundProblem] = []
    with aside(connection):
        source.survey(found.append)
        for name in source.tables:
            table = BY_NAME[name]
            rows = iter(source.rows(name, found.append))
            while lot := list(islice(rows, LOT)):
                _write(connection, table, lot)
                _write_findings(connection, found)
            _write_findings(connection, found)
            # An index made after the rows costs a fraction of one that grows with them.
            for index in table.staged.indexes:
                connection.execute(CreateIndex(index))
            analyse(connection, table.staged)


def analyse(connection: Connection, table: Table) -> None:
    """Let the planner know how much a temporary table holds."""
    connection.exec_driver_sql(f"ANALYZE {table.name}")


def _write(connection: Connection, table: RegisterTable, rows: list[Any]) -> None:
    names = ("line", *table.columns)
    columns = dict(zip(rows[0]._fields, zip(*rows, strict=True), strict=True))
    if table is PEOPLE:
        columns |= _sealed(columns["identity_code"])
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(names))
        statement = f"INSERT INTO {table.staged.name} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608 - our names
        driver.executemany(statement, zip(*_for_sqlite(table, columns), strict=True))
        return
    statement = f"COPY {table.staged.name} ({', '.join(names)}) FROM STDIN"
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in zip(*(columns[name] for name in names), strict=True):
            copy.write_row(row)


def _sealed(codes: Iterable[str | None]) -> dict[str, Values]:
    """Identity codes never reach a table in the clear: a fingerprint, a ciphertext and what may be shown."""
    keys, kept = keyring(), tuple(codes)
    return {
        "identity_mark": tuple(code and keys.fingerprint(code) for code in kept),
        "identity_code": tuple(code and keys.encrypt(code, purpose=PURPOSE) for code in kept),
        "identity_shown": tuple(code and mask_identity_code(code) for code in kept),
    }


class _Plain(dict[Any, Any]):
    """What SQLite keeps for a value, written as SQLAlchemy writes it: the driver knows no dates, decimals or codes."""

    def __missing__(self, value: Any) -> str | None:
        plain: str | None
        if isinstance(value, datetime):
            plain = value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
        elif isinstance(value, date):
            plain = value.isoformat()
        else:
            plain = None if value is None else str(value)
        self[value] = plain
        return plain


def _for_sqlite(table: RegisterTable, columns: Mapping[str, Values]) -> Iterator[Iterable[Any]]:
    yield columns["line"]
    for name in table.columns:
        kind = table.staged.c[name].type
        is_plain = not isinstance(kind, Code) and kind.python_type in (str, int, bool)
        yield columns[name] if is_plain else map(_Plain().__getitem__, columns[name])


def _write_findings(connection: Connection, found: list[FoundProblem]) -> None:
    if not found:
        return
    rows = [
        {
            "is_error": each.is_error,
            "kind": each.kind,
            "file": each.file,
            "line": each.line,
            "field": each.column,
            "value": each.value,
            "sentence": each.sentence,
            "is_compared": False,
        }
        for each in found
    ]
    connection.execute(insert(FINDINGS), rows)
    found.clear()
