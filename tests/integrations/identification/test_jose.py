import base64
import hmac
import json
import warnings

import pytest
from joserfc.jwk import RSAKey

from heka_portal.integrations.identification import jose
from heka_portal.integrations.identification.errors import TokenRefused
from tests.integrations.identification.scripted import encrypt, make_key, public, sign

CLAIMS = {"iss": "provider"}


@pytest.fixture(scope="module")
def key():
    return make_key()


@pytest.fixture(scope="module")
def enc():
    return make_key("enc")


def finder(*keys):
    return {key.kid: key for key in keys}.get


def b64(value):
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def flip(token, part):
    parts = token.split(".")
    middle = len(parts[part]) // 2
    parts[part] = parts[part][:middle] + ("A" if parts[part][middle] != "A" else "B") + parts[part][middle + 1 :]
    return ".".join(parts)


def refusal(function, token, find_key):
    with pytest.raises(TokenRefused) as caught:
        function(token, find_key)
    return caught.value.reason


class TestVerify:
    def test_reads_what_was_signed(self, key):
        signed = jose.verify(sign(CLAIMS, key, extra="member"), finder(make_key(), key))
        assert signed.claims == CLAIMS
        assert signed.header["kid"] == key.kid

    def test_alg_none(self, key):
        header = {"alg": "none", "kid": key.kid}
        assert refusal(jose.verify, f"{b64(header)}.{b64(CLAIMS)}.", finder(key)) == "signature_algorithm"

    @pytest.mark.parametrize("alg", ["None", "rs256", "RS384", "PS256", "ES256", None, ["RS256"]])
    def test_any_other_algorithm(self, key, alg):
        token = f"{b64({'alg': alg, 'kid': key.kid})}.{b64(CLAIMS)}.{b64(b'x')}"
        assert refusal(jose.verify, token, finder(key)) == "signature_algorithm"

    def test_public_key_as_a_shared_secret(self, key):
        message = f"{b64({'alg': 'HS256', 'kid': key.kid})}.{b64(CLAIMS)}"
        mac = hmac.digest(key.as_pem(private=False), message.encode(), "sha256")
        assert refusal(jose.verify, f"{message}.{b64(mac)}", finder(key)) == "signature_algorithm"

    @pytest.mark.parametrize("part", [1, 2])
    def test_changed_on_the_way(self, key, part):
        assert refusal(jose.verify, flip(sign(CLAIMS, key), part), finder(key)) == "signature_wrong"

    def test_signed_with_another_key_under_a_known_id(self, key):
        assert refusal(jose.verify, sign(CLAIMS, make_key(), kid=key.kid), finder(key)) == "signature_wrong"

    def test_unknown_key(self, key):
        assert refusal(jose.verify, sign(CLAIMS, make_key()), finder(key)) == "signature_key_unknown"

    @pytest.mark.parametrize("kid", [None, ""])
    def test_key_without_a_name(self, key, kid):
        assert refusal(jose.verify, sign(CLAIMS, key, kid=kid), finder(key)) == "signature_key_id_missing"

    def test_key_that_the_token_brings_along_is_not_used(self, key):
        forger = make_key()
        token = sign(CLAIMS, forger, kid=key.kid, jwk=forger.as_dict(private=False))
        assert refusal(jose.verify, token, finder(key)) == "signature_wrong"

    def test_extensions_that_change_the_meaning(self, key):
        token = f"{b64({'alg': 'RS256', 'kid': key.kid, 'crit': ['b64'], 'b64': False})}.{b64(CLAIMS)}.{b64(b'x')}"
        assert refusal(jose.verify, token, finder(key)) == "signature_extension"

    @pytest.mark.parametrize("payload", ["[1]", '"text"', "not json", '{"nonce": "a", "nonce": "b"}', "[" * 5000])
    def test_claims_that_are_no_object(self, key, payload):
        assert refusal(jose.verify, sign(payload, key), finder(key)) == "claims_malformed"

    @pytest.mark.parametrize("token", ["", "a", "a.b", "a.b.c.d", "a.b.c.d.e"])
    def test_not_a_signed_token(self, key, token):
        assert refusal(jose.verify, token, finder(key)) == "not_signed"

    @pytest.mark.parametrize("token", ["...", "*.b.c", "ä.b.c", f"{b64([1])}.b.c", "..", "A.b.c"])
    def test_broken_header(self, key, token):
        with pytest.raises(TokenRefused):
            jose.verify(token, finder(key))


