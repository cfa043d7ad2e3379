import base64
import hashlib
import json
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt

from heka_portal.integrations.identification import errors
from heka_portal.integrations.identification.attempts import LONGEST_ATTEMPT, new_attempt
from heka_portal.integrations.identification.relying_party import RelyingParty
from heka_portal.integrations.identification.settings import Dialect
from tests.integrations.identification.scripted import NOW, Reply, encrypt, make_key, reply, sign


def read_request(address, portal):
    query = parse_qs(urlsplit(address).query)
    token = jwt.decode(query["request"][0], portal.keys.signing, algorithms=["RS256"])
    return query, token.header, token.claims


class TestBegin:
    def test_request_is_one_signed_object_with_everything_in_it(self, portal, attempt):
        address = portal.begin(attempt, locale="sv", now=NOW)
        query, header, claims = read_request(address, portal)

        assert address.startswith(f"{portal.settings.authorization_endpoint}?")
        assert set(query) == {"client_id", "request"}
        assert header == {"alg": "RS256", "typ": "JWT", "kid": portal.keys.signing.kid}
        assert claims["iss"] == claims["client_id"] == query["client_id"][0] == "heka"
        assert claims["aud"] == portal.settings.issuer
        assert claims["response_type"] == "code"
        assert claims["redirect_uri"] == portal.settings.redirect_uri
        assert claims["scope"] == "openid"
        assert claims["acr_values"] == "http://ftn.ficora.fi/2017/loatest2"
        assert (claims["state"], claims["nonce"]) == (attempt.state, attempt.nonce)
        assert claims["ui_locales"] == "sv"
        assert 0 < claims["exp"] - NOW.timestamp() <= 600
        assert not {"prompt", "max_age", "ftn_spname"} & set(claims)

    def test_challenge_hides_the_verifier(self, portal, attempt):
        _, _, claims = read_request(portal.begin(attempt, locale="fi", now=NOW), portal)
        digest = hashlib.sha256(attempt.code_verifier.encode()).digest()
        assert claims["code_challenge"] == base64.urlsafe_b64encode(digest).decode().rstrip("=")
        assert claims["code_challenge_method"] == "S256"
        assert attempt.code_verifier not in json.dumps(claims)

    def test_without_pkce_no_challenge_and_no_verifier(self, provider, our_keys, attempt):
        portal = RelyingParty(provider.settings(use_pkce=False), our_keys)
        _, _, claims = read_request(portal.begin(attempt, locale="fi", now=NOW), portal)
        assert "code_challenge" not in claims
        provider.give_claims(attempt)
        portal.complete(provider.callback(attempt), attempt, now=NOW)
        assert "code_verifier" not in provider.forms[0]

    def test_step_up_asks_for_a_new_identification(self, portal):
        attempt = new_attempt(now=NOW, max_age=timedelta(0))
        _, _, claims = read_request(portal.begin(attempt, locale="fi", now=NOW), portal)
        assert (claims["max_age"], claims["prompt"]) == (0, "login")

    def test_each_request_has_its_own_id(self, portal, attempt):
        ids = {read_request(portal.begin(attempt, locale="fi", now=NOW), portal)[2]["jti"] for _ in range(3)}
        assert len(ids) == 3

    def test_unknown_language_is_not_passed_on(self, portal, attempt):
        assert "ui_locales" not in read_request(portal.begin(attempt, locale="de", now=NOW), portal)[2]

    def test_service_name_is_sent_where_the_broker_wants_it(self, provider, our_keys, attempt):
        portal = RelyingParty(provider.settings(service_name="Hekan asukasportaali"), our_keys)
        assert read_request(portal.begin(attempt, locale="fi", now=NOW), portal)[2]["ftn_spname"] == (
            "Hekan asukasportaali"
        )

    def test_endpoint_with_a_query_keeps_it(self, provider, our_keys, attempt):
        portal = RelyingParty(provider.settings(authorization_endpoint=f"{provider.issuer}/a?tenant=1"), our_keys)
        assert "/a?tenant=1&client_id=heka&request=" in portal.begin(attempt, locale="fi", now=NOW)


