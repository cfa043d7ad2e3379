"""What browsers answer for a passkey, read and checked: signature, origin, name, person, and that it was used since.

How it is signed is the library's matter. Nothing of a made-up answer gets further than here.
"""

from __future__ import annotations

from webauthn import verify_authentication_response, verify_registration_response
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import (
    bytes_to_base64url,
    parse_authentication_credential_json,
    parse_registration_credential_json,
)
from webauthn.helpers.structs import AuthenticationCredential
from webauthn.registration.verify_registration_response import VerifiedRegistration

from heka_portal.domain.accounts.relying_party import RelyingParty, relying_party_of
from heka_portal.domain.accounts.rules import PasskeyFault, PasskeyRefused
from heka_portal.extensions import settings
from heka_portal.keyring import keyring
from heka_portal.models.passkeys import Passkey


def relying_party() -> RelyingParty:
    """Whom passkeys are for: the portal at the address of the settings."""
    return relying_party_of(settings().base_url)


def handle_of(account_id: int) -> bytes:
    """What devices know an account by: it tells nothing, and stays the same."""
    return bytes.fromhex(keyring().fingerprint(f"passkeys of account {account_id}"))


def check_new(answer: str, challenge: bytes) -> tuple[VerifiedRegistration, list[str]]:
    """A passkey that a browser has made, and the ways it may be reached. Raises PasskeyRefused."""
    party = relying_party()
    try:
        given = parse_registration_credential_json(answer)
        made = verify_registration_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except Exception as error:  # whatever a made-up answer breaks in the library, it is refused
        raise PasskeyRefused(PasskeyFault.INVALID) from error
    return made, sorted({way.value for way in given.response.transports or ()})


def read_use(answer: str) -> AuthenticationCredential:
    """A passkey's answer at the door, not yet checked, but for its id's shape. Raises PasskeyRefused."""
    try:
        given = parse_authentication_credential_json(answer)
    except Exception as error:
        raise PasskeyRefused(PasskeyFault.INVALID) from error
    if bytes_to_base64url(given.raw_id) != given.id:
        raise PasskeyRefused(PasskeyFault.INVALID)
    return given


def check_use(
    given: AuthenticationCredential, challenge: bytes, passkey: Passkey, *, is_alone: bool
) -> VerifiedAuthentication:
    """What a passkey's use tells; one that stands for the password too (`is_alone`) names its account itself.

    Raises PasskeyRefused.
    """
    party = relying_party()
    try:
        used = verify_authentication_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=0,  # looked at below, to tell a copied passkey from a broken answer
            require_user_verification=True,
        )
    except Exception as error:
        raise PasskeyRefused(PasskeyFault.INVALID) from error
    named = given.response.user_handle
    if (is_alone or named) and named != handle_of(passkey.account_id):
        raise PasskeyRefused(PasskeyFault.ANOTHERS)
    if (used.new_sign_count or passkey.sign_count) and used.new_sign_count <= passkey.sign_count:
        raise PasskeyRefused(PasskeyFault.COUNTER)
    return used
