"""What we publish about ourselves: our key set, plain and signed, and our entity statement."""

from datetime import datetime, timedelta
from typing import Any

from joserfc import jwt

from heka_portal.integrations.identification.keys import (
    CONTENT_ENCRYPTION,
    KEY_ENCRYPTION,
    SIGNING_ALGORITHM,
    RelyingPartyKeys,
)
from heka_portal.integrations.identification.settings import IdentificationSettings

SIGNED_JWKS_MEDIA_TYPE = "application/jwk-set+jwt"
ENTITY_STATEMENT_MEDIA_TYPE = "application/entity-statement+jwt"

# A provider may cache our key set for a day; it is signed anew at each request.
_KEY_SET_LIFE = timedelta(days=1)
# The statement is exchanged by hand, so it must outlive the exchange by far.
_STATEMENT_LIFE = timedelta(days=365)


def public_jwks(keys: RelyingPartyKeys) -> dict[str, Any]:
    """Our public keys: every signing key, and the one encryption key that is to be used now."""
    published = (keys.signing, *keys.other_signing, keys.encryption)
    return {"keys": [key.as_dict(private=False) for key in published]}


def signed_jwks(settings: IdentificationSettings, keys: RelyingPartyKeys, *, now: datetime) -> str:
    """Our public keys, signed with the entity key."""
    claims = {**_statement_claims(settings, now=now, life=_KEY_SET_LIFE), **public_jwks(keys)}
    return _sign(claims, keys, typ="jwk-set+jwt")


def entity_statement(settings: IdentificationSettings, keys: RelyingPartyKeys, *, now: datetime) -> str:
    """Our entity statement: our entity key and our registration, given to the provider out of band."""
    claims = {
        **_statement_claims(settings, now=now, life=_STATEMENT_LIFE),
        "jwks": {"keys": [keys.entity.as_dict(private=False)]},
        "metadata": {
            "openid_relying_party": {
                "redirect_uris": [settings.redirect_uri],
                "application_type": "web",
                "id_token_signed_response_alg": SIGNING_ALGORITHM,
                "id_token_encrypted_response_alg": KEY_ENCRYPTION,
                "id_token_encrypted_response_enc": CONTENT_ENCRYPTION,
                "request_object_signing_alg": SIGNING_ALGORITHM,
                "token_endpoint_auth_method": "private_key_jwt",
                "token_endpoint_auth_signing_alg": SIGNING_ALGORITHM,
                "client_registration_types": [],
                "organization_name": settings.organisation_name,
                "signed_jwks_uri": settings.own_signed_jwks_uri,
            }
        },
    }
    return _sign(claims, keys, typ="entity-statement+jwt")


def _statement_claims(settings: IdentificationSettings, *, now: datetime, life: timedelta) -> dict[str, Any]:
    issued = int(now.timestamp())
    return {
        "iss": settings.entity_id,
        "sub": settings.entity_id,
        "iat": issued,
        "exp": issued + int(life.total_seconds()),
    }


def _sign(claims: dict[str, Any], keys: RelyingPartyKeys, *, typ: str) -> str:
    header = {"alg": SIGNING_ALGORITHM, "typ": typ, "kid": keys.entity.kid}
    return jwt.encode(header, claims, keys.entity, algorithms=[SIGNING_ALGORITHM])
