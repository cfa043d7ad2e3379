"""What a broker refuses: on its own page, by sending the person back, or at the token endpoint."""

import json
import secrets
from base64 import urlsafe_b64encode
from datetime import timedelta
from urllib.parse import urlencode

import pytest
import requests
from joserfc import jws

from heka_portal.integrations.identification.publishing import public_jwks, signed_jwks
from tests.devtools.identity_provider.conftest import Browser, callback_of


@pytest.fixture
def keys(world):
    return world.keys


@pytest.fixture
def claims(world):
    issued = int(world.now.timestamp())
    return {
        "iss": "heka",
        "aud": world.issuer,
        "client_id": "heka",
        "response_type": "code",
        "redirect_uri": f"{world.portal_address}/callback",
        "scope": "openid",
        "state": "the-state",
        "nonce": "n" * 22,
        "acr_values": "http://ftn.ficora.fi/2017/loatest2",
        "exp": issued + 600,
    }


def sign(claims, key, **header):
    protected = {"alg": "RS256", "typ": "JWT", "kid": key.kid, **header}
    kept = {name: value for name, value in claims.items() if value is not None}
    return jws.serialize_compact(protected, json.dumps(kept), key, algorithms=["RS256"])


def ask(world, **parameters):
    return requests.get(f"{world.issuer}/authorize?{urlencode(parameters)}", timeout=5, allow_redirects=False)


def refused_here(answer):
    assert answer.status_code == 400
    assert "Location" not in answer.headers
    return answer.text.rpartition("<code>")[2].partition("</code>")[0]


def test_good_request_leads_to_the_page(world, keys, claims):
    answer = ask(world, request=sign(claims, keys.signing))
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/identify/")


class TestOnItsOwnPage:
    def test_parameters_without_a_request_object(self, world, claims):
        assert refused_here(ask(world, **claims)) == "request_missing"

    def test_unsigned_request_object(self, world, claims):
        header, payload = (urlsafe_b64encode(json.dumps(part).encode()).decode() for part in ({"alg": "none"}, claims))
        token = f"{header}.{payload}.".replace("=", "")
        assert refused_here(ask(world, request=token)) == "request_not_signed"

    def test_nonsense(self, world):
        assert refused_here(ask(world, request="nonsense")) == "request_not_signed"

    def test_signed_with_an_unpublished_key(self, world, keys, claims):
        assert refused_here(ask(world, request=sign(claims, keys.entity))) == "request_key_unknown"

    def test_wrong_signature(self, world, keys, claims):
        token = sign(claims, keys.entity, kid=keys.signing.kid)
        assert refused_here(ask(world, request=token)) == "request_signature"

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"client_id": "another"}, "client_unknown"),
            ({"iss": "another"}, "request_parties"),
            ({"aud": "https://another.test"}, "request_parties"),
            ({"exp": None}, "request_expired"),
            ({"redirect_uri": "https://evil.test/callback"}, "redirect_unknown"),
            ({"redirect_uri": None}, "redirect_unknown"),
        ],
    )
    def test_values(self, world, keys, claims, changes, reason):
        assert refused_here(ask(world, request=sign({**claims, **changes}, keys.signing))) == reason

    @pytest.mark.parametrize("seconds", [-1, 661])
    def test_validity(self, world, keys, claims, seconds):
        claims["exp"] = int(world.now.timestamp()) + seconds
        assert refused_here(ask(world, request=sign(claims, keys.signing))) == "request_expired"

    def test_client_id_beside_it_differs(self, world, keys, claims):
        assert refused_here(ask(world, client_id="x", request=sign(claims, keys.signing))) == "client_unknown"

    @pytest.mark.parametrize("how", ["plain", "other entity", "without encryption", "signed by another"])
    def test_key_set_of_the_portal(self, world, keys, claims, how, monkeypatch):
        settings = world.settings()
        text = {
            "plain": json.dumps(public_jwks(keys)),
            "other entity": sign({**public_jwks(keys), "iss": "x", "sub": "x"}, keys.entity, typ="jwk-set+jwt"),
            "signed by another": signed_jwks(
                settings, type(keys)(keys.signing, keys.signing, keys.encryption), now=world.now
            ),
            "without encryption": sign(
                {
                    "keys": [keys.signing.as_dict(private=False)],
                    "iss": settings.entity_id,
                    "sub": settings.entity_id,
                    "iat": int(world.now.timestamp()),
                    "exp": int(world.now.timestamp()) + 600,
                },
                keys.entity,
                typ="jwk-set+jwt",
            ),
        }[how]
        module = "tests.devtools.identity_provider.conftest.signed_jwks"
        monkeypatch.setattr(module, lambda *_args, **_named: text)
        assert refused_here(ask(world, request=sign(claims, keys.signing))) == "client_keys"


