from datetime import date, timedelta

import pytest

from heka_portal.domain.people.queries import (
    find_person,
    find_person_by_mark,
    find_registrant,
    find_registrant_by_id,
    list_people_named,
)
from heka_portal.domain.people.rules import registration_obstacle
from heka_portal.extensions import db
from heka_portal.keyring import keyring
from heka_portal.models.leases import LeaseParty
from heka_portal.vocabulary import LeaseRole, RegistrationObstacle
from tests.factories.homes import make_apartment, make_occupancy
from tests.factories.leases import make_lease
from tests.factories.people import make_person

TODAY = date(2026, 11, 24)
DAY = timedelta(days=1)
CODE = "010190-999W"


@pytest.fixture
def in_app(app):
    with app.app_context():
        yield


@pytest.fixture
def person(in_app):
    return make_person(identity_code=CODE, identity_mark=keyring().fingerprint(CODE), birth_on=date(1990, 1, 1))


def obstacle(person):
    return registration_obstacle(find_registrant(person.identity_mark, TODAY), TODAY)


def known(person):
    registrant = find_registrant_by_id(person.id, TODAY)
    assert registrant is not None
    return registrant


def sign(person, *, role=LeaseRole.SIGNATORY, part_to_on=None, **lease):
    signed = make_lease(make_apartment(), **lease)
    db.session.add(LeaseParty(lease_id=signed.id, person_id=person.id, role=role, to_on=part_to_on))
    db.session.flush()


def test_someone_else_is_not_in_the_register(person):
    mark = keyring().fingerprint("010190Y999W")
    assert registration_obstacle(find_registrant(mark, TODAY), TODAY) is RegistrationObstacle.NOT_IN_REGISTER


def test_someone_without_a_home_cannot_register(person):
    assert obstacle(person) is RegistrationObstacle.NO_HOME


@pytest.mark.parametrize(
    ("from_on", "to_on", "expected"),
    [
        (TODAY - DAY, None, None),
        (TODAY + 30 * DAY, None, None),
        (TODAY - DAY, TODAY + DAY, None),
        (TODAY - 9 * DAY, TODAY, RegistrationObstacle.LEASE_ENDED),
    ],
)
def test_an_occupant_can_register_from_the_row_until_the_end(person, from_on, to_on, expected):
    make_occupancy(person, make_apartment(), from_on=from_on, to_on=to_on)
    assert obstacle(person) is expected


@pytest.mark.parametrize("role", LeaseRole)
@pytest.mark.parametrize(
    ("starts_on", "ends_on", "part_to_on", "expected"),
    [
        (TODAY - DAY, None, None, None),
        (TODAY + 30 * DAY, None, None, None),
        (TODAY - DAY, TODAY + DAY, None, None),
        (TODAY - 9 * DAY, TODAY, None, RegistrationObstacle.LEASE_ENDED),
        (TODAY - 9 * DAY, None, TODAY, RegistrationObstacle.LEASE_ENDED),
        (TODAY - 9 * DAY, TODAY + DAY, TODAY, RegistrationObstacle.LEASE_ENDED),
        (TODAY - 9 * DAY, TODAY, TODAY + DAY, RegistrationObstacle.LEASE_ENDED),
        (TODAY - 9 * DAY, TODAY + 9 * DAY, TODAY + DAY, None),
    ],
)
def test_a_party_can_register_until_the_lease_or_the_part_ends(person, role, starts_on, ends_on, part_to_on, expected):
    sign(person, role=role, starts_on=starts_on, ends_on=ends_on, part_to_on=part_to_on)
    assert obstacle(person) is expected


def test_the_end_of_the_last_home_is_told(person):
    make_occupancy(person, make_apartment(), from_on=TODAY - 99 * DAY, to_on=TODAY - 9 * DAY)
    sign(person, starts_on=TODAY - 99 * DAY, ends_on=TODAY - 3 * DAY)
    assert known(person).home_ended_on == TODAY - 3 * DAY


def test_a_new_home_after_an_ended_one_counts(person):
    sign(person, starts_on=TODAY - 99 * DAY, ends_on=TODAY - 3 * DAY)
    sign(person, starts_on=TODAY - 3 * DAY, ends_on=None)
    assert obstacle(person) is None
    assert known(person).home_ended_on is None


def test_the_home_of_another_does_not_count(person):
    sign(make_person(), starts_on=TODAY - DAY, ends_on=None)
    assert obstacle(person) is RegistrationObstacle.NO_HOME


def test_someone_without_identity_code_is_found_by_staff_only(in_app):
    nameless = make_person()
    assert not known(nameless).has_identity_code


def test_people_are_looked_up_by_id_code_and_names(in_app):
    aino = make_person(last_name="Äijälä", first_names="Aino Maria", register_id="P-1")
    make_person(last_name="Äijälä", first_names="Eino", register_id="P-2")
    found = find_person("P-1")
    assert found is not None
    assert found.id == aino.id
    assert find_person("P-3") is None
    assert find_person_by_mark("0" * 64) is None
    assert [each.register_id for each in list_people_named("äijälä", limit=9)] == ["P-1", "P-2"]
    assert [each.register_id for each in list_people_named("maria ÄIJÄLÄ", limit=9)] == ["P-1"]
    assert [each.register_id for each in list_people_named("Äijälä", limit=1)] == ["P-1"]
    assert list_people_named("Maria", limit=9) == []
