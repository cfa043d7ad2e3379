"""Passwords: hashed, compared, changed. Hashing takes long: it comes before the first write."""

from __future__ import annotations

import secrets
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select

from heka_portal import clock
from heka_portal.domain.access import Actor
from heka_portal.domain.accounts.operations.links import drop_email_changes, drop_links, make_link, take_link
from heka_portal.domain.accounts.operations.sessions import Visit, end_sessions, open_session
from heka_portal.domain.accounts.queries import normal_email
from heka_portal.domain.accounts.records import get_link, get_own_data
from heka_portal.domain.accounts.rules import LinkDead, WrongCredentials, check_password, normal_password
from heka_portal.domain.audit.operations import record_audit
from heka_portal.domain.outbox.operations import enqueue_mail
from heka_portal.extensions import db, settings
from heka_portal.models.accounts import Account
from heka_portal.vocabulary import AuditAction, Language, MailKind, TokenPurpose


def hasher() -> PasswordHasher:
    """The hasher of the settings."""
    return PasswordHasher(
        time_cost=settings().password_time_cost, memory_cost=settings().password_memory_kib, parallelism=1
    )


def hash_password(password: str) -> str:
    """What is kept of a password."""
    return hasher().hash(normal_password(password))


@lru_cache(maxsize=4)
def _nobodys_hash(time_cost: int, memory_kib: int) -> str:
    """A hash that no password fits, with the parameters of the others: an unknown email takes as long as a known."""
    hashing = PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=1)
    return hashing.hash(secrets.token_urlsafe())


def fits(password: str, password_hash: str | None) -> bool:
    """Whether the password is the hashed one; takes as long where there is no hash."""
    known = password_hash or _nobodys_hash(settings().password_time_cost, settings().password_memory_kib)
    try:
        return hasher().verify(known, normal_password(password)) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def change_password(actor: Actor, *, present: str, new: str, visit: Visit) -> str:
    """Change one's own password; every session ends, and this browser gets a new one, whose key is returned.

    Raises WrongCredentials, PasswordRefused.
    """
    check_present(actor, present)
    check_password(new, get_own_data(account_id=actor.account_id))
    password_hash = hash_password(new)
    account = db.session.get_one(Account, actor.account_id, with_for_update=True)
    set_password(account, password_hash)
    tell_of_change(account)
    return open_session(account, visit)


def check_present(actor: Actor, password: str) -> None:
    """Whether it is the actor's present password; takes long. Raises WrongCredentials."""
    known = db.session.scalars(select(Account.password_hash).where(Account.id == actor.account_id)).one()
    if not fits(password, known):
        raise WrongCredentials


def set_password(account: Account, password_hash: str | None) -> None:
    """Give the account a password, or none that opens anything; sessions and links of before end."""
    account.password_hash = password_hash
    account.password_set_at = clock.now()
    end_sessions(account.id)
    drop_links(account_id=account.id, person_id=account.person_id)
    drop_email_changes(account.id, now=account.password_set_at)


def tell_of_change(account: Account, *, to_email: str | None = None) -> None:
    """Record the change and tell it by mail, so that who did not change it learns of it."""
    record_audit(AuditAction.PASSWORD_CHANGED, account_id=account.id, person_id=account.person_id)
    enqueue_mail(
        MailKind.PASSWORD_CHANGED,
        to_email=to_email or account.email,
        language=account.language,
        params={},
        account_id=account.id,
    )


def ask_reset(email: str, *, language: Language) -> None:
    """Mail a link to whoever has an account with this email; nobody is told whether there is one."""
    account = db.session.scalar(
        select(Account).where(Account.email == normal_email(email), Account.is_disabled.is_(False))
    )
    # Without an account the same row is written, on nobody: both answers take the same time.
    token = make_link(
        TokenPurpose.RESET_PASSWORD,
        account_id=account.id if account else None,
        language=account.language if account else language,
    )
    if account is not None:
        enqueue_mail(
            MailKind.RESET_PASSWORD,
            to_email=account.email,
            language=account.language,
            params={"token": token},
            account_id=account.id,
        )
    db.session.flush()


def reset_password(token: str, new: str) -> Account:
    """Set the password of the account that a mailed link stands for. Raises LinkDead, PasswordRefused."""
    link = get_link(token, TokenPurpose.RESET_PASSWORD, now=clock.now())
    if link.account_id is None:
        raise LinkDead
    check_password(new, get_own_data(account_id=link.account_id))
    password_hash = hash_password(new)
    link = take_link(token, TokenPurpose.RESET_PASSWORD)
    account = db.session.get_one(Account, link.account_id, with_for_update=True)
    if account.is_disabled:
        raise LinkDead
    set_password(account, password_hash)
    tell_of_change(account)
    db.session.flush()
    return account
