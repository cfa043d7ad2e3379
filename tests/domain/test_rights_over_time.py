"""What a person may, day by day: moving in, moving out, the next tenant, an ex-partner; whatever the register holds."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from heka_portal.domain.access import FRESH, LIVING, Actor, Permission, Standing, Tie, without_left_homes
from heka_portal.domain.people.rules import adult_on, is_adult
from heka_portal.vocabulary import Language

DAY = date(2026, 11, 24)
WINDOW = 365
P = Permission
#: what a home gives, today's or one to come
OF_A_HOME = {P.BUILDING_SEE, P.NOTICES_READ, P.OWN_DETAILS, P.MATTER_WRITE}

days = st.dates(min_value=date(2020, 1, 1), max_value=date(2030, 12, 31))


@st.composite
def ties(draw: st.DrawFn) -> Tie:
    """A part in a lease or a line of the register of occupants, with whatever dates."""
    apartment, is_party = draw(st.integers(1, 4)), draw(st.booleans())
    start, end = draw(days), draw(st.none() | days)
    lease = (start, draw(st.none() | days)) if is_party else draw(st.none() | st.tuples(days, st.none() | days))
    return Tie(
        is_party=is_party,
        apartment_id=apartment,
        building_id=apartment % 2 + 1,
        region_id=1,
        street_address="Kontulankaari 10",
        staircase="C",
        number=str(apartment),
        from_on=start,
        to_on=end,
        lease_id=None if lease is None else apartment * 100 + start.year,
        lease_starts_on=lease[0] if lease else None,
        lease_ends_on=lease[1] if lease else None,
    )


def actor_on(day: date, *found: Tie, **values: object) -> Actor:
    given_values = {
        "account_id": 1,
        "session_id": 1,
        "name": "Aino",
        "email": "aino@example.fi",
        "language": Language.FINNISH,
        "on": day,
        "person_id": 1,
        "ties": without_left_homes(found, day),
        "former_days": WINDOW,
        **values,
    }
    return Actor(**given_values)  # type: ignore[arg-type]


def end_of(tie: Tie) -> date | None:
    return min(filter(None, (tie.to_on, tie.lease_ends_on)), default=None)


@given(st.lists(ties(), max_size=5), days)
def test_a_building_is_seen_by_who_lives_there_or_will(found: list[Tie], day: date):
    actor = actor_on(day, *found)
    standings = {tie.standing(day) for tie in actor.ties}
    has_home = bool(standings & (LIVING | {Standing.COMING}))
    assert (actor.permissions >= OF_A_HOME) == has_home
    assert actor.may(P.DEFECT_REPORT) == bool(standings & LIVING)
    assert bool(actor.own_homes) == has_home
    assert actor.building_ids == {tie.building_id for tie in actor.ties if tie.standing(day) in LIVING}


@given(st.lists(ties(), max_size=5), days)
def test_after_the_window_nothing_is_left_but_the_account(found: list[Tie], day: date):
    actor = actor_on(day, *found)
    ends = [end_of(tie) for tie in actor.ties]
    if all(end is not None and end + timedelta(days=WINDOW) <= day for end in ends):
        assert actor.permissions <= {P.OWN_ACCOUNT}


@given(ties(), st.integers(0, 2000))
def test_rights_of_one_home_only_ever_go_from_coming_to_living_to_former_to_none(tie: Tie, steps: int):
    order = [Standing.COMING, Standing.RUNNING, Standing.ENDING, Standing.ENDED]
    first = min(tie.from_on, tie.lease_starts_on or tie.from_on) - timedelta(days=3)
    before, after = tie.standing(first + timedelta(days=steps)), tie.standing(first + timedelta(days=steps + 1))
    assert order.index(before) <= order.index(after)


@given(days, st.integers(1, 400))
def test_the_next_tenant_and_the_one_before_never_share_a_day(change: date, length: int):
    before = _party(change - timedelta(days=length), change)
    after = _party(change, None)
    for shift in (-1, 0, 1):
        day = change + timedelta(days=shift)
        lives = [actor_on(day, tie).may(P.DEFECT_REPORT) for tie in (before, after)]
        assert lives.count(True) <= 1
    assert not actor_on(change, before).may(P.NOTICES_READ)
    assert actor_on(change, after).may(P.NOTICES_READ)


@given(days, st.integers(1, 400))
def test_an_ex_partner_s_own_part_ends_although_the_lease_goes_on(left_on: date, since: int):
    part = _party(left_on - timedelta(days=since), None, own_end=left_on)
    line = _occupant(left_on - timedelta(days=since))
    assert actor_on(left_on - timedelta(days=1), part, line).may(P.DEFECT_REPORT)
    gone = actor_on(left_on, part)
    assert not gone.permissions & OF_A_HOME
    assert gone.may(P.OWN_MATTERS)


@given(days, days)
def test_adulthood_comes_on_one_day(born: date, day: date):
    assert is_adult(born, day) == (day >= adult_on(born))


@given(st.integers(-20, 20))
def test_freshness_ends_by_itself(minutes: int):
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    actor = actor_on(DAY, strong_at=now - timedelta(minutes=minutes) if minutes >= 0 else None)
    assert actor.is_fresh(now) == (minutes >= 0 and timedelta(minutes=minutes) < FRESH)


def _party(start: date, end: date | None, *, own_end: date | None = None) -> Tie:
    return Tie(True, 1, 1, 1, "Kontulankaari 10", "C", "47", start, own_end, 7, start, end)


def _occupant(start: date) -> Tie:
    return Tie(False, 1, 1, 1, "Kontulankaari 10", "C", "47", start, None, 7, start, None)
