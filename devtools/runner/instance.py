"""The developer's own instance folder: secrets made at random on the first start, and the keys of identification."""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path

from heka_portal.integrations.identification.keys import make_keys

INSTANCE = Path(__file__).resolve().parents[2] / "instance"
CLIENT_ID = "heka-portal"

CONFIGURATION = '''"""Settings of this copy of the portal, made by its first `make run`; nobody else has its secrets."""

ENVIRONMENT = "development"

# Production refuses secrets with these names: make new ones there.
SECRET_KEY = "development-{cookies}"
DATA_KEYS = "dev1:{data}"
LOOKUP_KEY = "{lookup}"

# Demo people identify themselves at the stand-in provider with test identity codes.
TEST_IDENTITY_CODES = True
IDENTIFICATION_STAND_IN = True
IDENTIFICATION_CLIENT_ID = "{client_id}"
IDENTIFICATION_ACR = "http://ftn.ficora.fi/2017/loatest2"

# Demo staff sign in with a password alone.
STAFF_SECOND_FACTOR = False
'''


def prepare_instance(folder: Path) -> None:
    """Make what the folder lacks: settings with secrets of its own, and identification keys."""
    folder.mkdir(parents=True, exist_ok=True)
    configuration = folder / "config.py"
    if not configuration.exists():
        _write_privately(configuration, _configuration())
    make_keys(folder / "identification")


def _configuration() -> str:
    return CONFIGURATION.format(cookies=secrets.token_urlsafe(32), data=_key(), lookup=_key(), client_id=CLIENT_ID)


def _key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def _write_privately(path: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.touch(mode=0o600)
    aside.write_text(text, encoding="utf-8")
    aside.replace(path)


if __name__ == "__main__":
    prepare_instance(INSTANCE)
