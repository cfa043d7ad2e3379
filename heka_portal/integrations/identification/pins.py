"""The provider's keys that were handed over by people, and are trusted for that: never fetched, never replaced."""

import json
from collections.abc import Mapping

from joserfc.jwk import RSAKey

from heka_portal.integrations.identification import jose
from heka_portal.integrations.identification.errors import TokenRefused


def entity_keys(text: str, *, entity_id: str) -> Mapping[str, RSAKey]:
    """The entity keys in a key set or an entity statement; none in an empty text. Raises ValueError."""
    text = text.strip()
    if not text or text.startswith("{"):
        return static_keys(text) or {}
    # The text itself is what is trusted: it was handed over and checked by people. Its own signature is read too,
    # so that a statement cut short or edited by mistake is noticed. Its end date binds its exchange, not our pin.
    try:
        said = jose.unverified_claims(text).get("jwks")
        keys = jose.read_keys(said.get("keys") if isinstance(said, dict) else None)
        claims = jose.verify(text, keys.get).claims
    except TokenRefused as error:
        raise ValueError(f"The entity statement is not intact ({error.reason}).") from error
    if claims.get("iss") != entity_id or claims.get("sub") != entity_id:
        raise ValueError("The entity statement speaks of another entity.")
    return keys


def static_keys(text: str) -> Mapping[str, RSAKey] | None:
    """The keys in the text of a key set; nothing for an empty text. Raises ValueError."""
    if not text.strip():
        return None
    parsed = json.loads(text)
    keys = jose.read_keys(parsed.get("keys") if isinstance(parsed, dict) else None)
    if not keys:
        raise ValueError("There is no usable RSA key in the key set.")
    return keys
