"""What an operator settles about the identification provider, and what would be wrong with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from heka_portal.integrations.identification import pins
from heka_portal.integrations.identification.addresses import is_safe_address

LOA_SUBSTANTIAL = "http://ftn.ficora.fi/2017/loa2"
LOA_HIGH = "http://ftn.ficora.fi/2017/loa3"
TEST_LOA_SUBSTANTIAL = "http://ftn.ficora.fi/2017/loatest2"
TEST_LOA_HIGH = "http://ftn.ficora.fi/2017/loatest3"

# Traficom's profile: the name shown to the person while they identify themselves.
_SERVICE_NAME_LENGTH = 40
# Seconds: a person waits for the answer, and a process for the provider.
_LONGEST_WAIT = 30


class Dialect(StrEnum):
    """How a provider names its claims."""

    URN = "urn"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class ClaimNames:
    """The claims that a dialect carries a person's attributes in."""

    identity_code: str
    family_name: str
    given_name: str
    birth_date: str


CLAIM_NAMES = {
    Dialect.URN: ClaimNames(
        identity_code="urn:oid:1.2.246.21",
        family_name="urn:oid:2.5.4.4",
        given_name="urn:oid:1.2.246.575.1.14",
        birth_date="urn:oid:1.3.6.1.5.5.7.9.1",
    ),
    Dialect.PLAIN: ClaimNames(
        identity_code="personal_identity_code",
        family_name="family_name",
        given_name="given_name",
        birth_date="birthdate",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentificationSettings:
    """One provider and our registration there.

    Endpoints left empty are read from the provider's discovery document. The provider's keys come, in this order, from
    `provider_jwks` (the text of a key set given by hand), from a signed key set checked with `provider_entity_keys`
    (an entity statement, or a key set with `provider_entity_id`, got out of band), or from the plain key set that the
    discovery document names.
    """

    issuer: str
    client_id: str
    redirect_uri: str

    authorization_endpoint: str = ""
    token_endpoint: str = ""
    discovery_url: str = ""
    jwks_uri: str = ""
    signed_jwks_uri: str = ""
    provider_entity_id: str = ""
    provider_entity_keys: str = ""
    provider_jwks: str = ""

    dialect: Dialect = Dialect.URN
    scope: str = "openid"
    allowed_acr: frozenset[str] = frozenset({LOA_SUBSTANTIAL, LOA_HIGH})
    asked_acr: tuple[str, ...] = (LOA_SUBSTANTIAL,)
    service_name: str = ""
    use_pkce: bool = True
    # Empty: the token endpoint's address, as the profile says. Some providers outside the network want their issuer.
    assertion_audience: str = ""
    allow_test_codes: bool = False
    timeout_seconds: float = 5.0

    # Who we are in the network: our entity statement and the address of our signed key set.
    entity_id: str = ""
    organisation_name: str = ""
    own_signed_jwks_uri: str = ""

    @property
    def claim_names(self) -> ClaimNames:
        """The claims of this provider's dialect."""
        return CLAIM_NAMES[self.dialect]

    @property
    def discovery_address(self) -> str:
        """Where the discovery document is: as told, else under the issuer."""
        return self.discovery_url or f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"

    def problems(self, *, production: bool) -> list[str]:
        """What is wrong with these settings, one clear sentence each; in production more is asked."""
        found = [*self._missing(), *self._bad_addresses(production=production), *self._bad_values(), *self._bad_keys()]
        if production:
            found.extend(self._unfit_for_production())
        return found

    def _missing(self) -> Iterator[str]:
        needed = {
            "issuer": self.issuer,
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "entity_id": self.entity_id,
            "organisation_name": self.organisation_name,
            "own_signed_jwks_uri": self.own_signed_jwks_uri,
        }
        for name, value in needed.items():
            if not value:
                yield f"Identification needs {name}."

    def _bad_addresses(self, *, production: bool) -> Iterator[str]:
        addresses = {
            "issuer": self.issuer,
            "redirect_uri": self.redirect_uri,
            "authorization_endpoint": self.authorization_endpoint,
            "token_endpoint": self.token_endpoint,
            "discovery_url": self.discovery_url,
            "jwks_uri": self.jwks_uri,
            "signed_jwks_uri": self.signed_jwks_uri,
            "entity_id": self.entity_id,
            "own_signed_jwks_uri": self.own_signed_jwks_uri,
        }
        for name, value in addresses.items():
            if value and not is_safe_address(value, allow_loopback=not production):
                yield f"Identification: {name} must be an https address (http only on this machine in development)."

    def _bad_values(self) -> Iterator[str]:
        if "openid" not in self.scope.split():
            yield "Identification: scope must contain openid."
        if not self.allowed_acr:
            yield "Identification: allowed_acr must name at least one level of assurance."
        if not set(self.asked_acr) & self.allowed_acr:
            yield "Identification: asked_acr must ask for at least one of the allowed levels."
        if any(_is_test_level(acr) for acr in self.allowed_acr) and not all(map(_is_test_level, self.allowed_acr)):
            yield "Identification: allowed_acr must not mix test levels with real ones."
        if len(self.service_name) > _SERVICE_NAME_LENGTH:
            yield f"Identification: service_name may have {_SERVICE_NAME_LENGTH} characters."
        if not 0 < self.timeout_seconds <= _LONGEST_WAIT:
            yield f"Identification: timeout_seconds must be more than 0 and at most {_LONGEST_WAIT}."

    def _bad_keys(self) -> Iterator[str]:
        if self.signed_jwks_uri and not self.provider_entity_keys:
            yield "Identification: signed_jwks_uri needs provider_entity_keys to check the signature with."
        try:
            pins.pinned_entity(self.provider_entity_keys, entity_id=self.provider_entity_id)
        except ValueError:
            yield (
                "Identification: provider_entity_keys must be the provider's entity statement, unbroken, "
                "or its entity keys as a JSON key set together with provider_entity_id."
            )
        try:
            pins.static_keys(self.provider_jwks)
        except ValueError:
            yield "Identification: provider_jwks must be a JSON key set with at least one RSA key for signatures."

    def _unfit_for_production(self) -> Iterator[str]:
        if self.allow_test_codes:
            yield "Production refuses test identity codes."
        if any(map(_is_test_level, self.allowed_acr)):
            yield "Production refuses test levels of assurance in allowed_acr."
        if not (self.provider_jwks or self.provider_entity_keys):
            yield "Production needs the provider's keys pinned: set provider_entity_keys, or provider_jwks."


def _is_test_level(acr: str) -> bool:
    return "/loatest" in acr
