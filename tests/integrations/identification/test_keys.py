import json
import stat

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from joserfc import jwt
from joserfc.jwk import RSAKey

from heka_portal.integrations.identification import keys as module
from heka_portal.integrations.identification.keys import (
    KeyProblem,
    key_from_pem,
    keys_from_pem,
    load_keys,
    make_keys,
    prepare_rotation,
    rotate,
)
from heka_portal.integrations.identification.publishing import entity_statement, public_jwks, signed_jwks
from tests.integrations.identification.scripted import NOW, kid


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_NEW_KEY", 2048)
    make_keys(tmp_path / "keys")
    return tmp_path / "keys"


def pem(key, form=PrivateFormat.PKCS8):
    return key.private_bytes(Encoding.PEM, form, NoEncryption()).decode()


class TestFolder:
    def test_keys_are_made_once(self, folder):
        first = load_keys(folder)
        assert make_keys(folder) == []
        assert load_keys(folder).signing.kid == first.signing.kid
        assert len({first.entity.kid, first.signing.kid, first.encryption.kid}) == 3

    def test_only_their_owner_reads_them(self, folder):
        for path in folder.glob("*.pem"):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600

    def test_public_half_of_the_entity_key_lies_beside_them(self, folder):
        [entry] = json.loads((folder / "entity.public.json").read_text())["keys"]
        assert entry["kid"] == load_keys(folder).entity.kid
        assert "d" not in entry

    def test_name_of_a_key_is_its_thumbprint(self, folder):
        key = load_keys(folder).signing
        assert key.kid == RSAKey.import_key((folder / "sig.pem").read_bytes()).thumbprint()

    def test_missing_file_is_named(self, folder):
        (folder / "enc.pem").unlink()
        with pytest.raises(KeyProblem, match=r"enc\.pem"):
            load_keys(folder)

    def test_broken_file_is_named(self, folder):
        (folder / "sig-old.pem").write_text("no key")
        with pytest.raises(KeyProblem, match=r"sig-old\.pem"):
            load_keys(folder)


class TestRotation:
    def test_signing_key_is_published_before_and_after_its_use(self, folder):
        first = load_keys(folder)
        prepare_rotation(folder, "sig")
        prepared = load_keys(folder)
        assert prepared.signing.kid == first.signing.kid
        assert len(public_jwks(prepared)["keys"]) == 3
        rotate(folder, "sig")
        rotated = load_keys(folder)
        assert rotated.signing.kid == prepared.other_signing[0].kid
        assert [key.kid for key in rotated.other_signing] == [first.signing.kid]

    def test_encryption_key_decrypts_before_it_is_published_and_after(self, folder):
        first = load_keys(folder)
        prepare_rotation(folder, "enc")
        prepared = load_keys(folder)
        coming = kid(prepared.other_encryption[0])
        assert prepared.decryption_key(coming)
        assert coming not in {entry["kid"] for entry in public_jwks(prepared)["keys"]}
        rotate(folder, "enc")
        rotated = load_keys(folder)
        assert rotated.encryption.kid == coming
        assert rotated.decryption_key(kid(first.encryption))
        assert first.encryption.kid not in {entry["kid"] for entry in public_jwks(rotated)["keys"]}

    def test_key_is_not_prepared_twice_nor_rotated_unprepared(self, folder):
        with pytest.raises(KeyProblem, match=r"sig-next\.pem"):
            rotate(folder, "sig")
        prepare_rotation(folder, "sig")
        with pytest.raises(KeyProblem, match="rotate first"):
            prepare_rotation(folder, "sig")

    def test_entity_key_does_not_rotate(self, folder):
        with pytest.raises(KeyProblem):
            prepare_rotation(folder, "entity")


class TestPem:
    def test_keys_may_come_as_texts(self, folder):
        texts = {name: (folder / f"{name}.pem").read_text() for name in ("entity", "sig", "enc")}
        keys = keys_from_pem(
            entity=texts["entity"], signing=texts["sig"], encryption=texts["enc"], other_encryption=(texts["sig"],)
        )
        assert keys.signing.kid == load_keys(folder).signing.kid
        assert len(keys.other_encryption) == 1

    def test_what_is_no_good_key(self):
        short = rsa.generate_private_key(public_exponent=65537, key_size=1024)
        good = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        public = good.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
        for text, word in (
            ("", "PEM"),
            ("text", "PEM"),
            (public, "PEM"),
            (pem(short), "1024 bits"),
            (pem(ec.generate_private_key(ec.SECP256R1())), "RSA"),
        ):
            with pytest.raises(KeyProblem, match=word):
                key_from_pem(text, use="sig")
        assert key_from_pem(pem(good, PrivateFormat.TraditionalOpenSSL), use="sig").is_private

    def test_private_keys_do_not_show_when_printed(self, our_keys):
        assert "RSAKey" not in repr(our_keys)


class TestPublished:
    def test_nothing_private_is_published(self, our_keys):
        for entry in public_jwks(our_keys)["keys"]:
            assert set(entry) == {"kty", "n", "e", "use", "alg", "kid"}
        uses = [(entry["use"], entry["alg"]) for entry in public_jwks(our_keys)["keys"]]
        assert uses == [("sig", "RS256"), ("enc", "RSA-OAEP")]
        assert our_keys.entity.kid not in {entry["kid"] for entry in public_jwks(our_keys)["keys"]}

    def test_signed_key_set(self, provider, our_keys):
        token = jwt.decode(signed_jwks(provider.settings(), our_keys, now=NOW), our_keys.entity, algorithms=["RS256"])
        assert token.header == {"alg": "RS256", "typ": "jwk-set+jwt", "kid": our_keys.entity.kid}
        assert set(token.claims) == {"keys", "iss", "sub", "iat", "exp"}
        assert token.claims["iss"] == token.claims["sub"] == "http://127.0.0.1:8000"
        assert token.claims["exp"] - token.claims["iat"] == 86400
        assert token.claims["keys"] == public_jwks(our_keys)["keys"]

    def test_entity_statement(self, provider, our_keys):
        text = entity_statement(provider.settings(), our_keys, now=NOW)
        token = jwt.decode(text, our_keys.entity, algorithms=["RS256"])
        assert token.header == {"alg": "RS256", "typ": "entity-statement+jwt", "kid": our_keys.entity.kid}
        assert token.claims["iss"] == token.claims["sub"] == "http://127.0.0.1:8000"
        assert [entry["kid"] for entry in token.claims["jwks"]["keys"]] == [our_keys.entity.kid]
        assert "d" not in token.claims["jwks"]["keys"][0]
        assert token.claims["metadata"]["openid_relying_party"] == {
            "redirect_uris": ["http://127.0.0.1:8000/identification/callback"],
            "application_type": "web",
            "id_token_signed_response_alg": "RS256",
            "id_token_encrypted_response_alg": "RSA-OAEP",
            "id_token_encrypted_response_enc": "A128CBC-HS256",
            "request_object_signing_alg": "RS256",
            "token_endpoint_auth_method": "private_key_jwt",
            "token_endpoint_auth_signing_alg": "RS256",
            "client_registration_types": [],
            "organization_name": "Heka",
            "signed_jwks_uri": "http://127.0.0.1:8000/signed-jwks",
        }
