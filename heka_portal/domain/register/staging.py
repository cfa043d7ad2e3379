"""Take rows into temporary tables of one connection: nobody else sees them, and no lock is held over the register."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import islice
from operator import attrgetter
from typing import Any, Protocol

from sqlalchemy import Connection, Table, insert
from sqlalchemy.schema import CreateIndex, CreateTable

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
from heka_portal.keyring import Keyring, keyring

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

Row = tuple[Any, ...]


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
    """Where a register comes from. A row has `line`, and the columns of its table as attributes."""

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
            rows = map(_maker(table), source.rows(name, found.append))
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


def _maker(table: RegisterTable) -> Callable[[Any], Row]:
    """How a row of the source becomes a row of the staged table."""
    if table is PEOPLE:
        return _sealing(keyring())
    return attrgetter("line", *table.columns)


def _sealing(keys: Keyring) -> Callable[[Any], Row]:
    """Identity codes never reach a table in the clear: a fingerprint, a ciphertext and what may be shown."""
    rest = attrgetter(*(name for name in PEOPLE.columns if not name.startswith("identity_")))

    def seal(row: Any) -> Row:
        code = row.identity_code
        sealed = {
            "identity_mark": code and keys.fingerprint(code),
            "identity_code": code and keys.encrypt(code, purpose=PURPOSE),
            "identity_shown": code and mask_identity_code(code),
        }
        values = iter(rest(row))
        return (row.line, *(sealed[name] if name in sealed else next(values) for name in PEOPLE.columns))

    return seal


def _write(connection: Connection, table: RegisterTable, rows: list[Row]) -> None:
    names = ("line", *table.columns)
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(names))
        statement = f"INSERT INTO {table.staged.name} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608 - our names
        driver.executemany(statement, map(_for_sqlite(table), rows))
        return
    statement = f"COPY {table.staged.name} ({', '.join(names)}) FROM STDIN"
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _for_sqlite(table: RegisterTable) -> Callable[[Row], Row]:
    """SQLite keeps dates, moments and decimals as SQLAlchemy writes them; the driver knows none of them."""
    converters: dict[type, Callable[[Any], Any]] = {date: date.isoformat, datetime: _moment, Decimal: str}
    places = {
        place: converters[kind]
        for place, name in enumerate(table.columns, 1)
        if (kind := table.staged.c[name].type.python_type) in converters
    }

    def convert(row: Row) -> Row:
        values = list(row)
        for place, converter in places.items():
            if values[place] is not None:
                values[place] = converter(values[place])
        return tuple(values)

    return convert


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


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
