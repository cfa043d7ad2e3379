"""The portal's relying party and the stand-in, over real HTTP: two programs that share no code."""

from datetime import date, timedelta

import pytest
import requests

from devtools.identity_provider.failures import GROUPS, Failure
from devtools.identity_provider.keys import ProviderKeys
from heka_portal.integrations.identification import errors
from heka_portal.integrations.identification.keys import load_keys, prepare_rotation, rotate
from heka_portal.integrations.identification.pins import pinned_entity
from tests.devtools.identity_provider.conftest import Browser, identify

EXPECTED = {
    Failure.LOGIN_REQUIRED: (errors.LoginRequired, "callback_login_required"),
    Failure.INVALID_REQUEST: (errors.RequestRefused, "callback_invalid_request"),
    Failure.INVALID_SCOPE: (errors.ScopeRefused, "callback_invalid_scope"),
    Failure.UNAUTHORIZED_CLIENT: (errors.ClientRefused, "callback_unauthorized_client"),
    Failure.SERVER_ERROR: (errors.ProviderFailed, "callback_server_error"),
    Failure.TEMPORARILY_UNAVAILABLE: (errors.ProviderBusy, "callback_temporarily_unavailable"),
    Failure.OTHER_CANCEL: (errors.Cancelled, "callback_cancel"),
    Failure.WRONG_STATE: (errors.CallbackRefused, "state"),
    Failure.WRONG_CALLBACK_ISSUER: (errors.CallbackRefused, "issuer"),
    Failure.CODE_USED: (errors.CodeUsed, "token_endpoint_invalid_grant"),
    Failure.INVALID_CLIENT: (errors.ClientRefused, "token_endpoint_invalid_client"),
    Failure.TOKEN_UNAVAILABLE: (errors.ProviderBusy, "token_endpoint_status_503"),
    Failure.TOKEN_NOT_JSON: (errors.ProviderFailed, "answer_not_json"),
    Failure.TOKEN_TOO_LARGE: (errors.ProviderFailed, "answer_too_large"),
    Failure.TOKEN_SLOW: (errors.ProviderSlow, "timeout"),
    Failure.TOKEN_ABSENT: (errors.ProviderFailed, "id_token_missing"),
    Failure.NOT_ENCRYPTED: (errors.TokenRefused, "not_encrypted"),
    Failure.UNSIGNED: (errors.TokenRefused, "signature_algorithm"),
    Failure.SIGNED_HS256: (errors.TokenRefused, "signature_algorithm"),
    Failure.TAMPERED: (errors.TokenRefused, "decryption_failed"),
    Failure.UNKNOWN_KEY: (errors.TokenRefused, "signature_key_unknown"),
    Failure.WRONG_ENCRYPTION_KEY: (errors.TokenRefused, "decryption_failed"),
    Failure.ENCRYPTED_RSA1_5: (errors.TokenRefused, "encryption_algorithm"),
    Failure.ENCRYPTED_A128GCM: (errors.TokenRefused, "encryption_content_algorithm"),
    Failure.WRONG_NONCE: (errors.TokenRefused, "nonce"),
    Failure.NO_NONCE: (errors.TokenRefused, "nonce"),
    Failure.WRONG_ACR: (errors.TokenRefused, "acr"),
    Failure.NO_ACR: (errors.TokenRefused, "acr"),
    Failure.WRONG_AUDIENCE: (errors.TokenRefused, "audience"),
    Failure.WRONG_ISSUER: (errors.TokenRefused, "issuer"),
    Failure.EXPIRED: (errors.TokenRefused, "expired"),
    Failure.NO_EXPIRY: (errors.TokenRefused, "expiry_missing"),
    Failure.FROM_THE_FUTURE: (errors.TokenRefused, "issued_in_future"),
    Failure.OLD_AUTH_TIME: (errors.NotFreshEnough, "auth_time_old"),
    Failure.NO_AUTH_TIME: (errors.NotFreshEnough, "auth_time_missing"),
    Failure.NO_IDENTITY_CODE: (errors.NoIdentityCode, "claim_missing"),
    Failure.OTHER_BIRTH_DATE: (errors.TokenRefused, "birth_date_differs"),
    Failure.NO_NAMES: (errors.TokenRefused, "name_missing"),
}


def test_every_failure_is_offered_once_and_expected():
    offered = [failure for failures in GROUPS.values() for failure in failures]
    assert sorted(offered) == sorted(Failure) == sorted(EXPECTED)


def test_person_is_identified(world, portal):
    person = identify(world, portal)
    assert person.identity_code == "010170-999R"
    assert person.full_name == "Tero Testi Äyrämö"
    assert person.birth_on == date(1970, 1, 1)
    assert person.auth_time == world.now
    assert person.acr == "http://ftn.ficora.fi/2017/loatest2"
    assert person.broker.startswith(world.issuer)


def test_person_is_identified_in_the_plain_dialect(plain_world):
    person = identify(plain_world, plain_world.relying_party(), person="010280-952L")
    assert (person.identity_code, person.full_name) == ("010280-952L", "Tessa Testilä")


@pytest.mark.parametrize("button", ["other", ""])
def test_anyone_can_be_typed(world, portal, button):
    person = identify(world, portal, person=button, identity_code=" 290200a901c ", family_name="Karkaus")
    assert (person.identity_code, person.family_name) == ("290200A901C", "Karkaus")
    assert person.birth_on == date(2000, 2, 29)