class TestComplete:
    def test_person_comes_out(self, portal, provider, attempt):
        provider.give_claims(attempt)
        person = portal.complete(provider.callback(attempt), attempt, now=NOW)

        assert person.identity_code == "010170-999R"
        assert (person.family_name, person.given_name) == ("Äyrämö", "Tero Testi")
        assert person.full_name == "Tero Testi Äyrämö"
        assert person.birth_on == date(1970, 1, 1)
        assert person.acr == "http://ftn.ficora.fi/2017/loatest2"
        assert person.auth_time == NOW
        assert person.broker == "https://broker.test/oidc.bank.1"

    def test_nothing_personal_shows_when_a_person_or_attempt_is_printed(self, portal, provider, attempt):
        provider.give_claims(attempt)
        person = portal.complete(provider.callback(attempt), attempt, now=NOW)
        assert "010170" not in repr(person)
        assert "yräm" not in repr(person)
        assert attempt.state not in repr(attempt)
        assert attempt.nonce not in repr(attempt)
        assert attempt.code_verifier not in repr(attempt)

    def test_plain_dialect(self, provider, our_keys, attempt):
        portal = RelyingParty(provider.settings(dialect=Dialect.PLAIN), our_keys)
        plain = {
            "personal_identity_code": "010280-952L",
            "family_name": "TESTILÄ",
            "given_name": "TESSA",
            "birthdate": "1980-02-01",
        }
        provider.give_claims(attempt, **plain)
        person = portal.complete(provider.callback(attempt), attempt, now=NOW)
        assert person.identity_code == "010280-952L"
        assert person.full_name == "Tessa Testilä"

    def test_claims_of_the_other_dialect_are_not_read(self, provider, our_keys, attempt):
        portal = RelyingParty(provider.settings(dialect=Dialect.PLAIN), our_keys)
        provider.give_claims(attempt)
        with pytest.raises(errors.TokenRefused):
            portal.complete(provider.callback(attempt), attempt, now=NOW)

    def test_code_is_redeemed_with_an_assertion_and_no_secret(self, portal, provider, attempt):
        provider.give_claims(attempt)
        portal.complete(provider.callback(attempt), attempt, now=NOW)
        [form] = provider.forms
        assertion = jwt.decode(form.pop("client_assertion"), portal.keys.signing, algorithms=["RS256"])

        assert form == {
            "grant_type": "authorization_code",
            "code": "the-code",
            "redirect_uri": portal.settings.redirect_uri,
            "client_id": "heka",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "code_verifier": attempt.code_verifier,
        }
        assert assertion.header["kid"] == portal.keys.signing.kid
        assert assertion.claims["iss"] == assertion.claims["sub"] == "heka"
        assert assertion.claims["aud"] == portal.settings.token_endpoint
        assert 0 < assertion.claims["exp"] - NOW.timestamp() <= 600
        assert len(assertion.claims["jti"]) >= 20

    def test_old_encryption_key_still_opens_a_token(self, provider, our_keys, attempt):
        keys = type(our_keys)(our_keys.entity, our_keys.signing, make_key("enc"), (), (our_keys.encryption,))
        provider.give_claims(attempt)
        person = RelyingParty(provider.settings(), keys).complete(provider.callback(attempt), attempt, now=NOW)
        assert person.identity_code == "010170-999R"


