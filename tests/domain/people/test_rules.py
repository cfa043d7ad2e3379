from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heka_portal.domain.people.rules import (
    InvalidIban,
    InvalidIdentityCode,
    Registrant,
    adult_on,
    age_on,
    birth_date_of,
    clean_iban,
    clean_identity_code,
    hide_identity_codes,
    is_adult,
    latest_adult_birth,
    mask_identity_code,
    registration_obstacle,
)
from heka_portal.vocabulary import RegistrationObstacle

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("birth_on", "on", "age"),
    [
        (date(2008, 11, 24), date(2026, 11, 23), 17),
        (date(2008, 11, 24), date(2026, 11, 24), 18),
        (date(2008, 11, 25), date(2026, 11, 24), 17),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2011, 11, 24), date(2026, 11, 24), 15),
        (date(1926, 11, 24), date(2026, 11, 24), 100),
    ],
)
def test_age(birth_on, on, age):
    assert age_on(birth_on, on) == age
    assert is_adult(birth_on, on) == (age >= 18)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_one_is_adult_from_the_birthday_and_not_the_day_before(birth_on):
    birthday = adult_on(birth_on)
    assert is_adult(birth_on, birthday)
    assert not is_adult(birth_on, birthday - timedelta(days=1))


TEST_CODES = [
    "010190-999W",
    *(f"010190{sign}999W" for sign in "+YXWVU"),
    "290200A901C",
    "290208A903H",
    "241108A904K",
    "251108A9058",
    "241108B904K",
    "010115F910N",
    "311299+920W",
    "241111A9306",
]


@pytest.mark.parametrize("code", TEST_CODES)
def test_test_codes_pass_only_where_they_are_allowed(code):
    assert clean_identity_code(code, allow_test=True, on=TODAY) == code
    with pytest.raises(InvalidIdentityCode, match="artificial"):
        clean_identity_code(code, allow_test=False, on=TODAY)


@pytest.mark.parametrize("text", [" 010190-999w ", "010190–999W", "０10190-999W"])
def test_other_spellings_become_one(text):
    assert clean_identity_code(text, allow_test=True, on=TODAY) == "010190-999W"


@pytest.mark.parametrize("sign", "ABCDEF")
def test_a_birth_date_to_come_is_refused(sign):
    with pytest.raises(InvalidIdentityCode, match="not yet born"):
        clean_identity_code(f"010190{sign}999W", allow_test=True, on=TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "010190-999X",
        "290200-901C",
        "310290-9992",
        "010190-001P",
        "010100A001N",
        "280453-111A",
        "010190G999W",
        "010190999W",
        "010190 -999W",
        "010190-9999W",
        "",
    ],
)
@pytest.mark.parametrize("allow_test", [True, False])
def test_what_is_no_identity_code_is_refused_without_quoting_it(text, allow_test):
    with pytest.raises(InvalidIdentityCode) as refused:
        clean_identity_code(text, allow_test=allow_test, on=TODAY)
    assert not text or text not in str(refused.value)
    assert refused.value.__cause__ is None


def test_the_sign_of_the_century_keeps_two_people_apart():
    codes = {clean_identity_code(f"010190{sign}999W", allow_test=True, on=TODAY) for sign in "-Y"}
    assert len(codes) == 2


@pytest.mark.parametrize(
    ("code", "birth_on"),
    [
        ("010190-999W", date(1990, 1, 1)),
        ("010190Y999W", date(1990, 1, 1)),
        ("010190+999W", date(1890, 1, 1)),
        ("290200A901C", date(2000, 2, 29)),
        ("010115F910N", date(2015, 1, 1)),
        ("311299+920W", date(1899, 12, 31)),
    ],
)
def test_birth_date_of_a_code(code, birth_on):
    assert birth_date_of(code) == birth_on


@st.composite
def artificial_codes(draw):
    birth_on = draw(st.dates(date(1900, 1, 1), TODAY))
    sign = draw(st.sampled_from("-YXWVU" if birth_on.year < 2000 else "ABCDEF"))
    digits = f"{birth_on:%d%m%y}{draw(st.integers(900, 999))}"
    control = "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(digits) % 31]
    return f"{digits[:6]}{sign}{digits[6:]}{control}", birth_on


