"""Logs without personal data: a line a request, JSON in production, a filter that knows identity codes and IBANs."""

from __future__ import annotations

import logging
import re
import sys
import time
from collections.abc import MutableMapping
from typing import Any

import structlog
from flask import Flask, Response, g, request

from heka_portal.extensions import SETTINGS

log = logging.getLogger("heka_portal.requests")

#: a personal identity code with any of its century signs, and an IBAN with or without its spaces
IDENTITY_CODE = re.compile(r"\b\d{6}[-+A-FU-Ya-fu-y]\d{3}[0-9A-Ya-y]\b")
IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ \u00a0]?[A-Z0-9]{4}){2,7}(?:[ \u00a0]?[A-Z0-9]{1,4})?\b")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
#: a mailed link's secret, or a file's, in a path
SECRET = re.compile(r"(?<=/)[A-Za-z0-9_-]{30,}")
REDACTED = "[removed]"

Event = MutableMapping[str, Any]


def redact(text: str) -> str:
    """The text without identity codes, IBANs, email addresses and secrets of links."""
    for pattern in (IDENTITY_CODE, IBAN, EMAIL, SECRET):
        text = pattern.sub(REDACTED, text)
    return text


def redact_event(_logger: object, _name: str, event: Event) -> Event:
    """Take personal data out of every text of a log line."""
    return {name: redact(value) if isinstance(value, str) else value for name, value in event.items()}


def configure(*, as_json: bool) -> None:
    """Send all logs of the process through the filter, to standard error."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        redact_event,
    ]
    last: Any = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)


def start_clock() -> None:
    """Remember when the request came."""
    g.began = time.perf_counter()


def write_line(response: Response) -> Response:
    """One line a request: the address's rule, never its values; how it ended and how long it took."""
    rule = request.url_rule.rule if request.url_rule else "none"
    took = round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1)
    log.info("request", extra={"method": request.method, "rule": rule, "status": response.status_code, "ms": took})
    return response


def init_app(app: Flask) -> None:
    """Begin to log; tests keep their own handlers."""
    settings = app.extensions[SETTINGS]
    if settings.environment != "testing":
        configure(as_json=settings.is_production)
        app.before_request(start_clock)
        app.after_request(write_line)
