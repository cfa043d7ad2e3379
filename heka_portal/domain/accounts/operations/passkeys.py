"""Passkeys: asked of a browser, added, used at the door, removed."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
)
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from heka_portal import clock
from heka_portal.database import at_most
from heka_portal.domain.access import Actor
from heka_portal.domain.accounts.factors import factors_of, get_passkey, has_second_factor
from heka_portal.domain.accounts.operations.challenges import make_challenge, take_challenge
from heka_portal.domain.accounts.operations.passkey_answers import (
    check_new,
    check_use,
    handle_of,
    read_use,
    relying_party,
)
from heka_portal.domain.accounts.operations.passwords import check_present
from heka_portal.domain.accounts.operations.second_factor import give_codes, locked, tell_owner
from heka_portal.domain.accounts.operations.sessions import door_of
from heka_portal.domain.accounts.rules import (
    MOST_PASSKEYS,
    PASSKEY_CHALLENGE_LIFE,
    Door,
    PasskeyFault,
    PasskeyRefused,
    TooManyPasskeys,
)
from heka_portal.domain.audit.operations import record_audit
from heka_portal.extensions import db, settings
from heka_portal.models.accounts import Account
from heka_portal.models.passkeys import CREDENTIAL_ID, Passkey
from heka_portal.vocabulary import AuditAction, MailKind

TIMEOUT_MS = int(PASSKEY_CHALLENGE_LIFE.total_seconds() * 1000)


@dataclass(frozen=True)
class Asked:
    """What a browser is asked for: the key to its challenge, and the options for its script, in JSON."""

    key: str = field(repr=False)
    options: str = field(repr=False)


# ---------------------------------------------------------------- adding and removing


def ask_for_new(actor: Actor) -> Asked:
    """What makes a new passkey of the actor's: one that tells by itself who comes, and makes sure of it."""
    key, challenge = make_challenge(actor.account_id)
    options = generate_registration_options(
        rp_id=relying_party().id,
        rp_name=settings().landlord_name,
        user_id=handle_of(actor.account_id),
        user_name=actor.email,
        user_display_name=actor.name,
        challenge=challenge,
        timeout=TIMEOUT_MS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            require_resident_key=True,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_descriptors(actor.account_id),
    )
    return Asked(key, options_to_json(options))


def add_passkey(actor: Actor, *, key: str, answer: str, name: str) -> list[str]:
    """Keep the passkey that a browser made; the first second factor brings recovery codes, returned to be shown once.

    Raises PasskeyRefused, TooManyPasskeys; the caller commits in either case, for the challenge is used up.
    """
    challenge = take_challenge(key, account_id=actor.account_id)
    made, ways = check_new(answer, challenge)
    account = locked(actor.account_id)
    before = factors_of(account.id)
    if not before.has_room:
        raise TooManyPasskeys
    now = clock.now()
    passkey = Passkey(
        account_id=account.id,
        credential_id=bytes_to_base64url(made.credential_id),
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        transports=ways,
        name=name,
        backed_up=made.credential_backed_up,
        created_at=now,
    )
    _save(passkey)
    codes = [] if before.is_on else give_codes(account)
    record_audit(
        AuditAction.PASSKEY_ADDED, account_id=account.id, person_id=account.person_id, data={"passkey": passkey.id}
    )
    tell_owner(account, MailKind.PASSKEY_ADDED)
    db.session.flush()
    return codes


def _save(passkey: Passkey) -> None:
    """Flush a new passkey. Raises PasskeyRefused for a credential that somebody has already."""
    if len(passkey.credential_id) > CREDENTIAL_ID:
        raise PasskeyRefused(PasskeyFault.INVALID)
    try:
        with db.session.begin_nested():
            db.session.add(passkey)
            db.session.flush()
    except IntegrityError as error:
        raise PasskeyRefused(PasskeyFault.ANOTHERS) from error


def remove_passkey(actor: Actor, passkey_id: int, *, password: str) -> None:
    """Forget one of the actor's passkeys; with the last second factor the recovery codes end.

    A lost device is why one does so: the password is asked for, not a code. Raises WrongCredentials, NotFound.
    """
    check_present(actor, password)
    account = locked(actor.account_id)
    db.session.delete(get_passkey(actor, passkey_id))
    db.session.flush()
    if not has_second_factor(account):
        account.recovery_codes = []
    record_audit(
        AuditAction.PASSKEY_REMOVED, account_id=account.id, person_id=account.person_id, data={"passkey": passkey_id}
    )
    tell_owner(account, MailKind.PASSKEY_REMOVED)
    db.session.flush()


# ---------------------------------------------------------------- at the door


def ask_at_door(account_id: int | None = None) -> Asked:
    """What a browser is asked for at the door: a passkey of the account whose password was given, or any of ours."""
    key, challenge = make_challenge(account_id)
    options = generate_authentication_options(
        rp_id=relying_party().id,
        challenge=challenge,
        timeout=TIMEOUT_MS,
        allow_credentials=_descriptors(account_id) if account_id is not None else None,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return Asked(key, options_to_json(options))


def check_passkey(*, key: str, answer: str, account_id: int | None = None) -> Account:
    """The account that a passkey opens; with `account_id` it must be that one.

    Raises PasskeyRefused, which is recorded; the caller commits either way.
    """
    whose = account_id
    try:
        challenge = take_challenge(key, account_id=account_id)
        given = read_use(answer)
        passkey = _held(given.id)
        whose = passkey.account_id
        if account_id not in (None, whose):
            raise PasskeyRefused(PasskeyFault.ANOTHERS)
        used = check_use(given, challenge, passkey, is_alone=account_id is None)
        account = db.session.get_one(Account, whose)
        if account.is_disabled or door_of(account) is not Door.RESIDENT:
            raise PasskeyRefused(PasskeyFault.CLOSED)
        if account_id is None and not stands_alone(passkey, account):
            raise PasskeyRefused(PasskeyFault.NEEDS_PASSWORD)
    except PasskeyRefused as refused:
        data = {"door": Door.RESIDENT, "factor": "passkey", "fault": refused.fault}
        record_audit(AuditAction.SIGN_IN_FAILED, account_id=whose, data=data)
        raise
    passkey.sign_count, passkey.backed_up = used.new_sign_count, used.credential_backed_up
    passkey.last_used_at = clock.now()
    db.session.flush()
    return account


def stands_alone(passkey: Passkey, account: Account) -> bool:
    """Whether the passkey lets in without the password: after a new one not before it was used together with it.

    Who changes the password because a stranger was in would else let the stranger's passkey in for ever.
    """
    used_at, changed_at = passkey.last_used_at or passkey.created_at, account.password_set_at
    return changed_at is None or used_at >= changed_at


def _held(credential_id: str) -> Passkey:
    found = db.session.scalar(select(Passkey).where(Passkey.credential_id == credential_id).with_for_update())
    if found is None:
        raise PasskeyRefused(PasskeyFault.UNKNOWN)
    return found


def _descriptors(account_id: int) -> list[PublicKeyCredentialDescriptor]:
    """The passkeys of an account: the browser looks for one of them, or makes no second one on the same device."""
    wanted = (
        select(Passkey.credential_id, Passkey.transports)
        .where(Passkey.account_id == account_id)
        .order_by(Passkey.id)
        .limit(at_most(MOST_PASSKEYS))
    )
    return [
        PublicKeyCredentialDescriptor(
            id=base64url_to_bytes(row.credential_id), transports=[AuthenticatorTransport(way) for way in row.transports]
        )
        for row in db.session.execute(wanted)
    ]
