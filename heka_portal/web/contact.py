"""The phone numbers and the address that every page offers beside itself."""

from __future__ import annotations

from dataclasses import dataclass

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
    )
