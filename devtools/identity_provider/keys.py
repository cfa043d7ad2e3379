"""The stand-in's own keys: an entity key that is pinned by portals, and signing keys that can change at any time."""

import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey

STATEMENT_FILE = "entity-statement.jwt"
_BITS = 2048
_KEY_SET_LIFE = timedelta(days=1)
_STATEMENT_LIFE = timedelta(days=365)


class ProviderKeys:
    """The keys in a folder, made where they are missing, so that a portal's pin outlives a restart."""

    def __init__(self, folder: Path, *, issuer: str, now: datetime) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._issuer = issuer
        self._signing_file = folder / "sig.pem"
        self._entity = _load_or_make(folder / "entity.pem")
        self._signing = [_load_or_make(self._signing_file)]
        (folder / STATEMENT_FILE).write_text(self.entity_statement(now=now) + "\n", encoding="ascii")

    @property
    def current(self) -> RSAKey:
        """The key that signs now."""
        return self._signing[-1]

    @property
    def public(self) -> dict[str, Any]:
        """The published key set: the key that signs now and the one before it."""
        return {"keys": [key.as_dict(private=False) for key in self._signing[-2:]]}

    def rotate(self) -> None:
        """Sign with a new key from now on; portals have not seen it yet."""
        with self._lock:
            key = _make(self._signing_file)
            self._signing.append(key)

    def signed_public(self, *, now: datetime) -> str:
        """The key set, signed with the entity key."""
        return self._sign({**self._dates(now, _KEY_SET_LIFE), **self.public}, typ="jwk-set+jwt")

    def entity_statement(self, *, now: datetime) -> str:
        """The statement that a portal's operator gets out of band."""
        claims = {
            **self._dates(now, _STATEMENT_LIFE),
            "jwks": {"keys": [self._entity.as_dict(private=False)]},
            "metadata": {
                "openid_provider": {"issuer": self._issuer, "signed_jwks_uri": f"{self._issuer}/signed-jwks"},
            },
        }
        return self._sign(claims, typ="entity-statement+jwt")

    def _dates(self, now: datetime, life: timedelta) -> dict[str, Any]:
        issued = int(now.timestamp())
        return {
            "iss": self._issuer,
            "sub": self._issuer,
            "iat": issued,
            "exp": issued + int(life.total_seconds()),
        }

    def _sign(self, claims: dict[str, Any], *, typ: str) -> str:
        header = {"alg": "RS256", "typ": typ, "kid": self._entity.kid}
        return jwt.encode(header, claims, self._entity, algorithms=["RS256"])


def _load_or_make(path: Path) -> RSAKey:
    if not path.exists():
        return _make(path)
    return _with_id(RSAKey.import_key(path.read_bytes(), {"use": "sig", "alg": "RS256"}))


def _make(path: Path) -> RSAKey:
    key = _with_id(RSAKey.generate_key(_BITS, {"use": "sig", "alg": "RS256"}))
    path.touch(mode=0o600)
    path.write_bytes(key.as_pem(private=True))
    return key


def _with_id(key: RSAKey) -> RSAKey:
    key.ensure_kid()
    return key