class TestCallback:
    @pytest.mark.parametrize(
        ("error", "expected"),
        [
            ("access_denied", errors.Cancelled),
            ("cancel", errors.Cancelled),
            ("login_required", errors.LoginRequired),
            ("interaction_required", errors.LoginRequired),
            ("invalid_request", errors.RequestRefused),
            ("invalid_scope", errors.ScopeRefused),
            ("unauthorized_client", errors.ClientRefused),
            ("server_error", errors.ProviderFailed),
            ("temporarily_unavailable", errors.ProviderBusy),
            ("something_new", errors.ProviderFailed),
        ],
    )
    def test_errors_have_names(self, portal, provider, attempt, error, expected):
        with pytest.raises(errors.IdentificationError) as caught:
            portal.complete({"state": attempt.state, "error": error}, attempt, now=NOW)
        assert type(caught.value) is expected
        assert provider.hits["/token"] == 0

    def test_what_the_provider_writes_is_not_repeated(self, portal, attempt):
        callback = {"state": attempt.state, "error": "<script>010170-999R", "error_description": "010170-999R"}
        with pytest.raises(errors.ProviderFailed) as caught:
            portal.complete(callback, attempt, now=NOW)
        assert "010170" not in str(caught.value)

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"state": "another"}, "state"),
            ({"state": ""}, "state"),
            ({"state": "ä"}, "state"),
            ({"iss": "https://another.test"}, "issuer"),
            ({"iss": ""}, "issuer"),
            ({"code": ""}, "code"),
            ({"code": "x" * 9000}, "code"),
        ],
    )
    def test_an_answer_to_something_else_is_refused(self, portal, provider, attempt, changes, reason):
        provider.give_claims(attempt)
        with pytest.raises(errors.CallbackRefused) as caught:
            portal.complete(provider.callback(attempt, **changes), attempt, now=NOW)
        assert caught.value.reason == reason
        assert provider.hits["/token"] == 0

    def test_wrong_state_hides_the_error_that_came_with_it(self, portal, attempt):
        with pytest.raises(errors.CallbackRefused):
            portal.complete({"state": "another", "error": "access_denied"}, attempt, now=NOW)

    def test_provider_that_promises_its_issuer_must_send_it(self, provider, our_keys, attempt):
        provider.replies["/.well-known/openid-configuration"] = reply(
            {
                "issuer": provider.issuer,
                "authorization_endpoint": f"{provider.issuer}/authorize",
                "token_endpoint": f"{provider.issuer}/token",
                "authorization_response_iss_parameter_supported": True,
            }
        )
        portal = RelyingParty(provider.settings(token_endpoint=""), our_keys)
        with pytest.raises(errors.CallbackRefused) as caught:
            portal.complete({"state": attempt.state, "code": "c"}, attempt, now=NOW)
        assert caught.value.reason == "issuer_missing"

    def test_a_provider_without_it_is_fine(self, portal, provider, attempt):
        provider.give_claims(attempt)
        assert portal.complete({"state": attempt.state, "code": "c"}, attempt, now=NOW).birth_on == date(1970, 1, 1)

    def test_attempt_lasts_fifteen_minutes(self, portal, provider):
        attempt = new_attempt(now=NOW - LONGEST_ATTEMPT + timedelta(seconds=1))
        provider.give_claims(attempt)
        assert portal.complete(provider.callback(attempt), attempt, now=NOW)
        with pytest.raises(errors.AttemptExpired):
            portal.complete(provider.callback(attempt), attempt, now=NOW + timedelta(seconds=1))


