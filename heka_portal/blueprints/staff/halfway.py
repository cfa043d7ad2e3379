"""Between the two factors: this browser has given the right password, and nothing more is open to it yet."""

from __future__ import annotations

from flask import session

from heka_portal import clock
from heka_portal.domain.accounts.operations.second_factor import new_secret
from heka_portal.extensions import db
from heka_portal.models.accounts import Account
from heka_portal.web import limits

KEY = "halfway"
LIFE_SECONDS = 600


def begin(account: Account, *, to: str | None) -> None:
    """Remember who has given the right password; what was in the browser before is dropped."""
    session.clear()
    session[KEY] = {
        "account": account.id,
        "since": int(clock.now().timestamp()),
        "mark": _mark(account),
        "next": to,
        "secret": None if account.totp_secret else new_secret(),
    }


def account_halfway() -> Account | None:
    """Who it is, unless that was too long ago or the password has changed since."""
    kept = session.get(KEY)
    if not kept or clock.now().timestamp() - kept["since"] > LIFE_SECONDS:
        return None
    account = db.session.get(Account, kept["account"])
    return account if account is not None and _mark(account) == kept["mark"] else None


def offered_secret() -> str | None:
    """The secret that an app may be enrolled with, for an account that has none yet."""
    kept = session.get(KEY) or {}
    secret: str | None = kept.get("secret")
    return secret


def wanted_page() -> str | None:
    """The page that was asked for at the door."""
    kept = session.get(KEY) or {}
    to: str | None = kept.get("next")
    return to


def _mark(account: Account) -> str:
    return limits.mark(f"{account.id} {account.password_hash} {account.is_disabled}")
