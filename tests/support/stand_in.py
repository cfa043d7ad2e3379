"""The stand-in identity provider on a port of its own, and a portal's settings that name it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from devtools.identity_provider.app import create_provider
from devtools.identity_provider.configuration import Client, Configuration
from devtools.identity_provider.keys import STATEMENT_FILE, ProviderKeys
from heka_portal import clock
from heka_portal.config import Settings
from heka_portal.integrations.identification import keys as portal_keys
from heka_portal.integrations.identification.settings import TEST_LOA_SUBSTANTIAL
from heka_portal.web.identification import CALLBACK_PATH, SIGNED_JWKS_PATH
from tests.support.server import served

CLIENT_ID = "heka"


class Later:
    """An application that is made when its address is known."""

    def __init__(self) -> None:
        self.app: Callable[..., Any] | None = None

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        assert self.app is not None
        return self.app(environ, start_response)


@contextmanager
def stand_in(keys: Path, portal: str, *, people: Path | None = None) -> Iterator[str]:
    """A provider that serves one portal, whose keys are in the folder's `portal`; answers its address.

    `people`: a file of those who can be chosen there, instead of the ones it knows by itself.
    """
    later = Later()
    with served(later) as issuer:  # type: ignore[arg-type]  # any WSGI callable
        ProviderKeys(keys / "provider", issuer=issuer, now=clock.now())
        client = Client(
            client_id=CLIENT_ID,
            redirect_uris=(portal + CALLBACK_PATH,),
            entity_id=portal,
            signed_jwks_uri=portal + SIGNED_JWKS_PATH,
            entity_keys=keys / "portal" / portal_keys.ENTITY_PUBLIC_FILE,
        )
        later.app = create_provider(
            Configuration(
                issuer=issuer, keys=keys / "provider", clients=(client,), persons_file=people, slow_seconds=1.5
            )
        )
        yield issuer


def settings_for(settings: Settings, keys: Path, *, portal: str, issuer: str) -> Settings:
    """The settings of a portal at an address that identifies people at a stand-in."""
    changed = {
        "base_url": portal,
        "identification_issuer": issuer,
        "identification_client_id": CLIENT_ID,
        "identification_keys": str(keys / "portal"),
        "identification_entity_key": (keys / "provider" / STATEMENT_FILE).read_text().strip(),
        "identification_acr": (TEST_LOA_SUBSTANTIAL,),
        "identification_timeout": 0.8,
    }
    return settings.model_copy(update=changed)
