"""The doors: whether an email and a password belong together."""

from __future__ import annotations

from sqlalchemy import select

from heka_portal.domain.accounts.operations.passwords import fits, hash_password, hasher
from heka_portal.domain.accounts.operations.sessions import door_of
from heka_portal.domain.accounts.queries import normal_email
from heka_portal.domain.accounts.rules import Door
from heka_portal.domain.audit.operations import record_audit
from heka_portal.extensions import db
from heka_portal.models.accounts import Account
from heka_portal.vocabulary import AuditAction


def recognise(email: str, password: str, *, door: Door) -> Account | None:
    """The account of these credentials, or none: unknown, wrong, disabled and another's door are all the same.

    A failure is recorded: the caller commits either way.
    """
    account = db.session.scalar(select(Account).where(Account.email == normal_email(email)))
    is_right = fits(password, account.password_hash if account else None)
    if account is not None and is_right and not account.is_disabled and door_of(account) is door:
        _keep_hash_strong(account, password)
        return account
    record_audit(
        AuditAction.SIGN_IN_FAILED,
        account_id=account.id if account else None,
        person_id=account.person_id if account else None,
        data={"door": door},
    )
    return None


def _keep_hash_strong(account: Account, password: str) -> None:
    """Hash anew where the settings have become stronger since."""
    if account.password_hash and hasher().check_needs_rehash(account.password_hash):
        account.password_hash = hash_password(password)
