"""Which passwords are refused, and why; recovery codes as people type them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heka_portal.domain.accounts.common_passwords import COMMON
from heka_portal.domain.accounts.rules import (
    LONGEST_PASSWORD,
    RECOVERY_SIGNS,
    OwnData,
    PasswordFault,
    PasswordRefused,
    check_password,
    normal_password,
    read_recovery_code,
    show_recovery_code,
)

AINO = OwnData(
    names=("Aino Maria", "Äyrämö-Virtanen"),
    email="aino.virtanen@example.fi",
    birth_on=date(1985, 3, 7),
    addresses=("Kontulankaari 10",),
    identity_code="070385-999R",
)


def fault_of(password: str, own: OwnData = AINO) -> PasswordFault | None:
    try:
        check_password(password, own)
    except PasswordRefused as refused:
        return refused.fault
    return None


@pytest.mark.parametrize(
    "password",
    [
        "korvapuusti lamppu",
        "correct horse battery staple",
        "dragon monkey tiger",
        "neljä sanaa peräkkäin",
        "xK9#mQ2$vL5n",
        "hauska-sateenvarjo",
        "Virtanen korvapuusti",
        "l" * 2 + "önkytys vaivaa",
        "パスワードは長いほうがいい",
    ],
)
def test_long_words_of_ones_own_choice_do(password):
    assert fault_of(password) is None


@pytest.mark.parametrize("password", ["", "x", "korvapuusti", "a1!B2?c3#D4"])
def test_fewer_than_twelve_signs_are_too_short(password):
    assert fault_of(password) is PasswordFault.TOO_SHORT


def test_a_password_is_no_book():
    words = "korva puusti lamppu sade "
    assert fault_of((words * 10)[:LONGEST_PASSWORD]) is not PasswordFault.TOO_LONG
    assert fault_of((words * 10)[: LONGEST_PASSWORD + 1]) is PasswordFault.TOO_LONG


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "Password1234!",
        "P4ssw0rd2026",
        "salasana2024!",
        "Salasana12345",
        "S4l4s4n4!!!!",
        "lösenord1234",
        "Heka2026Helsinki",
        "qwertyuiop12",
        "asdfghjklqwerty",
        "123456789012",
        "098765432109",
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "korvapuustikorvapuusti",
        "1qaz2wsx3edc",
        "iloveyou12345",
        "mustangcorvette",
    ],
)
def test_what_guessers_try_first_is_refused(password):
    assert fault_of(password) is PasswordFault.COMMON


@pytest.mark.parametrize(
    "password",
    [
        "aino.virtanen@example.fi",
        "AinoVirtanen1",
        "aino virtanen 1985",
        "Kontulankaari10C",
        "070385-999Rab",
        "07.03.1985-aino",
        "7.3.1985aino!",
        "AyramoVirtanen",
        "Äyrämö-Virtanen!",
        "virtanen19850307",
    ],
)
def test_what_those_know_who_know_the_person_is_refused(password):
    assert fault_of(password) is PasswordFault.OWN_DATA


def test_anothers_data_is_no_reason():
    assert fault_of("070385-999Rab", OwnData(names=("Eino", "Laine"))) is None


def test_every_common_password_that_is_long_enough_is_refused():
    long_ones = [password for password in COMMON if len(password) >= 12]
    assert len(long_ones) > 200
    assert {fault_of(password, OwnData()) for password in long_ones} == {PasswordFault.COMMON}


@given(st.text(max_size=250))
def test_any_text_gets_an_answer(password):
    assert fault_of(password) in {None, *PasswordFault}


def test_a_password_is_the_same_however_a_keyboard_composes_it():
    assert normal_password("mökki\u0308") == normal_password("mökkï")
    assert normal_password(" Mökki ") == " Mökki "


@given(st.text(alphabet=RECOVERY_SIGNS, min_size=12, max_size=12))
def test_a_recovery_code_is_read_as_it_was_shown(code):
    shown = show_recovery_code(code)
    assert shown.count("-") == 2
    assert read_recovery_code(f" {shown.upper()} ".replace("-", " ")) == code
