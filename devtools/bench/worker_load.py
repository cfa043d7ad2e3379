"""`python -m devtools.bench.worker_load`: what the worker gets done with full heaps, and what it costs the pages.

A copy of a bench's database is filled with mails, due cases and photos. The pages are visited at one connection, a
second beside the worker and a second while it is stopped, so that what else the machine does falls on both alike.
"""

from __future__ import annotations

import argparse
import logging
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager

from flask import Flask
from sqlalchemy import func, select

from devtools.bench.browser import over_http
from devtools.bench.instance import BIN, INSTANCE, POSTGRESQL, ROOT, Instance, portal_of
from devtools.bench.journeys import JOURNEYS, Visit
from devtools.bench.meters import Backends, seconds_of
from devtools.bench.served import Served, serving
from devtools.bench.visitors import gather
from devtools.bench.worker_figures import Figures, Page, Shift, show
from devtools.bench.worker_fill import fill
from devtools.machine import free_port
from heka_portal.extensions import db
from heka_portal.models.attachments import Attachment
from heka_portal.models.cases import Case, CaseEvent
from heka_portal.models.outbox import OutboxMail
from heka_portal.vocabulary import DefectState, FileState, MailState
from heka_portal.web.files import storage

MAILS, CASES, PICTURES = 50_000, 100_000, 300
PAGES = ("Home", "Own case", "Staff case", "Inbox, open")
TEMPLATE, NAME = Instance(POSTGRESQL, 10_000), "heka_worker_load"
FOLDER = INSTANCE / "worker"
KEPT = FOLDER / "message-ids"
ROUNDS, SECONDS, WARM_UPS = 20, 1.0, 8
BEGIN_WITHIN_SECONDS = END_WITHIN_SECONDS = 120
COPY_WITHIN_SECONDS = 120


class Load:
    """A filled portal, a mail server, and workers that are started and ended."""

    def __init__(self, database_url: str, workers: int) -> None:
        self.workers = workers
        port = free_port()
        own = {"DATABASE_URL": database_url, "HEKA_INSTANCE_PATH": str(FOLDER)}
        self.environment = TEMPLATE.environment() | own | {"HEKA_MAIL_URL": f"smtp://127.0.0.1:{port}"}
        self.sink = [sys.executable, "-m", "devtools.bench.mail_sink", str(port), str(KEPT)]
        self.app: Flask = portal_of(self.environment)
        self.backends = Backends(database_url)

    def fill(self, mails: int, cases: int, pictures: int) -> None:
        """Make the heaps."""
        with self.app.app_context():
            put = storage().put
        fill(self.app, mails=mails, cases=cases, pictures=pictures, put=put)

    @contextmanager
    def working(self) -> Iterator[Sequence[int]]:
        """Workers at work, after they have begun; answers their process ids."""
        command = [str(BIN / "flask"), "--app", "wsgi", "worker", "run"]
        with ExitStack() as stack:
            pids = [stack.enter_context(process(command, self.environment)) for _ in range(self.workers)]
            self._await_work(pids)
            yield pids

    def stop(self, pids: Sequence[int]) -> None:
        """Let workers, and what they prepare photos in, stand still, while none of them is in a transaction."""
        while True:
            for pid in pids:
                os.killpg(pid, signal.SIGSTOP)
            time.sleep(0.02)
            if not self.backends.are_busy():
                return
            self.go_on(pids)
            time.sleep(0.01)

    def go_on(self, pids: Sequence[int]) -> None:
        """Let them work again."""
        for pid in pids:
            os.killpg(pid, signal.SIGCONT)

    def _await_work(self, pids: Sequence[int]) -> None:
        """Wait until something is done: beginning costs a worker more than an hour of idling."""
        before, until = self.look(pids)[1:4], time.monotonic() + BEGIN_WITHIN_SECONDS
        while self.look(pids)[1:4] == before and not self.is_done() and time.monotonic() < until:
            time.sleep(0.5)

    def look(self, pids: Sequence[int]) -> tuple[float, ...]:
        counts = (
            select(func.count()).select_from(OutboxMail).where(OutboxMail.state == MailState.SENT),
            select(func.count()).select_from(CaseEvent).where(CaseEvent.move == "lapse"),
            select(func.count()).select_from(Attachment).where(Attachment.state == FileState.READY),
        )
        with self.app.app_context(), db.engine.connect() as connection:
            done = [connection.scalar(count) or 0 for count in counts]
        return time.monotonic(), *done, seconds_of(pids), seconds_of(self.backends.pids())

    def is_done(self) -> bool:
        """Whether no mail waits that could go now, and no case is due."""
        waiting = select(OutboxMail.id).where(OutboxMail.state.in_([MailState.WAITING, MailState.SENDING])).limit(1)
        due = select(Case.id).where(Case.state == DefectState.DONE, Case.due_at <= func.now()).limit(1)
        with self.app.app_context(), db.engine.connect() as connection:
            return connection.scalar(waiting) is None and connection.scalar(due) is None


