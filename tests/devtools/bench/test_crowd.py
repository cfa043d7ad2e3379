"""The crowd sends once more what broke, and finds what was not kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from http.client import RemoteDisconnected

import pytest

from devtools.bench.browser import Browser, Send
from devtools.bench.crowd import Crowd, Notes, show
from devtools.bench.visitors import Resident, Visitors

NOBODY = Visitors([], [], [], [], [], [], [], (datetime(2026, 11, 24, 12), 1), 1)  # noqa: DTZ001 - not looked at


def breaking(times: int) -> Send:
    """A portal whose first so many answers break on the way."""
    answers = iter([True] * times)

    def send(
        method: str, path: str, headers: Mapping[str, str], body: bytes | None
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        if next(answers, False):
            raise RemoteDisconnected("it broke")
        return 200, [], b"page"

    return send


def test_broken_request_is_sent_once_more_and_written_down() -> None:
    notes = Notes()
    Browser(Crowd(NOBODY, breaking(1), notes).timed("home")).get("/home")
    assert (notes.repeated, len(notes.took["home"])) == (1, 1)


def test_request_that_breaks_twice_is_an_error() -> None:
    crowd = Crowd(NOBODY, breaking(2), Notes())
    with pytest.raises(RemoteDisconnected):
        Browser(crowd.timed("home")).get("/home")


def test_resident_goes_round_three_pages() -> None:
    notes = Notes()
    turns = Crowd(NOBODY, breaking(0), notes).resident(Resident({}, "a@example.fi", 123456789, 1, 1, 987654321))
    for _ in range(6):
        next(turns)
    assert {kind: len(took) for kind, took in notes.took.items()} == {"home": 2, "my matters": 2, "own case": 2}


def test_what_was_lost_and_doubled_is_said() -> None:
    notes = Notes(said=["a", "b", "c", "d"], seconds=2.0, killed=1)
    notes.took["home"] += [10.0, 20.0, 400.0]
    said = show(notes, Counter({1: 2, 0: 1, 2: 1}))
    assert "4 answers accepted: 2 kept once, 1 lost, 1 doubled." in said
    assert "| home | 3 | 20 | 400 | 400 | 400 |" in said
