from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heka_portal.integrations.register_files import fields
from heka_portal.vocabulary import Facility, LeaseTerm


@pytest.mark.parametrize(
    ("convert", "field", "value"),
    [
        (fields.day, "2026-12-31", date(2026, 12, 31)),
        (fields.day, "2024-02-29", date(2024, 2, 29)),
        (fields.moment, "2026-06-30T10:30:00+03:00", datetime(2026, 6, 30, 7, 30, tzinfo=UTC)),
        (fields.moment, "2026-06-30T07:30Z", datetime(2026, 6, 30, 7, 30, tzinfo=UTC)),
        (fields.cents, "753.25", 75325),
        (fields.cents, "753.2", 75320),
        (fields.cents, "753", 75300),
        (fields.cents, "-0.05", -5),
        (fields.cents, "0.00", 0),
        (fields.flag, "1", True),
        (fields.flag, "0", False),
        (fields.area, "54.5", Decimal("54.5")),
        (fields.whole(0, 10), "10", 10),
        (fields.whole(-9, 99), "-1", -1),
        (fields.code(LeaseTerm), "fixed", LeaseTerm.FIXED),
        (fields.codes_joined(Facility), "laundry| sauna", "laundry|sauna"),
        (fields.text(4), "A\u0308iti", "Äiti"),
        (fields.text(40), "ma-pe 9-15\nla 10-14", "ma-pe 9-15\nla 10-14"),
    ],
)
def test_values_are_read(convert, field, value):
    assert convert(field) == value


@pytest.mark.parametrize(
    ("convert", "field"),
    [
        (fields.day, "31.12.2026"),
        (fields.day, "2026-02-30"),
        (fields.day, "20261231"),
        (fields.day, "2026-1-1"),
        (fields.day, "0202-01-01"),
        (fields.day, "२०२६-12-31"),
        (fields.moment, "2026-06-30T10:30:00"),
        (fields.moment, "2026-06-30"),
        (fields.moment, "yesterday"),
        (fields.cents, "753,25"),
        (fields.cents, "753.255"),
        (fields.cents, "1 000.00"),
        (fields.cents, "1e3"),
        (fields.cents, "NaN"),
        (fields.cents, "٣"),
        (fields.cents, "9" * 30),
        (fields.cents_not_negative, "-1.00"),
        (fields.flag, "yes"),
        (fields.area, "-3"),
        (fields.area, "54,5"),
        (fields.whole(0, 10), "11"),
        (fields.whole(0, 10), "1.5"),
        (fields.code(LeaseTerm), "Fixed"),
        (fields.codes_joined(Facility), "laundry||sauna"),
        (fields.text(3), "abcd"),
        (fields.text(40), "a\x00b"),
        (fields.text(40), "\x1b[31mred"),
    ],
)
def test_unfit_values_are_refused_with_a_sentence(convert, field):
    with pytest.raises(fields.Unfit, match=r"^[A-Z].*[.]$"):
        convert(field)


@given(st.integers(1 - 10**11, 10**11 - 1))
def test_every_amount_of_two_decimals_comes_back_in_cents(cents):
    sign = "-" if cents < 0 else ""
    assert fields.cents(f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}") == cents


@given(st.dates(date(1850, 1, 1), date(2199, 12, 31)))
def test_every_date_comes_back(day):
    assert fields.day(day.isoformat()) == day
