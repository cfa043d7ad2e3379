"""The token endpoint, with its ways to fail."""

import secrets
import time

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from devtools.identity_provider.clients import ClientKeysMissing
from devtools.identity_provider.failures import Failure
from devtools.identity_provider.issuing import Grant, seal, token_claims
from devtools.identity_provider.redeeming import TokenRefused, redeem
from devtools.identity_provider.state import StandIn, stand_in

bp = Blueprint("tokens", __name__)

_ERRORS = {Failure.CODE_USED: "invalid_grant", Failure.INVALID_CLIENT: "invalid_client"}
_TOO_LARGE = 2 * 1024 * 1024


@bp.post("/token")
def token() -> ResponseReturnValue:
    """Give the ID token for a code, once."""
    here = stand_in()
    try:
        grant = redeem(request.form, here.configuration, here.client_keys, here.memory, now=here.now())
        return _fail(grant, here) or _answer(grant, here)
    except TokenRefused as refused:
        return jsonify(error=refused.error, error_description=refused.description), 400
    except ClientKeysMissing as problem:
        return jsonify(error="invalid_client", error_description=str(problem)), 400


def _fail(grant: Grant, here: StandIn) -> ResponseReturnValue | None:
    failure = grant.failure
    if failure in _ERRORS:
        raise TokenRefused(_ERRORS[failure], "as asked for on the page")
    if failure is Failure.TOKEN_UNAVAILABLE:
        return Response("Service unavailable", status=503, content_type="text/plain")
    if failure is Failure.TOKEN_NOT_JSON:
        return Response("<!doctype html><title>Gateway</title>", content_type="text/html")
    if failure is Failure.TOKEN_TOO_LARGE:
        return jsonify(id_token="A" * _TOO_LARGE)
    if failure is Failure.TOKEN_ABSENT:
        return jsonify(access_token=secrets.token_urlsafe(32), token_type="Bearer")
    if failure is Failure.TOKEN_SLOW:
        time.sleep(here.configuration.slow_seconds)
    return None


def _answer(grant: Grant, here: StandIn) -> ResponseReturnValue:
    now = here.now()
    claims = token_claims(grant, issuer=here.issuer, dialect=here.configuration.dialect, now=now)
    encryption = here.client_keys.encryption(grant.request.client, now=now)
    sealed = seal(claims, signing=here.keys.current, encryption=encryption, failure=grant.failure)
    return jsonify(
        id_token=sealed,
        access_token=secrets.token_urlsafe(32),
        token_type="Bearer",
        expires_in=60,
    )
