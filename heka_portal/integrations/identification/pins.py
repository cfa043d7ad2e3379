"""The provider's keys that were handed over by people, and are trusted for that: never fetched, never replaced."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from joserfc.jwk import RSAKey

from heka_portal.integrations.identification import jose
from heka_portal.integrations.identification.errors import TokenRefused


@dataclass(frozen=True, slots=True)
class PinnedEntity:
    """Who signs the provider's key set, and with which keys."""

    entity_id: str
    keys: Mapping[str, RSAKey]


def pinned_entity(text: str, *, entity_id: str) -> PinnedEntity | None:
    """The entity in a key set or an entity statement; nothing for an empty text. Raises ValueError.

    A statement names its entity, a key set does not: for that `entity_id` is needed.
    """
    text = text.strip()
    if text and not text.startswith("{"):
        return _entity_of_statement(text, entity_id)
    keys = static_keys(text)
    if keys is None:
        return None
    if not entity_id:
        raise ValueError("A bare key set does not say whose it is.")
    return PinnedEntity(entity_id, keys)


def _entity_of_statement(text: str, entity_id: str) -> PinnedEntity:
    # The text itself is what is trusted: it was handed over and checked by people. Its own signature is read too,
    # so that a statement cut short or edited by mistake is noticed. Its end date binds its exchange, not our pin.
    try:
        said = jose.unverified_claims(text).get("jwks")
        keys = jose.read_keys(said.get("keys") if isinstance(said, dict) else None)
        claims = jose.verify(text, keys.get).claims
    except TokenRefused as error:
        raise ValueError(f"The entity statement is not intact ({error.reason}).") from error
    issuer = claims.get("iss")
    if not isinstance(issuer, str) or claims.get("sub") != issuer or entity_id not in ("", issuer):
        raise ValueError("The entity statement speaks of another entity.")
    return PinnedEntity(issuer, keys)


def static_keys(text: str) -> Mapping[str, RSAKey] | None:
    """The keys in the text of a key set; nothing for an empty text. Raises ValueError."""
    if not text.strip():
        return None
    parsed = json.loads(text)
    keys = jose.read_keys(parsed.get("keys") if isinstance(parsed, dict) else None)
    if not keys:
        raise ValueError("There is no usable RSA key in the key set.")
    return keys
