"""The nested ID token: signed, then encrypted, and each way to get that wrong on demand."""

import base64
import hmac
import json
import secrets
import warnings
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from joserfc import jwe, jws
from joserfc.jwk import RSAKey

from devtools.identity_provider.configuration import TEST_LEVELS, Dialect
from devtools.identity_provider.failures import Failure
from devtools.identity_provider.persons import Person
from devtools.identity_provider.requested import Requested

_LIFE = timedelta(minutes=10)
_HOUR = 3600
_NAMES = {
    Dialect.URN: {
        "identity_code": "urn:oid:1.2.246.21",
        "family_name": "urn:oid:2.5.4.4",
        "given_name": "urn:oid:1.2.246.575.1.14",
        "birth_date": "urn:oid:1.3.6.1.5.5.7.9.1",
        "display_name": "urn:oid:2.16.840.1.113730.3.1.241",
    },
    Dialect.PLAIN: {
        "identity_code": "personal_identity_code",
        "family_name": "family_name",
        "given_name": "given_name",
        "birth_date": "birthdate",
        "display_name": "name",
    },
}


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What a code stands for."""

    request: Requested
    person: Person
    authenticated_at: datetime
    issued_at: datetime
    failure: Failure | None = None


def token_claims(grant: Grant, *, issuer: str, dialect: Dialect, now: datetime) -> dict[str, Any]:
    """What the ID token says, with the one thing wrong that was asked for."""
    issued = int(now.timestamp())
    claims: dict[str, Any] = {
        "iss": issuer,
        # Not lasting, as at the brokers: whoever keys accounts on it finds out at once.
        "sub": secrets.token_urlsafe(12),
        "aud": grant.request.client.client_id,
        "iat": issued,
        "exp": issued + int(_LIFE.total_seconds()),
        "auth_time": int(grant.authenticated_at.timestamp()),
        "nonce": grant.request.text("nonce"),
        "acr": _level(grant.request),
        "amr": [f"{issuer}/means/test.1"],
        **_attributes(grant.person, dialect),
    }
    _spoil_claims(claims, grant.failure, dialect)
    return claims


def _level(request: Requested) -> str:
    asked = request.text("acr_values").split()
    # As some brokers do, the level that there is is given without an error, whatever was asked for.
    return next((level for level in asked if level in TEST_LEVELS), TEST_LEVELS[0])


def _attributes(person: Person, dialect: Dialect) -> dict[str, str]:
    values = {
        "identity_code": person.identity_code,
        "family_name": person.family_name,
        "given_name": person.given_name,
        "birth_date": person.birth_date,
        "display_name": f"{person.family_name} {person.given_name}".strip(),
    }
    return {_NAMES[dialect][name]: value for name, value in values.items() if value}


def _spoil_claims(claims: dict[str, Any], failure: Failure | None, dialect: Dialect) -> None:
    names = _NAMES[dialect]
    removed = {
        Failure.NO_NONCE: ("nonce",),
        Failure.NO_ACR: ("acr",),
        Failure.NO_EXPIRY: ("exp",),
        Failure.NO_AUTH_TIME: ("auth_time",),
        Failure.NO_IDENTITY_CODE: (names["identity_code"],),
        Failure.NO_NAMES: (names["family_name"], names["given_name"], names["display_name"]),
    }
    changed = {
        Failure.WRONG_NONCE: {"nonce": secrets.token_urlsafe(32)},
        Failure.WRONG_ACR: {"acr": "http://ftn.ficora.fi/2017/loatest1"},
        Failure.WRONG_AUDIENCE: {"aud": "another-client"},
        Failure.WRONG_ISSUER: {"iss": "https://another-issuer.test"},
        Failure.EXPIRED: {"exp": claims["iat"] - _HOUR},
        Failure.FROM_THE_FUTURE: {"iat": claims["iat"] + _HOUR, "exp": claims["iat"] + 2 * _HOUR},
        Failure.OLD_AUTH_TIME: {"auth_time": claims["auth_time"] - _HOUR},
        Failure.OTHER_BIRTH_DATE: {names["birth_date"]: "1931-12-31"},
    }
    if failure is None:
        return
    for name in removed.get(failure, ()):
        claims.pop(name, None)
    claims.update(changed.get(failure, {}))


def seal(claims: dict[str, Any], *, signing: RSAKey, encryption: RSAKey, failure: Failure | None) -> str:
    """The claims as a nested token, with the one thing wrong that was asked for."""
    signed = _signed(claims, signing, failure)
    if failure is Failure.NOT_ENCRYPTED:
        return signed
    token = _encrypted(signed, claims, encryption, failure)
    return _tampered(token) if failure is Failure.TAMPERED else token


def _signed(claims: dict[str, Any], key: RSAKey, failure: Failure | None) -> str:
    payload = json.dumps(claims, ensure_ascii=False)
    kid = secrets.token_urlsafe(16) if failure is Failure.UNKNOWN_KEY else key.kid
    if failure is Failure.UNSIGNED:
        registry = jws.JWSRegistry(algorithms=["none"])
        with warnings.catch_warnings(action="ignore"):
            return jws.serialize_compact({"alg": "none", "kid": kid}, payload, None, registry=registry)
    if failure is Failure.SIGNED_HS256:
        return _signed_with_public_key(payload, key)
    return jws.serialize_compact({"alg": "RS256", "typ": "JWT", "kid": kid}, payload, key, algorithms=["RS256"])


def _signed_with_public_key(payload: str, key: RSAKey) -> str:
    """The oldest trick: the public key as the secret of a symmetric signature."""
    parts = (json.dumps({"alg": "HS256", "kid": key.kid}).encode(), payload.encode())
    message = ".".join(map(_base64, parts))
    mac = hmac.digest(key.as_pem(private=False), message.encode(), "sha256")
    return f"{message}.{_base64(mac)}"


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _encrypted(signed: str, claims: dict[str, Any], key: RSAKey, failure: Failure | None) -> str:
    algorithm = "RSA1_5" if failure is Failure.ENCRYPTED_RSA1_5 else "RSA-OAEP"
    content = "A128GCM" if failure is Failure.ENCRYPTED_A128GCM else "A128CBC-HS256"
    header = {
        "alg": algorithm,
        "enc": content,
        "cty": "JWT",
        "kid": key.kid,
        # Brokers repeat these two outside.
        "iss": claims.get("iss"),
        "aud": claims.get("aud"),
    }
    used = key
    if failure is Failure.WRONG_ENCRYPTION_KEY:
        used = RSAKey.generate_key(2048)
    public = RSAKey.import_key({name: used.as_dict(private=False)[name] for name in ("kty", "n", "e")})
    registry = jwe.JWERegistry(algorithms=[algorithm, content], strict_check_header=False)
    with warnings.catch_warnings(action="ignore"):
        return jwe.encrypt_compact(header, signed, public, registry=registry)


def _tampered(token: str) -> str:
    parts = token.split(".")
    middle = len(parts[3]) // 2
    other = "A" if parts[3][middle] != "A" else "B"
    parts[3] = parts[3][:middle] + other + parts[3][middle + 1 :]
    return ".".join(parts)
