"""What a notice needs before it is told, and whom its places hold."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heka_portal.domain.errors import DetailNeeded
from heka_portal.domain.notices.rules import (
    EVERYWHERE,
    LONGEST,
    USUAL,
    Content,
    Home,
    Place,
    Words,
    caution,
    check_content,
    estimate_people,
    is_late_call,
    is_shown,
    reaches,
)
from heka_portal.vocabulary import Language, LeaseTerm, NoticeKind

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
WORDS = {Language.FINNISH: Words("Otsikko", "Teksti")}
moments = st.integers(-1000, 1000).map(lambda hours: NOW + timedelta(hours=hours))


def home(**values):
    given_: dict[str, Any] = {
        "building_id": 1,
        "region_id": 1,
        "staircase": "A",
        "is_main": True,
        "lease_id": 1,
        "since": NOW,
    }
    return Home(**given_ | values)


def content(**values):
    return Content(**{"kind": NoticeKind.GENERAL, "words": WORDS, "places": (EVERYWHERE,), **values})


@pytest.mark.parametrize(
    ("place", "held"),
    [
        (EVERYWHERE, True),
        (Place(region_id=1), True),
        (Place(region_id=2), False),
        (Place(building_id=1), True),
        (Place(building_id=2), False),
        (Place(building_id=1, staircase="A"), True),
        (Place(building_id=1, staircase="B"), False),
    ],
)
def test_place_holds_its_homes(place, held):
    assert reaches([place], home()) is held
    assert reaches([Place(building_id=9), place], home()) is held


def test_home_without_a_staircase_is_in_none():
    assert not reaches([Place(building_id=1, staircase="A")], home(staircase=None))
    assert reaches([Place(building_id=1)], home(staircase=None))


def test_lease_and_part_narrow_it():
    fixed = home(term=LeaseTerm.FIXED)
    assert reaches([EVERYWHERE], fixed, lease_term=LeaseTerm.FIXED)
    assert not reaches([EVERYWHERE], fixed, lease_term=LeaseTerm.OPEN)
    assert not reaches([EVERYWHERE], home(), lease_term=LeaseTerm.OPEN)
    assert not reaches([EVERYWHERE], home(is_main=False), main_tenants_only=True)
    assert reaches([EVERYWHERE], home(is_main=True), main_tenants_only=True)


@given(moments, moments, moments, moments)
def test_nobody_reads_what_was_over_before_they_came(begins, ends, since, now):
    if is_shown(begins, ends, since=since, now=now):
        assert begins <= now
        assert ends > min(since, now)
    if begins <= now < ends:
        assert is_shown(begins, ends, since=since, now=now)


def test_draft_is_shown_to_nobody():
    assert not is_shown(None, None, since=NOW, now=NOW)


@pytest.mark.parametrize(
    ("days", "late"),
    [(0, True), (13, True), (14, False), (20, False)],
)
def test_meeting_is_called_two_weeks_before(days, late):
    meets_at = NOW + timedelta(days=days)
    assert is_late_call(meets_at, told_at=NOW) is late
    found = caution(NoticeKind.MEETING, Language, happens_from=meets_at, told_at=NOW)
    assert found.is_meeting_late is late
    assert bool(found) is late
    assert not caution(NoticeKind.WORKS, Language, happens_from=meets_at, told_at=NOW)


def test_days_of_the_call_are_those_of_helsinki():
    # 23.30 on 24 November in Helsinki, and 0.30 on 8 December: fourteen days by the calendar there, thirteen by hours
    told_at, meets_at = datetime(2026, 11, 24, 21, 30, tzinfo=UTC), datetime(2026, 12, 7, 22, 30, tzinfo=UTC)
    assert not is_late_call(meets_at, told_at=told_at)


def test_missing_languages_are_named():
    assert caution(NoticeKind.WORKS, [Language.FINNISH], happens_from=None, told_at=NOW).missing == (
        Language.SWEDISH,
        Language.ENGLISH,
    )


def test_without_times_it_is_shown_at_once_for_a_month():
    assert check_content(content(), now=NOW) == (NOW, NOW + USUAL)


def test_time_that_has_passed_begins_now():
    assert check_content(content(visible_from=NOW - timedelta(days=1)), now=NOW)[0] == NOW


@pytest.mark.parametrize(
    ("values", "need"),
    [
        ({"words": {}}, "words"),
        ({"places": ()}, "places"),
        ({"kind": NoticeKind.MEETING}, "happens_from"),
        ({"visible_to": NOW}, "visible_to"),
        ({"visible_from": NOW + timedelta(days=2), "visible_to": NOW + timedelta(days=1)}, "visible_to"),
        ({"visible_to": NOW + LONGEST + timedelta(seconds=1)}, "too_long"),
    ],
)
def test_what_is_missing_is_named(values, need):
    with pytest.raises(DetailNeeded) as error:
        check_content(content(**values), now=NOW)
    assert error.value.need == need


@pytest.mark.parametrize(
    ("found", "homes", "people"),
    [(0, 25_000, 0), (7, 2_000, 14), (1_234, 1_001, 1_200), (1_950, 53_000, 100_000), (1_870, 53_000, 99_000)],
)
def test_people_of_a_large_audience_are_said_to_two_digits(found, homes, people):
    assert estimate_people(found, counted=1_000, homes=homes) == people
