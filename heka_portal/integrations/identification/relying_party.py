"""The two halves of an identification: the address to send the person to, and what their coming back is worth."""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from hmac import compare_digest
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from joserfc import jwt

from heka_portal.integrations.identification import jose, transport
from heka_portal.integrations.identification.attempts import Attempt
from heka_portal.integrations.identification.claims import check_token
from heka_portal.integrations.identification.errors import (
    AttemptExpired,
    CallbackRefused,
    ProviderBusy,
    ProviderFailed,
    callback_error,
    token_error,
)
from heka_portal.integrations.identification.keys import SIGNING_ALGORITHM, RelyingPartyKeys
from heka_portal.integrations.identification.persons import IdentifiedPerson, read_person
from heka_portal.integrations.identification.provider import Endpoints, Provider
from heka_portal.integrations.identification.settings import IdentificationSettings

# Traficom's profile: a request object lives ten minutes at most; an assertion is used at once.
_REQUEST_LIFE = timedelta(minutes=10)
_ASSERTION_LIFE = timedelta(minutes=5)
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_LOCALES = ("fi", "sv", "en")
_LONGEST_CODE = 8192


class RelyingParty:
    """The portal as a relying party of one provider; one instance serves all threads of a process."""

    def __init__(self, settings: IdentificationSettings, keys: RelyingPartyKeys) -> None:
        self.settings = settings
        self.keys = keys
        self._provider = Provider(settings)

    def begin(self, attempt: Attempt, *, locale: str, now: datetime) -> str:
        """The address at the provider. Raises ProviderUnreachable, ProviderSlow, ProviderFailed."""
        endpoint = self._provider.endpoints(now=now).authorization_endpoint
        request = self._sign(self._request_claims(attempt, locale=locale, now=now))
        # RFC 9101 wants client_id beside the request object too; brokers of the network read the object alone.
        query = urlencode({"client_id": self.settings.client_id, "request": request})
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{query}"

    def complete(self, callback: Mapping[str, str], attempt: Attempt, *, now: datetime) -> IdentifiedPerson:
        """The person behind a callback.

        Raises an IdentificationError: what the provider answered, what the network did, or what we refuse.
        """
        if attempt.has_expired(now=now):
            raise AttemptExpired("too_late")
        endpoints = self._provider.endpoints(now=now)
        code = self._read_callback(callback, attempt, endpoints)
        token = self._redeem(code, attempt, endpoints, now=now)
        signed = jose.decrypt(token, self.keys.decryption_key)
        claims = jose.verify(signed, lambda kid: self._provider.signing_key(kid, now=now)).claims
        check_token(claims, self.settings, attempt, now=now)
        return read_person(claims, self.settings, now=now)

    def _request_claims(self, attempt: Attempt, *, locale: str, now: datetime) -> dict[str, Any]:
        settings, issued = self.settings, int(now.timestamp())
        claims: dict[str, Any] = {
            "iss": settings.client_id,
            "aud": settings.issuer,
            "jti": secrets.token_urlsafe(16),
            "iat": issued,
            "exp": issued + int(_REQUEST_LIFE.total_seconds()),
            "client_id": settings.client_id,
            "response_type": "code",
            "redirect_uri": settings.redirect_uri,
            "scope": settings.scope,
            "state": attempt.state,
            "nonce": attempt.nonce,
            "acr_values": " ".join(settings.asked_acr),
        }
        if locale in _LOCALES:
            claims["ui_locales"] = locale
        if settings.service_name:
            claims["ftn_spname"] = settings.service_name
        if settings.use_pkce:
            claims["code_challenge"] = _challenge(attempt.code_verifier)
            claims["code_challenge_method"] = "S256"
        if attempt.max_age is not None:
            claims["max_age"] = int(attempt.max_age.total_seconds())
            claims["prompt"] = "login"
        return claims

    def _read_callback(self, callback: Mapping[str, str], attempt: Attempt, endpoints: Endpoints) -> str:
        state = callback.get("state", "")
        if not compare_digest(state.encode(), attempt.state.encode()):
            raise CallbackRefused("state")
        issuer = callback.get("iss")
        if issuer is None and endpoints.promises_issuer:
            raise CallbackRefused("issuer_missing")
        if issuer is not None and issuer != self.settings.issuer:
            raise CallbackRefused("issuer")
        if error := callback.get("error"):
            raise callback_error(error)
        code = callback.get("code", "")
        if not code or len(code) > _LONGEST_CODE:
            raise CallbackRefused("code")
        return code

    def _redeem(self, code: str, attempt: Attempt, endpoints: Endpoints, *, now: datetime) -> str:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.settings.redirect_uri,
            "client_id": self.settings.client_id,
            "client_assertion_type": _ASSERTION_TYPE,
            "client_assertion": self._assertion(endpoints.token_endpoint, now=now),
        }
        if self.settings.use_pkce:
            form["code_verifier"] = attempt.code_verifier
        answer = transport.post(endpoints.token_endpoint, form, timeout=self.settings.timeout_seconds)
        if answer.status != HTTPStatus.OK:
            _raise_token_error(answer)
        token = answer.json().get("id_token")
        if not isinstance(token, str) or not token:
            raise ProviderFailed("id_token_missing")
        return token

    def _assertion(self, token_endpoint: str, *, now: datetime) -> str:
        issued = int(now.timestamp())
        return self._sign(
            {
                "iss": self.settings.client_id,
                "sub": self.settings.client_id,
                "aud": self.settings.assertion_audience or token_endpoint,
                "jti": secrets.token_urlsafe(16),
                "iat": issued,
                "exp": issued + int(_ASSERTION_LIFE.total_seconds()),
            }
        )

    def _sign(self, claims: dict[str, Any]) -> str:
        key = self.keys.signing
        header = {"alg": SIGNING_ALGORITHM, "typ": "JWT", "kid": key.kid}
        return jwt.encode(header, claims, key, algorithms=[SIGNING_ALGORITHM])


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def _raise_token_error(answer: transport.Answer) -> None:
    if answer.status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        raise ProviderBusy(f"token_endpoint_status_{answer.status}")
    if answer.status not in (HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        raise ProviderFailed(f"token_endpoint_status_{answer.status}")
    raise token_error(str(answer.json().get("error")))
