"""From a person to their notices and from a notice to its people: both ways say what the rule says of each home.

A small town is drawn at random, with people who move, part and come of age, and lines of the register that lag behind.
"""

from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from heka_portal import clock
from heka_portal.domain.access import LIVING, Standing
from heka_portal.domain.errors import NotFound
from heka_portal.domain.notices import mailing
from heka_portal.domain.notices.mailing import audience_of, measure, people_in_places
from heka_portal.domain.notices.queries import get_notice, list_notices
from heka_portal.domain.notices.rules import EVERYWHERE, Home, Place, is_shown, reaches
from heka_portal.domain.people.rules import is_adult, latest_adult_birth
from heka_portal.extensions import db
from heka_portal.models.accounts import Account
from heka_portal.models.homes import Apartment, Building, Occupancy
from heka_portal.models.leases import Lease, LeaseParty
from heka_portal.models.people import Person
from heka_portal.vocabulary import LeaseRole, LeaseTerm, StaffRole
from tests.factories.accounts import make_account, make_staff, sign_in
from tests.factories.homes import make_apartment, make_building, make_occupancy, make_region
from tests.factories.leases import let, make_lease, make_party
from tests.factories.notices import told
from tests.factories.people import make_person

DAYS = (-900, -400, -40, -1, 0, 1, 30, 400)


def draw_homes(random, people):
    """Homes with one lease after the other, their parties, and occupants' lines of any days."""
    today = clock.today()
    buildings = [make_building(region) for region in (make_region(), make_region()) for _ in range(2)]
    for building in buildings:
        for stair in ("A", "B", None):
            home = make_apartment(building, staircase=stair)
            bounds = sorted(today + timedelta(days=each) for each in random.sample(DAYS, 3))
            for begins, ends in zip(
                bounds, [*bounds[1:], random.choice((None, bounds[-1] + timedelta(9)))], strict=True
            ):
                lease = make_lease(home, starts_on=begins, ends_on=ends, term=random.choice(list(LeaseTerm)))
                for person, role in zip(random.sample(people, 2), LeaseRole, strict=True):
                    left = begins + timedelta(days=random.choice((1, 50))) if random.random() < 0.4 else None
                    make_party(lease, person, role=role, to_on=left)
                    add_line(person, home, begins, random.choice((ends, left, None)))
            for person in random.sample(people, 3):
                add_line(person, home, today + timedelta(days=random.choice(DAYS)), None)
    return buildings


def add_line(person, home, from_on, to_on):
    """A line of the register of occupants, unless there is one from that day."""
    same = (Occupancy.person_id == person.id, Occupancy.apartment_id == home.id, Occupancy.from_on == from_on)
    if db.session.scalar(select(Occupancy.id).where(*same)) is None:
        make_occupancy(person, home, from_on=from_on, to_on=to_on)


def homes_by_rule(actor, now):
    """The homes that count, straight from the actor's ties."""
    terms = {lease.id: lease.term for lease in db.session.scalars(select(Lease))}
    for tie in actor.ties:
        if tie.standing(actor.on) is Standing.ENDED:
            continue
        lease_id = tie.lease_id if tie.is_party or tie.standing(actor.on) in LIVING else None
        yield Home(
            tie.building_id,
            tie.region_id,
            tie.staircase,
            tie.is_party,
            lease_id,
            clock.start_of_day(tie.from_on),
            terms.get(lease_id) if lease_id else None,
        )


def draw_places(random, buildings):
    """Anything from everywhere to two staircases."""
    choices = [EVERYWHERE]
    for building in buildings:
        choices += [Place(region_id=building.region_id), Place(building_id=building.id)]
        choices += [Place(building_id=building.id, staircase=stair) for stair in "AB"]
    return random.sample(choices, random.choice((1, 1, 2, 3)))


