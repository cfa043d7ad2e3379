"""`kill -9` of an import of the register, at twenty moments of it: the register is the old one whole, or the new one.

Real processes: each is forked from the suite's, so that a kill meets an import and not the start of an interpreter.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from random import Random

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from devtools.demo.files import write_register
from devtools.demo.register import DemoRegister
from heka_portal.domain.audit.queries import verify_chain
from heka_portal.domain.register.tables import TABLES
from heka_portal.extensions import db
from heka_portal.models.register import RegisterImport
from tests.factories.register_files import TODAY, run_import

APARTMENTS, MONTHS = 1_200, 3
KILLS = 20
#: where the machine is uneven, imports end before their kill: they count for nothing
MOST_RUNS = 3 * KILLS
PATIENCE = 60.0

forking = multiprocessing.get_context("fork")


@dataclass
class Landlord:
    """Sends one version of the register after the other: in each of them every email and every rent is another."""

    folder: Path
    version: int = 0

    def send_next(self) -> None:
        """Make the next version what the folder holds."""
        self.version += 1
        write_register(DemoRegister(APARTMENTS + self.version, today=TODAY, months=MONTHS), self.folder)
        people, leases = self.folder / "people.csv", self.folder / "leases.csv"
        people.write_text(people.read_text().replace(".example", f".v{self.version}.example"))
        leases.write_text(leases.read_text().replace(".00\n", f".{self.version:02}\n"))


@pytest.fixture
def landlord(app: Flask, tmp_path: Path) -> Landlord:
    return Landlord(tmp_path / "register")


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where SQLite puts what does not fit into its memory."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("SQLITE_TMPDIR", str(folder))
    return folder


def import_register(app: Flask, folder: Path) -> None:
    """What the forked process does: the command, over connections of its own."""
    os._exit(app.test_cli_runner().invoke(args=["register", "import", str(folder)]).exit_code)


def run(app: Flask, folder: Path, *, kill_after: float | None = None) -> int:
    """Import in a process, and kill it after so many seconds; answers how it ended."""
    process = forking.Process(target=import_register, args=(app, folder))
    process.start()
    process.join(kill_after)
    process.kill()
    process.join()
    assert process.exitcode is not None
    return process.exitcode


def fingerprint(app: Flask) -> str:
    """All that the register's tables hold, and how many imports made it so. It leaves no connection open."""
    digest = sha256()
    with app.app_context():
        with db.engine.connect() as connection:
            for table in (*(each.target for each in TABLES), RegisterImport.__table__):
                for row in connection.execute(select(table).order_by(table.c.id)):
                    digest.update(repr(tuple(row)).encode())
        # A process that is forked must not share a connection with this one.
        db.engine.dispose()
    return digest.hexdigest()


def count_imports(app: Flask) -> int:
    with app.app_context():
        count = db.session.scalar(select(func.count()).select_from(RegisterImport))
        db.session.rollback()
        db.engine.dispose()
    return count or 0


def wait_for_the_end(app: Flask) -> None:
    """PostgreSQL ends a session whose client died when it next looks: until then its temporary tables are there."""
    until = time.monotonic() + PATIENCE
    with app.app_context():
        if db.engine.dialect.name == "postgresql":
            left = text("SELECT count(*) FROM pg_class WHERE relpersistence = 't'")
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                while connection.scalar(left):
                    assert time.monotonic() < until, "temporary tables stay"
                    time.sleep(0.05)
        db.engine.dispose()


def moments(whole: float) -> Iterator[float]:
    """So many moments of a run, one in each twentieth of it, in no order."""
    dice = Random(20)
    twentieths = list(range(KILLS))
    while True:
        dice.shuffle(twentieths)
        yield from (whole * (place + dice.random()) / KILLS for place in twentieths)


def test_a_killed_import_leaves_the_old_register_or_the_new_one(
    app: Flask, landlord: Landlord, temporary: Path
) -> None:
    with app.app_context():
        landlord.send_next()
        db.engine.dispose()
    assert run(app, landlord.folder) == 0
    with app.app_context():
        landlord.send_next()
    started = time.monotonic()
    assert run(app, landlord.folder) == 0
    whole = time.monotonic() - started
    with app.app_context():
        landlord.send_next()
    before, imports = fingerprint(app), count_imports(app)
    killed_unfinished = killed = 0
    for runs, moment in enumerate(moments(whole)):
        if killed == KILLS:
            break
        assert runs < MOST_RUNS, "too few kills met an import"
        how = run(app, landlord.folder, kill_after=moment)
        assert how in (0, -signal.SIGKILL)
        killed += how != 0
        wait_for_the_end(app)
        assert list(temporary.iterdir()) == []
        if count_imports(app) == imports:
            assert how == -signal.SIGKILL
            assert fingerprint(app) == before
            killed_unfinished += 1
            continue
        # It had been committed: then the register is the new one, to the last field.
        assert count_imports(app) == imports + 1
        with app.app_context():
            assert run_import(landlord.folder, apply=False).plan.is_empty
            landlord.send_next()
        before, imports = fingerprint(app), count_imports(app)
    assert killed_unfinished >= KILLS // 2
    assert run(app, landlord.folder) == 0
    with app.app_context():
        assert run_import(landlord.folder, apply=False).plan.is_empty
        with db.engine.connect() as connection:
            assert verify_chain(connection).broken_id is None
