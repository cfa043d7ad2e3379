"""Makes the portal and the stand-in identity provider known to each other, as operator and broker would by mail."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from devtools.identity_provider.keys import STATEMENT_FILE, ProviderKeys
from devtools.runner.instance import CLIENT_ID

#: Where the provider sends a person back to, and where it finds the portal's keys.
RETURN_PATH = "/identification/callback"
SIGNED_KEYS_PATH = "/identification/signed-jwks"


def register_portal(instance: Path, *, base_url: str, issuer: str) -> dict[str, str]:
    """Write the portal's registration for the provider; answers the portal's settings about the provider."""
    folder = provider_folder(instance)
    ProviderKeys(folder, issuer=issuer, now=datetime.now(UTC))
    registration = {
        "client_id": CLIENT_ID,
        "redirect_uris": [base_url + RETURN_PATH],
        "entity_id": base_url,
        "signed_jwks_uri": base_url + SIGNED_KEYS_PATH,
        "entity_keys": str(instance / "identification" / "entity.public.json"),
    }
    client_file(instance).write_text(json.dumps(registration, indent=2), encoding="utf-8")
    return {
        "HEKA_IDENTIFICATION_ISSUER": issuer,
        "HEKA_IDENTIFICATION_ENTITY_KEY": (folder / STATEMENT_FILE).read_text(encoding="ascii").strip(),
    }


def provider_command(instance: Path, *, port: int) -> list[str]:
    """The stand-in provider as a program of its own."""
    options = ("--client", str(client_file(instance)), "--keys", str(provider_folder(instance)))
    people = ("--persons", str(instance / "demo-people.json"))
    return [sys.executable, "-m", "devtools.identity_provider", "--port", str(port), *options, *people]


def provider_folder(instance: Path) -> Path:
    """The stand-in's own keys: it must not have the portal's."""
    return instance / "identity_provider"


def client_file(instance: Path) -> Path:
    """The portal's registration."""
    return provider_folder(instance) / "portal.json"