class Town:
    """Homes, people with an account each, and notices of all kinds to any of them."""

    def __init__(self, seed):
        self.random, self.now = Random(seed), clock.now()
        births = [clock.today() - timedelta(days=365 * self.random.choice((17, 30, 60))) for _ in range(60)]
        people = [make_person(birth_on=each) for each in births]
        self.buildings = draw_homes(self.random, people)
        self.adults = {make_account(each).id: is_adult(each.birth_on, clock.today()) for each in people}
        writer = sign_in(make_account(make_staff(StaffRole.COMMUNICATIONS)))
        self.notices = [self.tell(writer) for _ in range(40)]

    def tell(self, writer):
        random = self.random
        begins = self.now - timedelta(days=random.choice((0, 5, 60, 300, 800)), minutes=1)
        return told(
            writer,
            *draw_places(random, self.buildings),
            at=begins,
            visible_to=begins + timedelta(days=random.choice((3, 30, 360))),
            lease_term=random.choice((None, None, *LeaseTerm)),
            main_tenants_only=random.random() < 0.3,
        )

    def actors(self):
        return [sign_in(db.session.get_one(Account, account_id)) for account_id in self.adults]

    def held(self, actor, notice):
        """The homes of an actor that the rule says a notice is for."""
        audience = audience_of(notice)
        narrowed: dict[str, Any] = {"lease_term": audience.lease_term, "main_tenants_only": audience.main_tenants_only}
        return [home for home in homes_by_rule(actor, self.now) if reaches(audience.places, home, **narrowed)]

    def shown(self, actor, *, is_over):
        """The notices that the rule lets an actor read."""
        return {
            notice.id
            for notice in self.notices
            if (notice.visible_to <= self.now) is is_over
            and any(
                is_shown(notice.visible_from, notice.visible_to, since=home.since, now=self.now)
                for home in self.held(actor, notice)
            )
        }


@pytest.mark.parametrize("seed", range(4))
def test_lists_and_pages_hold_what_the_rule_lets_one_read(app, seed):
    with app.app_context():
        town, seen = Town(seed), 0
        for actor in town.actors():
            expected = {is_over: town.shown(actor, is_over=is_over) for is_over in (False, True)}
            for is_over, ids in expected.items():
                lines = list_notices(actor, language="fi", now=town.now, is_over=is_over, limit=200).lines
                assert sorted(line.id for line in lines) == sorted(ids)
            may = {notice.id for notice in town.notices if sees(actor, notice)}
            assert may == expected[False] | expected[True]
            seen += len(may)
        assert seen > 20


@pytest.mark.parametrize("seed", range(4, 8))
def test_mail_goes_to_those_whom_the_rule_names(app, seed):
    with app.app_context():
        town, found = Town(seed), 0
        actors = town.actors()
        for notice in town.notices:
            named = [each.account_id for each in actors if town.adults[each.account_id] and town.held(each, notice)]
            people = [row.id for row in people_in_places(audience_of(notice), on=clock.today())]
            assert sorted(people) == sorted(named)
            assert measure(audience_of(notice), now=town.now).people == len(named)
            found += len(named)
        assert found > 20


@pytest.fixture
def writer(app, world):
    with app.app_context():
        yield world.actor("supervisor")


def sees(actor, notice):
    try:
        return get_notice(actor, notice.id, now=clock.now()).notice.id == notice.id
    except NotFound:
        return False


def gets_mail(account, notice):
    return account.id in {row.id for row in people_in_places(audience_of(notice), on=clock.today())}


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        ("main_tenant", True),
        ("co_tenant", True),
        ("resident", True),
        ("neighbour", True),
        ("next_tenant", True),
        ("coming_tenant", True),
        ("former_tenant", False),
        ("clerk", False),
        ("building_manager", False),
    ],
)
def test_each_role(writer, world, role, seen):
    notice = told(writer, Place(building_id=world.building_id))
    assert sees(world.actor(role), notice) is seen
    assert gets_mail(world.account(role), notice) is seen


def test_next_tenant_sees_what_stands_and_nothing_that_was_over_before(writer, world):
    here, now = Place(building_id=world.building_id), clock.now()
    over = told(writer, here, at=now - timedelta(days=5), visible_to=now - timedelta(days=1))
    assert sees(world.actor("main_tenant"), over)
    assert not sees(world.actor("next_tenant"), over)
    assert not sees(world.actor("coming_tenant"), over)


