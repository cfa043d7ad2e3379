"""The second factor: a code of an app that changes every 30 seconds, or one of ten recovery codes.

Staff need it; residents have it if they want it (`own_factors`), and may have passkeys beside it (`passkeys`).
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

import pyotp
from sqlalchemy import delete

from heka_portal import clock
from heka_portal.domain.accounts.operations.sessions import door_of
from heka_portal.domain.accounts.rules import (
    RECOVERY_CODES,
    RECOVERY_LENGTH,
    RECOVERY_SIGNS,
    WrongCode,
    read_recovery_code,
    unused_codes,
)
from heka_portal.domain.audit.operations import record_audit
from heka_portal.domain.errors import Changed
from heka_portal.domain.outbox.operations import enqueue_mail
from heka_portal.extensions import db
from heka_portal.models.accounts import Account
from heka_portal.models.passkeys import Passkey
from heka_portal.vocabulary import AuditAction, MailKind

STEP_SECONDS = 30
#: phones' clocks are a little wrong: one step to either side counts
WINDOW = 1


def new_secret() -> str:
    """A secret for an app to make codes of."""
    return pyotp.random_base32()


def provisioning_address(secret: str, *, email: str, issuer: str) -> str:
    """What the picture for the app holds."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)


def enrol(account_id: int, *, secret: str, code: str) -> list[str]:
    """Take the app into use; returns the recovery codes, which are shown this once and end those of before.

    Raises WrongCode, and Changed where the account has an app already.
    """
    account = locked(account_id)
    if account.totp_secret is not None:
        raise Changed
    account.totp_step = _step_of(secret, code, now=clock.now(), after=None)
    account.totp_secret = secret
    codes = give_codes(account)
    record_audit(AuditAction.SECOND_FACTOR_ENROLLED, account_id=account.id, person_id=account.person_id)
    db.session.flush()
    return codes


def give_codes(account: Account) -> list[str]:
    """New recovery codes in the place of those of before."""
    codes = ["".join(secrets.choice(RECOVERY_SIGNS) for _ in range(RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES)]
    account.recovery_codes = [hash_code(each) for each in codes]
    return codes


def check_code(account_id: int, code: str) -> Account:
    """The account, if the code is the app's present one or an unused recovery code; each works once.

    Raises WrongCode.
    """
    account = locked(account_id)
    if account.is_disabled:
        raise WrongCode
    recovery = hash_code(code)
    if recovery in account.recovery_codes:
        account.recovery_codes = unused_codes(account.recovery_codes, recovery)
    elif account.totp_secret is not None:
        account.totp_step = _step_of(account.totp_secret, code, now=clock.now(), after=account.totp_step)
    else:
        raise WrongCode
    db.session.flush()
    return account


def locked(account_id: int) -> Account:
    """The account under a lock, as it is now: the door has read it before, and another may have come in since."""
    return db.session.get_one(Account, account_id, with_for_update=True, populate_existing=True)


def record_wrong_code(account_id: int, *, is_told: bool) -> None:
    """Record that somebody knew the password, but not the code; `is_told`: its owner is told of it by mail."""
    account = db.session.get_one(Account, account_id)
    data = {"door": door_of(account), "factor": "second"}
    record_audit(AuditAction.SIGN_IN_FAILED, account_id=account.id, person_id=account.person_id, data=data)
    if is_told:
        tell_owner(account, MailKind.WRONG_CODES)


def tell_owner(account: Account, kind: MailKind, *, to_email: str | None = None) -> None:
    """Tell by mail what was done with the account, so that who did not do it learns of it."""
    address = to_email or account.email
    enqueue_mail(kind, to_email=address, language=account.language, params={}, account_id=account.id)


def remove_second_factor(account: Account) -> bool:
    """Forget app, codes and passkeys; says whether there were any. Staff enrol anew at the next sign-in."""
    mine = delete(Passkey).where(Passkey.account_id == account.id).returning(Passkey.id)
    passkeys = db.session.execute(mine, execution_options={"synchronize_session": False}).all()
    had = account.totp_secret is not None or bool(passkeys)
    account.totp_secret, account.totp_step, account.recovery_codes = None, None, []
    return had


def _step_of(secret: str, code: str, *, now: datetime, after: int | None) -> int:
    """The time step whose code this is, later than the last one used. Raises WrongCode."""
    typed = "".join(code.split())
    present = int(now.timestamp()) // STEP_SECONDS
    totp = pyotp.TOTP(secret)
    steps = range(present - WINDOW, present + WINDOW + 1)
    fitting = [
        step
        for step in steps
        if secrets.compare_digest(totp.generate_otp(step), typed.encode("ascii", "replace").decode())
    ]
    new = [step for step in fitting if after is None or step > after]
    if not new:
        raise WrongCode
    return new[0]


def hash_code(code: str) -> str:
    """How a recovery code is kept, however it is typed."""
    # The codes are long random texts: a plain hash cannot be guessed back.
    return hashlib.sha256(read_recovery_code(code).encode()).hexdigest()
