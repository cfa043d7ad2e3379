"""Passkeys that nobody holds."""

from __future__ import annotations

import secrets
from typing import Any

from heka_portal import clock
from heka_portal.extensions import db
from heka_portal.models.accounts import Account
from heka_portal.models.passkeys import Passkey
from tests.factories.counting import fresh


def make_passkey(account: Account, **values: Any) -> Passkey:
    """A passkey of an account, not used yet."""
    given = {
        "account_id": account.id,
        "credential_id": secrets.token_urlsafe(32),
        "public_key": b"nobody's",
        "sign_count": 0,
        "transports": ["internal"],
        "name": f"Phone {fresh()}",
        "created_at": clock.now(),
        **values,
    }
    passkey = Passkey(**given)
    db.session.add(passkey)
    db.session.flush()
    return passkey
