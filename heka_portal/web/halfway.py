"""Between the two factors: this browser has given the right password, and nothing more is open to it yet."""

from __future__ import annotations

from flask import session

from heka_portal import clock
from heka_portal.domain.accounts.operations.second_factor import new_secret
from heka_portal.domain.accounts.operations.sessions import door_of
from heka_portal.domain.accounts.rules import Door
from heka_portal.extensions import db
from heka_portal.models.accounts import Account
from heka_portal.web import limits

KEY = "halfway"
LIFE_SECONDS = 600


def begin(account: Account, *, to: str | None) -> None:
    """Remember who has given the right password; what was in the browser before is dropped.

    Staff without a second factor enrol here; residents turn theirs on when they are signed in.
    """
    enrols = door_of(account) is Door.STAFF and account.totp_secret is None
    session.clear()
    session[KEY] = {
        "account": account.id,
        "since": int(clock.now().timestamp()),
        "mark": password_mark(account),
        "next": to,
        "secret": new_secret() if enrols else None,
    }


def account_halfway(door: Door) -> Account | None:
    """Who it is at this door, unless that was too long ago or the password has changed since."""
    kept = session.get(KEY)
    if not kept or clock.now().timestamp() - kept["since"] > LIFE_SECONDS:
        return None
    account = db.session.get(Account, kept["account"])
    if account is None or password_mark(account) != kept["mark"] or door_of(account) is not door:
        return None
    return account


def was_begun() -> bool:
    """Whether this browser was halfway, and is no more; said once."""
    return session.pop(KEY, None) is not None


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


def password_mark(account: Account) -> str:
    """A mark of the account's present password: what a browser remembers with it ends when the password changes."""
    return limits.mark(f"{account.id} {account.password_hash} {account.is_disabled}")
