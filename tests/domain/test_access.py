"""Rights over time: they follow from the register's rows and the date in Helsinki, and from nothing else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heka_portal.domain.access import GRANTS, Actor, Permission, Role, Standing, Tie, roles_with, without_left_homes
from heka_portal.vocabulary import Language, StaffRole

TODAY = date(2026, 11, 24)


def make_tie(**changed: object) -> Tie:
    values: dict[str, object] = {
        "is_party": True,
        "apartment_id": 1,
        "building_id": 1,
        "region_id": 1,
        "street_address": "Kontulankaari 10",
        "staircase": "C",
        "number": "47",
        "from_on": date(2021, 3, 1),
        "to_on": None,
        "lease_id": 1,
        "lease_starts_on": date(2021, 3, 1),
        "lease_ends_on": None,
    }
    return Tie(**{**values, **changed})  # type: ignore[arg-type]


def make_actor(*ties: Tie, on: date = TODAY, **changed: object) -> Actor:
    values: dict[str, object] = {
        "account_id": 1,
        "session_id": 1,
        "name": "Aino Virtanen",
        "email": "aino@resident.example",
        "language": Language.FINNISH,
        "on": on,
        "person_id": 1,
        "ties": ties,
    }
    return Actor(**{**values, **changed})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("tie", "standing"),
    [
        (make_tie(), Standing.RUNNING),
        (make_tie(from_on=TODAY, lease_starts_on=TODAY), Standing.RUNNING),
        (make_tie(from_on=TODAY + timedelta(1), lease_starts_on=TODAY + timedelta(1)), Standing.COMING),
        (make_tie(lease_ends_on=TODAY + timedelta(1)), Standing.ENDING),
        (make_tie(lease_ends_on=TODAY), Standing.ENDED),
        (make_tie(to_on=TODAY), Standing.ENDED),
        (make_tie(to_on=TODAY + timedelta(1)), Standing.ENDING),
        (make_tie(is_party=False, lease_ends_on=TODAY), Standing.ENDED),
        (make_tie(is_party=False, lease_id=None, lease_starts_on=None), Standing.RUNNING),
    ],
)
def test_where_a_tie_stands(tie, standing):
    assert tie.standing(TODAY) is standing


@pytest.mark.parametrize(
    ("ties", "roles"),
    [
        ([make_tie()], {Role.MAIN_TENANT}),
        ([make_tie(is_party=False)], {Role.RESIDENT}),
        ([make_tie(), make_tie(is_party=False)], {Role.MAIN_TENANT, Role.RESIDENT}),
        ([make_tie(from_on=TODAY + timedelta(30), lease_starts_on=TODAY + timedelta(30))], {Role.COMING}),
        ([make_tie(lease_ends_on=TODAY - timedelta(30))], {Role.FORMER}),
        ([make_tie(lease_ends_on=TODAY - timedelta(364))], {Role.FORMER}),
        ([make_tie(lease_ends_on=TODAY - timedelta(365))], set()),
        ([], set()),
    ],
)
def test_what_a_person_is(ties, roles):
    assert make_actor(*ties).roles == roles


def test_who_moves_from_one_home_to_another_keeps_one_account_with_both():
    old = make_tie(lease_ends_on=TODAY - timedelta(10))
    new = make_tie(apartment_id=2, lease_id=2, number="48")
    actor = make_actor(old, new)
    assert [home.apartment_id for home in actor.homes] == [2]
    assert actor.lease_ids == {2}
    assert actor.may(Permission.DEFECT_REPORT)


def test_before_the_lease_begins_no_defect_is_reported():
    actor = make_actor(make_tie(from_on=TODAY + timedelta(1), lease_starts_on=TODAY + timedelta(1)))
    assert not actor.may(Permission.DEFECT_REPORT)
    assert actor.may(Permission.OWN_MATTERS)
    assert actor.homes == ()


def test_a_former_tenant_reads_and_writes_nothing_new():
    actor = make_actor(make_tie(lease_ends_on=TODAY))
    assert actor.may(Permission.OWN_MATTERS)
    assert not actor.may(Permission.MATTER_WRITE)
    assert not actor.may(Permission.DEFECT_REPORT)


def test_a_part_in_the_lease_wins_over_the_line_of_the_register():
    actor = make_actor(make_tie(is_party=False), make_tie())
    assert [home.is_party for home in actor.homes] == [True]


@pytest.mark.parametrize(
    ("line_from", "own_part_ended", "stays"),
    [(date(2021, 3, 1), True, False), (TODAY, True, True), (date(2021, 3, 1), False, True)],
)
def test_a_late_line_of_the_register_gives_no_part_in_the_next_lease(line_from, own_part_ended, stays):
    own = make_tie(lease_ends_on=TODAY if own_part_ended else None)
    line = make_tie(is_party=False, from_on=line_from, lease_id=2, lease_starts_on=TODAY)
    assert (line in without_left_homes((own, line), TODAY)) is stays


def test_a_staff_members_rights_come_from_the_staff_role_alone():
    clerk = make_actor(make_tie(), staff_id=1, staff_role=StaffRole.CLERK, person_id=None)
    assert clerk.roles == {Role.CLERK}
    assert not clerk.may(Permission.DEFECT_REPORT)


def test_residents_have_no_permission_of_staff():
    staff_only = {Permission.WORKBENCH, Permission.CASE_WORK, Permission.JOB_WORK, Permission.REGISTER_LOOK}
    for role in (Role.MAIN_TENANT, Role.RESIDENT, Role.COMING, Role.FORMER):
        assert not GRANTS[role] & staff_only


def test_only_named_roles_see_identity_codes_and_protected_people():
    assert roles_with(Permission.IDENTITY_CODE_SHOW) == (Role.SUPERVISOR,)
    assert roles_with(Permission.PROTECTED_SEE) == (Role.SUPERVISOR,)


def test_an_administrator_reads_no_cases_and_no_register():
    assert not GRANTS[Role.ADMINISTRATOR] & {Permission.CASE_WORK, Permission.JOB_WORK, Permission.REGISTER_LOOK}


days = st.dates(min_value=date(2015, 1, 1), max_value=date(2035, 1, 1))


@given(days, days, days)
def test_rights_begin_and_end_once(start, end, on):
    """On any day a lease is before, running or after; the end itself is after."""
    start, end = sorted((start, end))
    tie = make_tie(from_on=start, lease_starts_on=start, lease_ends_on=end)
    actor = make_actor(tie, on=on)
    lives = start <= on < end
    assert actor.may(Permission.DEFECT_REPORT) is lives
    assert bool(actor.homes) is lives
    assert (actor.lease_ids == {1}) is lives
