"""Strong identification for the pages: the relying party of the settings, and the browser it is bound to."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, current_app, session

from heka_portal.config import Settings, SettingsError
from heka_portal.extensions import SETTINGS, settings
from heka_portal.integrations.identification.errors import IdentificationError
from heka_portal.integrations.identification.keys import KeyProblem, RelyingPartyKeys, load_keys
from heka_portal.integrations.identification.relying_party import RelyingParty
from heka_portal.integrations.identification.settings import Dialect, IdentificationSettings

log = logging.getLogger(__name__)

CALLBACK_PATH = "/identification/callback"
SIGNED_JWKS_PATH = "/identification/signed-jwks"
EXTENSION = "heka_identification"
BROWSER = "browser"
SECRET_BYTES = 32


class NotSetUp(IdentificationError):
    """There is no provider, or our keys cannot be read: an operator's matter."""

    code = "not_set_up"


def _text(value: str) -> str:
    """A pinned text: as it is, or of the file it names. Raises SettingsError."""
    path = Path(value)
    if not path.is_absolute():
        return value
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingsError([f"The pinned keys in {value} cannot be read: {error.strerror}."]) from error


def identification_settings(given: Settings) -> IdentificationSettings:
    """Our registration at the provider, out of the portal's settings."""
    return IdentificationSettings(
        issuer=given.identification_issuer,
        client_id=given.identification_client_id,
        redirect_uri=given.base_url + CALLBACK_PATH,
        authorization_endpoint=given.identification_authorization_url,
        token_endpoint=given.identification_token_url,
        discovery_url=given.identification_discovery_url,
        jwks_uri=given.identification_jwks_url,
        signed_jwks_uri=given.identification_signed_jwks_url,
        provider_entity_id=given.identification_provider_entity,
        provider_entity_keys=_text(given.identification_entity_key),
        provider_jwks=_text(given.identification_provider_jwks),
        dialect=Dialect(given.identification_dialect),
        scope=" ".join(given.identification_scope),
        allowed_acr=frozenset(given.identification_acr),
        asked_acr=given.identification_acr,
        service_name=given.identification_service_name,
        use_pkce=given.identification_pkce,
        assertion_audience=given.identification_assertion_audience,
        allow_test_codes=given.test_identity_codes,
        timeout_seconds=given.identification_timeout,
        entity_id=given.base_url,
        organisation_name=given.landlord_full_name,
        own_signed_jwks_uri=given.base_url + SIGNED_JWKS_PATH,
    )


Stamp = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Ready:
    """What this process made of the key files as they were; checking a private key takes a good part of a second."""

    stamp: Stamp
    keys: RelyingPartyKeys
    #: keeps the provider's addresses and keys; none without a provider
    party: RelyingParty | None


def _stamp(folder: Path) -> Stamp:
    return tuple(sorted((str(path), path.stat().st_mtime_ns) for path in folder.glob("*.pem")))


def _ready() -> Ready:
    """Our keys and the relying party, made anew when an operator has rotated the keys. Raises NotSetUp."""
    given = settings()
    stamp = _stamp(given.identification_keys_path)
    kept: Ready | None = current_app.extensions.get(EXTENSION)
    if kept is not None and kept.stamp == stamp:
        return kept
    try:
        keys = load_keys(given.identification_keys_path)
    except KeyProblem as problem:
        log.warning("identification: %s", problem)
        raise NotSetUp("keys") from problem
    party = RelyingParty(identification_settings(given), keys) if given.identification_issuer else None
    made = current_app.extensions[EXTENSION] = Ready(stamp, keys, party)
    return made


def own_keys() -> RelyingPartyKeys:
    """Our keys. Raises NotSetUp."""
    return _ready().keys


def relying_party() -> RelyingParty:
    """The portal at its provider. Raises NotSetUp."""
    party = _ready().party if settings().identification_issuer else None
    if party is None:
        raise NotSetUp("issuer")
    return party


def browser_secret() -> str:
    """What binds an identification to this browser: in its signed session cookie, and hashed in the database."""
    if BROWSER not in session:
        session[BROWSER] = secrets.token_urlsafe(SECRET_BYTES)
    return str(session[BROWSER])


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def init_app(app: Flask) -> None:
    """Check the settings, and let forms lead to the provider. Raises SettingsError."""
    given: Settings = app.extensions[SETTINGS]
    if not given.identification_issuer:
        return
    ours = identification_settings(given)
    problems = ours.problems(production=given.is_production)
    if problems:
        raise SettingsError(problems)
    origins = {_origin(address) for address in (ours.issuer, ours.authorization_endpoint)}
    app.config["IDENTITY_PROVIDER_ORIGIN"] = tuple(sorted(filter(None, origins)))
