"""The workflow of messages: what its table promises, walked at random."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heka_portal.domain.cases.deadlines import Clock, Deadline, Target
from heka_portal.domain.cases.workflow import CLERK, CONTRACTOR, HOME, OWNER, WORKER, Needs
from heka_portal.domain.cases.workflows.enquiries import ENQUIRIES
from heka_portal.domain.errors import IllegalMove
from heka_portal.vocabulary import ClosingReason, EnquiryState, MailKind, Part, Party

S = EnquiryState
EVERYONE = HOME | CLERK | WORKER
OUTCOMES = {ClosingReason.ANSWERED, ClosingReason.MOVED_TO_DEFECT, ClosingReason.NO_ANSWER_NEEDED}
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
TARGET = Target(working_days=3)
#: the calendar of the year is made at its first use
FIRST_DUE = TARGET.due(NOW)


def test_a_move_is_named_once_for_a_state_and_a_part():
    keys = [(move.name, move.source, part) for move in ENQUIRIES.moves for part in move.by]
    assert len(keys) == len(set(keys))


def test_every_state_is_reached_and_left():
    assert {move.target for move in ENQUIRIES.moves} == set(ENQUIRIES.states)
    assert {move.source for move in ENQUIRIES.moves} == set(ENQUIRIES.states)


def test_closing_always_says_one_of_the_outcomes_and_nothing_else_does():
    for move in ENQUIRIES.moves:
        assert move.closes == (move.target == S.CLOSED)
        assert (move.clock is Clock.STOP) == move.closes
    assert {move.outcome for move in ENQUIRIES.moves if move.closes} == OUTCOMES


def test_an_answer_gives_the_resident_the_turn_and_tells_that_there_is_news():
    for state in (S.RECEIVED, S.IN_PROGRESS, S.NEEDS_INFORMATION, S.ANSWERED):
        answer = ENQUIRIES.find("answer", state, CLERK)
        assert (answer.target, answer.awaits, answer.clock) == (S.ANSWERED, Party.RESIDENT, Clock.PAUSE)
        assert (answer.needs, answer.mail) == (Needs.TEXT, MailKind.CASE_NEWS)


def test_an_unanswered_message_is_closed_as_answered_only_with_words():
    for move in ENQUIRIES.moves:
        if move.name == "settle" and move.source != S.ANSWERED:
            assert move.needs is Needs.TEXT
            assert move.by == CLERK


def test_its_writer_can_always_close_and_open_it_again():
    for state in ENQUIRIES.states:
        moves = ENQUIRIES.available(state, OWNER)
        if state == S.CLOSED:
            assert [move.name for move in moves] == ["reopen"]
        else:
            assert any(move.closes and move.needs is Needs.NOTHING for move in moves), state


@pytest.mark.parametrize("part", [Part.FOLLOWER, Part.CONTRACTOR])
def test_a_message_is_no_job_and_nobody_follows_it(part):
    assert all(ENQUIRIES.available(state, frozenset({part})) == () for state in ENQUIRIES.states)


@pytest.mark.parametrize(
    ("name", "state", "parts"),
    [
        ("answer", S.RECEIVED, HOME),
        ("settle", S.RECEIVED, OWNER),
        ("to_defect", S.RECEIVED, OWNER),
        ("rest", S.ANSWERED, CLERK),
        ("write_more", S.RECEIVED, OWNER),
        ("answer", S.CLOSED, CLERK),
        ("take_up", S.RECEIVED, CONTRACTOR),
    ],
)
def test_a_move_that_is_not_in_the_table_is_refused(name, state, parts):
    with pytest.raises(IllegalMove):
        ENQUIRIES.find(name, state, parts)


@given(st.lists(st.tuples(st.integers(0, 1000), st.integers(1, 10_000)), max_size=60))
def test_any_walk_keeps_state_turn_and_clock_together(choices):
    state, now = ENQUIRIES.initial, NOW
    clock = Deadline(FIRST_DUE, FIRST_DUE)
    for choice, minutes in choices:
        now += timedelta(minutes=minutes)
        moves = ENQUIRIES.available(state, EVERYONE)
        move = moves[choice % len(moves)]
        before = clock
        clock = clock.turn(move.clock, now=now, target=TARGET, look_again_at=now + timedelta(days=14))
        if state == S.CLOSED:
            assert (move.name, move.target, move.clock) == ("reopen", S.RECEIVED, Clock.RESTART)
        state = move.target
        # whoever is asked has the turn, and only then the clock stands
        assert (move.awaits is Party.RESIDENT) == (state in {S.ANSWERED, S.NEEDS_INFORMATION})
        assert (move.awaits is Party.NOBODY) == (state == S.CLOSED)
        assert (clock.paused_at is not None) == (state in {S.ANSWERED, S.NEEDS_INFORMATION})
        if move.clock is Clock.RESTART:
            assert clock.due_at == TARGET.due(now)
        else:
            assert clock.target_at >= before.target_at
