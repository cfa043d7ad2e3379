"""Residents' own second factor: the code app and the recovery codes, turned on and off by who knows the password.

Each change is recorded and told by mail. Sessions begun before stay: nothing of them was in doubt.
"""

from __future__ import annotations

from heka_portal.domain.access import Actor
from heka_portal.domain.accounts.factors import has_passkeys, has_second_factor
from heka_portal.domain.accounts.operations.passwords import check_present
from heka_portal.domain.accounts.operations.second_factor import check_code, enrol, give_codes, locked, tell_owner
from heka_portal.domain.audit.operations import record_audit
from heka_portal.domain.errors import Changed
from heka_portal.extensions import db
from heka_portal.vocabulary import AuditAction, MailKind


def add_app(actor: Actor, *, password: str, secret: str, code: str) -> list[str]:
    """Take a code app into use; returns the recovery codes, which are shown this once.

    Raises WrongCredentials, WrongCode, and Changed where there is an app already.
    """
    check_present(actor, password)
    codes = enrol(actor.account_id, secret=secret, code=code)
    tell_owner(locked(actor.account_id), MailKind.CODE_APP_ADDED)
    return codes


def remove_app(actor: Actor, *, password: str, code: str) -> None:
    """Turn the code app off; without passkeys the password alone lets in again, and the recovery codes end.

    Raises WrongCredentials, WrongCode, and Changed where there is no app.
    """
    check_present(actor, password)
    account = locked(actor.account_id)
    if account.totp_secret is None:
        raise Changed
    check_code(account.id, code)
    account.totp_secret, account.totp_step = None, None
    if not has_passkeys(account.id):
        account.recovery_codes = []
    record_audit(AuditAction.SECOND_FACTOR_REMOVED, account_id=account.id, person_id=account.person_id)
    tell_owner(account, MailKind.CODE_APP_REMOVED)
    db.session.flush()


def renew_codes(actor: Actor, *, password: str) -> list[str]:
    """New recovery codes, shown this once; those of before end.

    Raises WrongCredentials, and Changed where there is no second factor that they could stand in for.
    """
    check_present(actor, password)
    account = locked(actor.account_id)
    if not has_second_factor(account):
        raise Changed
    codes = give_codes(account)
    record_audit(AuditAction.RECOVERY_CODES_MADE, account_id=account.id, person_id=account.person_id)
    tell_owner(account, MailKind.RECOVERY_CODES_MADE)
    db.session.flush()
    return codes
