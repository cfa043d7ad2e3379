"""Strong identification for the pages: where it begins, and what asks a signed-in person for a fresh one.

A page that needs it leads away and is come back to: nothing typed may hang on it. A form keeps what was written first
(as the change of a bank account does) and asks then.
"""

from __future__ import annotations

from datetime import timedelta

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from heka_portal import clock
from heka_portal.domain.access import Actor
from heka_portal.domain.accounts.operations.identifications import Round, begin_identification
from heka_portal.extensions import db
from heka_portal.integrations.identification.attempts import Attempt, new_attempt
from heka_portal.vocabulary import IdentificationPurpose
from heka_portal.web import limits
from heka_portal.web.access import current_actor
from heka_portal.web.i18n import current_language
from heka_portal.web.identification import browser_secret, relying_party

#: a fresh identification happens during its own round, whatever the provider remembers
AT_ONCE = timedelta(0)


def to_provider(*, actor: Actor | None = None, next_path: str | None = None) -> ResponseReturnValue:
    """Send the browser to the provider: to register, or to strengthen the actor's session. Commits.

    Raises IdentificationError, TooManyRequests.
    """
    limits.hit("identify/address", limits.network())
    limits.hit("identify/all")
    now = clock.now()
    attempt = new_attempt(now=now, max_age=AT_ONCE if actor else None)
    address = relying_party().begin(attempt, locale=current_language(), now=now)
    begin_identification(
        state=attempt.state,
        nonce=attempt.nonce,
        code_verifier=attempt.code_verifier,
        browser=browser_secret(),
        now=now,
        actor=actor,
        next_path=next_path,
    )
    db.session.commit()
    return redirect(address, code=303)


def attempt_of(taken: Round, state: str) -> Attempt:
    """What the answer to a round is compared with."""
    is_step_up = taken.purpose is IdentificationPurpose.STEP_UP
    return Attempt(
        state=state,
        nonce=taken.nonce,
        code_verifier=taken.code_verifier,
        started_at=taken.started_at,
        max_age=AT_ONCE if is_step_up else None,
        newer_than=taken.newer_than,
    )


def is_fresh() -> bool:
    """Whether the reader has identified themselves strongly in this session a moment ago."""
    return current_actor().is_fresh(clock.now())


def to_step_up(next_path: str | None = None) -> ResponseReturnValue:
    """To the page that asks for a fresh identification, and back to `next_path` (default: this page)."""
    back = next_path or request.full_path.rstrip("?")
    return redirect(url_for("identification.step_up", next=back), code=303)
