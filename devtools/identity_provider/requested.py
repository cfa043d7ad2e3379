"""The signed request object of an authorization request: what a broker refuses, and where it says so."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError

from devtools.identity_provider.clients import ClientKeys, ClientKeysMissing
from devtools.identity_provider.configuration import Client, Configuration, Dialect

_JWS = jws.JWSRegistry(algorithms=["RS256"], strict_check_header=False)
_LONGEST_LIFE = timedelta(minutes=10)
_SKEW = timedelta(seconds=60)
# 128 bits in base64.
_SHORTEST_NONCE = 22
_LONGEST_SERVICE_NAME = 40
_PROMPTS = {"", "login", "none", "consent", "select_account"}
_LANGUAGES = ("fi", "sv", "en")


class RefusedHere(Exception):
    """The request is refused on a page of the broker's own: the person does not come back to the portal."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


class RefusedThere(Exception):
    """The request is refused by sending the person back with an error."""

    def __init__(self, error: str, description: str, request: "Requested") -> None:
        super().__init__(error)
        self.error = error
        self.description = description
        self.request = request


@dataclass(frozen=True)
class Requested:
    """An authorization request whose signature was right."""

    client: Client
    claims: Mapping[str, Any]

    def text(self, name: str) -> str:
        """A member of the request object; empty when it is not there."""
        value = self.claims.get(name)
        return value if isinstance(value, str) else ""

    @property
    def language(self) -> str:
        """The first language asked for that this page has."""
        asked = (tag.split("-")[0] for tag in self.text("ui_locales").split())
        return next((tag for tag in asked if tag in _LANGUAGES), "fi")

    @property
    def max_age(self) -> int | None:
        """How old an identification may be, in seconds."""
        value = self.claims.get("max_age")
        return value if isinstance(value, int) and not isinstance(value, bool) else None


def read_request(
    parameters: Mapping[str, str], configuration: Configuration, keys: ClientKeys, *, now: datetime
) -> Requested:
    """The request in the parameters. Raises RefusedHere, RefusedThere."""
    text = parameters.get("request", "")
    if not text:
        raise RefusedHere("request_missing")
    header, unchecked = _peek(text)
    client_id = parameters.get("client_id", unchecked.get("client_id"))
    client = configuration.client(client_id)
    if client is None or unchecked.get("client_id") != client.client_id:
        raise RefusedHere("client_unknown")
    claims = _verified(text, header, client, keys, now=now)
    _check_object(claims, client, configuration.issuer, now)
    request = Requested(client, claims)
    _check_values(request, configuration.dialect)
    return request


def _peek(text: str) -> tuple[dict[str, Any], dict[str, Any]]:
    try:
        signed = jws.extract_compact(text.encode())
        claims = json.loads(signed.payload or b"")
    except (JoseError, ValueError) as error:
        raise RefusedHere("request_not_signed") from error
    if not isinstance(claims, dict):
        raise RefusedHere("request_not_signed")
    return signed.headers(), claims


def _verified(
    text: str, header: Mapping[str, Any], client: Client, keys: ClientKeys, *, now: datetime
) -> dict[str, Any]:
    if header.get("alg") != "RS256":
        raise RefusedHere("request_not_signed")
    try:
        keys.refresh(client, now=now)
        keys.encryption(client, now=now)
        key = keys.signing(client, header.get("kid"), now=now)
    except ClientKeysMissing as problem:
        raise RefusedHere("client_keys", str(problem)) from problem
    if key is None:
        raise RefusedHere("request_key_unknown")
    try:
        payload = jws.deserialize_compact(text, key, registry=_JWS).payload
    except (JoseError, ValueError) as error:
        raise RefusedHere("request_signature") from error
    return dict(json.loads(payload or b""))


def _check_object(claims: Mapping[str, Any], client: Client, issuer: str, now: datetime) -> None:
    if claims.get("iss") != client.client_id or claims.get("aud") not in (issuer, [issuer]):
        raise RefusedHere("request_parties")
    expires = claims.get("exp")
    latest = (now + _LONGEST_LIFE + _SKEW).timestamp()
    if not isinstance(expires, int) or not now.timestamp() <= expires <= latest:
        raise RefusedHere("request_expired")
    if claims.get("redirect_uri") not in client.redirect_uris:
        raise RefusedHere("redirect_unknown")


def _check_values(request: Requested, dialect: Dialect) -> None:
    if request.text("response_type") != "code":
        raise RefusedThere("invalid_request", "response_type must be code", request)
    if not request.text("state") or len(request.text("nonce")) < _SHORTEST_NONCE:
        raise RefusedThere("invalid_request", "state and a nonce of 128 bits are needed", request)
    if request.text("prompt") not in _PROMPTS:
        raise RefusedThere("invalid_request", "prompt", request)
    if request.text("code_challenge") and request.text("code_challenge_method") != "S256":
        raise RefusedThere("invalid_request", "code_challenge_method must be S256", request)
    if len(request.text("ftn_spname")) > _LONGEST_SERVICE_NAME:
        raise RefusedThere("invalid_request", "ftn_spname is longer than 40 characters", request)
    needed = {"openid"} if dialect is Dialect.URN else {"openid", "personal_identity_code", "profile"}
    if not needed <= set(request.text("scope").split()):
        raise RefusedThere("invalid_scope", f"scope must contain {' '.join(sorted(needed))}", request)
