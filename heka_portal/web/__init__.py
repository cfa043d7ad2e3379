"""Plumbing that both interfaces share: access, errors, forms, formats, languages, headers."""

from __future__ import annotations

from flask import Flask

from heka_portal.web import (
    addresses,
    assets,
    calendars,
    chosen_home,
    contact,
    context,
    errors,
    files,
    filters,
    forms,
    headers,
    i18n,
    identification,
    labels,
    logs,
    looks,
    notices,
    prose,
    proxies,
    sessions,
    shell,
    uploads,
)
from heka_portal.web.access import guard

__all__ = ["guard", "init_app"]


def init_app(app: Flask) -> None:
    """Bind the plumbing to the application."""
    for part in (
        logs,
        addresses,
        prose,
        proxies,
        i18n,
        sessions,
        headers,
        assets,
        files,
        filters,
        labels,
        looks,
        notices,
        calendars,
        forms,
        contact,
        context,
        chosen_home,
        shell,
        errors,
        uploads,
        identification,
    ):
        part.init_app(app)
