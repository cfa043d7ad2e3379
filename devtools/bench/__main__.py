"""`python -m devtools.bench [--kind sqlite] [--cases 10000 ...] [--only Home ...]`, which is `make bench`."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence

from devtools.bench import table
from devtools.bench.instance import INSTANCE, POSTGRESQL, SQLITE, Instance, portal_of
from devtools.bench.journeys import JOURNEYS, Journey
from devtools.bench.measuring import count, limit_of, measure
from devtools.bench.meters import Backends
from devtools.bench.served import BARE, serving
from devtools.bench.visitors import gather

#: SQLite is the embedded default: its reach is shown, not stretched
SIZES = {POSTGRESQL: (10_000, 100_000, 1_000_000), SQLITE: (10_000, 100_000)}
READY = "/readyz"


def main(arguments: Sequence[str]) -> int:
    """Fill what is not filled yet, measure everything, and write the table; answers the exit code."""
    parser = argparse.ArgumentParser(prog="python -m devtools.bench", description=__doc__)
    parser.add_argument("--kind", choices=list(SIZES), default=POSTGRESQL)
    parser.add_argument("--server", default="postgresql://", help="PostgreSQL's address without a database's name")
    parser.add_argument("--cases", type=int, nargs="*", help="sizes of the history; nothing is written to docs/")
    parser.add_argument("--only", nargs="*", help="pages that begin so; nothing is written to docs/")
    parser.add_argument("--seconds", type=float, default=2.0, help="for each page and number of connections")
    asked = parser.parse_args(arguments)
    logging.disable(logging.WARNING)
    wanted = tuple(asked.only or ("",))
    journeys = [journey for journey in JOURNEYS if journey.name.startswith(wanted)]
    lines: list[table.Line] = []
    memory: dict[int, float] = {}
    for cases in asked.cases or SIZES[asked.kind]:
        instance = Instance(asked.kind, cases, asked.server)
        instance.fill()
        found, memory[cases] = measure_instance(instance, journeys, asked.seconds)
        lines += found
    run = table.Run(asked.kind, sorted(lines, key=lambda line: journeys.index(line.journey)), memory)
    table.keep(run, INSTANCE / f"figures-{asked.kind}.json")
    if asked.only or asked.cases:
        print(table.show(run))
    else:
        table.write(run)
        print(f"Written: {table.DOCUMENT}")
    return 0


def measure_instance(instance: Instance, journeys: Sequence[Journey], seconds: float) -> tuple[list[table.Line], float]:
    """Every journey at one size, and the memory of the largest worker in MB."""
    environment = instance.environment()
    app = portal_of(environment)
    visitors = gather(app)
    backends = Backends(instance.database_url)
    lines = []
    with (
        serving("wsgi:app", environment, ready=READY) as portal,
        serving("devtools.bench.limit:app", environment, ready="/ready", options=BARE) as bare,
    ):
        for journey in journeys:
            shape = count(app, journey, visitors)
            figures = measure(journey, visitors, portal, backends, shape, seconds)
            limit = limit_of(shape)
            lines.append(
                table.Line(
                    journey, instance.cases, figures, measure(limit, visitors, bare, backends, shape, seconds / 2)
                )
            )
            print(*lines[-1].cells(), sep="  ", flush=True)
        return lines, portal.megabytes()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
