"""The phone numbers and the address that every page offers beside itself."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask

EMERGENCY = "112"


@dataclass(frozen=True)
class ContactPoints:
    """How to reach the landlord without this service."""

    urgent_phone: str
    service_phone: str
    service_email: str
    emergency_phone: str = EMERGENCY


def init_app(app: Flask) -> None:
    """Read the contact points from the settings and give them to Jinja as `contact`."""
    app.jinja_env.globals["contact"] = ContactPoints(
        urgent_phone=app.config.get("URGENT_PHONE", "+358957673100"),
        service_phone=app.config.get("SERVICE_PHONE", "+358957673000"),
        service_email=app.config.get("SERVICE_EMAIL", "asiakaspalvelu@heka.example"),
    )
