"""The portal's own RSA keys: one that vouches for us, one that signs, one that providers encrypt to.

In a folder of PEM files: `entity.pem`, `sig.pem` and `enc.pem` are in use. Beside them may lie `sig-next.pem` and
`sig-old.pem`, which are published but do not sign, and `enc-next.pem` and `enc-old.pem`, which decrypt but are not
published: so a key can change while providers still hold the one before it.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from joserfc.jwk import RSAKey

SIGNING_ALGORITHM = "RS256"
KEY_ENCRYPTION = "RSA-OAEP"
CONTENT_ENCRYPTION = "A128CBC-HS256"

ENTITY, SIGNING, ENCRYPTION = "entity", "sig", "enc"
ENTITY_PUBLIC_FILE = "entity.public.json"

_SMALLEST_KEY = 2048
_NEW_KEY = 3072


class KeyProblem(Exception):
    """A key is missing, unreadable or too weak; the message is a sentence for the operator."""


@dataclass(frozen=True, slots=True, repr=False)
class RelyingPartyKeys:
    """Every key of ours that is in use, on its way in, or on its way out."""

    entity: RSAKey
    signing: RSAKey
    encryption: RSAKey
    other_signing: tuple[RSAKey, ...] = ()
    other_encryption: tuple[RSAKey, ...] = ()

    def decryption_key(self, kid: str) -> RSAKey | None:
        """The private key that a provider encrypted to, by its id alone."""
        for key in (self.encryption, *self.other_encryption):
            if key.kid == kid:
                return key
        return None


def key_from_pem(pem: str | bytes, *, use: str) -> RSAKey:
    """A private key with its id (RFC 7638 thumbprint). Raises KeyProblem."""
    try:
        private = load_pem_private_key(pem.encode() if isinstance(pem, str) else pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyProblem(f"The {use} key is not a private key in PEM format without a password.") from error
    if not isinstance(private, rsa.RSAPrivateKey):
        raise KeyProblem(f"The {use} key must be an RSA key.")
    if private.key_size < _SMALLEST_KEY:
        raise KeyProblem(f"The {use} key has {private.key_size} bits; it needs at least {_SMALLEST_KEY}.")
    if use == ENCRYPTION:
        key = RSAKey.import_key(private, {"use": "enc", "alg": KEY_ENCRYPTION})
    else:
        key = RSAKey.import_key(private, {"use": "sig", "alg": SIGNING_ALGORITHM})
    key.ensure_kid()
    return key


def keys_from_pem(
    *,
    entity: str,
    signing: str,
    encryption: str,
    other_signing: tuple[str, ...] = (),
    other_encryption: tuple[str, ...] = (),
) -> RelyingPartyKeys:
    """The keys given as texts, for places that hold secrets outside of files. Raises KeyProblem."""
    return RelyingPartyKeys(
        entity=key_from_pem(entity, use=ENTITY),
        signing=key_from_pem(signing, use=SIGNING),
        encryption=key_from_pem(encryption, use=ENCRYPTION),
        other_signing=tuple(key_from_pem(pem, use=SIGNING) for pem in other_signing),
        other_encryption=tuple(key_from_pem(pem, use=ENCRYPTION) for pem in other_encryption),
    )


def load_keys(folder: Path) -> RelyingPartyKeys:
    """The keys of a folder. Raises KeyProblem with a sentence that names the file."""
    return RelyingPartyKeys(
        entity=_read(folder / "entity.pem", use=ENTITY),
        signing=_read(folder / "sig.pem", use=SIGNING),
        encryption=_read(folder / "enc.pem", use=ENCRYPTION),
        other_signing=tuple(_read(path, use=SIGNING) for path in sorted(folder.glob("sig-*.pem"))),
        other_encryption=tuple(_read(path, use=ENCRYPTION) for path in sorted(folder.glob("enc-*.pem"))),
    )


def make_keys(folder: Path) -> list[Path]:
    """Make the keys that the folder lacks, and the public half of the entity key beside them; the new files."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = [path for use in (ENTITY, SIGNING, ENCRYPTION) if _make(path := folder / f"{use}.pem")]
    public = {"keys": [_read(folder / "entity.pem", use=ENTITY).as_dict(private=False)]}
    _write(folder / ENTITY_PUBLIC_FILE, json.dumps(public, indent=2).encode() + b"\n", mode=0o644)
    return made


def prepare_rotation(folder: Path, use: str) -> Path:
    """Make the next signing or encryption key, to be put in use by `rotate` after a day or more. Raises KeyProblem."""
    path = folder / f"{use}-next.pem"
    if use not in (SIGNING, ENCRYPTION):
        raise KeyProblem("Only the sig and enc keys rotate here; the entity key is renewed together with the provider.")
    if not _make(path):
        raise KeyProblem(f"{path} is there already: rotate first.")
    return path


def rotate(folder: Path, use: str) -> None:
    """Put the next key in use and keep the present one as the old one. Raises KeyProblem."""
    current, following = folder / f"{use}.pem", folder / f"{use}-next.pem"
    _read(following, use=use)
    _write(folder / f"{use}-old.pem", current.read_bytes(), mode=0o600)
    following.replace(current)


def _read(path: Path, *, use: str) -> RSAKey:
    try:
        pem = path.read_bytes()
    except OSError as error:
        raise KeyProblem(f"The key file {path} cannot be read: {error.strerror}.") from error
    try:
        return key_from_pem(pem, use=use)
    except KeyProblem as problem:
        raise KeyProblem(f"{path}: {problem}") from problem


def _make(path: Path) -> bool:
    if path.exists():
        return False
    key = rsa.generate_private_key(public_exponent=65537, key_size=_NEW_KEY)
    _write(path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), mode=0o600)
    return True


def _write(path: Path, content: bytes, *, mode: int) -> None:
    # Written aside and moved into place: a crash leaves the old file or the new one, never half a key.
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.touch(mode=mode)
    aside.write_bytes(content)
    aside.replace(path)
