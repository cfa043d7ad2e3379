"""Keys of personal data: encryption of a column, and the keyed fingerprint by which an identity code is found.

The keys live outside the database (settings). A value carries the id of its key, so that keys can be rotated.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app
from sqlalchemy import Text
from sqlalchemy.types import TypeDecorator

NONCE_BYTES = 12
EXTENSION = "heka_keyring"


class UnreadableSecret(Exception):
    """A stored value cannot be decrypted: its key is missing, or it was changed or moved."""


@dataclass(frozen=True)
class Keyring:
    """AES-256-GCM keys by id (the first encrypts, all decrypt) and the key of fingerprints."""

    keys: Mapping[str, bytes]
    fingerprint_key: bytes

    @property
    def current(self) -> str:
        """The id of the key that encrypts."""
        return next(iter(self.keys))

    def encrypt(self, text: str, *, purpose: str) -> str:
        """Encrypt for one purpose (the column); the same text never looks the same twice."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = AESGCM(self.keys[self.current]).encrypt(nonce, text.encode(), purpose.encode())
        return f"{self.current}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"

    def decrypt(self, stored: str, *, purpose: str) -> str:
        """The text back. Raises UnreadableSecret."""
        key_id, _, body = stored.partition(".")
        try:
            raw = base64.urlsafe_b64decode(body)
            opened = AESGCM(self.keys[key_id]).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], purpose.encode())
        except (KeyError, ValueError, InvalidTag) as error:
            raise UnreadableSecret(purpose) from error
        return opened.decode()

    def fingerprint(self, text: str) -> str:
        """A keyed, one-way mark (HMAC-SHA-256) by which a value is found without being readable."""
        return hmac.new(self.fingerprint_key, text.encode(), hashlib.sha256).hexdigest()


def keyring() -> Keyring:
    """The keyring of the running application."""
    found: Keyring = current_app.extensions[EXTENSION]
    return found


class Encrypted(TypeDecorator[str]):
    """A text column that only the application can read; `purpose` binds a value to its column."""

    impl = Text
    cache_ok = True

    def __init__(self, purpose: str) -> None:
        super().__init__()
        self.purpose = purpose

    def process_bind_param(self, value: str | None, dialect: object) -> str | None:
        return None if value is None else keyring().encrypt(value, purpose=self.purpose)

    def process_result_value(self, value: str | None, dialect: object) -> str | None:
        return None if value is None else keyring().decrypt(value, purpose=self.purpose)