class TestTokenEndpoint:
    @pytest.mark.parametrize(
        ("answer", "expected"),
        [
            (reply({"error": "invalid_grant"}, 400), errors.CodeUsed),
            (reply({"error": "invalid_client"}, 401), errors.ClientRefused),
            (reply({"error": "unauthorized_client"}, 400), errors.ClientRefused),
            (reply({"error": "invalid_request"}, 400), errors.RequestRefused),
            (reply({"error": "weird"}, 400), errors.ProviderFailed),
            (reply({"error": ["invalid_grant"]}, 400), errors.ProviderFailed),
            (reply({"error": "invalid_grant"}, 500), errors.ProviderFailed),
            (Reply(b"<html>", 400), errors.ProviderFailed),
            (Reply(b"", 503), errors.ProviderBusy),
            (Reply(b"", 429), errors.ProviderBusy),
            (Reply(b"", 302, headers={"Location": "/elsewhere"}), errors.ProviderFailed),
            (Reply(b"not json"), errors.ProviderFailed),
            (Reply(b"[1]"), errors.ProviderFailed),
            (Reply(b"[" * 100_000), errors.ProviderFailed),
            (reply({"access_token": "a"}), errors.ProviderFailed),
            (reply({"id_token": 7}), errors.ProviderFailed),
            (Reply(b"x" * 300_000), errors.ProviderFailed),
        ],
    )
    def test_errors_have_names(self, portal, provider, attempt, answer, expected):
        provider.replies["/token"] = answer
        with pytest.raises(errors.IdentificationError) as caught:
            portal.complete(provider.callback(attempt), attempt, now=NOW)
        assert type(caught.value) is expected
        assert provider.hits["/elsewhere"] == 0

    def test_slow_provider(self, provider, our_keys, attempt):
        provider.replies["/token"] = Reply(b"{}", wait=2)
        portal = RelyingParty(provider.settings(timeout_seconds=0.2), our_keys)
        with pytest.raises(errors.ProviderSlow):
            portal.complete(provider.callback(attempt), attempt, now=NOW)

    def test_provider_that_sends_a_byte_at_a_time(self, provider, our_keys, attempt):
        provider.replies["/token"] = Reply(b" " * 100, drip=0.1)
        portal = RelyingParty(provider.settings(timeout_seconds=0.3), our_keys)
        with pytest.raises(errors.ProviderSlow):
            portal.complete(provider.callback(attempt), attempt, now=NOW)
        assert len(provider.forms) == 1

    def test_provider_that_is_not_there(self, provider, our_keys, attempt):
        portal = RelyingParty(provider.settings(token_endpoint="http://127.0.0.1:9/token"), our_keys)
        with pytest.raises(errors.ProviderUnreachable):
            portal.complete(provider.callback(attempt), attempt, now=NOW)

    def test_proxy_and_passwords_of_the_operator_do_not_reach_this_machine(
        self, portal, provider, attempt, tmp_path, monkeypatch
    ):
        netrc = tmp_path / "netrc"
        netrc.write_text("machine 127.0.0.1 login someone password secret")
        monkeypatch.setenv("NETRC", str(netrc))
        for name in ("HTTP_PROXY", "http_proxy"):
            monkeypatch.setenv(name, "http://127.0.0.1:9")
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        provider.give_claims(attempt)
        portal.complete(provider.callback(attempt), attempt, now=NOW)
        assert "authorization header" not in provider.forms[0]


class TestToken:
    def refused(self, portal, provider, attempt, token):
        provider.give(token)
        with pytest.raises(errors.TokenRefused) as caught:
            portal.complete(provider.callback(attempt), attempt, now=NOW)
        return caught.value.reason

    def test_unencrypted_token_is_never_read(self, portal, provider, attempt):
        token = sign(provider.claims(attempt), provider.signing)
        assert self.refused(portal, provider, attempt, token) == "not_encrypted"
        assert provider.hits["/signed-jwks"] == 0

    def test_token_for_another_attempt(self, portal, provider, attempt):
        other = new_attempt(now=NOW)
        token = encrypt(sign(provider.claims(other), provider.signing), portal.keys.encryption)
        assert self.refused(portal, provider, attempt, token) == "nonce"

    def test_step_up_needs_a_new_moment(self, provider, portal):
        attempt = new_attempt(now=NOW, max_age=timedelta(0), newer_than=NOW - timedelta(seconds=30))
        provider.give_claims(attempt, auth_time=int(NOW.timestamp()) - 30)
        with pytest.raises(errors.NotFreshEnough) as caught:
            portal.complete(provider.callback(attempt), attempt, now=NOW)
        assert caught.value.reason == "auth_time_not_new"

    def test_person_without_an_identity_code(self, portal, provider, attempt):
        provider.give_claims(attempt, **{"urn:oid:1.2.246.21": None})
        with pytest.raises(errors.NoIdentityCode):
            portal.complete(provider.callback(attempt), attempt, now=NOW)

    def test_key_rotation_is_followed(self, portal, provider, attempt):
        provider.give_claims(attempt)
        portal.complete(provider.callback(attempt), attempt, now=NOW)
        provider.signing = make_key()
        provider.publish(provider.signing)
        provider.give_claims(attempt)
        portal.complete(provider.callback(attempt), attempt, now=NOW)
        assert provider.hits["/signed-jwks"] == 2

    def test_unknown_key_has_the_set_fetched_again_exactly_once(self, portal, provider, attempt):
        provider.give_claims(attempt)
        portal.complete(provider.callback(attempt), attempt, now=NOW)
        stranger = make_key()
        token = encrypt(sign(provider.claims(attempt), stranger), portal.keys.encryption)
        assert self.refused(portal, provider, attempt, token) == "signature_key_unknown"
        assert provider.hits["/signed-jwks"] == 2
