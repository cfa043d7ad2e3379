"""The workflow of defects: what its table promises, walked at random."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heka_portal.domain.cases.deadlines import Clock
from heka_portal.domain.cases.workflow import CLERK, CONTRACTOR, OWNER, WORKER, Needs, check_needs
from heka_portal.domain.cases.workflows.defects import DEFECTS
from heka_portal.domain.errors import DetailNeeded, IllegalMove
from heka_portal.vocabulary import ClosingReason, DefectState, Part, Party

S = DefectState
#: the outcomes of other kinds
OTHERS = {ClosingReason.ANSWERED, ClosingReason.MOVED_TO_DEFECT, ClosingReason.NO_ANSWER_NEEDED}
EVERYONE = OWNER | CLERK | CONTRACTOR | WORKER


def test_a_move_is_named_once_for_a_state_and_a_part():
    seen = set()
    for move in DEFECTS.moves:
        for part in move.by:
            key = (move.name, move.source, part)
            assert key not in seen, key
            seen.add(key)


def test_every_state_is_reached_and_left():
    assert {move.target for move in DEFECTS.moves} == set(DEFECTS.states)
    assert {move.source for move in DEFECTS.moves} == set(DEFECTS.states)


def test_closing_always_says_the_outcome_and_nothing_else_does():
    for move in DEFECTS.moves:
        assert move.closes == (move.target == S.CLOSED)
        assert (move.clock is Clock.STOP) == move.closes


def test_every_closing_reason_can_be_reached():
    assert {move.outcome for move in DEFECTS.moves if move.closes} == set(ClosingReason) - OTHERS


def test_a_question_waits_for_the_resident_with_the_clock_standing():
    ask = DEFECTS.find("ask", S.TRIAGED, CLERK)
    assert (ask.target, ask.awaits, ask.clock) == (S.NEEDS_INFORMATION, Party.RESIDENT, Clock.PAUSE)


@pytest.mark.parametrize(
    ("name", "state", "parts"),
    [
        ("triage", S.TRIAGED, CLERK),
        ("triage", S.RECEIVED, OWNER),
        ("finish", S.DONE, CLERK),
        ("finish", S.RECEIVED, CONTRACTOR),
        ("confirm", S.DONE, CONTRACTOR),
        ("withdraw", S.CLOSED, OWNER),
        ("lapse", S.DONE, CLERK),
        ("close_duplicate", S.RECEIVED, CONTRACTOR),
        ("cancel", S.RECEIVED, OWNER),
        ("confirm", S.DONE, frozenset({Part.HOUSEHOLD})),
        ("confirm", S.DONE, frozenset({Part.FOLLOWER})),
        ("nonsense", S.DONE, EVERYONE),
    ],
)
def test_a_move_that_is_not_in_the_table_is_refused(name, state, parts):
    with pytest.raises(IllegalMove):
        DEFECTS.find(name, state, parts)


@pytest.mark.parametrize("part", [Part.HOUSEHOLD, Part.FOLLOWER])
def test_who_only_looks_on_moves_nothing(part):
    for state in DEFECTS.states:
        assert DEFECTS.available(state, frozenset({part})) == ()


def test_the_likely_move_comes_first():
    assert DEFECTS.available(S.RECEIVED, CLERK)[0].name == "triage"
    assert DEFECTS.available(S.TRIAGED, CLERK)[0].name == "schedule"
    assert DEFECTS.available(S.SCHEDULED, CONTRACTOR)[0].name == "schedule"


def test_what_is_missing_is_named():
    move = DEFECTS.find("await_part", S.TRIAGED, CLERK)
    with pytest.raises(DetailNeeded) as missing:
        check_needs(move, Needs.TEXT)
    assert missing.value.need == "day"
    check_needs(move, Needs.TEXT | Needs.DAY)


@given(st.lists(st.integers(min_value=0, max_value=1000), max_size=60))
def test_any_walk_stays_in_the_table_and_closed_cases_only_reopen(choices):
    state = DEFECTS.initial
    for choice in choices:
        moves = DEFECTS.available(state, EVERYONE)
        assert moves, state
        move = moves[choice % len(moves)]
        if state == S.CLOSED:
            assert move.target == S.RECEIVED
            assert move.clock is Clock.RESTART
        state = move.target
        assert state in DEFECTS.states
