"""The provider's side: where its endpoints are and which keys it signs with, fetched, checked and kept for a while."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from joserfc.jwk import RSAKey

from heka_portal.integrations.identification import jose, pins, transport
from heka_portal.integrations.identification.addresses import is_on_this_machine, is_safe_address
from heka_portal.integrations.identification.errors import ProviderFailed, TokenRefused
from heka_portal.integrations.identification.settings import IdentificationSettings

# Traficom's profile: a key set may be cached for a day.
_LONGEST_CACHE = timedelta(days=1)
_CLOCK_SKEW = timedelta(seconds=60)
_T = TypeVar("_T")
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri", "signed_jwks_uri")


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where the provider listens."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    signed_jwks_uri: str
    promises_issuer: bool
    """Whether the provider says that each answer carries its `iss` (RFC 9207)."""


@dataclass(frozen=True, slots=True)
class _Kept(Generic[_T]):
    value: _T
    until: datetime


class Provider:
    """What is known of one provider; one instance serves all threads of a process."""

    def __init__(self, settings: IdentificationSettings) -> None:
        """Read the pinned keys. Raises ValueError where `IdentificationSettings.problems` finds one."""
        self._settings = settings
        self._pinned = pins.pinned_entity(settings.provider_entity_keys, entity_id=settings.provider_entity_id)
        self._static = pins.static_keys(settings.provider_jwks)
        self._lock = threading.Lock()
        self._endpoints: _Kept[Endpoints] | None = None
        self._keys: _Kept[Mapping[str, RSAKey]] | None = None

    def endpoints(self, *, now: datetime) -> Endpoints:
        """The endpoints, from the settings and else the discovery document. Raises the errors of the transport."""
        kept = self._endpoints
        if kept is not None and now < kept.until:
            return kept.value
        with self._lock:
            return self._fresh_endpoints(now)

    def signing_key(self, kid: str, *, now: datetime) -> RSAKey | None:
        """The key with this id; an unknown one has the set fetched again, once. Raises the errors of the transport."""
        if self._static is not None:
            return self._static.get(kid)
        seen = self._keys
        if seen is not None and now < seen.until and kid in seen.value:
            return seen.value[kid]
        with self._lock:
            # While we waited, another thread may have fetched the set that we were about to ask for.
            if self._keys is None or self._keys is seen or now >= self._keys.until:
                self._keys = self._fetch_keys(now)
            return self._keys.value.get(kid)

    def _fresh_endpoints(self, now: datetime) -> Endpoints:
        kept = self._endpoints
        if kept is None or now >= kept.until:
            kept = _Kept(self._find_endpoints(), now + _LONGEST_CACHE)
            self._endpoints = kept
        return kept.value

    def _find_endpoints(self) -> Endpoints:
        settings = self._settings
        told = {name: getattr(settings, name) for name in _ENDPOINTS}
        found: dict[str, Any] = {}
        if not self._told_enough():
            found = _discover(settings)
        merged = {name: told[name] or _address(found.get(name), settings) for name in _ENDPOINTS}
        if not merged["authorization_endpoint"] or not merged["token_endpoint"]:
            raise ProviderFailed("discovery_endpoint_missing")
        return Endpoints(**merged, promises_issuer=found.get("authorization_response_iss_parameter_supported") is True)

    def _told_enough(self) -> bool:
        settings = self._settings
        has_keys = self._static is not None or (settings.signed_jwks_uri if self._pinned else settings.jwks_uri)
        return bool(settings.authorization_endpoint and settings.token_endpoint and has_keys)

    def _fetch_keys(self, now: datetime) -> _Kept[Mapping[str, RSAKey]]:
        endpoints = self._fresh_endpoints(now)
        timeout = self._settings.timeout_seconds
        if self._pinned:
            if not endpoints.signed_jwks_uri:
                raise ProviderFailed("signed_key_set_address_missing")
            text = transport.get(endpoints.signed_jwks_uri, timeout=timeout).body
            return _open_signed_keys(text, self._pinned, now)
        if not endpoints.jwks_uri:
            raise ProviderFailed("key_set_address_missing")
        entries = transport.get(endpoints.jwks_uri, timeout=timeout).json().get("keys")
        return _Kept(jose.read_keys(entries), now + _LONGEST_CACHE)


def _open_signed_keys(text: bytes, pinned: pins.PinnedEntity, now: datetime) -> _Kept[Mapping[str, RSAKey]]:
    try:
        signed = jose.verify(text.decode("ascii").strip(), pinned.keys.get)
    except (TokenRefused, UnicodeDecodeError) as error:
        raise ProviderFailed("signed_key_set_signature") from error
    expires = _statement_end(signed, issuer=pinned.entity_id, typ="jwk-set+jwt", now=now)
    return _Kept(jose.read_keys(signed.claims.get("keys")), min(expires, now + _LONGEST_CACHE))


def _statement_end(signed: jose.Signed, *, issuer: str, typ: str, now: datetime) -> datetime:
    claims = signed.claims
    if str(signed.header.get("typ", "")).removeprefix("application/") != typ:
        raise ProviderFailed("signed_key_set_type")
    if claims.get("iss") != issuer or claims.get("sub") != issuer:
        raise ProviderFailed("signed_key_set_issuer")
    issued, expires = jose.moment(claims.get("iat")), jose.moment(claims.get("exp"))
    if issued is None or expires is None:
        raise ProviderFailed("signed_key_set_undated")
    if issued > now + _CLOCK_SKEW or expires <= now - _CLOCK_SKEW:
        raise ProviderFailed("signed_key_set_expired")
    return expires


def _discover(settings: IdentificationSettings) -> dict[str, Any]:
    found = transport.get(settings.discovery_address, timeout=settings.timeout_seconds).json()
    if found.get("issuer") != settings.issuer:
        raise ProviderFailed("discovery_issuer")
    return found


def _address(value: Any, settings: IdentificationSettings) -> str:
    if value is None:
        return ""
    # A provider on this machine is one for development; any other must not send us to an unprotected address.
    if not isinstance(value, str) or not is_safe_address(value, allow_loopback=is_on_this_machine(settings.issuer)):
        raise ProviderFailed("discovery_address_unsafe")
    return value
