"""The table of the bench: what it calls a target that is missed, and where it puts the figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from devtools.bench import table
from devtools.bench.journeys import JOURNEYS, Journey
from devtools.bench.measuring import CONNECTIONS, Figures, Rate, Shape


def nothing(_send: object, _visitors: object) -> object:
    return iter(())


JOURNEY = Journey("Home", nothing, 4.7, 6, 20, 0.5)  # type: ignore[arg-type]


def figures(milliseconds: float, *, queries: int = 5, received: int = 9_000, rate: float = 200) -> Figures:
    rates = [Rate(number, rate, 5, 6, 7) for number in CONNECTIONS]
    return Figures("Home", milliseconds - 1, 1.0, Shape(1, queries, received), rates)


def run_of(*costs: tuple[int, Figures]) -> table.Run:
    return table.Run("postgresql", [table.Line(JOURNEY, cases, one, figures(2, rate=300)) for cases, one in costs], {})


@pytest.mark.parametrize(
    ("measured", "missed"),
    [
        (figures(4.7), "Every target is met."),
        (figures(4.8), "| Home | CPU ms | at most 4.7 | 4.8 at 10,000 |"),
        (figures(4, queries=7), "| Home | queries | at most 6 | 7 at 10,000 |"),
        (figures(4, received=20_100), "| Home | kB | at most 20 | 20.1 at 10,000 |"),
        (figures(4, rate=149), "| Home | share of the limit's rate | at least 0.5 | 0.50 at 10,000 |"),
    ],
)
def test_a_target_that_is_missed_is_named(measured: Figures, missed: str) -> None:
    assert table.show(run_of((10_000, measured))).endswith(missed)


def test_growth_is_from_the_smallest_size_to_the_largest() -> None:
    run = run_of((1_000_000, figures(4.6)), (10_000, figures(4.0)), (100_000, figures(9.0)))
    assert table.growth_of(run) == {"Home": pytest.approx(1.15)}
    shown = table.show(run_of((10_000, figures(4.0)), (1_000_000, figures(4.64))))
    assert "| Home | growth | at most 1.15 | 1.16 |" in shown


def test_the_round_that_cost_least_counts() -> None:
    rounds = [
        table.Line(JOURNEY, 10_000, figures(cost), figures(limit)) for cost, limit in ((5, 3), (4, 3.5), (6, 2.5))
    ]
    cheapest = table.cheapest(rounds)
    assert (cheapest.figures.milliseconds, cheapest.limit.milliseconds) == (4, 2.5)


def test_a_run_takes_the_place_of_the_last_of_its_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document = tmp_path / "performance.md"
    marks = [table.BEGIN.format(kind=kind) + "old\n" + table.END.format(kind=kind) for kind in ("postgresql", "sqlite")]
    document.write_text("before\n" + "between\n".join(marks) + "after\n", encoding="utf-8")
    monkeypatch.setattr(table, "DOCUMENT", document)
    table.write(run_of((10_000, figures(4))))
    text = document.read_text(encoding="utf-8")
    assert text.startswith("before\n")
    assert text.endswith("between\n" + marks[1] + "after\n")
    assert text.count("old") == 1
    assert "| Home | 10,000 | 4.0 (3.0 + 1.0) | 2.0 | 4.7 |" in text


def test_every_page_with_a_target_is_measured() -> None:
    assert len({journey.name for journey in JOURNEYS}) == len(JOURNEYS)
    assert {journey.name for journey in JOURNEYS if journey.milliseconds} >= {"Home", "Own case", "Staff case"}
