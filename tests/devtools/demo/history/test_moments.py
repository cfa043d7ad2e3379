from datetime import date, timedelta

import pytest

from devtools.demo.history.moments import DAYS, Calendar, midnight
from heka_portal.clock import helsinki


@pytest.mark.parametrize("today", [date(2026, 11, 24), date(2027, 3, 29), date(2028, 2, 29), date(2027, 1, 1)])
@pytest.mark.parametrize("cases", [1, 7, 5000])
def test_cases_are_reported_one_after_the_other_in_ten_years_until_yesterday(today, cases):
    calendar = Calendar(today, cases)
    moments = [calendar.opening(index) for index in range(cases)]
    assert moments == sorted(moments)
    assert midnight(today - timedelta(days=DAYS)) <= moments[0]
    assert moments[-1] < midnight(today)
    assert all(5 <= helsinki(moment).hour <= 23 for moment in moments)


def test_the_newest_years_have_the_most_cases():
    calendar = Calendar(date(2026, 11, 24), 10_000)
    years = [calendar.opening(index).year for index in range(10_000)]
    amounts = [years.count(year) for year in range(2017, 2026)]
    assert amounts == sorted(amounts)
    assert amounts[-1] > amounts[0] * 1.3
