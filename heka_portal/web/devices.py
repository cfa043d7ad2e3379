"""The browser at the door: its long-lived cookie, and what it is called in plain words."""

from __future__ import annotations

import re
import secrets

from flask import request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from heka_portal.domain.accounts.operations.sessions import Visit
from heka_portal.extensions import settings

SECRET_BYTES = 32
#: browsers keep no cookie longer
KEPT_SECONDS = 400 * 24 * 3600
_SECRET = re.compile(r"[\w-]{43}", re.ASCII)

#: the first that fits names the browser: many call themselves Safari or Chrome as well
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "Chromebook"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def cookie_name() -> str:
    """The cookie's name; the prefix has the browser refuse it from anywhere but this very host over TLS."""
    return "__Host-device" if settings().is_secure else "device"


def present_visit() -> Visit:
    """The browser of this request; one that was never here gets a secret of its own."""
    sent = request.cookies.get(cookie_name(), "")
    return Visit(
        device=sent if _SECRET.fullmatch(sent) else secrets.token_urlsafe(SECRET_BYTES),
        ip_address=request.remote_addr,
        user_agent=request.user_agent.string,
    )


def remember_device(response: Response, visit: Visit) -> None:
    """Keep the browser's secret in it."""
    response.set_cookie(
        cookie_name(),
        visit.device,
        max_age=KEPT_SECONDS,
        secure=settings().is_secure,
        httponly=True,
        samesite="Lax",
    )


def device_words(user_agent: str | None) -> str:
    """What a browser is called on the page of sessions, for example "Firefox, Windows"."""
    found = [
        next((name for sign, name in table if sign in (user_agent or "")), None) for table in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(filter(None, found)) or _("A browser we do not know")
