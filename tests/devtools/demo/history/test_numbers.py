from itertools import pairwise

import pytest

from devtools.demo.history.numbers import SIZE, number_of
from heka_portal.domain.cases.rules import FIRST_NUMBER, LAST_NUMBER


def test_each_case_has_a_nine_digit_number_of_its_own():
    numbers = [number_of(index) for index in [*range(40_000), *range(SIZE - 1000, SIZE)]]
    assert len(set(numbers)) == len(numbers)
    assert min(numbers) >= FIRST_NUMBER
    assert max(numbers) <= LAST_NUMBER


def test_the_next_number_does_not_follow_from_the_last():
    numbers = [number_of(index) for index in range(1000)]
    steps = [after - before for before, after in pairwise(numbers)]
    assert len(set(steps)) > 900
    halves = sum(number > (FIRST_NUMBER + LAST_NUMBER) / 2 for number in numbers)
    assert 400 < halves < 600


@pytest.mark.parametrize("index", [-1, SIZE])
def test_there_are_no_more_numbers_than_nine_digits_have(index):
    with pytest.raises(ValueError, match="no more"):
        number_of(index)
