"""The phone numbers and the address that every page offers beside itself."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from flask import Flask

from heka_portal.extensions import SETTINGS

EMERGENCY = "112"


@dataclass(frozen=True)
class ContactPoints:
    """How to reach the landlord without this service."""

    landlord: str
    landlord_full: str
    urgent_phone: str
    service_phone: str
    service_email: str
    service_hours: str
    emergency_phone: str = EMERGENCY
    chat_url: str = ""
    chat_hours: str = ""
    map_url: str = ""

    def map_of(self, address: str | None) -> str | None:
        """The address on a map; none where there is no address, or no map is linked to."""
        return self.map_url.replace("{address}", quote(address, safe="")) if address and self.map_url else None


def init_app(app: Flask) -> None:
    """Read the contact points from the settings and give them to Jinja as `contact`."""
    settings = app.extensions[SETTINGS]
    app.jinja_env.globals["contact"] = ContactPoints(
        landlord=settings.landlord_name,
        landlord_full=settings.landlord_full_name,
        urgent_phone=settings.urgent_phone,
        service_phone=settings.service_phone,
        service_email=settings.service_email,
        service_hours=settings.service_hours,
        chat_url=settings.chat_url,
        chat_hours=settings.chat_hours,
        map_url=settings.map_url,
    )
