"""The brakes: counted in the database, given back, over with time, fair to networks."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from werkzeug.exceptions import TooManyRequests

from heka_portal import clock
from heka_portal.extensions import db
from heka_portal.models.accounts import RateCounter
from heka_portal.web import limits


def hits_until_stopped(name: str, key: str, *, at_most: int = 100) -> int:
    for count in range(at_most):
        try:
            limits.hit(name, key)
        except TooManyRequests as stopped:
            assert stopped.retry_after == 900
            return count
    raise AssertionError("nothing stopped it")


def test_the_brake_stops_one_key_and_no_other(app: Flask):
    with app.app_context():
        assert hits_until_stopped("sign-in/account", "aino") == 10
        limits.hit("sign-in/account", "eino")
        limits.hit("sign-in/address", "aino")


def test_a_quarter_of_an_hour_later_it_begins_anew(app: Flask):
    with app.app_context(), time_machine.travel(clock.now(), tick=False) as time:
        hits_until_stopped("sign-in/account", "aino")
        time.shift(timedelta(minutes=14, seconds=59))
        with pytest.raises(TooManyRequests):
            limits.hit("sign-in/account", "aino")
        time.shift(timedelta(seconds=1))
        assert hits_until_stopped("sign-in/account", "aino") == 10


def test_going_on_while_stopped_does_not_lengthen_it(app: Flask):
    with app.app_context(), time_machine.travel(clock.now(), tick=False) as time:
        for _ in range(14):
            with pytest.raises(TooManyRequests):
                for _ in range(11):
                    limits.hit("sign-in/account", "aino")
            time.shift(timedelta(minutes=1))
        time.shift(timedelta(minutes=1))
        limits.hit("sign-in/account", "aino")


def test_what_was_right_is_given_back_or_forgotten(app: Flask):
    with app.app_context():
        for _ in range(50):
            limits.hit("sign-in/account", "aino")
            limits.give_back("sign-in/account", "aino")
        for _ in range(9):
            limits.hit("sign-in/account", "aino")
        limits.forget("sign-in/account", "aino")
        assert hits_until_stopped("sign-in/account", "aino") == 10


def test_parallel_guesses_are_counted_one_by_one(app: Flask):
    def guess(_number: int) -> bool:
        with app.app_context():
            try:
                limits.hit("sign-in/account", "aino")
            except TooManyRequests:
                return False
            return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(guess, range(40))) == 10


def test_the_counters_hold_no_email(app: Flask):
    with app.app_context():
        limits.hit("sign-in/account", limits.mark("aino@example.fi"))
        assert all("aino" not in counter.key for counter in db.session.query(RateCounter))


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", "unknown"),
        ("unix:", "unknown"),
    ],
)
def test_an_ipv6_household_is_one(app: Flask, address: str, network: str):
    with app.test_request_context("/", environ_base={"REMOTE_ADDR": address}):
        assert limits.network() == network


def test_every_window_fits_the_words_of_the_page():
    long = {name for name, limit in limits.LIMITS.items() if limit.get_expiry() != 900}
    assert long == {"second-factor/day", "second-factor/told"}
    assert {limits.LIMITS[name].get_expiry() for name in long} == {24 * 3600}


def test_what_fills_a_count_is_said_once(app: Flask):
    with app.app_context(), time_machine.travel(clock.now(), tick=False) as time:
        assert [limits.fills("second-factor/told", "aino") for _ in range(7)] == [*[False] * 4, True, False, False]
        assert not limits.fills("second-factor/told", "eino")
        time.shift(timedelta(days=1))
        assert [limits.fills("second-factor/told", "aino") for _ in range(5)] == [*[False] * 4, True]


def test_the_storage_answers_as_its_library_expects(app: Flask):
    storage = limits.DatabaseStorage()
    with app.app_context():
        assert storage.check()
        assert storage.get("k") == 0
        assert storage.incr("k", 60, 3) == 3
        assert storage.get("k") == 3
        assert storage.get_expiry("k") > clock.now().timestamp()
        assert storage.reset() == 1
        assert storage.get("k") == 0
