import pytest
from hypothesis import given
from hypothesis import strategies as st

from heka_portal.domain.payments.rules import (
    InvalidReference,
    clean_reference,
    make_reference,
    print_reference,
    to_rf,
)

VECTORS = [
    (123, "1232", "RF111232"),
    (1234, "12344", "RF0812344"),
    (999, "9991", "RF049991"),
    (100, "1009", "RF181009"),
    (1234567, "12345672", "RF8512345672"),
    (20260045, "202600457", "RF39202600457"),
    (1234567890123456789, "12345678901234567894", "RF0912345678901234567894"),
]


@pytest.mark.parametrize(("base", "domestic", "international"), VECTORS)
def test_reference_numbers(base, domestic, international):
    assert make_reference(base) == domestic
    assert to_rf(domestic) == international
    assert clean_reference(domestic) == domestic
    assert clean_reference(international) == domestic


@pytest.mark.parametrize(
    ("text", "domestic"),
    [
        ("86851 62596 19897", "868516259619897"),
        ("55958 22432 94671", "559582243294671"),
        ("69 87567 20834 35364", "69875672083435364"),
        ("RF09 8685 1625 9619 897", "868516259619897"),
        ("RF06 5595 8224 3294 671", "559582243294671"),
        ("rf11\u00a01232", "1232"),
        ("00000000000202600457", "202600457"),
        ("RF932026200455", "2026200455"),
    ],
)
def test_published_numbers_in_any_spelling(text, domestic):
    assert clean_reference(text) == domestic


@pytest.mark.parametrize(
    "text",
    ["1233", "123", "", "0", "RF712348231", "RF121232", "RF1112", "12x2", "123456789012345678901", "١٢٣٢", "-1232"],
)
def test_what_is_no_reference_number_is_refused(text):
    with pytest.raises(InvalidReference):
        clean_reference(text)


@pytest.mark.parametrize(
    ("reference", "printed"),
    [
        ("868516259619897", "86851 62596 19897"),
        ("69875672083435364", "69 87567 20834 35364"),
        ("1232", "1232"),
        ("RF09868516259619897", "RF09 8685 1625 9619 897"),
    ],
)
def test_printed_in_groups(reference, printed):
    assert print_reference(reference) == printed


@given(st.integers(100, 10**19 - 1))
def test_every_reference_number_comes_back_from_both_forms(base):
    domestic = make_reference(base)
    assert clean_reference(print_reference(domestic)) == domestic
    assert clean_reference(print_reference(to_rf(domestic))) == domestic


@given(st.integers(100, 10**18), st.integers(0, 18), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(base, place, shift):
    digits = list(make_reference(base))
    place %= len(digits)
    digits[place] = str((int(digits[place]) + shift) % 10)
    if digits[0] != "0":
        with pytest.raises(InvalidReference):
            clean_reference("".join(digits))
