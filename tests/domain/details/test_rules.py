"""Bank account numbers: which are taken, how they are shown, and which of several is in use."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heka_portal.domain.details.rules import (
    HOLD,
    IbanFault,
    IbanRefused,
    group_iban,
    mask_iban,
    read_bank_number,
    state_of,
)
from heka_portal.vocabulary import BankAccountState

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
#: real examples of banks and of the standard; spaces, hyphens and invisible signs as people paste them
TAKEN = [
    ("FI21 1234 5600 0007 85", "FI2112345600000785", "NDEAFIHH"),
    ("fi2112345600000785", "FI2112345600000785", "NDEAFIHH"),
    ("FI21\u00a01234\u00a05600\u00a00007\u00a085", "FI2112345600000785", "NDEAFIHH"),
    ("FI21\u202f1234\u202f5600\u202f0007\u202f85", "FI2112345600000785", "NDEAFIHH"),
    ("FI21-1234-5600-0007-85", "FI2112345600000785", "NDEAFIHH"),
    ("FI21\u200b1234\u200b5600\u200b0007\u200b85", "FI2112345600000785", "NDEAFIHH"),
    ("IBAN FI21 1234 5600 0007 85", "FI2112345600000785", "NDEAFIHH"),
    ("\uff26\uff29\uff12\uff11 1234 5600 0007 85", "FI2112345600000785", "NDEAFIHH"),
    ("FI37 1590 3000 0007 76", "FI3715903000000776", "NDEAFIHH"),
    ("FI79 4405 2020 0360 82", "FI7944052020036082", "ITELFIHH"),
    ("FI02 5000 4640 0013 02", "FI0250004640001302", "OKOYFIHH"),
    ("EE38 2200 2210 2014 5685", "EE382200221020145685", "HABAEE2X"),
    ("SE35 5000 0000 0549 1000 0003", "SE3550000000054910000003", "ESSESESS"),
    ("DE89 3704 0044 0532 0130 00", "DE89370400440532013000", "COBADEFFXXX"),
    ("FI21 1234 5600 0000 09", "FI2112345600000009", "NDEAFIHH"),
    ("FI40 5000 0100 0000 08", "FI4050000100000008", "OKOYFIHH"),
    ("FI93 8000 0110 0000 00", "FI9380000110000000", "DABAFIHH"),
    ("FI32 3939 0001 0000 09", "FI3239390001000009", "SBANFIHH"),
    ("FI91 4055 0010 0000 04", "FI9140550010000004", "HELSFIHH"),
    ("FI72 7997 7900 0000 06", "FI7279977900000006", "HOLVFIHH"),
    # its own check digit fails, and real accounts do so too
    ("FI42 5000 1510 0000 23", "FI4250001510000023", "OKOYFIHH"),
    ("GB29 NWBK 6016 1331 9268 19", "GB29NWBK60161331926819", "NWBKGB2LXXX"),
]
REFUSED = [
    ("FI21 1234 5600 0007 86", IbanFault.NOT_IBAN),
    ("FI00 1234 5600 0007 85", IbanFault.NOT_IBAN),
    ("FI2112345600000", IbanFault.NOT_IBAN),
    ("FI21123456000007855", IbanFault.NOT_IBAN),
    ("", IbanFault.NOT_IBAN),
    ("XX00", IbanFault.NOT_IBAN),
    ("123456-785", IbanFault.NOT_IBAN),
    ("010190-900P", IbanFault.NOT_IBAN),
    ("SA03 8000 0000 6080 1016 7519", IbanFault.NOT_SEPA),
    ("TR33 0006 1005 1978 6457 8413 26", IbanFault.NOT_SEPA),
]


@pytest.mark.parametrize(("typed", "iban", "bic"), TAKEN)
def test_a_number_is_cleaned_and_its_bic_follows(typed: str, iban: str, bic: str):
    number = read_bank_number(typed)
    assert (number.iban, number.bic) == (iban, bic)
    assert (number.country, number.ending) == (iban[:2], iban[-4:])


@pytest.mark.parametrize(("typed", "fault"), REFUSED)
def test_what_is_no_number_of_the_area_is_refused(typed: str, fault: IbanFault):
    with pytest.raises(IbanRefused) as refused:
        read_bank_number(typed)
    assert refused.value.fault is fault
    assert not typed or typed not in str(refused.value), "an error never carries the number into a log"


@given(st.integers(min_value=0, max_value=15), st.integers(min_value=1, max_value=9))
def test_one_wrong_digit_is_always_noticed(place: int, change: int):
    digits = "2112345600000785"
    wrong = str((int(digits[place]) + change) % 10)
    with pytest.raises(IbanRefused):
        read_bank_number(f"FI{digits[:place]}{wrong}{digits[place + 1 :]}")


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_number_or_refused(typed: str):
    try:
        number = read_bank_number(typed)
    except IbanRefused:
        return
    assert number.iban == read_bank_number(group_iban(number.iban)).iban


def test_a_number_is_shown_by_country_and_ending_only():
    number = read_bank_number("FI21 1234 5600 0007 85")
    masked = mask_iban(number.country, number.ending)
    assert masked == "FI** **** 0785"
    assert "1234" not in masked
    assert group_iban(number.iban) == "FI21 1234 5600 0007 85"


@pytest.mark.parametrize(
    ("confirmed", "effect", "stopped", "is_latest", "state"),
    [
        (None, None, None, False, BankAccountState.UNCONFIRMED),
        (NOW, NOW + HOLD, None, False, BankAccountState.WAITING),
        (NOW - HOLD, NOW, None, True, BankAccountState.IN_USE),
        (NOW - HOLD + timedelta(seconds=1), NOW + timedelta(seconds=1), None, False, BankAccountState.WAITING),
        (NOW - HOLD * 2, NOW - HOLD, None, False, BankAccountState.REPLACED),
        (NOW - HOLD, NOW, NOW - timedelta(hours=1), False, BankAccountState.STOPPED),
    ],
)
def test_where_a_number_stands_follows_from_its_times(confirmed, effect, stopped, is_latest, state):
    assert (
        state_of(
            confirmed_at=confirmed,
            takes_effect_at=effect,
            stopped_at=stopped,
            is_latest_in_effect=is_latest,
            now=NOW,
        )
        is state
    )