class TestDecrypt:
    def test_opens_with_the_key_that_is_named(self, enc):
        assert jose.decrypt(encrypt("a.b.c", enc), finder(make_key("enc"), enc)) == "a.b.c"

    def test_members_that_brokers_add_are_let_be(self, enc):
        assert jose.decrypt(encrypt("a.b.c", enc, iss="broker", aud="heka"), finder(enc)) == "a.b.c"

    @pytest.mark.parametrize("alg", ["RSA1_5", "RSA-OAEP-256"])
    def test_other_key_encryption(self, enc, alg):
        assert refusal(jose.decrypt, encrypt("a.b.c", enc, alg=alg), finder(enc)) == "encryption_algorithm"

    @pytest.mark.parametrize("enc_name", ["A128GCM", "A256GCM", "A256CBC-HS512"])
    def test_other_content_encryption(self, enc, enc_name):
        token = encrypt("a.b.c", enc, enc=enc_name)
        assert refusal(jose.decrypt, token, finder(enc)) == "encryption_content_algorithm"

    @pytest.mark.parametrize("cty", [None, "text/plain", ""])
    def test_content_that_is_no_token(self, enc, cty):
        assert refusal(jose.decrypt, encrypt("a.b.c", enc, cty=cty), finder(enc)) == "encryption_content_type"

    def test_compressed(self, enc):
        assert refusal(jose.decrypt, encrypt("a" * 9000, enc, zip="DEF"), finder(enc)) == "encryption_compressed"

    def test_encrypted_to_another_key_under_our_id(self, enc):
        assert refusal(jose.decrypt, encrypt("a.b.c", make_key("enc"), kid=enc.kid), finder(enc)) == "decryption_failed"

    def test_unknown_key_is_not_tried_with_ours(self, enc):
        token = encrypt("a.b.c", enc, kid="another")
        assert refusal(jose.decrypt, token, finder(enc)) == "encryption_key_unknown"

    def test_key_without_a_name(self, enc):
        assert refusal(jose.decrypt, encrypt("a.b.c", enc, kid=None), finder(enc)) == "encryption_key_id_missing"

    @pytest.mark.parametrize("part", [1, 2, 3, 4])
    def test_changed_on_the_way(self, enc, part):
        assert refusal(jose.decrypt, flip(encrypt("a.b.c", enc), part), finder(enc)) == "decryption_failed"

    def test_too_large(self, enc):
        assert refusal(jose.decrypt, encrypt("a" * 70_000, enc), finder(enc)) == "decryption_failed"

    def test_content_that_is_no_text(self, enc):
        assert refusal(jose.decrypt, encrypt("ä", enc), finder(enc)) == "decryption_failed"

    def test_signed_only(self, enc):
        assert refusal(jose.decrypt, sign(CLAIMS, make_key()), finder(enc)) == "not_encrypted"

    @pytest.mark.parametrize("token", ["", "a", "a.b.c.d", "a.b.c.d.e.f"])
    def test_not_a_token(self, enc, token):
        assert refusal(jose.decrypt, token, finder(enc)) == "not_a_token"


class TestReadKeys:
    def test_takes_signing_keys_only(self, key, enc):
        assert set(jose.read_keys(public(key, enc)["keys"])) == {key.kid}

    def test_passes_over_what_it_cannot_use(self, key):
        good = key.as_dict(private=False)
        nameless = {name: value for name, value in good.items() if name != "kid"}
        odd = [
            None,
            "text",
            {},
            {"kty": "EC", "kid": "e"},
            {**good, "kid": 7},
            {**good, "alg": "PS256"},
            {**good, "n": "AQAB"},
            {**good, "n": 7},
            {**good, "n": "*"},
            {"kty": "RSA", "kid": "k"},
            nameless,
        ]
        assert set(jose.read_keys([*odd, good])) == {key.kid}

    def test_short_keys_are_not_used(self):
        with warnings.catch_warnings(action="ignore"):
            short = RSAKey.generate_key(1024, {"use": "sig"}, auto_kid=True)
        assert jose.read_keys(public(short)["keys"]) == {}

    @pytest.mark.parametrize("entries", [None, {}, "text", 7])
    def test_no_list_no_keys(self, entries):
        assert jose.read_keys(entries) == {}


@pytest.mark.parametrize("value", [None, True, "1", "", [], float("nan"), float("inf"), 1e30, -1e30])
def test_moment_of_nonsense_is_none(value):
    assert jose.moment(value) is None