def test_who_came_yesterday_sees_what_was_over_today_and_not_what_was_over_last_week(writer, world):
    now, person = clock.now(), make_person()
    let(make_apartment(db.session.get_one(Building, world.building_id)), person, starts_on=days(-1))
    actor, here = sign_in(make_account(person)), Place(building_id=world.building_id)
    assert sees(actor, told(writer, here, at=now - timedelta(days=9), visible_to=now - timedelta(minutes=1)))
    assert not sees(actor, told(writer, here, at=now - timedelta(days=9), visible_to=now - timedelta(days=7)))


def test_who_moves_out_today_sees_nothing_any_more(writer, world):
    notice = told(writer, Place(building_id=world.building_id))
    [lease] = db.session.scalars(select(Lease).where(Lease.id == world.lease_id))
    assert sees(world.actor("main_tenant"), notice)
    lease.ends_on = clock.today()
    lived = (Occupancy.apartment_id == world.apartment_id, Occupancy.from_on == lease.starts_on)
    for line in db.session.scalars(select(Occupancy).where(*lived)):
        line.to_on = clock.today()
    db.session.flush()
    for role in ("main_tenant", "co_tenant", "resident"):
        assert not sees(world.actor(role), notice)
        assert not gets_mail(world.account(role), notice)


def test_ex_partner_who_left_the_lease_sees_nothing_though_the_register_lags(writer, world):
    notice = told(writer, Place(building_id=world.building_id))
    person_id = world.account("co_tenant").person_id
    [part] = db.session.scalars(
        select(LeaseParty).where(LeaseParty.person_id == person_id, LeaseParty.lease_id == world.lease_id)
    )
    part.to_on = clock.today()
    for line in db.session.scalars(select(Occupancy).where(Occupancy.person_id == person_id)):
        line.to_on = clock.today()
    db.session.flush()
    assert not sees(world.actor("co_tenant"), notice)
    assert not gets_mail(world.account("co_tenant"), notice)
    assert sees(world.actor("main_tenant"), notice)


def test_mail_begins_on_the_eighteenth_birthday(writer, world):
    notice = told(writer, Place(building_id=world.building_id))
    person = db.session.get_one(Person, world.account("resident").person_id)
    birth_on = latest_adult_birth(clock.today())
    person.birth_on = birth_on + timedelta(days=1)
    db.session.flush()
    assert not gets_mail(world.account("resident"), notice)
    person.birth_on = birth_on
    db.session.flush()
    assert gets_mail(world.account("resident"), notice)


def test_disabled_account_gets_no_mail(writer, world):
    notice = told(writer)
    world.account("neighbour").is_disabled = True
    db.session.flush()
    assert not gets_mail(world.account("neighbour"), notice)


def test_size_of_an_audience_counts_buildings_homes_and_people(writer, world):
    size = measure(audience_of(told(writer, Place(building_id=world.building_id))), now=clock.now())
    assert (size.buildings, size.homes, size.people) == (1, 3, 6)
    everybody = measure(audience_of(told(writer)), now=clock.now())
    assert everybody.people == 6
    assert everybody.homes == 50


def test_people_of_a_large_audience_are_judged_by_its_first_homes(writer, world, monkeypatch):
    monkeypatch.setattr(mailing, "HOMES_COUNTED", 1)
    size = measure(audience_of(told(writer, Place(building_id=world.building_id))), now=clock.now())
    found = len(people_in_homes(db.session.scalars(select(Apartment.id).order_by(Apartment.id)).first()))
    assert found > 0
    assert (size.homes, size.people, size.is_estimate) == (3, 3 * found, True)


def people_in_homes(home_id):
    asked = select(LeaseParty.person_id).join(Lease).where(Lease.apartment_id == home_id)
    lives = select(Occupancy.person_id).where(Occupancy.apartment_id == home_id)
    people = {*db.session.scalars(asked), *db.session.scalars(lives)}
    actors = [sign_in(each) for each in db.session.scalars(select(Account).where(Account.person_id.in_(people)))]
    return {
        actor.account_id
        for actor in actors
        if any(tie.apartment_id == home_id and tie.standing(actor.on) is not Standing.ENDED for tie in actor.ties)
    }


def days(number):
    return clock.today() + timedelta(days=number)
