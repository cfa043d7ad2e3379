"""Static files: a fingerprint in each address, so that browsers may keep them for ever."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, request

STATIC_ENDPOINTS = ("static", "admin.static")
A_YEAR = 365 * 24 * 3600
# Stylesheets name their fonts by plain relative paths; a second address would load them twice.
# Their folder carries the version.
WITHOUT_FINGERPRINT = (".woff2",)


@lru_cache(maxsize=256)
def fingerprint(path: Path) -> str:
    """The first 12 hexadecimal digits of a file's SHA-256, computed once per process."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def _static_file(filename: str) -> Path | None:
    """The file behind a static address, or None when there is no such file."""
    folder = current_app.static_folder
    if folder is None:
        return None
    path = Path(folder) / filename
    return path if path.is_file() else None


def add_fingerprint(endpoint: str, values: dict[str, Any]) -> None:
    """Add `v` to the addresses of static files."""
    filename = values.get("filename")
    if endpoint != "static" or not filename or filename.endswith(WITHOUT_FINGERPRINT):
        return
    path = _static_file(filename)
    if path is not None:
        values["v"] = fingerprint(path)


def keep_static_files(response: Response) -> Response:
    """Let browsers keep static files: for a year where the address says which version it is."""
    if request.endpoint not in STATIC_ENDPOINTS or response.status_code not in (200, 304):
        return response
    response.cache_control.clear()
    response.cache_control.public = True
    if "v" in request.args or request.path.endswith(WITHOUT_FINGERPRINT):
        response.cache_control.max_age = A_YEAR
        response.cache_control.immutable = True
    else:
        response.cache_control.max_age = 3600
    return response


def init_app(app: Flask) -> None:
    """Fingerprint the addresses of static files and let browsers keep what they name."""
    app.url_defaults(add_fingerprint)
    app.after_request(keep_static_files)
