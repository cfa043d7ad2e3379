"""The client's address: taken from a proxy's headers only where the proxy is one of the trusted ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Any

from flask import Flask

from heka_portal.extensions import SETTINGS

Networks = Iterable[IPv4Network | IPv6Network]
WsgiApp = Callable[[dict[str, Any], Any], Any]


def is_trusted(address: str, networks: Networks) -> bool:
    """Whether an address is a trusted proxy's."""
    try:
        found = ip_address(address.strip())
    except ValueError:
        return False
    return any(found in network for network in networks)


def client_address(peer: str, forwarded_for: str, networks: Networks) -> str:
    """The nearest address that is no trusted proxy's; what a client writes into the header itself is not believed."""
    networks = tuple(networks)
    chain = [*(part.strip() for part in forwarded_for.split(",") if part.strip()), peer]
    while len(chain) > 1 and is_trusted(chain[-1], networks):
        chain.pop()
    try:
        return str(ip_address(chain[-1]))
    except ValueError:
        return peer


class TrustedProxies:
    """WSGI: the client's address and scheme, as the trusted proxies tell them."""

    def __init__(self, wsgi_app: WsgiApp, networks: Networks) -> None:
        self.wsgi_app = wsgi_app
        self.networks = tuple(networks)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        peer = environ.get("REMOTE_ADDR", "")
        if is_trusted(peer, self.networks):
            environ["REMOTE_ADDR"] = client_address(peer, environ.get("HTTP_X_FORWARDED_FOR", ""), self.networks)
            if environ.get("HTTP_X_FORWARDED_PROTO") in {"http", "https"}:
                environ["wsgi.url_scheme"] = environ["HTTP_X_FORWARDED_PROTO"]
        return self.wsgi_app(environ, start_response)


def init_app(app: Flask) -> None:
    """Put the trusted proxies before the application."""
    networks = app.extensions[SETTINGS].trusted_proxies
    if networks:
        app.wsgi_app = TrustedProxies(app.wsgi_app, networks)  # type: ignore[method-assign] # as Flask's docs do