@given(artificial_codes())
def test_every_well_made_code_is_clean_tells_its_birth_date_and_is_masked(made):
    code, birth_on = made
    assert clean_identity_code(code.lower(), allow_test=True, on=TODAY) == code
    assert birth_date_of(code) == birth_on
    assert mask_identity_code(code) == code[:7] + "****"
    assert hide_identity_codes(f"see {code}, please") == f"see {code[:7]}****, please"


@given(artificial_codes(), st.sampled_from("0123456789ABCDEFHJKLMNPRSTUVWXY"))
def test_another_control_character_is_refused(made, control):
    code, _ = made
    if control != code[-1]:
        with pytest.raises(InvalidIdentityCode):
            clean_identity_code(code[:-1] + control, allow_test=True, on=TODAY)


@pytest.mark.parametrize(("text", "shown"), [("010190-999W", "010190-****"), ("Matti", "****"), ("", "****")])
def test_masked_display(text, shown):
    assert mask_identity_code(text) == shown


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("FI21 1234 5600 0007 85", "FI2112345600000785"),
        ("fi2112345600000785", "FI2112345600000785"),
        ("FI21\u00a01234\u00a05600\u00a00007\u00a085", "FI2112345600000785"),
        ("FI21-1234-5600-0007-85", "FI2112345600000785"),
        ("IBAN FI21\u200b12345600000785", "FI2112345600000785"),
        ("FI37 1590 3000 0007 76", "FI3715903000000776"),
        ("FI79 4405 2020 0360 82", "FI7944052020036082"),
        ("FI02 5000 4640 0013 02", "FI0250004640001302"),
        ("EE38 2200 2210 2014 5685", "EE382200221020145685"),
        ("SE35 5000 0000 0549 1000 0003", "SE3550000000054910000003"),
        ("DE89 3704 0044 0532 0130 00", "DE89370400440532013000"),
        ("FI42 5000 1510 0000 23", "FI4250001510000023"),
    ],
)
def test_ibans_are_cleaned(text, clean):
    assert clean_iban(text) == clean


@pytest.mark.parametrize(
    "text", ["FI21 1234 5600 0007 86", "FI00 1234 5600 0007 85", "FI2112345600000", "", "XX00", "DE79 ..."]
)
def test_what_is_no_iban_is_refused(text):
    with pytest.raises(InvalidIban):
        clean_iban(text)


def registrant(**changes):
    known: dict[str, Any] = {
        "person_id": 1,
        "birth_on": date(1990, 1, 1),
        "has_identity_code": True,
        "has_home": True,
        "home_ended_on": None,
        "account_id": None,
    }
    return Registrant(**(known | changes))


@pytest.mark.parametrize(
    ("person", "obstacle"),
    [
        (None, RegistrationObstacle.NOT_IN_REGISTER),
        (registrant(birth_on=date(2008, 11, 25)), RegistrationObstacle.UNDER_AGE),
        (registrant(birth_on=date(2008, 11, 24)), None),
        (registrant(has_home=False), RegistrationObstacle.NO_HOME),
        (registrant(has_home=False, home_ended_on=TODAY), RegistrationObstacle.LEASE_ENDED),
        (registrant(), None),
        (registrant(account_id=7), None),
        (registrant(account_id=7, has_home=False, home_ended_on=TODAY), None),
        (registrant(account_id=7, birth_on=date(2008, 11, 25)), RegistrationObstacle.UNDER_AGE),
    ],
)
def test_obstacles_to_registering(person, obstacle):
    assert registration_obstacle(person, TODAY) is obstacle


@given(st.dates(date(1900, 1, 1), TODAY), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_the_last_birth_date_of_adults_parts_them_from_the_others(birth_on, on):
    assert is_adult(birth_on, on) == (birth_on <= latest_adult_birth(on))
