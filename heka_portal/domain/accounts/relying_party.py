"""What passkeys are bound to: the portal's own name, and the address its pages have. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

#: browsers make no passkeys for a bare address; on one's own machine it has this name as well
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
LOOPBACK_NAME = "localhost"
USUAL_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class RelyingParty:
    """The name that a passkey belongs to, and the origin from which alone it is taken."""

    id: str
    origin: str


def relying_party_of(base_url: str) -> RelyingParty:
    """The relying party of a portal at an address, written as browsers write origins."""
    parts = urlsplit(base_url)
    host = (parts.hostname or "").encode("idna").decode()
    name = LOOPBACK_NAME if host in LOOPBACK else host
    port = "" if parts.port in (None, USUAL_PORTS[parts.scheme]) else f":{parts.port}"
    return RelyingParty(name, f"{parts.scheme}://{name}{port}")
