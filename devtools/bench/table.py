"""The figures as a table of `docs/performance.md`, between its two marks."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from devtools.bench.instance import APARTMENTS, ROOT
from devtools.bench.journeys import Journey
from devtools.bench.measuring import CONNECTIONS, Figures
from devtools.bench.served import WORKERS

DOCUMENT = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- bench {kind} -->\n", "<!-- end of bench {kind} -->\n"
#: how much the processor's time may grow from the smallest to the largest history
GROWTH = 1.15
HEADINGS = ("Page", "Cases", "CPU ms (app + db)", "Limit's", "At most", *(f"Requests/s at {n}" for n in CONNECTIONS))
MORE_HEADINGS = ("Share of limit", *(f"p50 / p95 / p99 ms at {n}" for n in CONNECTIONS), "Queries", "kB")
FIT = 8


@dataclass(frozen=True)
class Line:
    """A journey at a size, its limit, and the worker's memory when it was over."""

    journey: Journey
    cases: int
    figures: Figures
    limit: Figures

    @property
    def share(self) -> float:
        """The part of the limit's rate that is reached, at eight connections."""
        return self.figures.at(FIT).per_second / self.limit.at(FIT).per_second

    def cells(self) -> list[str]:
        """The row of the table."""
        figures, shape = self.figures, self.figures.shape
        return [
            self.journey.name,
            f"{self.cases:,}",
            f"{figures.milliseconds:.1f} ({figures.application:.1f} + {figures.database:.1f})",
            f"{self.limit.milliseconds:.1f}",
            "" if self.journey.milliseconds is None else f"{self.journey.milliseconds:g}",
            *(f"{figures.at(n).per_second:.0f}" for n in CONNECTIONS),
            f"{self.share:.2f}",
            *(f"{rate.p50:.0f} / {rate.p95:.0f} / {rate.p99:.0f}" for rate in figures.rates),
            f"{shape.queries} in {shape.requests}" if shape.requests > 1 else f"{shape.queries}",
            f"{shape.received / 1000:.0f}",
        ]


def cheapest(rounds: Sequence[Line]) -> Line:
    """Of some rounds of one page at one size the one that was disturbed least, and the least that its limit cost."""
    limit = min((line.limit for line in rounds), key=lambda figures: figures.milliseconds)
    return replace(min(rounds, key=lambda line: line.figures.milliseconds), limit=limit)


@dataclass(frozen=True)
class Run:
    """A whole run."""

    kind: str
    lines: Sequence[Line]
    megabytes: Mapping[int, float]


def write(run: Run) -> None:
    """Put the run into the document in place of the last one of its kind."""
    begin, end = BEGIN.format(kind=run.kind), END.format(kind=run.kind)
    text = DOCUMENT.read_text(encoding="utf-8")
    before, _, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    DOCUMENT.write_text(f"{before}{begin}\n{show(run)}\n{end}{after}", encoding="utf-8")


def show(run: Run) -> str:
    """The run in Markdown: conditions, table, growth, memory, and what misses its target."""
    rows = [list(HEADINGS + MORE_HEADINGS), ["---"] * len(HEADINGS + MORE_HEADINGS)]
    rows += [line.cells() for line in run.lines]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    memory = ", ".join(f"{megabytes:.0f} MB at {cases:,} cases" for cases, megabytes in run.megabytes.items())
    return "\n\n".join(
        [conditions(run.kind), table, _growth(run), f"Memory of the largest worker (PSS): {memory}.", _missed(run)]
    )


def conditions(kind: str) -> str:
    """On what it was measured."""
    made_on = datetime.now(UTC).date().isoformat()
    database = _server_version() if kind == "postgresql" else f"SQLite {sqlite3.sqlite_version}"
    libraries = ", ".join(f"{name} {version(name)}" for name in ("flask", "sqlalchemy", "gunicorn"))
    return (
        f"Measured on {made_on}: {_processor()}; Python {platform.python_version()}, {libraries}; {database}; "
        f"{WORKERS} plain worker processes; client, application and database share {os.cpu_count()} processors; the "
        f"register of {APARTMENTS:,} apartments at every size."
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _server_version() -> str:
    asked = subprocess.run(
        ["psql", "-qAtc", "SHOW server_version", "postgres"], check=True, capture_output=True, text=True
    )
    return f"PostgreSQL {asked.stdout.split()[0]}"


def growth_of(run: Run) -> dict[str, float]:
    """The largest size's processor time in the smallest one's, for each journey."""
    found: dict[str, list[float]] = {}
    for line in sorted(run.lines, key=lambda line: line.cases):
        found.setdefault(line.journey.name, []).append(line.figures.milliseconds)
    return {name: each[-1] / each[0] for name, each in found.items() if len(each) > 1}


def _growth(run: Run) -> str:
    sizes = sorted({line.cases for line in run.lines})
    shown = ", ".join(f"{name} {growth:.2f}" for name, growth in growth_of(run).items())
    return (
        f"Processor time at {sizes[-1]:,} cases in that at {sizes[0]:,} (at most {GROWTH}): {shown}." if shown else ""
    )


def _missed(run: Run) -> str:
    found: dict[tuple[str, str, str], list[str]] = {}
    for line in run.lines:
        for what, got, target in _misses_of(line):
            found.setdefault((line.journey.name, what, target), []).append(f"{got} at {line.cases:,}")
    for name, growth in growth_of(run).items():
        if growth > GROWTH:
            found[name, "growth", f"at most {GROWTH}"] = [f"{growth:.2f}"]
    if not found:
        return "Every target is met."
    rows = [["Page", "Missed", "Target", "Found"], ["---"] * 4]
    rows += [[*key, ", ".join(got)] for key, got in found.items()]
    return "Targets missed:\n\n" + "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _misses_of(line: Line) -> Iterator[tuple[str, str, str]]:
    """What is missed, by how much, and the target."""
    journey, figures = line.journey, line.figures
    for what, got, most in (
        ("CPU ms", figures.milliseconds, journey.milliseconds),
        ("queries", figures.shape.queries, journey.queries),
        ("kB", figures.shape.received / 1000, journey.kilobytes),
    ):
        if most and got > most:
            yield what, f"{got:.1f}" if isinstance(got, float) else f"{got}", f"at most {most:g}"
    if journey.share and line.share < journey.share:
        yield "share of the limit's rate", f"{line.share:.2f}", f"at least {journey.share:g}"


def keep(run: Run, path: Path) -> None:
    """Keep the figures as data, to be compared with the next ones."""
    rows = [
        {
            "page": line.journey.name,
            "cases": line.cases,
            "application": line.figures.application,
            "database": line.figures.database,
            "limit": line.limit.milliseconds,
            "queries": line.figures.shape.queries,
            "bytes": line.figures.shape.received,
            "rates": [vars(rate) for rate in line.figures.rates],
        }
        for line in run.lines
    ]
    path.write_text(json.dumps({"kind": run.kind, "lines": rows, "megabytes": dict(run.megabytes)}, indent=1))
