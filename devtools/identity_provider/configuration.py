"""What the stand-in is told when it starts: its address, its dialect, the portals it serves and the people it knows."""

import ipaddress
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from devtools.identity_provider.persons import DEFAULT_PERSONS, Person, read_persons

TEST_LEVELS = ("http://ftn.ficora.fi/2017/loatest2", "http://ftn.ficora.fi/2017/loatest3")


class Dialect(StrEnum):
    """How claims are named: after object identifiers, or in plain words."""

    URN = "urn"
    PLAIN = "plain"


@dataclass(frozen=True, kw_only=True)
class Client:
    """A portal registered here. Its keys come from its signed key set, or from a key set in a file."""

    client_id: str
    redirect_uris: tuple[str, ...]
    name: str = "Heka"
    entity_id: str = ""
    signed_jwks_uri: str = ""
    entity_keys: Path | None = None
    jwks_file: Path | None = None

    @classmethod
    def from_json(cls, entry: dict[str, Any]) -> "Client":
        """A client from its entry in a file. Raises KeyError for what is missing."""
        return cls(
            client_id=entry["client_id"],
            redirect_uris=tuple(entry["redirect_uris"]),
            name=entry.get("name", "Heka"),
            entity_id=entry.get("entity_id", ""),
            signed_jwks_uri=entry.get("signed_jwks_uri", ""),
            entity_keys=Path(entry["entity_keys"]) if entry.get("entity_keys") else None,
            jwks_file=Path(entry["jwks_file"]) if entry.get("jwks_file") else None,
        )


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """How this stand-in behaves."""

    issuer: str
    keys: Path
    clients: tuple[Client, ...]
    persons_file: Path | None = None
    dialect: Dialect = Dialect.URN
    slow_seconds: float = 30.0
    now: Callable[[], datetime] = field(default=_now)

    def client(self, client_id: object) -> Client | None:
        """The registered client of that id."""
        return next((client for client in self.clients if client.client_id == client_id), None)

    def persons(self) -> tuple[Person, ...]:
        """The people to choose from; the file may come after the start, so it is read each time."""
        if self.persons_file is not None and self.persons_file.exists():
            return read_persons(self.persons_file)
        return DEFAULT_PERSONS


def read_clients(path: Path) -> tuple[Client, ...]:
    """The clients in a JSON file: one object, or a list of them."""
    parsed = json.loads(path.read_text(encoding="utf-8"))
    return tuple(Client.from_json(entry) for entry in (parsed if isinstance(parsed, list) else [parsed]))


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach that host."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def is_loopback_address(address: str) -> bool:
    """Whether that address is on this machine."""
    return is_loopback(urlsplit(address).hostname or "")
