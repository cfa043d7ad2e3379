"""The person that a checked ID token speaks of, whichever words the provider uses."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from heka_portal.clock import date_in_helsinki
from heka_portal.integrations.identification.claims import authenticated_at
from heka_portal.integrations.identification.errors import NoIdentityCode, TokenRefused
from heka_portal.integrations.identification.identity_codes import IdentityCodeInvalid, birth_date, normalise
from heka_portal.integrations.identification.settings import IdentificationSettings

_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifiedPerson:
    """Who identified themselves, how strongly and when.

    A resident is matched by the identity code alone: banks write names in their own way (TESTILÄ TESSA, prefixes,
    double names, all given names or one), and the provider's `sub` does not last.
    """

    identity_code: str = field(repr=False)
    family_name: str = field(repr=False)
    given_name: str = field(repr=False)
    birth_on: date = field(repr=False)
    acr: str
    auth_time: datetime
    broker: str
    """Which means was used, as the provider tells it: a bank, a mobile certificate; may be empty."""

    @property
    def full_name(self) -> str:
        """Given names first; a name that came all in capitals is written as names are."""
        return " ".join(_as_written(name) for name in (self.given_name, self.family_name) if name)


def read_person(claims: Mapping[str, Any], settings: IdentificationSettings, *, now: datetime) -> IdentifiedPerson:
    """The person of a token whose checks have passed. Raises NoIdentityCode, TokenRefused."""
    names = settings.claim_names
    family_name, given_name = _name(claims.get(names.family_name)), _name(claims.get(names.given_name))
    if not family_name and not given_name:
        raise TokenRefused("name_missing")
    code = _identity_code(claims.get(names.identity_code), settings, today=date_in_helsinki(now))
    born = birth_date(code)
    _check_birth_date(claims.get(names.birth_date), born)
    return IdentifiedPerson(
        identity_code=code,
        family_name=family_name,
        given_name=given_name,
        birth_on=born,
        acr=claims["acr"],
        auth_time=authenticated_at(claims),
        broker=_broker(claims),
    )


def _identity_code(claim: Any, settings: IdentificationSettings, *, today: date) -> str:
    if claim is None or claim == "":
        raise NoIdentityCode("claim_missing")
    if not isinstance(claim, str):
        raise TokenRefused("identity_code_malformed")
    try:
        return normalise(claim, allow_test_codes=settings.allow_test_codes, today=today)
    except IdentityCodeInvalid:
        raise TokenRefused("identity_code_invalid") from None


def _check_birth_date(claim: Any, born: date) -> None:
    if claim is None or claim == "":
        return
    try:
        said = date.fromisoformat(str(claim).strip())
    except ValueError:
        raise TokenRefused("birth_date_malformed") from None
    if said != born:
        raise TokenRefused("birth_date_differs")


def _name(claim: Any) -> str:
    if claim is None:
        return ""
    if not isinstance(claim, str) or len(claim) > _LONGEST_NAME:
        raise TokenRefused("name_malformed")
    # One spelling of ä, and no control characters, whatever the bank's mainframe put in.
    text = unicodedata.normalize("NFC", claim)
    return " ".join("".join(" " if unicodedata.category(sign) in {"Cc", "Cf"} else sign for sign in text).split())


def _as_written(name: str) -> str:
    return name.title() if name.isupper() else name


def _broker(claims: Mapping[str, Any]) -> str:
    for claim in ("ftn_idp", "amr"):
        value = claims.get(claim)
        first = value[0] if isinstance(value, list) and value else value
        if isinstance(first, str) and first:
            return first[:_LONGEST_NAME]
    return ""
