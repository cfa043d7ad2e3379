"""The provider's answer to an identification, and the keys and the statement we publish for the provider."""

from __future__ import annotations

import logging

from flask import Blueprint, Response, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from heka_portal import clock
from heka_portal.blueprints.identification.pages import stopped_page
from heka_portal.domain.accounts.operations.identifications import (
    CALM,
    Identified,
    fail_round,
    finish_round,
    take_answer,
)
from heka_portal.domain.accounts.rules import IdentificationOver
from heka_portal.domain.errors import NotFound
from heka_portal.extensions import settings
from heka_portal.integrations.identification.attempts import Attempt
from heka_portal.integrations.identification.errors import CallbackRefused, IdentificationError
from heka_portal.integrations.identification.publishing import (
    ENTITY_STATEMENT_MEDIA_TYPE,
    SIGNED_JWKS_MEDIA_TYPE,
    entity_statement,
    public_jwks,
    signed_jwks,
)
from heka_portal.web import limits
from heka_portal.web.access import public
from heka_portal.web.identification import (
    CALLBACK_PATH,
    SIGNED_JWKS_PATH,
    NotSetUp,
    browser_secret,
    identification_settings,
    own_keys,
    relying_party,
)

bp = Blueprint("identification", __name__)
log = logging.getLogger(__name__)


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
    attempt = Attempt(state=state, nonce=taken.nonce, code_verifier=taken.code_verifier, started_at=taken.started_at)
    try:
        person = relying_party().complete(answer, attempt, now=now)
    except IdentificationError as error:
        fail_round(taken, code=error.code, reason=error.reason)
        _log_failure(error)
        return stopped_page(error)
    identified = Identified(person.identity_code, person.full_name, person.acr, person.auth_time, person.broker)
    obstacle = finish_round(taken, identified, now=now)
    return redirect(url_for("registration.choose" if obstacle is None else "registration.not_possible"), code=303)


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
