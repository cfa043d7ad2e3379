"""The keys of the portals: from their signed key set, checked against the entity key that was pinned for them."""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import requests
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from devtools.identity_provider.configuration import Client

_JWS = jws.JWSRegistry(algorithms=["RS256"], strict_check_header=False)
_FRESH = timedelta(seconds=60)
_TIMEOUT = 5


class ClientKeysMissing(Exception):
    """The portal's keys cannot be had; the message is the reason, for the developer."""


@dataclass(frozen=True)
class _KeySet:
    keys: tuple[RSAKey, ...]
    read_at: datetime

    def signing(self, kid: object) -> RSAKey | None:
        return next((key for key in self.keys if key.kid == kid and key.get("use", "sig") == "sig"), None)

    def encryption(self) -> RSAKey | None:
        return next((key for key in self.keys if key.get("use") == "enc"), None)


class ClientKeys:
    """The key sets of all clients, fetched when they are first needed: a portal may start after the stand-in."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sets: dict[str, _KeySet] = {}

    def refresh(self, client: Client, *, now: datetime) -> None:
        """Fetch the key set if it is older than a minute. Raises ClientKeysMissing."""
        kept = self._sets.get(client.client_id)
        if kept is None or now - kept.read_at > _FRESH:
            self._read(client, now)

    def signing(self, client: Client, kid: object, *, now: datetime) -> RSAKey | None:
        """The portal's signing key of that id; an unknown id has the set fetched again. Raises ClientKeysMissing."""
        kept = self._sets.get(client.client_id)
        found = kept.signing(kid) if kept else None
        return found or self._read(client, now).signing(kid)

    def encryption(self, client: Client, *, now: datetime) -> RSAKey:
        """The portal's encryption key. Raises ClientKeysMissing.

        It is asked for while the portal waits for its token: the set is not fetched anew then, or a portal with one
        thread would wait for itself.
        """
        kept = self._sets.get(client.client_id) or self._read(client, now)
        key = kept.encryption()
        if key is None:
            raise ClientKeysMissing("The key set holds no encryption key.")
        return key

    def _read(self, client: Client, now: datetime) -> _KeySet:
        with self._lock:
            entries = _from_file(client) if client.jwks_file else _fetch(client, now)
            read = _KeySet(tuple(RSAKey.import_key(entry) for entry in entries), now)
            self._sets[client.client_id] = read
            return read


def _from_file(client: Client) -> list[dict[str, Any]]:
    assert client.jwks_file is not None  # noqa: S101 - the caller has looked
    try:
        return list(json.loads(client.jwks_file.read_text(encoding="utf-8"))["keys"])
    except (OSError, ValueError, KeyError) as error:
        raise ClientKeysMissing(f"The key set {client.jwks_file} cannot be read.") from error


def _fetch(client: Client, now: datetime) -> list[dict[str, Any]]:
    try:
        with requests.Session() as session:
            # The portal is on this machine, where a proxy of the developer's does not lead.
            session.trust_env = False
            answer = session.get(client.signed_jwks_uri, timeout=_TIMEOUT, allow_redirects=False)
            answer.raise_for_status()
    except requests.RequestException as error:
        raise ClientKeysMissing(f"The key set at {client.signed_jwks_uri} cannot be fetched.") from error
    claims = _verified(answer.text.strip(), client)
    if claims.get("iss") != client.entity_id or claims.get("sub") != client.entity_id:
        raise ClientKeysMissing("The signed key set speaks of another entity.")
    if not claims.get("iat", 0) - 60 <= now.timestamp() < claims.get("exp", 0):
        raise ClientKeysMissing("The signed key set is not valid now.")
    return list(claims.get("keys", []))


def _verified(text: str, client: Client) -> Mapping[str, Any]:
    pinned = _pinned(client)
    try:
        signed = jws.extract_compact(text.encode())
        if signed.headers().get("typ") != "jwk-set+jwt":
            raise ClientKeysMissing("The key set is not a signed one (typ jwk-set+jwt).")
        key = pinned.get(str(signed.headers().get("kid")))
        if key is None:
            raise ClientKeysMissing("The key set is signed with a key that is not the pinned entity key.")
        payload = jws.deserialize_compact(text, key, registry=_JWS).payload
        return dict(json.loads(payload or b""))
    except (JoseError, ValueError) as error:
        raise ClientKeysMissing("The key set is not signed, or its signature is wrong.") from error


def _pinned(client: Client) -> dict[str, RSAKey]:
    try:
        parsed = json.loads(client.entity_keys.read_text(encoding="utf-8")) if client.entity_keys else {"keys": []}
    except (OSError, ValueError) as error:
        raise ClientKeysMissing(f"The pinned entity key {client.entity_keys} cannot be read.") from error
    return {str(entry.get("kid")): RSAKey.import_key(entry) for entry in parsed["keys"]}
