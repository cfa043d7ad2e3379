"""The token endpoint: who asks (private_key_jwt), with which code, and what they get for it."""

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError

from devtools.identity_provider.clients import ClientKeys, ClientKeysMissing
from devtools.identity_provider.configuration import Client, Configuration
from devtools.identity_provider.issuing import Grant
from devtools.identity_provider.memory import Memory

_JWS = jws.JWSRegistry(algorithms=["RS256"], strict_check_header=False)
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_LONGEST_ASSERTION = timedelta(minutes=60)


class TokenRefused(Exception):
    """The token endpoint answers with an error and 400."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(error)
        self.error = error
        self.description = description


def redeem(
    form: Mapping[str, str], configuration: Configuration, keys: ClientKeys, memory: Memory, *, now: datetime
) -> Grant:
    """What the code in the form stands for. Raises TokenRefused."""
    client = _authenticate(form, configuration, keys, memory, now=now)
    if form.get("grant_type") != "authorization_code":
        raise TokenRefused("unsupported_grant_type", "grant_type must be authorization_code")
    grant = memory.spend_code(form.get("code", ""), now=now)
    if grant is None or grant.request.client.client_id != client.client_id:
        raise TokenRefused("invalid_grant", "the code is unknown, used or too old")
    if form.get("redirect_uri") != grant.request.text("redirect_uri"):
        raise TokenRefused("invalid_grant", "redirect_uri is another one than in the request")
    _check_verifier(form, grant)
    return grant


def _authenticate(
    form: Mapping[str, str], configuration: Configuration, keys: ClientKeys, memory: Memory, *, now: datetime
) -> Client:
    if "client_secret" in form or form.get("client_assertion_type") != _ASSERTION_TYPE:
        raise TokenRefused("invalid_client", "only private_key_jwt is accepted")
    header, unchecked = _peek(form.get("client_assertion", ""))
    client = configuration.client(unchecked.get("sub"))
    if client is None or form.get("client_id", client.client_id) != client.client_id:
        raise TokenRefused("invalid_client", "unknown client")
    claims = _verified(form["client_assertion"], header, client, keys, now=now)
    if claims.get("iss") != client.client_id or claims.get("sub") != client.client_id:
        raise TokenRefused("invalid_client", "iss and sub must be the client_id")
    if claims.get("aud") != f"{configuration.issuer}/token":
        raise TokenRefused("invalid_client", "aud must be the address of the token endpoint")
    _check_use(claims, memory, now=now)
    return client


def _check_use(claims: Mapping[str, Any], memory: Memory, *, now: datetime) -> None:
    expires = claims.get("exp")
    if not isinstance(expires, int) or not now.timestamp() < expires <= (now + _LONGEST_ASSERTION).timestamp():
        raise TokenRefused("invalid_client", "exp must be at most 60 minutes ahead")
    jti = claims.get("jti")
    if not isinstance(jti, str) or not memory.spend_assertion(jti, expires=float(expires), now=now):
        raise TokenRefused("invalid_client", "jti must be there, and be used once")


def _peek(assertion: str) -> tuple[dict[str, Any], dict[str, Any]]:
    try:
        signed = jws.extract_compact(assertion.encode())
        return signed.headers(), dict(json.loads(signed.payload or b""))
    except (JoseError, ValueError, TypeError) as error:
        raise TokenRefused("invalid_client", "client_assertion is not a JWT") from error


def _verified(
    assertion: str, header: Mapping[str, Any], client: Client, keys: ClientKeys, *, now: datetime
) -> dict[str, Any]:
    try:
        key = keys.signing(client, header.get("kid"), now=now)
    except ClientKeysMissing as problem:
        raise TokenRefused("invalid_client", str(problem)) from problem
    if key is None:
        raise TokenRefused("invalid_client", "the assertion is signed with an unknown key")
    try:
        return dict(json.loads(jws.deserialize_compact(assertion, key, registry=_JWS).payload or b""))
    except (JoseError, ValueError) as error:
        raise TokenRefused("invalid_client", "the assertion's signature is wrong") from error


def _check_verifier(form: Mapping[str, str], grant: Grant) -> None:
    challenge = grant.request.text("code_challenge")
    if not challenge:
        return
    digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
    if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != challenge:
        raise TokenRefused("invalid_grant", "code_verifier does not fit")
