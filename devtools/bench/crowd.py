"""`python -m devtools.bench.crowd [--processes 3 --kill]`: many at once, for ten minutes, at a million cases.

Forty clerks open a page every five seconds, and every tenth time answer a case; five hundred residents open a page
every fifteen seconds. Nobody waits for anybody: a page that is late makes the next one no later. With `--kill` one of
the application's processes is killed every minute; what was on its way then breaks, and is sent once more, as a proxy
repeats a page and as a person presses again: the key of the form keeps one answer from being two.
"""

from __future__ import annotations

import argparse
import itertools
import logging
import os
import signal
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from http.client import HTTPException
from random import Random

from flask import Flask
from sqlalchemy import func, select

from devtools.bench.browser import Browser, Send, over_http
from devtools.bench.instance import POSTGRESQL, Instance, portal_of
from devtools.bench.journeys import COMMON_WORD, RARE_WORD
from devtools.bench.measuring import share_below
from devtools.bench.meters import Backends, seconds_of
from devtools.bench.served import Served, serving
from devtools.bench.visitors import Resident, Visitors, gather
from heka_portal.extensions import db
from heka_portal.models.cases import CaseEvent

CLERKS, RESIDENTS = 40, 500
#: seconds between the pages of one person
CLERK_EVERY, RESIDENT_EVERY = 5.0, 15.0
KILL_EVERY = 60.0
REPEAT_AFTER = 0.1
LIMIT_MS = 300.0
#: what a clerk does in ten turns; the tenth is the answer
TURNS = ("inbox", "case", "case", "inbox of a building", "case", "search", "case", "dashboard", "case", "answer")


@dataclass
class Notes:
    """What was seen: the milliseconds of each request by kind, what went wrong, what was sent twice."""

    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[str] = field(default_factory=list)
    repeated: int = 0
    killed: int = 0
    #: the texts of the answers that were accepted
    said: list[str] = field(default_factory=list)
    seconds: float = 0.0
    application: float = 0.0
    database: float = 0.0


