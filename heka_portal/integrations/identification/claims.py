"""The checks of an opened ID token: is it for us, for this attempt, now, strong enough, and fresh enough."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any

from heka_portal.integrations.identification import jose
from heka_portal.integrations.identification.attempts import Attempt
from heka_portal.integrations.identification.errors import NotFreshEnough, TokenRefused
from heka_portal.integrations.identification.settings import IdentificationSettings

# How far the provider's clock may be from ours.
CLOCK_SKEW = timedelta(seconds=60)
# A token is fetched the moment it is made; an old one was not made for this attempt.
_OLDEST_TOKEN = timedelta(minutes=10)

Claims = Mapping[str, Any]


def check_token(claims: Claims, settings: IdentificationSettings, attempt: Attempt, *, now: datetime) -> None:
    """Check that the token answers this attempt. Raises TokenRefused, whose reason names the check."""
    _require(claims.get("iss") == settings.issuer, "issuer")
    _check_audience(claims, settings.client_id)
    _check_times(claims, now)
    nonce = claims.get("nonce")
    _require(isinstance(nonce, str) and compare_digest(nonce.encode(), attempt.nonce.encode()), "nonce")
    _require(claims.get("acr") in settings.allowed_acr, "acr")
    _check_freshness(claims, attempt, now)


def authenticated_at(claims: Claims) -> datetime:
    """When the person identified themselves; a provider that does not say so tells when it made the token."""
    moment = jose.moment(claims.get("auth_time", claims.get("iat")))
    if moment is None:
        raise TokenRefused("auth_time")
    return moment


def _check_audience(claims: Claims, client_id: str) -> None:
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    _require(client_id in audiences, "audience")
    # With several audiences the token must say that it was made for us (OpenID Connect Core 3.1.3.7).
    _require(len(audiences) == 1 or "azp" in claims, "authorized_party_missing")
    _require(claims.get("azp", client_id) == client_id, "authorized_party")


def _check_times(claims: Claims, now: datetime) -> None:
    expires, issued = jose.moment(claims.get("exp")), jose.moment(claims.get("iat"))
    if expires is None:
        raise TokenRefused("expiry_missing")
    if issued is None:
        raise TokenRefused("issue_time_missing")
    _require(now < expires + CLOCK_SKEW, "expired")
    _require(issued <= now + CLOCK_SKEW, "issued_in_future")
    _require(issued > now - _OLDEST_TOKEN, "issued_long_ago")
    if "nbf" in claims:
        starts = jose.moment(claims["nbf"])
        _require(starts is not None and starts <= now + CLOCK_SKEW, "not_yet_valid")


def _check_freshness(claims: Claims, attempt: Attempt, now: datetime) -> None:
    authenticated = authenticated_at(claims)
    _require(authenticated <= now + CLOCK_SKEW, "auth_time_in_future")
    if attempt.max_age is None:
        return
    if "auth_time" not in claims:
        raise NotFreshEnough("auth_time_missing")
    if authenticated < attempt.started_at - attempt.max_age - CLOCK_SKEW:
        raise NotFreshEnough("auth_time_old")
    if attempt.newer_than is not None and authenticated <= attempt.newer_than:
        raise NotFreshEnough("auth_time_not_new")


def _require(holds: bool, reason: str) -> None:
    if not holds:
        raise TokenRefused(reason)
