"""What this machine has that a check can use: a PostgreSQL server, Chromium; and whether anything may be left out."""

from __future__ import annotations

import os
import shutil
import socket

import psycopg
from sqlalchemy.engine import make_url

#: Where a PostgreSQL server is asked for when nobody names one: libpq's defaults, the local socket.
LOCAL_SERVER = "postgresql:///postgres"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def is_strict() -> bool:
    """Whether nothing may be left out, as in continuous integration."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def server_url() -> str:
    """The PostgreSQL server of the tests."""
    return os.environ.get("TEST_DATABASE_URL") or LOCAL_SERVER


def plain_url(url: str) -> str:
    """The URL as libpq reads it, without SQLAlchemy's driver."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def why_no_server() -> str:
    """Why the tests cannot use the PostgreSQL server; empty when they can."""
    try:
        with psycopg.connect(plain_url(server_url()), connect_timeout=5) as server:
            found = server.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    except psycopg.OperationalError as error:
        return f"no PostgreSQL server answers ({str(error).strip().splitlines()[-1]})"
    if not found or not found[0]:
        return "the PostgreSQL role is no superuser, and the suite clears tables past their append-only triggers"
    return ""


def chromium() -> str:
    """The browser of the tests; empty when there is none."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), "")


def why_no_browser() -> str:
    """Why the browser tests cannot run; empty when they can."""
    return "" if chromium() else f"none of {', '.join(BROWSERS)} is installed"


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
