"""`python -m devtools.bench [--kind sqlite] [--cases 10000 ...] [--only Home ...]`, which is `make bench`."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from flask import Flask

from devtools.bench import table
from devtools.bench.instance import INSTANCE, POSTGRESQL, SQLITE, Instance, portal_of
from devtools.bench.journeys import JOURNEYS, Journey
from devtools.bench.measuring import Shape, count, limit_of, measure
from devtools.bench.meters import Backends
from devtools.bench.served import BARE, Served, serving
from devtools.bench.visitors import Visitors, gather

#: SQLite is the embedded default: its reach is shown, not stretched
SIZES = {POSTGRESQL: (10_000, 100_000, 1_000_000), SQLITE: (10_000, 100_000)}
READY = "/readyz"
ROUNDS = 3


def main(arguments: Sequence[str]) -> int:
    """Fill what is not filled yet, measure everything, and write the table; answers the exit code."""
    parser = argparse.ArgumentParser(prog="python -m devtools.bench", description=__doc__)
    parser.add_argument("--kind", choices=list(SIZES), default=POSTGRESQL)
    parser.add_argument("--server", default="postgresql://", help="PostgreSQL's address without a database's name")
    parser.add_argument("--cases", type=int, nargs="*", help="sizes of the history; nothing is written to docs/")
    parser.add_argument("--only", nargs="*", help="pages that begin so; nothing is written to docs/")
    parser.add_argument("--seconds", type=float, default=1.0, help="for each page, number of connections and round")
    asked = parser.parse_args(arguments)
    logging.disable(logging.WARNING)
    wanted = tuple(asked.only or ("",))
    journeys = [journey for journey in JOURNEYS if journey.name.startswith(wanted)]
    instances = [Instance(asked.kind, cases, asked.server) for cases in asked.cases or SIZES[asked.kind]]
    for instance in instances:
        instance.fill()
    lines, memory = measure_all(instances, journeys, asked.seconds)
    run = table.Run(asked.kind, sorted(lines, key=lambda line: journeys.index(line.journey)), memory)
    table.keep(run, INSTANCE / f"figures-{asked.kind}.json")
    if asked.only or asked.cases:
        print(table.show(run))
    else:
        table.write(run)
        print(f"Written: {table.DOCUMENT}")
    return 0


@dataclass(frozen=True)
class Place:
    """One size of the history that is served, beside the bare view on the same database."""

    instance: Instance
    app: Flask
    visitors: Visitors
    backends: Backends
    portal: Served
    bare: Served

    def shape_of(self, journey: Journey) -> Shape:
        """What a visit of a journey consists of here."""
        return count(self.app, journey, self.visitors)

    def measure(self, journey: Journey, shape: Shape, seconds: float) -> table.Line:
        """A journey and its limit."""
        figures = measure(journey, self.visitors, self.portal, self.backends, shape, seconds)
        limit = measure(limit_of(shape), self.visitors, self.bare, self.backends, shape, seconds / 2)
        return table.Line(journey, self.instance.cases, figures, limit)


def measure_all(
    instances: Sequence[Instance], journeys: Sequence[Journey], seconds: float
) -> tuple[list[table.Line], dict[int, float]]:
    """Every journey at every size, and the memory of each size's largest worker in MB.

    All sizes are served, and each journey is measured at one after the other, some rounds: a machine that is slower for
    a minute would else be taken for a database that is. Of the rounds the one that cost least counts.
    """
    lines = []
    with ExitStack() as stack:
        places = [stack.enter_context(placed(instance)) for instance in instances]
        for journey in journeys:
            shapes = [place.shape_of(journey) for place in places]
            rounds = [
                [place.measure(journey, shape, seconds) for place, shape in zip(places, shapes, strict=True)]
                for _ in range(ROUNDS)
            ]
            for line in map(table.cheapest, zip(*rounds, strict=True)):
                lines.append(line)
                print(*line.cells(), sep="  ", flush=True)
        return lines, {place.instance.cases: place.portal.megabytes() for place in places}


@contextmanager
def placed(instance: Instance) -> Iterator[Place]:
    """Serve one size until the block ends."""
    environment = instance.environment()
    app = portal_of(environment)
    with (
        serving("wsgi:app", environment, ready=READY) as portal,
        serving("devtools.bench.limit:app", environment, ready="/ready", options=BARE) as bare,
    ):
        yield Place(instance, app, gather(app), Backends(instance.database_url), portal, bare)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
