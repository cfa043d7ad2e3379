"""Letting people in and out: what the residents' and the staff's door have in common."""

from __future__ import annotations

from flask import Response, make_response, redirect, url_for

from heka_portal import clock
from heka_portal.domain.access import Permission
from heka_portal.domain.accounts.operations.sessions import Visit, end_session, open_session
from heka_portal.domain.accounts.operations.signing_in import recognise
from heka_portal.domain.accounts.queries import get_actor, normal_email
from heka_portal.domain.accounts.records import is_known_device
from heka_portal.domain.accounts.rules import Door
from heka_portal.extensions import db, settings
from heka_portal.models.accounts import Account
from heka_portal.web import limits
from heka_portal.web.access import reader
from heka_portal.web.destinations import safe_next
from heka_portal.web.devices import present_visit, remember_device
from heka_portal.web.headers import forget_browser
from heka_portal.web.sessions import enter, leave


def knock(email: str, password: str, *, door: Door) -> Account | None:
    """The account of these credentials at this door, or none. Raises TooManyRequests before anything slow."""
    is_known = is_known_device(email, present_visit().device)
    account_key = _account_key(email, is_known=is_known)
    limits.hit("sign-in/address", limits.network())
    limits.hit("sign-in/account", account_key)
    if not is_known:  # many strangers at once cannot keep out those whose browser the portal knows
        limits.hit("sign-in/all")
    account = recognise(email, password, door=door)
    db.session.commit()
    if account is not None:
        limits.forget("sign-in/account", account_key)
        limits.give_back("sign-in/address", limits.network())
        if not is_known:
            limits.give_back("sign-in/all")
    return account


def _account_key(email: str, *, is_known: bool) -> str:
    """Guesses at an account are counted together, but those from a browser it knows apart from a stranger's."""
    return f"{'known' if is_known else 'any'}/{limits.mark(normal_email(email))}"


def let_in(account: Account, *, to: str | None = None) -> Response:
    """Begin a session in this browser and lead on to a page of this portal."""
    visit = begin_session(account)
    return admit(visit, make_response(redirect(safe_next(to, default=own_front()), code=303)))


def begin_session(account: Account) -> Visit:
    """Begin a session in this browser; the one before ends."""
    visit, before = present_visit(), reader()
    if before is not None:
        end_session(before)
    key = open_session(account, visit)
    db.session.commit()
    hand_over(key)
    return visit


def hand_over(key: str) -> None:
    """Give a session's key to this browser, which forgets what it had of an earlier one."""
    actor = get_actor(key, now=clock.now(), former_days=settings().former_tenant_days)
    if actor is not None:  # else it was disabled in this very moment
        enter(key, actor)


def admit(visit: Visit, response: Response) -> Response:
    """The answer to somebody who came in: their browser is known from now on."""
    remember_device(response, visit)
    return response


def own_front() -> str:
    """The page that a reader begins on."""
    actor = reader()
    if actor is not None and actor.may(Permission.WORKBENCH):
        return url_for("admin.index")
    return url_for("resident.home" if actor is not None and actor.may(Permission.OWN_MATTERS) else "public.front")


def let_out(*, to: str) -> Response:
    """End the session, here and in the database; the browser drops its cache and its drafts of our pages."""
    actor = reader()
    if actor is not None:
        end_session(actor)
        db.session.commit()
    leave()
    return forget_browser(make_response(redirect(to, code=303)))


def own_door() -> str:
    """Where a reader who signs out comes to."""
    actor = reader()
    return url_for("staff.sign_in" if actor is not None and actor.is_staff else "auth.signed_out")
