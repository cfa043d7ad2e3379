"""A device that makes and uses passkeys, in software: ES256, no attestation, and lies where a test wants them."""

from __future__ import annotations

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, BACKUP_ELIGIBLE, BACKED_UP, HAS_KEY = 0x01, 0x04, 0x08, 0x10, 0x40
ORIGIN, RP_ID = "http://localhost", "localhost"
COORDINATE = 32


def encode(raw: bytes) -> str:
    """Bytes as browsers write them."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """And back."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Kept:
    """A passkey in the device."""

    id: bytes
    key: ec.EllipticCurvePrivateKey
    user: bytes
    used: int = 0


@dataclass
class Authenticator:
    """A device at a browser that shows `origin`; what it says of itself can be bent."""

    origin: str = ORIGIN
    rp_id: str = RP_ID
    is_verified: bool = True
    is_counting: bool = True
    is_backed_up: bool = False
    #: what is said instead of what was asked
    challenge: bytes | None = None
    kept: list[Kept] = field(default_factory=list)

    def make(self, options: dict[str, Any], again: Kept | None = None) -> str:
        """Answer what a page asks for a new passkey; `again` offers one that was made before."""
        new = Kept(secrets.token_bytes(32), ec.generate_private_key(ec.SECP256R1()), decode(options["user"]["id"]))
        made = again or new
        if again is None:
            self.kept.append(made)
        attested = bytes(16) + len(made.id).to_bytes(2) + made.id + cbor2.dumps(_cose(made.key))
        data = self._data(HAS_KEY, made.used) + attested
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(made, "webauthn.create", options, attestationObject=attestation, transports=["internal"])

    def use(self, options: dict[str, Any], kept: Kept | None = None) -> str:
        """Answer what a page asks of a passkey: the last one made, unless said."""
        kept = kept or self.kept[-1]
        kept.used += self.is_counting
        data = self._data(0, kept.used)
        client = self._client_data("webauthn.get", options)
        signed = data + hashlib.sha256(client).digest()
        signature = kept.key.sign(signed, ec.ECDSA(SHA256()))
        return self._answer(
            kept, "webauthn.get", options, authenticatorData=data, signature=signature, userHandle=kept.user
        )

    def _data(self, more: int, used: int) -> bytes:
        backed = BACKUP_ELIGIBLE | BACKED_UP if self.is_backed_up else 0
        flags = PRESENT | (VERIFIED if self.is_verified else 0) | backed | more
        return hashlib.sha256(self.rp_id.encode()).digest() + bytes([flags]) + used.to_bytes(4)

    def _client_data(self, kind: str, options: dict[str, Any]) -> bytes:
        challenge = encode(self.challenge) if self.challenge else options["challenge"]
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def _answer(self, kept: Kept, kind: str, options: dict[str, Any], **response: Any) -> str:
        written = {name: encode(value) if isinstance(value, bytes) else value for name, value in response.items()}
        written["clientDataJSON"] = encode(self._client_data(kind, options))
        return json.dumps({"id": encode(kept.id), "rawId": encode(kept.id), "type": "public-key", "response": written})


def _cose(key: ec.EllipticCurvePrivateKey) -> dict[int, int | bytes]:
    """The public half, as authenticators write it: an elliptic curve key (2) for ES256 (-7) on P-256 (1)."""
    point = key.public_key().public_numbers()
    return {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(COORDINATE), -3: point.y.to_bytes(COORDINATE)}
