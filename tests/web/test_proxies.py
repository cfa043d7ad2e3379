"""The client's address: what a client claims of itself is not believed."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

import pytest

from heka_portal.web.proxies import TrustedProxies, client_address, is_trusted

NETWORKS = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("10.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("10.0.0.1", "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        ("10.0.0.1", "198.51.100.1, 203.0.113.7, 10.0.0.9", "203.0.113.7"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", "rubbish", "10.0.0.1"),
        ("fd00::1", "2001:db8::5", "2001:db8::5"),
    ],
)
def test_the_nearest_address_that_is_no_proxy(peer: str, forwarded: str, expected: str) -> None:
    assert client_address(peer, forwarded, NETWORKS) == expected


@pytest.mark.parametrize(("address", "trusted"), [("10.1.2.3", True), ("11.0.0.1", False), ("", False), ("x", False)])
def test_only_the_named_networks_are_trusted(address: str, trusted: bool) -> None:
    assert is_trusted(address, NETWORKS) is trusted


def seen_behind(peer: str, **headers: str) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    app = TrustedProxies(lambda environ, _start: seen.update(environ), NETWORKS)
    app({"REMOTE_ADDR": peer, "wsgi.url_scheme": "http", **headers}, None)
    return seen


def test_a_stranger_changes_neither_address_nor_scheme() -> None:
    seen = seen_behind("203.0.113.7", HTTP_X_FORWARDED_FOR="1.2.3.4", HTTP_X_FORWARDED_PROTO="https")
    assert (seen["REMOTE_ADDR"], seen["wsgi.url_scheme"]) == ("203.0.113.7", "http")


def test_a_trusted_proxy_tells_both() -> None:
    seen = seen_behind("10.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.7", HTTP_X_FORWARDED_PROTO="https")
    assert (seen["REMOTE_ADDR"], seen["wsgi.url_scheme"]) == ("203.0.113.7", "https")
