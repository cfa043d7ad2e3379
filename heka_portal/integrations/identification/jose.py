"""Signed and encrypted tokens, opened the one way the profile allows: algorithm fixed, key chosen by its id alone."""

import base64
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from joserfc import jwe, jws
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from heka_portal.integrations.identification.errors import TokenRefused
from heka_portal.integrations.identification.keys import CONTENT_ENCRYPTION, KEY_ENCRYPTION, SIGNING_ALGORITHM

# Providers add members of their own to a header (iss, aud): they are let be, the ones that matter are checked here.
_JWE = jwe.JWERegistry(algorithms=[KEY_ENCRYPTION, CONTENT_ENCRYPTION], strict_check_header=False)
_JWS = jws.JWSRegistry(algorithms=[SIGNING_ALGORITHM], strict_check_header=False)
_JWE_PARTS, _JWS_PARTS = 5, 3
_SMALLEST_KEY_BYTES = 256

FindKey = Callable[[str], RSAKey | None]


@dataclass(frozen=True, slots=True)
class Signed:
    """The header and the claims of a token whose signature was right."""

    header: dict[str, Any]
    claims: dict[str, Any]


def decrypt(token: str, find_key: FindKey) -> str:
    """The signed token inside an encrypted one. Raises TokenRefused."""
    parts = token.count(".") + 1
    if parts == _JWS_PARTS:
        raise TokenRefused("not_encrypted")
    if parts != _JWE_PARTS:
        raise TokenRefused("not_a_token")
    header = _header(token)
    _require(header.get("alg") == KEY_ENCRYPTION, "encryption_algorithm")
    _require(header.get("enc") == CONTENT_ENCRYPTION, "encryption_content_algorithm")
    _require(str(header.get("cty", "")).upper() == "JWT", "encryption_content_type")
    _require("zip" not in header, "encryption_compressed")
    key = find_key(_kid(header, "encryption_key_id_missing"))
    if key is None:
        raise TokenRefused("encryption_key_unknown")
    try:
        plaintext = jwe.decrypt_compact(token, key, registry=_JWE).plaintext
        return (plaintext or b"").decode("ascii")
    except (JoseError, ValueError, AssertionError) as error:
        raise TokenRefused("decryption_failed") from error


def verify(token: str, find_key: FindKey) -> Signed:
    """The claims of a token signed with RS256. Raises TokenRefused."""
    _require(token.count(".") + 1 == _JWS_PARTS, "not_signed")
    header = _header(token)
    _require(header.get("alg") == SIGNING_ALGORITHM, "signature_algorithm")
    _require("crit" not in header and "b64" not in header, "signature_extension")
    key = find_key(_kid(header, "signature_key_id_missing"))
    if key is None:
        raise TokenRefused("signature_key_unknown")
    try:
        payload = jws.deserialize_compact(token, key, registry=_JWS).payload
    except (JoseError, ValueError, AssertionError) as error:
        raise TokenRefused("signature_wrong") from error
    return Signed(header, _json_object(payload or b"", "claims_malformed"))


def read_keys(entries: Any) -> dict[str, RSAKey]:
    """The keys of a key set that can verify RS256, by id; others are passed over, as providers publish many kinds."""
    found = {}
    for entry in entries if isinstance(entries, list) else ():
        key = _signing_key(entry)
        if key is not None and key.kid:
            found[key.kid] = key
    return found


def unverified_claims(token: str) -> dict[str, Any]:
    """What a token says, unchecked: only to find the key to check it with. Raises TokenRefused."""
    _require(token.count(".") + 1 == _JWS_PARTS, "not_signed")
    return _decode_part(token.split(".")[1], "claims_malformed")


def moment(value: Any) -> datetime | None:
    """The moment that a numeric date of a token means; nothing for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _signing_key(entry: Any) -> RSAKey | None:
    if not isinstance(entry, dict) or entry.get("kty") != "RSA" or not isinstance(entry.get("kid"), str):
        return None
    if entry.get("use", "sig") != "sig" or entry.get("alg", SIGNING_ALGORITHM) != SIGNING_ALGORITHM:
        return None
    try:
        if len(_decode_base64(entry["n"]).lstrip(b"\0")) < _SMALLEST_KEY_BYTES:
            return None
        # Only what makes a public key: nothing else in the entry can change how it is used.
        return RSAKey.import_key({name: entry[name] for name in ("kty", "n", "e", "kid")})
    except (JoseError, ValueError, KeyError, TypeError):
        return None


def _header(token: str) -> dict[str, Any]:
    return _decode_part(token.partition(".")[0], "header_malformed")


def _decode_part(part: str, reason: str) -> dict[str, Any]:
    try:
        return _json_object(_decode_base64(part), reason)
    except ValueError as error:
        raise TokenRefused(reason) from error


def _decode_base64(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _json_object(text: bytes, reason: str) -> dict[str, Any]:
    try:
        parsed = json.loads(text, object_pairs_hook=_no_doubles)
    except (ValueError, RecursionError) as error:
        raise TokenRefused(reason) from error
    if not isinstance(parsed, dict):
        raise TokenRefused(reason)
    return parsed


def _no_doubles(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    # A name that stands twice is read differently by different readers.
    pairs = list(pairs)
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a name stands twice")
    return made


def _kid(header: dict[str, Any], reason: str) -> str:
    kid = header.get("kid")
    if not isinstance(kid, str) or not kid:
        raise TokenRefused(reason)
    return kid


def _require(holds: bool, reason: str) -> None:
    if not holds:
        raise TokenRefused(reason)
