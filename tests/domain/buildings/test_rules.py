"""Which version is in force, who needs a plan, and what a draft lacks."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heka_portal.domain.buildings.rules import (
    Incomplete,
    Version,
    Written,
    check_publishable,
    fingerprint,
    missing_parts,
    needs_plan,
    plan_on,
    standing_of,
)
from heka_portal.vocabulary import Language, PlanPart, PlanStanding, PlanState

TODAY = date(2026, 11, 24)
WHOLE = dict.fromkeys(PlanPart, "Teksti")

days = st.dates(TODAY - timedelta(days=400), TODAY + timedelta(days=400))


@st.composite
def shelves(draw: st.DrawFn) -> list[Version]:
    """The versions of a building in any order; only a draft may lack its day."""
    numbers = draw(st.lists(st.integers(1, 40), unique=True, max_size=8))
    return [
        Version(number, state, None if state is PlanState.DRAFT else draw(days))
        for number in numbers
        for state in [draw(st.sampled_from(PlanState))]
    ]


@given(shelves(), days)
def test_plan_in_force_is_the_latest_published_and_valid_version(shelf: list[Version], on: date) -> None:
    valid = {
        each.version
        for each in shelf
        if each.state is PlanState.PUBLISHED and each.valid_from is not None and each.valid_from <= on
    }
    found = plan_on(shelf, on)
    assert (found.version if found else None) == max(valid, default=None)


@given(shelves(), days, days)
def test_a_later_day_never_goes_back_to_an_earlier_version(shelf: list[Version], one: date, other: date) -> None:
    earlier, later = sorted((one, other))
    before, after = plan_on(shelf, earlier), plan_on(shelf, later)
    assert before is None or (after is not None and after.version >= before.version)


@given(shelves(), days)
def test_order_of_the_versions_plays_no_part(shelf: list[Version], on: date) -> None:
    assert plan_on(shelf, on) == plan_on(reversed(shelf), on)


@pytest.mark.parametrize(("count", "needs"), [(0, False), (1, False), (2, False), (3, True), (4, True), (180, True)])
def test_three_dwellings_need_a_plan(count: int, needs: bool) -> None:
    assert needs_plan(count) is needs


@pytest.mark.parametrize(
    ("has_plan", "count", "standing"),
    [
        (True, 50, PlanStanding.IN_FORCE),
        (True, 2, PlanStanding.IN_FORCE),
        (False, 3, PlanStanding.MISSING),
        (False, 2, PlanStanding.NOT_REQUIRED),
    ],
)
def test_what_is_said_of_a_building(has_plan: bool, count: int, standing: PlanStanding) -> None:
    plan = Version(1, PlanState.PUBLISHED, TODAY) if has_plan else None
    assert standing_of(plan, count) is standing


@pytest.mark.parametrize(
    ("written", "valid_from", "need"),
    [
        ([], TODAY, "finnish"),
        ([Written(Language.SWEDISH, WHOLE)], TODAY, "finnish"),
        ([Written(Language.FINNISH, {PlanPart.RISKS: "Vain yksi"})], TODAY, "parts"),
        ([Written(Language.FINNISH, WHOLE), Written(Language.ENGLISH, {PlanPart.RISKS: "  "})], TODAY, "parts"),
        ([Written(Language.FINNISH, {}, has_file=True)], TODAY, "file"),
        ([Written(Language.FINNISH, WHOLE)], TODAY - timedelta(days=1), "day"),
    ],
)
def test_draft_that_cannot_be_published(written: list[Written], valid_from: date, need: str) -> None:
    with pytest.raises(Incomplete) as caught:
        check_publishable(written, valid_from=valid_from, today=TODAY)
    assert caught.value.need == need


@pytest.mark.parametrize(
    "written",
    [
        [Written(Language.FINNISH, WHOLE)],
        [Written(Language.FINNISH, {}, has_file=True, is_file_ready=True)],
        [Written(Language.FINNISH, WHOLE), Written(Language.SWEDISH, {}, has_file=True, is_file_ready=True)],
    ],
)
def test_draft_that_can_be_published(written: list[Written]) -> None:
    check_publishable(written, valid_from=TODAY, today=TODAY)


def test_missing_parts_are_named_in_the_order_of_the_law() -> None:
    parts = {PlanPart.RISKS: "x", PlanPart.INSTRUCTIONS: " "}
    assert missing_parts(parts) == [PlanPart.ARRANGEMENTS, PlanPart.INSTRUCTIONS, PlanPart.PREPAREDNESS]


@given(st.lists(st.text(alphabet="ab"), max_size=4), st.lists(st.text(alphabet="ab"), max_size=4))
def test_fingerprints_tell_texts_apart(one: list[str], other: list[str]) -> None:
    if len(one) == len(other):
        assert (fingerprint(one) == fingerprint(other)) == (one == other)
