from datetime import timedelta

import pytest

from heka_portal.integrations.identification.attempts import new_attempt
from heka_portal.integrations.identification.claims import authenticated_at, check_token
from heka_portal.integrations.identification.errors import NotFreshEnough, TokenRefused
from heka_portal.integrations.identification.settings import LOA_SUBSTANTIAL, TEST_LOA_SUBSTANTIAL
from tests.integrations.identification.scripted import NOW

ISSUED = int(NOW.timestamp())


@pytest.fixture
def check(provider):
    def run(attempt, **changes):
        check_token(provider.claims(attempt, **changes), provider.settings(), attempt, now=NOW)

    return run


def test_a_right_token_passes(check, attempt):
    check(attempt)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"iss": None}, "issuer"),
        ({"iss": "https://another.test"}, "issuer"),
        ({"aud": None}, "audience"),
        ({"aud": "another"}, "audience"),
        ({"aud": []}, "audience"),
        ({"aud": ["another"]}, "audience"),
        ({"aud": {"heka": 1}}, "audience"),
        ({"aud": ["heka", "another"]}, "authorized_party_missing"),
        ({"aud": ["heka", "another"], "azp": "another"}, "authorized_party"),
        ({"azp": "another"}, "authorized_party"),
        ({"exp": None}, "expiry_missing"),
        ({"exp": "soon"}, "expiry_missing"),
        ({"exp": True}, "expiry_missing"),
        ({"exp": ISSUED - 60}, "expired"),
        ({"iat": None}, "issue_time_missing"),
        ({"iat": ISSUED + 61}, "issued_in_future"),
        ({"iat": ISSUED - 600}, "issued_long_ago"),
        ({"nbf": ISSUED + 61}, "not_yet_valid"),
        ({"nbf": "soon"}, "not_yet_valid"),
        ({"nonce": None}, "nonce"),
        ({"nonce": ""}, "nonce"),
        ({"nonce": "another"}, "nonce"),
        ({"nonce": "ä"}, "nonce"),
        ({"nonce": ["x"]}, "nonce"),
        ({"acr": None}, "acr"),
        ({"acr": "http://ftn.ficora.fi/2017/loatest1"}, "acr"),
        ({"acr": LOA_SUBSTANTIAL}, "acr"),
        ({"auth_time": ISSUED + 61}, "auth_time_in_future"),
        ({"auth_time": "now"}, "auth_time"),
    ],
)
def test_each_check_refuses(check, attempt, changes, reason):
    with pytest.raises(TokenRefused) as caught:
        check(attempt, **changes)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": ["heka"]},
        {"aud": ["heka", "another"], "azp": "heka"},
        {"exp": ISSUED - 59},
        {"iat": ISSUED + 60},
        {"nbf": ISSUED},
        {"exp": ISSUED + 10.5},
        {"auth_time": None},
        {"auth_time": ISSUED - 86400},
    ],
)
def test_what_is_allowed(check, attempt, changes):
    check(attempt, **changes)


def test_production_refuses_a_test_level(provider, attempt):
    settings = provider.settings(allowed_acr=frozenset({LOA_SUBSTANTIAL}))
    with pytest.raises(TokenRefused):
        check_token(provider.claims(attempt, acr=TEST_LOA_SUBSTANTIAL), settings, attempt, now=NOW)


class TestStepUp:
    def test_identification_during_the_attempt_counts(self, check):
        check(new_attempt(now=NOW - timedelta(minutes=5), max_age=timedelta(0)), auth_time=ISSUED)

    def test_a_clock_a_little_behind_is_forgiven(self, check):
        check(new_attempt(now=NOW, max_age=timedelta(0)), auth_time=ISSUED - 60)

    @pytest.mark.parametrize(("auth_time", "reason"), [(None, "auth_time_missing"), (ISSUED - 61, "auth_time_old")])
    def test_identification_before_the_attempt_does_not(self, check, auth_time, reason):
        with pytest.raises(NotFreshEnough) as caught:
            check(new_attempt(now=NOW, max_age=timedelta(0)), auth_time=auth_time)
        assert caught.value.reason == reason

    def test_the_same_identification_does_not_count_twice(self, check):
        attempt = new_attempt(now=NOW, max_age=timedelta(0), newer_than=NOW)
        with pytest.raises(NotFreshEnough) as caught:
            check(attempt, auth_time=ISSUED)
        assert caught.value.reason == "auth_time_not_new"

    def test_an_older_one_may_do_where_it_is_allowed(self, check):
        check(new_attempt(now=NOW, max_age=timedelta(minutes=10)), auth_time=ISSUED - 600)


def test_provider_that_tells_no_auth_time_told_the_token_time(provider, attempt):
    assert authenticated_at(provider.claims(attempt, auth_time=None, iat=ISSUED - 5)) == NOW - timedelta(seconds=5)


def test_secrets_of_an_attempt_are_long_and_differ():
    attempts = [new_attempt(now=NOW) for _ in range(3)]
    secrets = {secret for a in attempts for secret in (a.state, a.nonce, a.code_verifier)}
    assert len(secrets) == 9
    assert min(map(len, secrets)) >= 43
