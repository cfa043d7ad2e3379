"""What is measured of the worker: the pages without and beside it, and what it gets done; and how that is shown."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass
class Page:
    """Milliseconds of a page at one connection: each visit's, and the processor's for all of them."""

    took: list[float] = field(default_factory=list)
    application: float = 0.0

    @property
    def p50(self) -> float:
        """The middle of the visits."""
        return statistics.median(self.took)

    @property
    def p95(self) -> float:
        """What one visit of twenty exceeds."""
        return statistics.quantiles(self.took, n=20)[-1]

    @property
    def cpu(self) -> float:
        """Processor time of the application for a visit."""
        return self.application / len(self.took)


@dataclass
class Shift:
    """What workers got done in how many seconds, and with how much processor time of theirs and the database's.

    While pages are visited as well the database works for both: then its part is not known.
    """

    seconds: float = 0.0
    mails: int = 0
    cases: int = 0
    pictures: int = 0
    worker: float = 0.0
    database: float | None = 0.0

    def add(self, since: Sequence[float], until: Sequence[float]) -> None:
        """Add what is between two looks at the clock, the tables and the processes."""
        seconds, mails, cases, pictures, worker, database = (
            end - begin for begin, end in zip(since, until, strict=True)
        )
        self.seconds += seconds
        self.mails += int(mails)
        self.cases += int(cases)
        self.pictures += int(pictures)
        self.worker += worker
        if self.database is not None:
            self.database += database


@dataclass(frozen=True)
class Figures:
    """Pages without and with busy workers, what these did beside the pages and alone, and how many mails came twice."""

    without: Mapping[str, Page]
    busy: Mapping[str, Page]
    beside: Shift
    alone: Shift
    doubled: int


def show(figures: Figures) -> str:
    """The figures as tables."""
    lines = ["page  p50 ms without / busy  p95 ms  application CPU ms  slower by"]
    for name, page in figures.without.items():
        busy = figures.busy[name]
        lines.append(
            f"{name}  {page.p50:.1f} / {busy.p50:.1f}  {page.p95:.1f} / {busy.p95:.1f}"
            f"  {page.cpu:.1f} / {busy.cpu:.1f}  {100 * (busy.p50 / page.p50 - 1):.0f} %"
        )
    for name, shift in (("beside pages", figures.beside), ("alone", figures.alone)):
        if shift.seconds:
            lines.append(
                f"{name}, {shift.seconds:.0f} s: {shift.mails} mails ({shift.mails / shift.seconds:.0f}/s),"
                f" {shift.cases} closings ({shift.cases / shift.seconds:.0f}/s), {shift.pictures} photos;"
                f" CPU of the worker {shift.worker:.0f} s"
                + (f", of the database {shift.database:.0f} s" if shift.database is not None else "")
            )
    return "\n".join([*lines, f"mails that came twice: {figures.doubled}"])