@pytest.mark.parametrize("code", ["280453-111A", "nonsense", "010190A999W"])
def test_typed_nonsense_is_refused_by_the_portal(world, portal, code):
    with pytest.raises(errors.TokenRefused):
        identify(world, portal, person="other", identity_code=code)


def test_turning_back(world, portal):
    with pytest.raises(errors.Cancelled) as caught:
        identify(world, portal, action="cancel")
    assert caught.value.reason == "callback_access_denied"


def test_turning_back_in_the_plain_dialect(plain_world):
    with pytest.raises(errors.Cancelled) as caught:
        identify(plain_world, plain_world.relying_party(), action="cancel")
    assert caught.value.reason == "callback_cancel"


@pytest.mark.parametrize("failure", Failure)
def test_each_failure_is_told_apart(world, portal, failure):
    expected, reason = EXPECTED[failure]
    with pytest.raises(errors.IdentificationError) as caught:
        identify(world, portal, attempt=world.attempt(max_age=timedelta(0)), failure=failure.value)
    assert (type(caught.value), caught.value.reason) == (expected, reason)


def test_code_works_once_and_its_first_use_stays_valid(world, portal):
    browser, attempt = Browser(world), world.attempt()
    callback = browser.choose(
        browser.open(portal.begin(attempt, locale="fi", now=world.now)), person="010170-999R", action="identify"
    )
    assert portal.complete(callback, attempt, now=world.now).identity_code == "010170-999R"
    with pytest.raises(errors.CodeUsed):
        portal.complete(callback, attempt, now=world.now)


def test_code_is_gone_after_a_minute(world, portal):
    browser, attempt = Browser(world), world.attempt()
    callback = browser.choose(
        browser.open(portal.begin(attempt, locale="fi", now=world.now)), person="010170-999R", action="identify"
    )
    world.now += timedelta(seconds=61)
    with pytest.raises(errors.CodeUsed):
        portal.complete(callback, attempt, now=world.now)


def test_code_of_another_attempt_does_not_fit(world, portal):
    browser, mine, theirs = Browser(world), world.attempt(), world.attempt()
    callback = browser.choose(
        browser.open(portal.begin(theirs, locale="fi", now=world.now)), person="010170-999R", action="identify"
    )
    with pytest.raises(errors.CodeUsed):
        portal.complete({**callback, "state": mine.state}, mine, now=world.now)


class TestStepUp:
    def test_identification_known_to_the_browser_is_not_enough(self, world, portal):
        browser = Browser(world)
        first = identify(world, portal, browser=browser)
        world.now += timedelta(minutes=5)
        attempt = world.attempt(max_age=timedelta(0), newer_than=first.auth_time)
        page = browser.open(portal.begin(attempt, locale="en", now=world.now))
        assert "Continue as" not in page.text
        callback = browser.choose(page, person="010170-999R", action="identify")
        second = portal.complete(callback, attempt, now=world.now)
        assert second.identity_code == first.identity_code
        assert second.auth_time == first.auth_time + timedelta(minutes=5)

    def test_without_step_up_one_may_go_on_as_before(self, world, portal):
        browser = Browser(world)
        first = identify(world, portal, browser=browser)
        world.now += timedelta(minutes=5)
        page = browser.open(portal.begin(world.attempt(), locale="en", now=world.now))
        assert "Continue as" in page.text
        again = identify(world, portal, browser=browser, action="continue", person="")
        assert again.auth_time == first.auth_time

    def test_another_browser_is_not_known(self, world, portal):
        identify(world, portal)
        assert "Continue as" not in Browser(world).open(portal.begin(world.attempt(), locale="en", now=world.now)).text


class TestKeys:
    def test_provider_changes_its_key(self, world, portal):
        identify(world, portal)
        Browser(world).session.post(f"{world.issuer}/rotate", timeout=5)
        assert identify(world, portal).identity_code == "010170-999R"

    def test_provider_keeps_its_keys_over_a_restart(self, world, portal):
        again = ProviderKeys(world.provider_folder, issuer=world.issuer, now=world.now)
        served = requests.get(f"{world.issuer}/jwks.json", timeout=5).json()["keys"]
        assert again.current.kid == served[-1]["kid"]
        pinned = pinned_entity(again.entity_statement(now=world.now), entity_id="")
        assert pinned == pinned_entity(portal.settings.provider_entity_keys, entity_id=world.issuer)

    def test_portal_changes_its_keys(self, world, portal):
        identify(world, portal)
        for use in ("sig", "enc"):
            prepare_rotation(world.folder / "portal", use)
            rotate(world.folder / "portal", use)
        world.keys = load_keys(world.folder / "portal")
        world.now += timedelta(minutes=2)
        assert identify(world, world.relying_party()).identity_code == "010170-999R"

    def test_provider_may_start_before_the_portal(self, world, portal):
        world.portal_is_up = False
        page = Browser(world).open(portal.begin(world.attempt(), locale="fi", now=world.now))
        assert page.status_code == 400
        assert "client_keys" in page.text
        world.portal_is_up = True
        assert identify(world, portal).identity_code == "010170-999R"

    def test_portal_with_one_thread_is_not_asked_while_it_waits(self, world, portal):
        browser, attempt = Browser(world), world.attempt()
        callback = browser.choose(
            browser.open(portal.begin(attempt, locale="fi", now=world.now)), person="010170-999R", action="identify"
        )
        world.portal_is_up = False
        assert portal.complete(callback, attempt, now=world.now).identity_code == "010170-999R"
