"""What belongs to one running stand-in, for its views."""

from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from devtools.identity_provider.clients import ClientKeys
from devtools.identity_provider.configuration import Configuration
from devtools.identity_provider.keys import ProviderKeys
from devtools.identity_provider.memory import Memory


@dataclass(frozen=True)
class StandIn:
    """One running stand-in."""

    configuration: Configuration
    keys: ProviderKeys
    client_keys: ClientKeys
    memory: Memory

    @property
    def issuer(self) -> str:
        """The issuer, which all its addresses begin with."""
        return self.configuration.issuer

    def now(self) -> datetime:
        """The present moment."""
        return self.configuration.now()


def stand_in() -> StandIn:
    """The stand-in that serves this request."""
    found: StandIn = current_app.extensions["stand_in"]
    return found
