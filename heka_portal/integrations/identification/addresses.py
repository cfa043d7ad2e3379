"""Which addresses the portal talks to."""

from urllib.parse import urlsplit

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def is_safe_address(value: str, *, allow_loopback: bool) -> bool:
    """Whether we may talk to this address: https, or http on this machine where that is allowed."""
    try:
        parts = urlsplit(value)
        host = parts.hostname
    except ValueError:
        return False
    if not host or parts.fragment or parts.username is not None:
        return False
    if host in _LOOPBACK:
        return allow_loopback and parts.scheme in ("http", "https")
    return parts.scheme == "https"


def is_on_this_machine(address: str) -> bool:
    """Whether a well-formed address is one of this machine."""
    return urlsplit(address).hostname in _LOOPBACK
