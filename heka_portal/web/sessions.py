"""Flask-Login over server-side sessions: the browser holds a key, the database what it stands for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from flask import Flask, g, session
from flask_login import UserMixin, current_user, login_user, logout_user
from sqlalchemy import update

from heka_portal import clock
from heka_portal.database import footprint
from heka_portal.domain.access import Actor
from heka_portal.domain.accounts.queries import get_actor
from heka_portal.extensions import db, login_manager, settings
from heka_portal.models.accounts import LoginSession
from heka_portal.web.i18n import ACCOUNT_HOOK

#: "last seen" is written at most this often
SEEN_EVERY = timedelta(minutes=1)


class Reader(UserMixin):
    """Flask-Login's user: the session's key and the actor behind it."""

    def __init__(self, key: str, actor: Actor) -> None:
        self.key = key
        self.actor = actor

    def get_id(self) -> str:
        """What Flask-Login keeps in the browser: the session's key."""
        return self.key


@login_manager.user_loader  # type: ignore[untyped-decorator] # Flask-Login has no types
def load_reader(key: str) -> Reader | None:
    """The signed-in reader of a session's key, or none where the session has ended."""
    # Who reads is asked once: where the database is away, the page that says so must not ask it again.
    g._login_user = login_manager.anonymous_user()
    return _find_reader(key)


def _find_reader(key: str) -> Reader | None:
    now = clock.now()
    actor = get_actor(key, now=now, former_days=settings().former_tenant_days)
    if actor is None:
        return None
    if actor.last_seen_at is not None and now - actor.last_seen_at > SEEN_EVERY:
        with footprint(db) as connection:
            connection.execute(update(LoginSession).where(LoginSession.id == actor.session_id).values(last_seen_at=now))
    return Reader(key, actor)


def enter(key: str, actor: Actor) -> None:
    """Begin a session in this browser: everything that was there before is dropped."""
    session.clear()
    login_user(Reader(key, actor))


def leave() -> None:
    """End the session in this browser; its row is ended by the caller."""
    logout_user()
    session.clear()


def account_language() -> str | None:
    """The language of the signed-in account, for a browser that has chosen none."""
    user = cast("Any", current_user)
    return str(user.actor.language) if user and user.is_authenticated else None


def init_app(app: Flask) -> None:
    """Bind Flask-Login to the application."""
    login_manager.session_protection = None  # type: ignore[assignment] # phones change their address
    login_manager.init_app(app)
    app.config["REMEMBER_COOKIE_NAME"] = "unused"
    app.extensions[ACCOUNT_HOOK] = account_language
