"""What this browser remembers of a registration until its link is opened: the address, and a mark of the link."""

from __future__ import annotations

import secrets

from flask import session

from heka_portal.domain.accounts.queries import hash_key

KEY = "chosen"


def remember_chosen(email: str, token: str | None) -> None:
    """Keep them; where no link was made (the email is another account's) the mark looks the same."""
    session[KEY] = {"email": email, "link": hash_key(token or secrets.token_urlsafe())}


def chosen_email() -> str | None:
    """Where the link went."""
    kept = session.get(KEY)
    return kept["email"] if kept else None


def is_chosen_here(token: str) -> bool:
    """Whether this browser is the one that chose the password of the link."""
    kept = session.get(KEY)
    return kept is not None and secrets.compare_digest(kept["link"], hash_key(token))