@dataclass(frozen=True)
class Crowd:
    """Everybody at one portal."""

    visitors: Visitors
    send: Send
    notes: Notes

    def timed(self, kind: str) -> Send:
        """A way to send that writes down how long it took, and sends once more what broke."""

        def send(
            method: str, path: str, headers: Mapping[str, str], body: bytes | None
        ) -> tuple[int, list[tuple[str, str]], bytes]:
            begun = time.perf_counter()
            try:
                answer = self.send(method, path, headers, body)
            except (HTTPException, ConnectionError):
                self.notes.repeated += 1
                time.sleep(REPEAT_AFTER)
                answer = self.send(method, path, headers, body)
            self.notes.took[kind].append(1000 * (time.perf_counter() - begun))
            return answer

        return send

    def resident(self, one: Resident) -> Iterator[None]:
        """Home, the list, the case, and again."""
        pages = {"home": "/home", "my matters": "/matters", "own case": f"/matters/{one.case_number}"}
        for kind, path in itertools.cycle(pages.items()):
            Browser(self.timed(kind), dict(one.cookies)).get(path)
            yield

    def clerk(self, number: int, cookies: dict[str, str]) -> Iterator[None]:
        """The turns of a clerk, each beginning at another one."""
        dice = Random(number)
        ours = self.visitors.askable_numbers[number :: len(self.visitors.clerks)]
        for turn, kind in enumerate(itertools.islice(itertools.cycle(TURNS), number % len(TURNS), None)):
            browser = Browser(self.timed(kind), dict(cookies))
            case = dice.choice(self.visitors.open_numbers)
            if kind == "answer":
                self.answer(browser, ours.pop(), f"Tippuuko hana koko ajan? ({number}-{turn})")
            elif kind == "search":
                hidden = browser.get("/admin/search/").hidden()
                asked = dice.choice((COMMON_WORD, RARE_WORD))
                browser.post("/admin/search/", {**hidden, "q": asked}, expected=200)
            elif kind == "inbox of a building":
                browser.get(f"/admin/cases/?building={dice.choice(self.visitors.building_ids)}")
            else:
                browser.get({"inbox": "/admin/cases/", "dashboard": "/admin/"}.get(kind, f"/admin/cases/{case}/"))
            yield

    def answer(self, browser: Browser, number: int, text: str) -> None:
        """Ask the resident something, which moves the case on."""
        path = f"/admin/cases/{number}/"
        page = browser.get(f"{path}?do=ask")
        browser.post(path, {**page.hidden(b'value="move:ask"'), "act": "move:ask", "text": text})
        self.notes.said.append(text)

    def live(self, seconds: float) -> None:
        """Let everybody come and go for so long."""
        until = time.monotonic() + seconds
        people = [(self.clerk(number, each), CLERK_EVERY) for number, each in enumerate(self.visitors.clerks)]
        people += [(self.resident(each), RESIDENT_EVERY) for each in self.visitors.residents]
        dice = Random(1)
        threads = [
            threading.Thread(target=self._live, args=(turns, every, dice.uniform(0, every), until))
            for turns, every in people
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _live(self, turns: Iterator[None], every: float, first: float, until: float) -> None:
        at = time.monotonic() + first
        while at < until:
            time.sleep(max(0.0, at - time.monotonic()))
            at += every
            try:
                next(turns)
            except Exception as error:  # noqa: BLE001 - whatever goes wrong is what is looked for
                self.notes.wrong.append(f"{type(error).__name__}: {error}")
                return


@contextmanager
def killing(served: Served, notes: Notes) -> Iterator[None]:
    """Kill a process of the application every minute; the server starts another."""
    over = threading.Event()

    def kill() -> None:
        dice = Random(1)
        while not over.wait(KILL_EVERY):
            os.kill(dice.choice(served.workers), signal.SIGKILL)
            notes.killed += 1

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def times_kept(app: Flask, said: Sequence[str], since_id: int) -> Counter[int]:
    """How many answers stand in the cases not at all, once, or more often."""
    with app.app_context():
        found = Counter(db.session.scalars(select(CaseEvent.text).where(CaseEvent.id > since_id)))
    return Counter(found[text] for text in said)


def newest_event(app: Flask) -> int:
    """The last event there is."""
    with app.app_context():
        return db.session.scalar(select(func.max(CaseEvent.id))) or 0


def show(notes: Notes, kept: Counter[int]) -> str:
    """What was seen, as a table and some sentences."""
    lines = ["| Page | Requests | p50 ms | p95 ms | p99 ms | longest ms |", "|---|---|---|---|---|---|"]
    everything = [each for took in notes.took.values() for each in took]
    for kind, took in [*sorted(notes.took.items()), ("all", everything)]:
        ordered = sorted(took)
        at = [share_below(ordered, share) for share in (0.5, 0.95, 0.99, 1.0)]
        lines.append(f"| {kind} | {len(took)} | {' | '.join(f'{each:.0f}' for each in at)} |")
    lines += ["", *sentences(notes, kept, len(everything)), *sorted(set(notes.wrong))[:10]]
    return "\n".join(lines)


def sentences(notes: Notes, kept: Counter[int], requests: int) -> Iterator[str]:
    """What is said below the table."""
    yield f"{requests / notes.seconds:.0f} requests a second for {notes.seconds:.0f} s."
    if not notes.killed:  # of a killed process nobody knows any more what it used
        cpu = (notes.application + notes.database) / notes.seconds
        yield f"Application and database used {cpu:.2f} of a processor."
    yield f"{notes.killed} processes killed, {notes.repeated} requests sent once more, {len(notes.wrong)} errors."
    doubled = sum(kept.values()) - kept[0] - kept[1]
    yield f"{len(notes.said)} answers accepted: {kept[1]} kept once, {kept[0]} lost, {doubled} doubled."


def main(arguments: Sequence[str]) -> int:
    """Fill what is not filled yet, let everybody in, print what was seen; answers 1 where something was not kept."""
    parser = argparse.ArgumentParser(prog="python -m devtools.bench.crowd", description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--kill", action="store_true", help="kill one of the processes every minute")
    parser.add_argument("--server", default="postgresql://", help="PostgreSQL's address without a database's name")
    asked = parser.parse_args(arguments)
    logging.disable(logging.WARNING)
    instance = Instance(POSTGRESQL, asked.cases, asked.server)
    instance.fill()
    app = portal_of(instance.environment())
    visitors, since_id = gather(app, residents=RESIDENTS, clerks=CLERKS), newest_event(app)
    backends, notes = Backends(instance.database_url), Notes()
    with serving("wsgi:app", instance.environment(), ready="/readyz", workers=asked.processes) as portal:
        crowd = Crowd(visitors, over_http(portal.port), notes)
        before, begun = (seconds_of(portal.workers), seconds_of(backends.pids())), time.monotonic()
        with killing(portal, notes) if asked.kill else nullcontext():
            crowd.live(60 * asked.minutes)
        notes.seconds = time.monotonic() - begun
        notes.application = seconds_of(portal.workers) - before[0]
        notes.database = seconds_of(backends.pids()) - before[1]
    kept = times_kept(app, notes.said, since_id)
    print(show(notes, kept))
    ordered = sorted(each for took in notes.took.values() for each in took)
    is_kept = not notes.wrong and kept[1] == len(notes.said) and share_below(ordered, 0.95) < LIMIT_MS
    return 0 if is_kept else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
