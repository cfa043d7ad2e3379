"""Working days, targets and pauses."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heka_portal.clock import HELSINKI, date_in_helsinki
from heka_portal.domain.cases.deadlines import (
    Clock,
    Deadline,
    Target,
    add_working_days,
    close_of,
    is_working_day,
)

TWO_DAYS = Target(working_days=2)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 11, 24), True),
        (date(2026, 11, 28), False),  # Saturday
        (date(2026, 4, 3), False),  # Good Friday
        (date(2026, 4, 6), False),  # Easter Monday
        (date(2026, 5, 14), False),  # Ascension Day
        (date(2026, 6, 19), False),  # Midsummer Eve
        (date(2026, 10, 31), False),  # All Saints
        (date(2027, 12, 6), False),  # Independence Day, a Monday
        (date(2026, 12, 24), False),
        (date(2026, 12, 27), False),
        (date(2026, 12, 28), True),
    ],
)
def test_working_days_of_finland(day, working):
    assert is_working_day(day) is working


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 11, 24), 2, date(2026, 11, 26)),
        (date(2026, 11, 27), 2, date(2026, 12, 1)),
        (date(2026, 11, 28), 1, date(2026, 11, 30)),
        (date(2026, 12, 23), 2, date(2026, 12, 29)),
        (date(2026, 12, 31), 1, date(2027, 1, 4)),
    ],
)
def test_working_days_are_counted_from_the_next_day(day, count, expected):
    assert add_working_days(day, count) == expected


@pytest.mark.parametrize(
    ("target", "since", "expected"),
    [
        (Target(hours=24), "2026-11-24T10:00+00:00", "2026-11-25T10:00+00:00"),
        (TWO_DAYS, "2026-11-24T10:00+00:00", "2026-11-26T14:00+00:00"),
        (Target(days=14), "2026-11-24T10:00+00:00", "2026-12-08T14:00+00:00"),
        # late in the evening in Helsinki it is still that day; half past midnight it is the next
        (TWO_DAYS, "2026-11-24T21:59+00:00", "2026-11-26T14:00+00:00"),
        (TWO_DAYS, "2026-11-24T22:30+00:00", "2026-11-27T14:00+00:00"),
        # over the end of summer time: 16.00 stays 16.00
        (Target(days=14), "2026-10-20T10:00+00:00", "2026-11-03T14:00+00:00"),
        (Target(days=14), "2026-03-20T10:00+00:00", "2026-04-03T13:00+00:00"),
    ],
)
def test_targets(target, since, expected):
    assert target.due(datetime.fromisoformat(since)) == datetime.fromisoformat(expected)


moments = st.datetimes(
    min_value=datetime(2024, 1, 1),  # noqa: DTZ001 - hypothesis wants naive ends
    max_value=datetime(2030, 12, 31),  # noqa: DTZ001 - hypothesis wants naive ends
    timezones=st.just(UTC),
)


@given(st.dates(min_value=date(2020, 1, 1), max_value=date(2035, 1, 1)), st.integers(min_value=1, max_value=30))
def test_a_target_of_working_days_ends_on_one(day, count):
    end = add_working_days(day, count)
    assert is_working_day(end)
    passed = [day + timedelta(days=number) for number in range(1, (end - day).days + 1)]
    assert sum(map(is_working_day, passed)) == count


@given(moments)
def test_a_promise_ends_at_four_in_helsinki(moment):
    day = date_in_helsinki(moment)
    assert close_of(day).astimezone(HELSINKI).hour == 16
    assert date_in_helsinki(close_of(day)) == day


@given(moments, st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=90)))
def test_a_pause_moves_the_promise_by_its_length(opened, pause):
    due = TWO_DAYS.due(opened)
    running = Deadline(due, due)
    later = opened + timedelta(hours=1)
    paused = running.turn(Clock.PAUSE, now=later, target=TWO_DAYS, look_again_at=later + timedelta(days=7))
    assert paused.paused_at == later
    assert paused.target_at == due
    resumed = paused.turn(Clock.RUN, now=later + pause, target=TWO_DAYS)
    assert resumed == Deadline(due + pause, due + pause)


@given(moments)
def test_a_second_pause_keeps_the_first_ones_beginning(opened):
    due = TWO_DAYS.due(opened)
    first = Deadline(due, due).turn(Clock.PAUSE, now=opened, target=TWO_DAYS)
    second = first.turn(Clock.PAUSE, now=opened + timedelta(days=3), target=TWO_DAYS)
    assert second.paused_at == opened


def test_running_on_changes_nothing():
    due = TWO_DAYS.due(datetime(2026, 11, 24, 10, tzinfo=UTC))
    running = Deadline(due, due)
    assert running.turn(Clock.RUN, now=due, target=TWO_DAYS) == running


def test_a_reopened_case_gets_a_new_promise():
    now = datetime(2026, 11, 24, 10, tzinfo=UTC)
    old = Deadline(now - timedelta(days=30), now - timedelta(days=30), now - timedelta(days=20))
    assert old.turn(Clock.RESTART, now=now, target=TWO_DAYS) == Deadline(TWO_DAYS.due(now), TWO_DAYS.due(now))
