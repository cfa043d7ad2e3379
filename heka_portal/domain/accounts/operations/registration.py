"""Registration: an identified person chooses an email and a password; the account exists once the link was opened.

The same way leads back in who has an account already and has lost its email or its password.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from heka_portal import clock
from heka_portal.domain.accounts.operations.identifications import use_up_identifications
from heka_portal.domain.accounts.operations.links import drop_links, end_undoing, make_link, take_link
from heka_portal.domain.accounts.operations.passwords import fits, hash_password, set_password, tell_of_change
from heka_portal.domain.accounts.operations.second_factor import remove_second_factor, tell_owner
from heka_portal.domain.accounts.operations.sessions import forget_devices
from heka_portal.domain.accounts.queries import normal_email
from heka_portal.domain.accounts.records import get_identification, get_link, get_own_data
from heka_portal.domain.accounts.rules import EmailTaken, IdentificationOver, LinkDead, WrongCredentials, check_password
from heka_portal.domain.audit.operations import record_audit
from heka_portal.domain.errors import NotAllowed
from heka_portal.domain.outbox.operations import enqueue_mail
from heka_portal.extensions import db
from heka_portal.models.accounts import Account, AccountToken
from heka_portal.vocabulary import AuditAction, Language, MailKind, TokenPurpose


def choose_credentials(browser: str, *, email: str, password: str, language: Language) -> str | None:
    """Mail a confirmation link to the email an identified person chose; returns its token.

    For an email of another account there is no link: the mail explains it, and the page says the same as ever.
    Raises IdentificationOver, PasswordRefused.
    """
    identification = get_identification(browser, now=clock.now())
    person_id = identification.person_id
    if person_id is None or identification.obstacle is not None:
        raise IdentificationOver
    address = normal_email(email)
    check_password(password, get_own_data(person_id=person_id, email=address))
    password_hash = hash_password(password)
    if _is_anothers(address, person_id):
        drop_links(account_id=None, person_id=person_id)
        enqueue_mail(MailKind.EMAIL_IN_USE, to_email=address, language=language, params={})
        return None
    token = make_link(
        TokenPurpose.CONFIRM_ACCOUNT,
        person_id=person_id,
        email=address,
        password_hash=password_hash,
        language=language,
    )
    enqueue_mail(MailKind.CONFIRM_ACCOUNT, to_email=address, language=language, params={"token": token})
    return token


def _is_anothers(address: str, person_id: int) -> bool:
    owner = db.session.execute(select(Account.person_id).where(Account.email == address)).first()
    return owner is not None and owner.person_id != person_id


@dataclass(frozen=True)
class _Chosen:
    """What a confirmation link stands for."""

    person_id: int
    email: str
    password_hash: str
    language: Language


def _read(link: AccountToken) -> _Chosen:
    if link.person_id is None or link.email is None or link.password_hash is None:
        raise LinkDead
    return _Chosen(link.person_id, link.email, link.password_hash, link.language)


def confirm_account(token: str, *, password: str | None) -> Account:
    """Open the account that a confirmation link stands for, or renew the one its person has.

    `password` is what whoever opens the link typed; None where the browser is the one that chose it.
    Raises LinkDead, WrongCredentials, EmailTaken, and NotAllowed for an account that was disabled.
    """
    link = get_link(token, TokenPurpose.CONFIRM_ACCOUNT, now=clock.now())
    if password is not None and not fits(password, link.password_hash):
        raise WrongCredentials
    chosen = _read(take_link(token, TokenPurpose.CONFIRM_ACCOUNT))
    account = db.session.scalar(select(Account).where(Account.person_id == chosen.person_id).with_for_update())
    if account is None:
        account = _open(chosen)
    else:
        _renew(account, chosen)
    use_up_identifications(chosen.person_id)
    return account


def _open(chosen: _Chosen) -> Account:
    now = clock.now()
    account = Account(
        person_id=chosen.person_id,
        email=chosen.email,
        password_hash=chosen.password_hash,
        language=chosen.language,
        created_at=now,
        password_set_at=now,
    )
    _save_email(account)
    record_audit(AuditAction.ACCOUNT_OPENED, account_id=account.id, person_id=account.person_id)
    return account


def _renew(account: Account, chosen: _Chosen) -> None:
    """The way back: new email and password, and nothing of before lets anybody in."""
    if account.is_disabled:
        raise NotAllowed
    before, account.email = account.email, chosen.email
    _save_email(account)
    set_password(account, chosen.password_hash)
    end_undoing(account.id, now=clock.now())
    forget_devices(account.id)
    record_audit(AuditAction.CREDENTIALS_RENEWED, account_id=account.id, person_id=account.person_id)
    tell_of_change(account, to_email=before)
    _reset_second_factor(account, before)


def _reset_second_factor(account: Account, email_before: str) -> None:
    """Remove the second factors: who comes this way may have lost them. Told at the old address and the new."""
    if not remove_second_factor(account):
        return
    record_audit(AuditAction.SECOND_FACTOR_RESET, account_id=account.id, person_id=account.person_id)
    for address in sorted({email_before, account.email}):
        tell_owner(account, MailKind.SECOND_FACTOR_RESET, to_email=address)


def _save_email(account: Account) -> None:
    """Flush the account's email. Raises EmailTaken where another account has it by now."""
    try:
        with db.session.begin_nested():
            db.session.add(account)
            db.session.flush()
    except IntegrityError as error:
        raise EmailTaken from error
