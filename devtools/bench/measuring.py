"""One journey measured: at one, eight and 32 connections, with the processor's time of everything that took part."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from flask import Flask

from devtools.bench.browser import Browser, Send, in_process, over_http
from devtools.bench.journeys import Journey, Visit
from devtools.bench.meters import Backends, seconds_of
from devtools.bench.served import Served
from devtools.bench.visitors import Visitors
from devtools.statements import counted

CONNECTIONS = (1, 8, 32)
WARM_UPS = 8
#: how often a submission is made at each number of connections, a round
SUBMISSIONS = {1: 12, 8: 24, 32: 32}


@dataclass(frozen=True)
class Rate:
    """How it went at a number of connections; times in milliseconds."""

    connections: int
    per_second: float
    p50: float
    p95: float
    p99: float


@dataclass(frozen=True)
class Shape:
    """What a journey consists of, however long it takes."""

    requests: int
    queries: int
    received: int


@dataclass(frozen=True)
class Figures:
    """What a journey costs: processor time in milliseconds, the application's and the database's."""

    name: str
    application: float
    database: float
    shape: Shape
    rates: Sequence[Rate]

    @property
    def milliseconds(self) -> float:
        """All of it."""
        return self.application + self.database

    def at(self, connections: int) -> Rate:
        """How it went at so many connections."""
        return next(rate for rate in self.rates if rate.connections == connections)


def count(app: Flask, journey: Journey, visitors: Visitors) -> Shape:
    """What a visit consists of, in this process: the second visit, which finds everything built."""
    visits = journey.visits(in_process(app), visitors)
    next(visits)()
    visit = next(visits)
    with counted(app) as statements:
        browser = visit()
    return Shape(browser.requests, len(statements), browser.received)


def measure(
    journey: Journey, visitors: Visitors, served: Served, backends: Backends, shape: Shape, seconds: float
) -> Figures:
    """Visit for so many seconds at each number of connections, or so often where each visit needs its own draft."""
    send = over_http(served.port)
    visits = journey.visits(send, visitors)
    for _ in range(WARM_UPS):
        next(visits)()
    application = database = 0.0
    amount = 0
    rates = []
    for connections in CONNECTIONS:
        times = None if journey.is_repeated else SUBMISSIONS[connections]
        ready = visits if times is None else iter([next(visits) for _ in range(times)])
        before = seconds_of(served.workers), seconds_of(backends.pids())
        took, whole = _visit_all(ready, connections, seconds if times is None else None)
        application += seconds_of(served.workers) - before[0]
        database += seconds_of(backends.pids()) - before[1]
        amount += len(took)
        rates.append(_rate(connections, took, whole))
    return Figures(journey.name, 1000 * application / amount, 1000 * database / amount, shape, rates)


def _visit_all(visits: Iterator[Visit], connections: int, seconds: float | None) -> tuple[list[float], float]:
    """The seconds each visit took, and all together."""
    lock, took = threading.Lock(), list[float]()
    begun = time.perf_counter()

    def go_on() -> None:
        while seconds is None or time.perf_counter() - begun < seconds:
            with lock:
                visit = next(visits, None)
            if visit is None:
                return
            start = time.perf_counter()
            visit()
            took.append(time.perf_counter() - start)

    with ThreadPoolExecutor(connections) as pool:
        for future in [pool.submit(go_on) for _ in range(connections)]:
            future.result()
    return took, time.perf_counter() - begun


def _rate(connections: int, took: list[float], whole: float) -> Rate:
    ordered = sorted(1000 * seconds for seconds in took)
    return Rate(connections, len(took) / whole, *(share_below(ordered, share) for share in (0.50, 0.95, 0.99)))


def share_below(ordered: Sequence[float], share: float) -> float:
    """The value that such a share of sorted values lies below; all of them: the greatest."""
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def limit_of(shape: Shape) -> Journey:
    """The bare view that reads as often and writes as much, in as many requests."""
    query = f"queries={round(shape.queries / shape.requests)}&size={shape.received // shape.requests}"

    def prepare(send: Send, _visitors: Visitors) -> Iterator[Visit]:
        def visit() -> Browser:
            browser = Browser(send)
            for _ in range(shape.requests):
                browser.get(f"/limit?{query}")
            return browser

        while True:
            yield visit

    return Journey("limit", prepare)
