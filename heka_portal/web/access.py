"""Every view declares who may use it; `guard` refuses to start over one that does not, and checks each request."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from flask import Flask, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from heka_portal.domain.access import Actor, Permission, roles_with
from heka_portal.web.errors import error_page, forbidden_page, typed_text

F = TypeVar("F", bound=Callable[..., Any])
RULE = "access_rule"
STATIC = frozenset({"static", "admin.static"})
#: paths of staff: someone not signed in is led to the staff's door
STAFF_PATHS = ("/admin", "/staff")


@dataclass(frozen=True)
class Rule:
    """Who may use a view: everyone, or who has the permission."""

    permission: Permission | None = None

    @property
    def is_public(self) -> bool:
        """Whether nobody needs to sign in."""
        return self.permission is None


PUBLIC = Rule()


def public(view: F) -> F:
    """Declare that anyone may use the view."""
    setattr(view, RULE, PUBLIC)
    return view


def requires(permission: Permission) -> Callable[[F], F]:
    """Declare which permission the view asks for."""

    def declare(view: F) -> F:
        setattr(view, RULE, Rule(permission))
        return view

    return declare


def rule_of(view: Callable[..., Any]) -> Rule | None:
    """The rule a view declares: its own, else the one of its class (inherited endpoints of Flask-Admin)."""
    own = getattr(view, RULE, None)
    if own is None:
        owner = getattr(view, "__self__", None)
        own = getattr(owner, "access", None)
    return own if isinstance(own, Rule) else None


def current_actor() -> Actor:
    """The actor of this request; only where a rule has let somebody in."""
    return cast("Actor", cast("Any", current_user).actor)


def reader() -> Actor | None:
    """The actor of this request, or none where nobody is signed in."""
    user = cast("Any", current_user)
    return cast("Actor", user.actor) if user and user.is_authenticated else None


def check() -> ResponseReturnValue | None:
    """Let the request in, lead it to the door, or say who may."""
    endpoint = request.endpoint
    if endpoint is None or endpoint in STATIC:
        return None
    rule = rule_of(current_app.view_functions[endpoint])
    if rule is None or rule.permission is None:
        return None if rule else forbidden_page(())
    actor = reader()
    if actor is None:
        return to_the_door()
    return None if actor.may(rule.permission) else forbidden_page(roles_with(rule.permission))


def to_the_door() -> ResponseReturnValue:
    """To the sign-in page of residents or of staff, and back here afterwards."""
    door = "staff.sign_in" if request.path.startswith(STAFF_PATHS) else "auth.sign_in"
    if request.method == "GET":
        return redirect(url_for(door, next=request.full_path.rstrip("?")), code=303)
    return signed_out_page(url_for(door)) if typed_text() else redirect(url_for(door), code=303)


def signed_out_page(door: str) -> ResponseReturnValue:
    """The session ended while somebody wrote: their words stand on the page."""
    return error_page(
        403,
        _("You have been signed out"),
        _("What you sent was not saved, because the page was open for too long."),
        [_("Copy your text, sign in and send it again.")],
        action=_("Sign in"),
        action_url=door,
    )


class UnguardedView(RuntimeError):
    """A view declares no rule: the application does not start."""


def guard(app: Flask) -> None:
    """Refuse to start over a view without a rule; check the rule before each request."""
    missing = [
        endpoint
        for endpoint, view in app.view_functions.items()
        if endpoint not in STATIC and rule_of(inspect.unwrap(view) if not hasattr(view, "__self__") else view) is None
    ]
    if missing:
        raise UnguardedView(f"no access rule: {', '.join(sorted(missing))}")
    app.before_request(check)
