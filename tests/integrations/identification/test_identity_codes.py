from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heka_portal.integrations.identification.identity_codes import IdentityCodeInvalid, birth_date, normalise

TODAY = date(2026, 11, 24)
SIGNS = {1800: "+", 1900: "-YXWVU", 2000: "ABCDEF"}


def read(code, *, allow_test_codes=True):
    return normalise(code, allow_test_codes=allow_test_codes, today=TODAY)


@pytest.mark.parametrize("sign", "+-YXWVU")
def test_every_sign_of_a_past_century(sign):
    assert read(f"010190{sign}999W") == f"010190{sign}999W"


@pytest.mark.parametrize("sign", "ABCDEF")
def test_birth_date_to_come(sign):
    with pytest.raises(IdentityCodeInvalid):
        read(f"010190{sign}999W")


def test_the_sign_is_part_of_the_identity():
    assert read("010190-999W") != read("010190Y999W")


@pytest.mark.parametrize("written", [" 010190-999w ", "010190–999W", "０10190-999W"])
def test_one_spelling(written):
    assert read(written) == "010190-999W"


@pytest.mark.parametrize(
    "code",
    ["290200A901C", "290208A903H", "241108A904K", "251108A9058", "241108B904K", "010115F910N", "311299+920W"],
)
def test_valid_codes(code):
    assert read(code) == code


@pytest.mark.parametrize(
    "code",
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
        "\0",
    ],
)
def test_invalid_codes(code):
    with pytest.raises(IdentityCodeInvalid):
        read(code)


def test_test_codes_only_where_they_are_allowed():
    with pytest.raises(IdentityCodeInvalid):
        read("010170-999R", allow_test_codes=False)


def test_error_does_not_carry_the_code():
    with pytest.raises(IdentityCodeInvalid) as caught:
        read("280453-111A")
    assert "280453" not in repr(caught.value)
    assert caught.value.__cause__ is None


@given(st.dates(date(1800, 1, 1), TODAY), st.integers(900, 999), st.data())
def test_birth_date_is_read_back(born, number, data):
    digits = f"{born:%d%m}{born.year % 100:02}"
    sign = data.draw(st.sampled_from(SIGNS[born.year // 100 * 100]))
    check = "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(f"{digits}{number}") % 31]
    assert birth_date(read(f"{digits}{sign}{number}{check}")) == born
