from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heka_portal.clock import HELSINKI
from heka_portal.web import formats

TODAY = date(2026, 11, 24)
NBSP = "\u00a0"


def spaced(text: object) -> str:
    """No-break spaces as ordinary ones, for tables that people read."""
    return str(text).replace(NBSP, " ")


@pytest.mark.parametrize(("language", "written"), [("fi", "6.12.2026"), ("sv", "6.12.2026"), ("en", "6 December 2026")])
def test_dates_are_never_06_12(language, written):
    assert spaced(formats.write_date(date(2026, 12, 6), language)) == written


@pytest.mark.parametrize(("language", "written"), [("fi", "9.05"), ("sv", "09:05"), ("en", "9:05")])
def test_clock(language, written):
    assert formats.write_time(time(9, 5), language) == written


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (datetime(2026, 7, 1, 6, 5, tzinfo=UTC), "9.05"),
        (datetime(2026, 11, 24, 7, 5, tzinfo=UTC), "9.05"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "3.30"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "3.30"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "4.00"),
    ],
)
def test_moments_are_shown_by_the_clock_of_helsinki(moment, written):
    assert formats.write_time(moment, "fi") == written


def test_a_moment_after_midnight_in_helsinki_is_the_next_day():
    moment = datetime(2026, 11, 30, 22, 30, tzinfo=UTC)
    assert formats.write_date(moment, "fi") == "1.12.2026"


@pytest.mark.parametrize(
    ("language", "days", "written"),
    [
        ("fi", 0, "tänään klo 14.05"),
        ("fi", -1, "eilen klo 14.05"),
        ("fi", 1, "huomenna klo 14.05"),
        ("fi", -6, "ke 18.11. klo 14.05"),
        ("fi", 10, "pe 4.12. klo 14.05"),
        ("fi", -30, "25.10.2026 klo 14.05"),
        ("sv", 0, "i dag kl. 14:05"),
        ("sv", -1, "i går kl. 14:05"),
        ("sv", 1, "i morgon kl. 14:05"),
        ("sv", -6, "ons 18.11 kl. 14:05"),
        ("en", 0, "today at 14:05"),
        ("en", -1, "yesterday at 14:05"),
        ("en", 1, "tomorrow at 14:05"),
        ("en", -6, "Wed 18 November, 14:05"),
        ("en", 365, "24 November 2027, 14:05"),
    ],
)
def test_when(language, days, written):
    moment = datetime.combine(TODAY + timedelta(days=days), time(14, 5), HELSINKI)
    assert spaced(formats.write_when(moment, language, today=TODAY)) == written


@pytest.mark.parametrize(("language", "written"), [("fi", "tänään"), ("sv", "i dag"), ("en", "today")])
def test_when_of_a_date_has_no_clock(language, written):
    assert formats.write_when(TODAY, language, today=TODAY) == written


@pytest.mark.parametrize(("day", "written"), [(date(2026, 12, 4), "pe 4.12."), (date(2027, 1, 4), "ma 4.1.2027")])
def test_due_dates_carry_the_year_only_when_it_is_another(day, written):
    assert spaced(formats.write_due(day, "fi", today=TODAY)) == written


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("fi", "keskiviikko 18.11.2026 klo 19.42"),
        ("sv", "onsdag 18.11.2026 kl. 19:42"),
        ("en", "Wednesday 18 November 2026, 19:42"),
    ],
)
def test_the_full_form_leaves_nothing_out(language, written):
    assert spaced(formats.write_moment(datetime(2026, 11, 18, 17, 42, tzinfo=UTC), language)) == written


@pytest.mark.parametrize(
    ("language", "minute", "written"),
    [
        ("fi", 0, "klo 12–14"),
        ("fi", 30, "klo 12.30–14.00"),
        ("sv", 0, "kl. 12–14"),
        ("en", 0, "12:00–14:00"),
    ],
)
def test_hours(language, minute, written):
    start = datetime(2026, 11, 26, 10, minute, tzinfo=UTC)
    end = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
    assert spaced(formats.write_hours(start, end, language)) == written


@pytest.mark.parametrize(
    ("cents", "written"),
    [
        (123450, "1 234,50 €"),
        (-50, "-0,50 €"),
        (0, "0,00 €"),
        (75325, "753,25 €"),
        (-123456789, "-1 234 567,89 €"),
        (5, "0,05 €"),
    ],
)
def test_money(cents, written):
    assert spaced(formats.write_money(cents)) == written
    assert " " not in formats.write_money(cents)


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_money_can_be_read_back(cents):
    digits = formats.write_money(cents).replace(NBSP, "").replace("€", "").replace(",", "")
    assert int(digits) == cents


@pytest.mark.parametrize(("number", "written"), [(482719306, "482 719 306"), ("482719306", "482 719 306")])
def test_case_numbers_stay_on_one_line(number, written):
    assert formats.write_case_number(number) == written.replace(" ", NBSP)


@pytest.mark.parametrize(
    ("size", "fi", "sv", "en"),
    [
        (0, "0 tavua", "0 byte", "0 bytes"),
        (999, "999 tavua", "999 byte", "999 bytes"),
        (240_000, "240 kt", "240 kB", "240 kB"),
        (999_499, "999 kt", "999 kB", "999 kB"),
        (999_999, "1 Mt", "1 MB", "1 MB"),
        (1_100_000, "1,1 Mt", "1,1 MB", "1.1 MB"),
        (15_000_000, "15 Mt", "15 MB", "15 MB"),
    ],
)
def test_file_sizes(size, fi, sv, en):
    written = {language: spaced(formats.write_file_size(size, language)) for language in ("fi", "sv", "en")}
    assert written == {"fi": fi, "sv": sv, "en": en}


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("09 5767 3100", "09 5767 3100"),
        ("+358957673000", "09 5767 3000"),
        ("+358402976225", "040 297 6225"),
        ("0401234567", "040 123 4567"),
        ("040123456", "040 123 456"),
        ("+3582012345", "020 12345"),
        ("+46812345678", "+46 8 123 456 78"),
        ("112", "112"),
        ("no number", "no number"),
    ],
)
def test_phones_are_written_in_groups(number, written):
    assert spaced(formats.write_phone(number)) == written


@pytest.mark.parametrize(
    ("number", "link"),
    [
        ("09 5767 3100", "tel:+358957673100"),
        ("112", "tel:112"),
        ("+46 8 123 456 78", "tel:+46812345678"),
        ("no number", "tel:"),
    ],
)
def test_phone_links(number, link):
    assert formats.phone_link(number) == link


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("Kontulankaari 10 C 47", "Kontulankaari 10~C~47"),
        ("Kontulankaari 10", "Kontulankaari 10"),
        ("Itäkatu 3a B 12", "Itäkatu 3a B~12"),
        ("Toimistokatu 1, 00500 Helsinki", "Toimistokatu 1, 00500 Helsinki"),
    ],
)
def test_a_flat_stays_with_its_stair(address, written):
    assert formats.write_address(address) == written.replace("~", NBSP)


@pytest.mark.parametrize(
    ("language", "written"), [("fi", "ma–pe 9–15"), ("sv", "mån–fre 9–15"), ("en", "Mon–Fri 9–15")]
)
def test_opening_hours_speak_the_language(language, written):
    assert formats.write_opening_hours("ma-pe 9-15", language) == written
