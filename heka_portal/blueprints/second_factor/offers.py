"""What this browser remembers on the way to a new factor: the app's secret, and the passkey that is to be made."""

from __future__ import annotations

from flask import session

from heka_portal import clock
from heka_portal.domain.accounts.operations.second_factor import new_secret
from heka_portal.models.accounts import Account
from heka_portal.web.halfway import password_mark

SECRET, PASSKEY = "app_secret", "new_passkey"
#: the password was given for what is made within so long
LIFE_SECONDS = 300


def offered_secret() -> str:
    """The secret that an app may be enrolled with; a reload of the page keeps it."""
    return str(session.setdefault(SECRET, new_secret()))


def forget_secret() -> None:
    """The app is in use: the next one gets a secret of its own."""
    session.pop(SECRET, None)


def remember_passkey(account: Account, name: str) -> None:
    """The password was given for a passkey of this name."""
    now = int(clock.now().timestamp())
    session[PASSKEY] = {"name": name, "since": now, "mark": password_mark(account)}


def wanted_passkey(account: Account) -> str | None:
    """The name of the passkey that may be made now; none where the password was given too long ago, or has changed."""
    kept = session.get(PASSKEY)
    if not kept or kept["mark"] != password_mark(account):
        return None
    return str(kept["name"]) if clock.now().timestamp() - kept["since"] <= LIFE_SECONDS else None


def forget_passkey() -> None:
    """It is made."""
    session.pop(PASSKEY, None)
