from datetime import date
from itertools import islice

import pytest

from devtools.demo.cast import CAN_IDENTIFY, HOMES, SIGN_INS, STRANGER
from devtools.demo.identity_codes import LAST_NUMBER, CodeBook, make_code
from devtools.demo.places import PREFIX
from devtools.demo.register import DemoRegister
from heka_portal.domain.people.rules import birth_date_of, clean_identity_code
from heka_portal.domain.register.operations import apply_plan, open_import, plan_import, stage
from heka_portal.extensions import db
from tests.factories.register_files import NOW, TODAY


def rows(register, table):
    return list(register.rows(table, print))


@pytest.fixture(scope="module")
def register():
    return DemoRegister(200, today=TODAY, months=3)


def test_the_same_number_gives_the_same_data(register):
    again = DemoRegister(200, today=TODAY, months=3)
    for table in register.tables:
        assert rows(register, table) == rows(again, table)


def test_a_larger_landlord_has_the_same_first_homes(register):
    larger = DemoRegister(2000, today=TODAY, months=3)
    for table in ("apartments", "people", "leases", "occupancies"):
        few = rows(register, table)
        assert list(islice(larger.rows(table, print), len(few))) == few


def test_all_ids_are_the_demos_own(register):
    for table in register.tables:
        for row in rows(register, table):
            ids = [
                value
                for name, value in row._asdict().items()
                if name in {"register_id", "lease", "person", "apartment"}
            ]
            assert all(value.startswith(PREFIX) and len(value) <= 40 for value in ids)


def test_identity_codes_are_artificial_unique_and_of_signs_nobody_bears(register):
    people = rows(register, "people")
    codes = [row.identity_code for row in people if row.identity_code]
    assert len(set(codes)) == len(codes) > len(people) / 2
    for row in people:
        if row.identity_code:
            assert clean_identity_code(row.identity_code, allow_test=True, on=TODAY) == row.identity_code
            assert birth_date_of(row.identity_code) == row.birth_on
            assert row.identity_code[6] in "XE"
            assert 900 <= int(row.identity_code[7:10]) <= LAST_NUMBER


def test_a_birth_date_has_fifty_codes():
    book = CodeBook()
    codes = [book.code(date(1990, 1, 1)) for _ in range(51)]
    assert len(set(codes[:50])) == 50
    assert codes[50] is None


def test_the_stranger_is_nobody_of_the_register():
    register = DemoRegister(2000, today=TODAY)
    code = make_code(STRANGER.birth_on, LAST_NUMBER)
    assert code not in {known for _, known in register.coded_residents()}


def test_the_cast_lives_in_the_first_homes(register):
    people = {row.register_id for row in rows(register, "people")}
    cast = {sign_in.resident for sign_in in SIGN_INS} | {resident for resident, _ in CAN_IDENTIFY} - {STRANGER}
    assert {resident.register_id for resident in cast} <= people
    assert max(HOMES) < register.apartments


@pytest.mark.parametrize("today", [date(2026, 11, 24), date(2027, 2, 28), date(2028, 2, 29), date(2027, 1, 1)])
def test_it_is_a_register_without_errors_on_any_day(app, today):
    register = DemoRegister(150, today=today, months=2)
    with app.app_context():
        for is_new in (True, False):
            with open_import() as connection:
                stage(connection, register)
                plan = plan_import(connection, register, whole=True, on=today, allow_mass_end=False)
                assert plan.error_count == 0
                assert plan.is_empty != is_new
                apply_plan(connection, plan, started_at=NOW, now=NOW)
                db.session.commit()
