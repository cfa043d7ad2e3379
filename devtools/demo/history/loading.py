"""Load a history: staff, accounts and cases; cases and their indexes in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from itertools import islice

from sqlalchemy import Connection, select, text

from devtools.demo.cast import PASSWORD
from devtools.demo.history.census import read_town
from devtools.demo.history.drawing import Drawn, draw_cases
from devtools.demo.history.indexes import taken_off
from devtools.demo.history.moments import Calendar
from devtools.demo.history.pictures import Picture, store_pictures
from devtools.demo.history.residents import open_accounts
from devtools.demo.history.rows import SHEETS, Page, pages_of
from devtools.demo.history.staff import hire_staff
from devtools.demo.history.writing import writer
from heka_portal.database import look_at_tables
from heka_portal.domain.accounts.operations.passwords import hash_password
from heka_portal.domain.attachments.operations import Put
from heka_portal.extensions import db
from heka_portal.models.cases import Case

#: cases drawn and written at once
AT_ONCE = 4000

Tell = Callable[[str], None]
Count = Callable[[int], None]


class NotEmpty(Exception):
    """There are cases already; a history begins an empty portal."""


def load_history(cases: int, *, today: date, put: Put, tell: Tell, count: Count) -> None:
    """Load so many cases of the last ten years, `count` being told of each batch. Raises NotEmpty.

    The same number and day give the same rows over the same register. What ends the loading early leaves staff and
    accounts, but no case.
    """
    db.session.rollback()
    if db.session.scalar(select(Case.id).limit(1)) is not None:
        raise NotEmpty
    password_hash = hash_password(PASSWORD)
    hire_staff(password_hash)
    pictures = store_pictures(put)
    db.session.rollback()
    tables = [sheet.table for sheet in SHEETS]
    with db.engine.begin() as connection:
        tell("Accounts …")
        open_accounts(connection, writer(connection), password_hash, today)
        drawn = draw_cases(read_town(connection, today), Calendar(today, cases))
        with taken_off(connection, tables, tell):
            write = writer(connection)
            for page in _ahead(_pages(drawn, pictures)):
                for sheet, rows in page:
                    write(sheet, rows)
                count(len(page[0][1]))
        _continue_ids(connection)
    _gather_statistics()


def _pages(drawn: Iterator[Drawn], pictures: Sequence[Picture]) -> Iterator[Page]:
    next_event_id = 1
    while batch := list(islice(drawn, AT_ONCE)):
        page, events = pages_of(batch, pictures, first_event_id=next_event_id)
        next_event_id += events
        yield page


def _ahead(pages: Iterator[Page]) -> Iterator[Page]:
    """Each page, while the next one is already being drawn: the database works on one, we on the other."""
    with ThreadPoolExecutor(1) as drawer:
        coming: Future[Page | None] = drawer.submit(next, pages, None)
        while (page := coming.result()) is not None:
            coming = drawer.submit(next, pages, None)
            yield page


def _continue_ids(connection: Connection) -> None:
    """What is added later gets higher ids; SQLite sees to it itself."""
    if connection.dialect.name == "postgresql":
        for table in ("cases", "case_events"):
            connection.execute(
                text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")  # noqa: S608
            )


def _gather_statistics() -> None:
    """Let the planner know of all tables: so much came at once that the database's own look may be far away."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM (ANALYZE)")
    look_at_tables(db.engine)
