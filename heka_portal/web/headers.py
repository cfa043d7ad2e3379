"""Security headers: one strict content policy for all pages, and what a browser may keep."""

from __future__ import annotations

import secrets

from flask import Flask, Response, current_app, g, request

from heka_portal.web.assets import STATIC_ENDPOINTS

NONCE_PATH = "/admin"
TWO_YEARS = 2 * 365 * 24 * 3600
PERMISSIONS = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
UNCHANGING = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # `no-referrer` would break the origin check of every form behind TLS.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in PERMISSIONS),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def csp_nonce() -> str:
    """The nonce of this response: only the workbench has one, elsewhere it is empty."""
    if not _has_nonce():
        return ""
    nonce = g.get("csp_nonce")
    if nonce is None:
        nonce = g.csp_nonce = secrets.token_urlsafe(16)
    return str(nonce)


def _has_nonce() -> bool:
    """Whether the page belongs to the workbench, whose library writes inline scripts and styles."""
    return request.path == NONCE_PATH or request.path.startswith(NONCE_PATH + "/")


def content_security_policy() -> str:
    """The policy of this response."""
    form_targets = " ".join(("'self'", *_identity_provider_origins()))
    own = f"'self' 'nonce-{csp_nonce()}'" if _has_nonce() else "'self'"
    directives = (
        "default-src 'self'",
        f"script-src {own}",
        f"style-src {own}",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        f"form-action {form_targets}",
        "frame-ancestors 'none'",
    )
    return "; ".join(directives)


def _identity_provider_origins() -> tuple[str, ...]:
    """Where a form may lead after our own answer: the provider of strong identification."""
    configured = current_app.config.get("IDENTITY_PROVIDER_ORIGIN") or ()
    return tuple(configured.split()) if isinstance(configured, str) else tuple(configured)


def add_headers(response: Response) -> Response:
    """Set each header that the view has not set itself."""
    for name, value in UNCHANGING.items():
        response.headers.setdefault(name, value)
    if "Content-Security-Policy" not in response.headers:
        response.headers["Content-Security-Policy"] = content_security_policy()
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={TWO_YEARS}")
    if request.endpoint not in STATIC_ENDPOINTS and not keeps_own_cache(response):
        response.cache_control.clear()
        response.cache_control.no_store = True
    return response


def keep_private(response: Response) -> Response:
    """Let the one who asked keep the answer, and ask each time whether it still stands."""
    g.is_kept_private = True
    response.cache_control.private = True
    response.cache_control.no_cache = True
    return response


def keeps_own_cache(response: Response) -> bool:
    """Whether the view has said itself who may keep its answer."""
    return bool(response.cache_control.public or g.get("is_kept_private"))


def forget_browser(response: Response) -> Response:
    """At sign-out: have the browser drop its cache and its drafts of our pages."""
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def init_app(app: Flask) -> None:
    """Add the headers to every response and give the nonce to Jinja."""
    app.after_request(add_headers)
    app.jinja_env.globals["csp_nonce"] = csp_nonce
