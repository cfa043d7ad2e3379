"""What a report must hold, and in which order its pages come."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from heka_portal.domain.defects.rules import (
    COMMON_FAULTS,
    COMMON_PLACES,
    HOME_FAULTS,
    HOME_PLACES,
    Answers,
    Step,
    faults_of,
    is_noticed_on_possible,
    places_of,
)
from heka_portal.vocabulary import Audience, DefectArea, Fault, MasterKey, Place

HOME = {"area": "home", "apartment_id": 1, "building_id": 1, "place": "kitchen"}
WHAT = {"fault": "tap", "title": "It drips", "description": "All night"}
ACCESS = {"master_key": "allowed", "has_access": True}
COMMON = {"area": "common", "building_id": 1, "place": "laundry"}


def test_every_place_and_fault_belongs_somewhere() -> None:
    assert set(HOME_PLACES) | set(COMMON_PLACES) == set(Place)
    assert not set(HOME_PLACES) & set(COMMON_PLACES)
    assert set(HOME_FAULTS) | set(COMMON_FAULTS) == set(Fault)
    for area in DefectArea:
        assert faults_of(area)[-1] is Fault.OTHER
        assert places_of(area)


@pytest.mark.parametrize(
    ("noticed_on", "possible"),
    [
        (None, True),
        (date(2026, 11, 24), True),
        (date(2026, 11, 25), False),
        (date(2000, 1, 1), True),
        (date(1999, 12, 31), False),
    ],
)
def test_day_a_defect_was_noticed(noticed_on: date | None, possible: bool) -> None:
    assert is_noticed_on_possible(noticed_on, on=date(2026, 11, 24)) is possible


@pytest.mark.parametrize(
    ("kept", "missing"),
    [
        ({}, Step.PLACE),
        ({**HOME, "place": None}, Step.PLACE),
        ({**HOME, "apartment_id": None}, Step.PLACE),
        ({**HOME, "place": "laundry"}, Step.PLACE),
        (HOME, Step.WHAT),
        ({**HOME, **WHAT, "title": ""}, Step.WHAT),
        ({**HOME, **WHAT, "fault": "lift"}, Step.WHAT),
        ({**HOME, **WHAT}, Step.ACCESS),
        ({**HOME, **WHAT, "master_key": "allowed"}, Step.ACCESS),
        ({**HOME, **WHAT, **ACCESS}, None),
        (COMMON, Step.WHAT),
        ({**COMMON, **WHAT, "fault": "appliance"}, Step.WHAT),
        ({**COMMON, **WHAT}, None),
    ],
)
def test_first_page_that_is_not_complete(kept: dict[str, object], missing: Step | None) -> None:
    assert Answers.read(kept).missing == missing


def test_page_opens_when_those_before_it_are_answered() -> None:
    answers = Answers.read({**HOME, **WHAT})
    assert [answers.may_open(step) for step in Step] == [True, True, True, False]
    assert not Answers.read({**COMMON, **WHAT}).may_open(Step.ACCESS)


def test_nobody_else_sees_it_unless_chosen() -> None:
    assert Answers.read({**HOME, **WHAT, **ACCESS}).audience is Audience.OWN


@pytest.mark.parametrize(
    ("name", "value"), list(product(["place", "fault", "master_key", "noticed_on"], ["x", True, [1]]))
)
def test_answer_that_an_older_version_kept_otherwise_is_asked_again(name: str, value: object) -> None:
    answers = Answers.read({**HOME, **WHAT, **ACCESS, name: value, "unknown": 1})
    assert getattr(answers, name) is None
    assert answers.title == "It drips"


def test_what_is_kept_is_read_back() -> None:
    answers = Answers.read({**HOME, **WHAT, **ACCESS, "noticed_on": "2026-11-01"})
    assert (answers.place, answers.fault, answers.master_key) == (Place.KITCHEN, Fault.TAP, MasterKey.ALLOWED)
    assert answers.noticed_on == date(2026, 11, 1)
    assert Answers.read(answers.model_dump(mode="json")) == answers
