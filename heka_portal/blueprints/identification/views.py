"""The provider's answer to an identification, and the keys and the statement we publish for the provider."""

from __future__ import annotations

import logging

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from heka_portal import clock
from heka_portal.blueprints.identification.pages import SomebodyElse, stopped_page
from heka_portal.domain.access import Permission
from heka_portal.domain.accounts.operations.identifications import (
    CALM,
    Identified,
    Round,
    fail_round,
    finish_round,
    finish_step_up,
    take_answer,
)
from heka_portal.domain.accounts.rules import AnotherPerson, IdentificationOver
from heka_portal.domain.errors import NotFound
from heka_portal.extensions import settings
from heka_portal.integrations.identification.errors import CallbackRefused, IdentificationError
from heka_portal.integrations.identification.publishing import (
    ENTITY_STATEMENT_MEDIA_TYPE,
    SIGNED_JWKS_MEDIA_TYPE,
    entity_statement,
    public_jwks,
    signed_jwks,
)
from heka_portal.vocabulary import IdentificationPurpose
from heka_portal.web import limits
from heka_portal.web.access import current_actor, public, reader, requires
from heka_portal.web.destinations import safe_next
from heka_portal.web.doors import own_front
from heka_portal.web.identification import (
    CALLBACK_PATH,
    SIGNED_JWKS_PATH,
    NotSetUp,
    browser_secret,
    identification_settings,
    own_keys,
    relying_party,
)
from heka_portal.web.step_up import attempt_of, is_fresh, to_provider

bp = Blueprint("identification", __name__)
log = logging.getLogger(__name__)


@bp.route("/identify", methods=["GET", "POST"])
@requires(Permission.OWN_MATTERS)
def step_up() -> ResponseReturnValue:
    """Ask a signed-in person for a fresh identification, and lead back to the page that needs it."""
    back = safe_next(request.args.get("next"), default=own_front())
    if request.method == "GET":
        return redirect(back, code=303) if is_fresh() else render_template("identification/step_up.html", back=back)
    try:
        return to_provider(actor=current_actor(), next_path=back)
    except IdentificationError as error:
        return stopped_page(error, back=back)


@bp.get(CALLBACK_PATH)
@public
def callback() -> ResponseReturnValue:
    """Take the provider's answer, once, and lead on."""
    limits.hit("answer/address", limits.network())
    now, answer = clock.now(), request.args.to_dict()
    state = answer.get("state", "")
    try:
        taken = take_answer(state, browser_secret(), now=now)
    except IdentificationOver:
        return stopped_page(CallbackRefused("state"))
    try:
        person = relying_party().complete(answer, attempt_of(taken, state), now=now)
    except IdentificationError as error:
        fail_round(taken, code=error.code, reason=error.reason)
        _log_failure(error)
        return stopped_page(error, back=taken.next_path)
    identified = Identified(person.identity_code, person.full_name, person.acr, person.auth_time, person.broker)
    if taken.purpose is IdentificationPurpose.STEP_UP:
        return _strengthened(taken, identified)
    obstacle = finish_round(taken, identified, now=now)
    return redirect(url_for("registration.choose" if obstacle is None else "registration.not_possible"), code=303)


def _strengthened(taken: Round, identified: Identified) -> ResponseReturnValue:
    """Back to the page that asked, where it is this browser's own session and its own person."""
    actor = reader()
    try:
        if actor is None or actor.session_id != taken.login_session_id:
            fail_round(taken, code="session_ended", reason="step_up")
            return redirect(url_for("auth.sign_in", next=taken.next_path), code=303)
        finish_step_up(taken, identified, now=clock.now())
    except AnotherPerson:
        return stopped_page(SomebodyElse(), back=taken.next_path)
    return redirect(safe_next(taken.next_path, default=own_front()), code=303)


def _log_failure(error: IdentificationError) -> None:
    if error.code not in CALM:
        log.warning("identification failed: %s (%s)", error.code, error.reason)


@bp.get("/identification/jwks")
@public
def jwks() -> ResponseReturnValue:
    """Our public keys. Raises NotFound where we have none."""
    try:
        return jsonify(public_jwks(own_keys()))
    except NotSetUp as error:
        raise NotFound from error


@bp.get(SIGNED_JWKS_PATH)
@public
def signed_keys() -> ResponseReturnValue:
    """Our public keys, signed by our entity key. Raises NotFound where we have none."""
    try:
        signed = signed_jwks(identification_settings(settings()), own_keys(), now=clock.now())
    except NotSetUp as error:
        raise NotFound from error
    return Response(signed, content_type=SIGNED_JWKS_MEDIA_TYPE)


@bp.get("/identification/entity-statement")
@bp.get("/.well-known/openid-federation")
@public
def statement() -> ResponseReturnValue:
    """Our entity statement. Raises NotFound where we have no keys."""
    try:
        signed = entity_statement(identification_settings(settings()), own_keys(), now=clock.now())
    except NotSetUp as error:
        raise NotFound from error
    return Response(signed, content_type=ENTITY_STATEMENT_MEDIA_TYPE)