class TestBack:
    @pytest.mark.parametrize(
        ("changes", "error"),
        [
            ({"response_type": "id_token"}, "invalid_request"),
            ({"nonce": None}, "invalid_request"),
            ({"nonce": "short"}, "invalid_request"),
            ({"state": None}, "invalid_request"),
            ({"prompt": "dance"}, "invalid_request"),
            ({"code_challenge": "c", "code_challenge_method": "plain"}, "invalid_request"),
            ({"ftn_spname": "x" * 41}, "invalid_request"),
            ({"scope": "profile"}, "invalid_scope"),
            ({"prompt": "none"}, "login_required"),
        ],
    )
    def test_values(self, world, keys, claims, changes, error):
        answer = ask(world, request=sign({**claims, **changes}, keys.signing))
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith(claims["redirect_uri"])
        assert callback_of(answer)["error"] == error
        assert callback_of(answer)["iss"] == world.issuer

    def test_plain_dialect_needs_the_scopes(self, plain_world):
        portal = plain_world.relying_party(scope="openid")
        address = portal.begin(plain_world.attempt(), locale="fi", now=plain_world.now)
        assert callback_of(requests.get(address, timeout=5, allow_redirects=False))["error"] == "invalid_scope"


class TestTokenEndpoint:
    @pytest.fixture
    def redeem(self, world, keys, portal):
        def run(assertion_changes=None, assertion_key=None, **form_changes):
            browser, attempt = Browser(world), world.attempt()
            page = browser.open(portal.begin(attempt, locale="fi", now=world.now))
            callback = browser.choose(page, person="010170-999R", action="identify")
            assertion = {
                "iss": "heka",
                "sub": "heka",
                "aud": f"{world.issuer}/token",
                "jti": secrets.token_urlsafe(),
                "exp": int((world.now + timedelta(minutes=5)).timestamp()),
                **(assertion_changes or {}),
            }
            form = {
                "grant_type": "authorization_code",
                "code": callback["code"],
                "redirect_uri": portal.settings.redirect_uri,
                "client_id": "heka",
                "code_verifier": attempt.code_verifier,
                "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                "client_assertion": sign(assertion, assertion_key or keys.signing),
                **form_changes,
            }
            kept = {name: value for name, value in form.items() if value is not None}
            return requests.post(f"{world.issuer}/token", data=kept, timeout=5)

        return run

    def test_everything_right(self, redeem):
        answer = redeem()
        assert answer.status_code == 200
        assert answer.json()["id_token"].count(".") == 4
        assert answer.headers["Cache-Control"] == "no-store"

    @pytest.mark.parametrize(
        "changes",
        [
            {"iss": "another"},
            {"sub": "another"},
            {"aud": "https://another.test/token"},
            {"aud": None},
            {"jti": None},
            {"exp": None},
            {"exp": 1},
            {"exp": 9_999_999_999},
        ],
    )
    def test_assertions(self, redeem, changes):
        answer = redeem(changes)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client")

    def test_assertion_of_another_key(self, redeem, keys):
        assert redeem(None, keys.entity).json()["error"] == "invalid_client"

    def test_assertion_used_twice(self, redeem):
        same = {"jti": "the-same"}
        assert redeem(same).status_code == 200
        assert redeem(same).json()["error"] == "invalid_client"

    @pytest.mark.parametrize(
        ("changes", "error"),
        [
            ({"client_secret": "secret"}, "invalid_client"),
            ({"client_assertion_type": None}, "invalid_client"),
            ({"client_assertion": "nonsense"}, "invalid_client"),
            ({"client_id": "another"}, "invalid_client"),
            ({"grant_type": "password"}, "unsupported_grant_type"),
            ({"code": "another"}, "invalid_grant"),
            ({"redirect_uri": "https://another.test"}, "invalid_grant"),
            ({"code_verifier": "another"}, "invalid_grant"),
            ({"code_verifier": None}, "invalid_grant"),
        ],
    )
    def test_forms(self, redeem, changes, error):
        answer = redeem(**changes)
        assert (answer.status_code, answer.json()["error"]) == (400, error)