@contextmanager
def process(command: Sequence[str], environment: Mapping[str, str]) -> Iterator[int]:
    """A process, told to end when the block ends."""
    with (FOLDER / "processes.log").open("ab") as log:
        begun = subprocess.Popen(
            command, cwd=ROOT, env=dict(environment), stdout=log, stderr=log, start_new_session=True
        )
    try:
        yield begun.pid
    finally:
        begun.send_signal(signal.SIGTERM)
        os.killpg(begun.pid, signal.SIGCONT)
        begun.wait(END_WITHIN_SECONDS)


def measure(
    database_url: str,
    *,
    mails: int = MAILS,
    cases: int = CASES,
    pictures: int = PICTURES,
    workers: int = 1,
    until_done: bool = False,
) -> Figures:
    """Fill the database, which is then of no other use, and measure; `until_done` lets the workers finish alone."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    load = Load(database_url, workers)
    load.fill(mails, cases, pictures)
    visitors = gather(load.app)
    without, busy = ({name: Page() for name in PAGES} for _ in range(2))
    beside, alone = Shift(database=None), Shift()
    with process(load.sink, load.environment):
        with serving("wsgi:app", load.environment, ready="/readyz") as portal, load.working() as pids:
            for journey in (each for each in JOURNEYS if each.name in PAGES):
                visits = journey.visits(over_http(portal.port), visitors)
                _take_turns(load, pids, beside, (without[journey.name], busy[journey.name]), visits, portal)
        if until_done:
            with load.working() as pids:
                since = load.look(pids)
                while not load.is_done():
                    time.sleep(2)
                alone.add(since, load.look(pids))
    came = Counter(KEPT.read_text(encoding="utf-8").split())
    return Figures(without, busy, beside, alone, came.total() - len(came))


def _take_turns(
    load: Load, pids: Sequence[int], beside: Shift, pages: tuple[Page, Page], visits: Iterator[Visit], portal: Served
) -> None:
    """Visit a page a second without the workers and a second beside them, in turns."""
    without, busy = pages
    for _ in range(WARM_UPS):
        next(visits)()
    for _ in range(ROUNDS):
        load.stop(pids)
        _visit(without, visits, portal)
        since = load.look(pids)
        load.go_on(pids)
        _visit(busy, visits, portal)
        beside.add(since, load.look(pids))


def _visit(page: Page, visits: Iterator[Visit], portal: Served) -> None:
    until, before = time.perf_counter() + SECONDS, seconds_of(portal.workers)
    while time.perf_counter() < until:
        visit = next(visits)
        begun = time.perf_counter()
        visit()
        page.took.append(1000 * (time.perf_counter() - begun))
    page.application += 1000 * (seconds_of(portal.workers) - before)


def copy_template() -> None:
    """Make the copy; one that is in use is waited for. Raises CalledProcessError."""
    sql(f"DROP DATABASE IF EXISTS {NAME}")
    until = time.monotonic() + COPY_WITHIN_SECONDS
    while True:
        try:
            return sql(f"CREATE DATABASE {NAME} TEMPLATE {TEMPLATE.name}")
        except subprocess.CalledProcessError:
            if time.monotonic() > until:
                raise
            time.sleep(1)


def sql(statement: str) -> None:
    """Run a statement on the server. Raises CalledProcessError."""
    subprocess.run(["psql", "-qc", statement, f"{TEMPLATE.server}/postgres"], check=True, capture_output=True)


def main(arguments: Sequence[str]) -> int:
    """Copy the smallest history of the bench, measure, remove the copy; answers the exit code."""
    parser = argparse.ArgumentParser(prog="python -m devtools.bench.worker_load", description=__doc__)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--mails", type=int, default=MAILS)
    parser.add_argument("--due", type=int, default=CASES, help="cases whose 14 days are over")
    parser.add_argument("--photos", type=int, default=PICTURES)
    parser.add_argument("--until-done", action="store_true", help="let the workers finish, without pages beside them")
    asked = parser.parse_args(arguments)
    logging.disable(logging.WARNING)
    TEMPLATE.fill()
    copy_template()
    try:
        figures = measure(
            f"{TEMPLATE.server}/{NAME}",
            mails=asked.mails,
            cases=asked.due,
            pictures=asked.photos,
            workers=asked.workers,
            until_done=asked.until_done,
        )
    finally:
        sql(f"DROP DATABASE {NAME} WITH (FORCE)")
    print(show(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
