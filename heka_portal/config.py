"""Settings: from the environment (`HEKA_*`, `DATABASE_URL`) over `instance/config.py`, checked at start.

A default is safe in production and publishable. Each mistake is told in one clear sentence, all of them at once.
"""

from __future__ import annotations

import base64
import binascii
import runpy
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator

KEY_BYTES = 32
PREFIX = "HEKA_"
ROOT = Path(__file__).resolve().parent.parent


class SettingsError(Exception):
    """The settings cannot be used; `sentences` says why, one sentence each."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


def _networks(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return tuple(ip_network(part.strip()) for part in value.split(",") if part.strip())
    except ValueError as error:
        raise ValueError("must list networks, for example 10.0.0.0/8,127.0.0.1/32") from error


def _key(text: str) -> bytes:
    try:
        raw = base64.urlsafe_b64decode(text)
    except (ValueError, binascii.Error) as error:
        raise ValueError("must hold keys in base64") from error
    if len(raw) != KEY_BYTES:
        raise ValueError(f"must hold keys of {KEY_BYTES} bytes in base64")
    return raw


def _keys(value: object) -> object:
    if not isinstance(value, str):
        return value
    keys = {}
    for part in filter(None, (part.strip() for part in value.split(","))):
        name, separator, text = part.partition(":")
        if not separator or not name.isalnum():
            raise ValueError("must look like k2:BASE64,k1:BASE64 (the first key encrypts, all decrypt)")
        keys[name] = _key(text)
    return keys


def _lookup_key(value: object) -> object:
    return _key(value) if isinstance(value, str) else value


def _words(value: object) -> object:
    return tuple(value.split()) if isinstance(value, str) else value


class Settings(BaseModel):
    """All settings of the portal. The field `base_url` is set by `HEKA_BASE_URL`, and so on."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, use_attribute_docstrings=True)

    environment: Literal["production", "development", "testing"] = "production"
    """What it runs as. Production, the default, refuses whatever is only for trying."""
    debug: bool = False
    """Flask's debug mode; refused in production."""
    instance_path: Path = ROOT / "instance"
    """The folder of local configuration, and by default of the database, files, mail and keys."""

    # secrets
    secret_key: str = Field(default="", repr=False)
    """Signs the browser's cookies and forms; 32 random characters or more. Required."""
    data_keys: Annotated[dict[str, bytes], BeforeValidator(_keys)] = Field(default_factory=dict, repr=False)
    """Keys that encrypt identity codes and bank accounts: `k2:BASE64,k1:BASE64`, 32 bytes each. Required."""
    lookup_key: Annotated[bytes, BeforeValidator(_lookup_key)] = Field(default=b"", repr=False)
    """Key of the fingerprints by which an identity code is found; 32 bytes in base64, never changed. Required."""

    # where it runs
    base_url: str = "http://127.0.0.1:8000"
    """The address residents use; links in mails are built from it. `https://` in production."""
    trusted_proxies: Annotated[tuple[IPv4Network | IPv6Network, ...], BeforeValidator(_networks)] = ()
    """Networks of the proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed, with commas."""
    database_url: str = ""
    """`postgresql://...`, or `sqlite:///...`; a file of the instance folder by default."""
    database_pool_size: int = Field(default=5, ge=1, le=100)
    """Connections a process keeps to PostgreSQL."""
    storage_url: str = ""
    """Where files lie: `s3://bucket`, or `file:/folder`; a folder of the instance folder by default."""
    storage_endpoint: str = ""
    """The address of an S3-compatible service other than Amazon's."""

    # mail
    mail_url: str = ""
    """`smtp://user:password@host:587` (STARTTLS), `smtps://...`, or `file:/folder`; files by default."""
    mail_from: str = "Heka <no-reply@heka.example>"
    """The sender of all mail."""

    # the worker
    worker_nice: int = Field(default=5, ge=0, le=19)
    """How far the worker stands back from the pages for the processor: `nice`, 0 not at all. See operations.md."""
    worker_share: float = Field(default=0.4, gt=0, le=1)
    """The part of the time the worker works while there is much to do; it pauses for the rest."""

    # the landlord
    landlord_name: str = "Heka"
    """The landlord's name in texts."""
    landlord_full_name: str = "Helsingin kaupungin asunnot Oy"
    """The landlord's full name, in statements."""
    urgent_phone: str = "09 5767 3100"
    """The number of urgent faults, around the clock."""
    service_phone: str = "09 5767 3000"
    """The number of customer service."""
    service_email: str = "asiakaspalvelu@heka.example"
    """The address of customer service."""
    service_hours: str = "9–15"
    """When customer service answers on weekdays."""
    chat_url: str = ""
    """The chat on the landlord's website; pages tell of no chat without it."""
    chat_hours: str = ""
    """When the chat answers on weekdays, for example `9–15`; not told where it is empty."""
    map_url: str = "https://www.openstreetmap.org/search?query={address}"
    """The map that an office's address leads to; `{address}` stands for the address. Empty: no link to a map."""
    security_contact: str = "mailto:tietoturva@heka.example"
    """Where a weakness of the portal is reported (`/.well-known/security.txt`): `mailto:`, `https://` or `tel:`."""

    # people
    test_identity_codes: bool = False
    """Whether artificial identity codes (900-999) are accepted; refused in production."""
    staff_second_factor: bool = True
    """Whether staff need a one-time code; production refuses to do without."""
    password_time_cost: int = Field(default=3, ge=1, le=10)
    """Rounds of Argon2id."""
    password_memory_kib: int = Field(default=65536, ge=8, le=1048576)
    """Memory of Argon2id, in KiB."""
    former_tenant_days: int = Field(default=365, ge=0)
    """How many days after the end a former tenant can still read their own matters."""

    # strong identification
    identification_issuer: str = ""
    """The identity broker's issuer, as its discovery document has it."""
    identification_client_id: str = ""
    """Our client id at the broker."""
    identification_keys: str = ""
    """The folder of our keys; `identification` in the instance folder by default."""
    identification_dialect: Literal["urn", "plain"] = "urn"
    """How the broker names its claims: `urn` (S213, Telia) or `plain` (OP)."""
    identification_scope: Annotated[tuple[str, ...], BeforeValidator(_words)] = ("openid",)
    """The scopes asked for, with spaces."""
    identification_acr: Annotated[tuple[str, ...], BeforeValidator(_words)] = ("http://ftn.ficora.fi/2017/loa2",)
    """The levels of assurance accepted, with spaces."""
    identification_entity_key: str = ""
    """The broker's pinned entity statement or key set, or a file that holds it."""
    identification_service_name: str = ""
    """The name the broker shows (`ftn_spname`), where it is a request parameter."""
    identification_stand_in: bool = False
    """Whether the provider is the stand-in; refused in production."""
    identification_timeout: float = Field(default=5.0, gt=0, le=30)
    """Seconds to wait for the broker."""
    identification_discovery_url: str = ""
    """The broker's discovery document, where it is not under the issuer."""
    identification_authorization_url: str = ""
    """The broker's authorization endpoint, where it has no discovery document."""
    identification_token_url: str = ""
    """The broker's token endpoint, where it has no discovery document."""
    identification_jwks_url: str = ""
    """The broker's plain key set, where it has no discovery document."""
    identification_signed_jwks_url: str = ""
    """The broker's signed key set, checked with `HEKA_IDENTIFICATION_ENTITY_KEY`."""
    identification_provider_entity: str = ""
    """The broker's entity id, where the pinned entity key is a bare key set."""
    identification_provider_jwks: str = ""
    """The broker's key set, pinned by hand, or a file that holds it; instead of fetching one."""
    identification_assertion_audience: str = ""
    """Whom our client assertion is for; the token endpoint by default, some brokers want their issuer."""
    identification_pkce: bool = True
    """Whether the code is bound to a secret of ours as well (PKCE)."""

    @field_validator("base_url")
    @classmethod
    def _base_url(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("must be an address such as https://asukas.heka.example")
        return value.rstrip("/")

    @field_validator("chat_url")
    @classmethod
    def _chat_url(cls, value: str) -> str:
        if value and not value.startswith("https://"):
            raise ValueError("must begin with https://")
        return value

    @field_validator("map_url")
    @classmethod
    def _map_url(cls, value: str) -> str:
        if value and not (value.startswith("https://") and "{address}" in value):
            raise ValueError("must begin with https:// and hold {address}")
        return value

    @field_validator("security_contact")
    @classmethod
    def _security_contact(cls, value: str) -> str:
        if not value.startswith(("mailto:", "https://", "tel:")) or not value.isprintable():
            raise ValueError("must begin with mailto:, https:// or tel:")
        return value

    @field_validator("database_url")
    @classmethod
    def _database_url(cls, value: str) -> str:
        for prefix in ("postgresql://", "postgres://"):
            if value.startswith(prefix):
                return "postgresql+psycopg://" + value.removeprefix(prefix)
        if value and not value.startswith(("sqlite://", "postgresql+psycopg://")):
            raise ValueError("must begin with sqlite:/// or postgresql://")
        return value

    @field_validator("mail_url")
    @classmethod
    def _mail_url(cls, value: str) -> str:
        if value and urlsplit(value).scheme not in {"file", "smtp", "smtps"}:
            raise ValueError("must begin with smtp://, smtps:// or file:")
        return value

    @field_validator("storage_url")
    @classmethod
    def _storage_url(cls, value: str) -> str:
        if value and urlsplit(value).scheme not in {"file", "s3", "memory"}:
            raise ValueError("must begin with file:, s3:// or memory:")
        return value

    @property
    def is_production(self) -> bool:
        """Whether this is the real service."""
        return self.environment == "production"

    @property
    def is_secure(self) -> bool:
        """Whether residents reach it over TLS."""
        return self.base_url.startswith("https://")

    @property
    def database(self) -> str:
        """Where the data is; by default a file of the instance folder."""
        return self.database_url or f"sqlite:///{self.instance_path / 'heka.sqlite3'}"

    @property
    def storage(self) -> str:
        """Where the files are; by default the instance folder."""
        return self.storage_url or f"file:{self.instance_path / 'attachments'}"

    @property
    def mail(self) -> str:
        """Where mail goes; by default into files of the instance folder."""
        return self.mail_url or f"file:{self.instance_path / 'mail'}"

    @property
    def identification_keys_path(self) -> Path:
        """The folder of our identification keys."""
        return Path(self.identification_keys) if self.identification_keys else self.instance_path / "identification"

    def mistakes(self) -> list[str]:
        """What the environment forbids or lacks, a sentence each."""
        found = [
            f"{PREFIX}{name} is missing: {why}."
            for name, value, why in (
                ("SECRET_KEY", self.secret_key, "it signs the browser's cookies; use 32 random bytes or more"),
                ("DATA_KEYS", self.data_keys, "they encrypt identity codes and bank accounts"),
                ("LOOKUP_KEY", self.lookup_key, "it is the key of identity codes' fingerprints"),
            )
            if not value
        ]
        if self.secret_key and len(self.secret_key) < KEY_BYTES:
            found.append(f"{PREFIX}SECRET_KEY is too short: use {KEY_BYTES} characters or more.")
        return found + (self._production_mistakes() if self.is_production else [])

    def _production_mistakes(self) -> list[str]:
        rules = (
            (self.debug, "DEBUG is on: production must run without it."),
            (not self.is_secure, "BASE_URL must begin with https:// in production."),
            (not self.trusted_proxies, "TRUSTED_PROXIES is missing: without it everybody has the proxy's address."),
            (self.mail.startswith("file:"), "MAIL_URL is missing: confirmation links would lie in a folder."),
            (self.identification_stand_in, "IDENTIFICATION_STAND_IN: production must not use the stand-in provider."),
            (self.test_identity_codes, "TEST_IDENTITY_CODES: production must refuse test identity codes."),
            (not self.staff_second_factor, "STAFF_SECOND_FACTOR is off: production needs the second factor."),
            (any("loatest" in acr for acr in self.identification_acr), "IDENTIFICATION_ACR holds a test level."),
            (not self.identification_issuer, "IDENTIFICATION_ISSUER is missing: nobody could register."),
            (not self.identification_client_id, "IDENTIFICATION_CLIENT_ID is missing: nobody could register."),
            (self.secret_key.startswith("development"), "SECRET_KEY is a development secret: make one of your own."),
            (any(name.startswith("dev") for name in self.data_keys), "DATA_KEYS holds a development key."),
        )
        return [PREFIX + sentence for broken, sentence in rules if broken]


def _file_values(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    return {name.lower(): value for name, value in runpy.run_path(str(path)).items() if name.isupper()}


def _environment_values(environ: Mapping[str, str]) -> dict[str, Any]:
    values = {
        name.removeprefix(PREFIX).lower(): value for name, value in environ.items() if name.startswith(PREFIX) and value
    }
    if environ.get("DATABASE_URL"):
        values["database_url"] = environ["DATABASE_URL"]
    return values


def _sentence(error: Any) -> str:
    name = PREFIX + str(error["loc"][0]).upper()
    if error["type"] == "extra_forbidden":
        return f"{name} is not a setting of the portal: check its spelling."
    words = str(error["msg"]).removeprefix("Value error, ")
    return f"{name}: {words[0].lower()}{words[1:]}."


def make_settings(**values: Any) -> Settings:
    """Settings of these values. Raises SettingsError with a sentence for each mistake."""
    try:
        settings = Settings(**values)
    except ValidationError as error:
        raise SettingsError([_sentence(one) for one in error.errors()]) from None
    mistakes = settings.mistakes()
    if mistakes:
        raise SettingsError(mistakes)
    return settings


def load_settings(environ: Mapping[str, str]) -> Settings:
    """The settings of the environment, over those of `instance/config.py`. Raises SettingsError."""
    from_environment = _environment_values(environ)
    instance = Path(from_environment.get("instance_path", ROOT / "instance"))
    return make_settings(**{**_file_values(instance / "config.py"), **from_environment})
