"""Passkeys for the pages: the key to a browser's challenge stays in its own session, the options go to its script."""

from __future__ import annotations

from flask import Response, session

from heka_portal.domain.accounts.operations.passkeys import Asked
from heka_portal.extensions import db
from heka_portal.web import limits

KEY = "passkey"


def brake() -> None:
    """Count a browser that asks for a challenge. Raises TooManyRequests."""
    limits.hit("passkey/address", limits.network())
    limits.hit("passkey/all")


def hand_out(asked: Asked) -> Response:
    """The options for the script, which has only this one challenge to answer. Commits."""
    db.session.commit()
    session[KEY] = asked.key
    return Response(asked.options, mimetype="application/json")


def taken_key() -> str:
    """The key to this browser's challenge, once."""
    return str(session.pop(KEY, ""))
