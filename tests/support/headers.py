"""What every answer must say to the browser beside its body."""

from __future__ import annotations

from collections.abc import Iterator

from werkzeug.wrappers import Response

FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
#: Parts of the content policy that no page may lack.
POLICY = ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'")
SOURCES = ("default-src", "script-src", "style-src", "object-src")
FORBIDDEN_SOURCES = ("'unsafe-inline'", "'unsafe-eval'", "*", "http:", "https:", "data:")


def header_faults(response: Response) -> Iterator[str]:
    """Everything that the headers lack, a sentence each."""
    for name, value in FIXED.items():
        if response.headers.get(name) != value:
            yield f"{name} is {response.headers.get(name)!r}, not {value!r}"
    yield from policy_faults(response.headers.get("Content-Security-Policy", ""))
    if "no-store" not in response.headers.get("Cache-Control", ""):
        yield "the page may be stored by the browser or a proxy"
    for cookie in response.headers.getlist("Set-Cookie"):
        yield from cookie_faults(cookie)


def policy_faults(policy: str) -> Iterator[str]:
    """What a content policy lacks, or allows and must not."""
    directives = [part.strip() for part in policy.split(";")]
    for part in POLICY:
        if not any(directive.startswith(part) for directive in directives):
            yield f"the content policy lacks {part!r}: {policy!r}"
    for directive in directives:
        if directive.startswith(SOURCES) and any(word in directive.split() for word in FORBIDDEN_SOURCES):
            yield f"the content policy allows too much: {directive!r}"


def cookie_faults(cookie: str) -> Iterator[str]:
    """What a cookie lacks."""
    name = cookie.partition("=")[0]
    for attribute in ("HttpOnly", "SameSite=Lax", "Path=/"):
        if attribute not in cookie:
            yield f"the cookie {name} lacks {attribute}"
