"""The second factor of staff: a code of an app that changes every 30 seconds, or one of ten recovery codes."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

import pyotp

from heka_portal import clock
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
from heka_portal.extensions import db
from heka_portal.models.accounts import Account
from heka_portal.vocabulary import AuditAction

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
    """Take the app into use; returns the recovery codes, which are shown this once.

    Raises WrongCode, and Changed where the account has a second factor already.
    """
    account = _locked(account_id)
    if account.totp_secret is not None:
        raise Changed
    step = _step_of(secret, code, now=clock.now(), after=None)
    codes = ["".join(secrets.choice(RECOVERY_SIGNS) for _ in range(RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES)]
    account.totp_secret, account.totp_step = secret, step
    account.recovery_codes = [_hash(each) for each in codes]
    record_audit(AuditAction.SECOND_FACTOR_ENROLLED, account_id=account.id)
    db.session.flush()
    return codes


def check_code(account_id: int, code: str) -> Account:
    """The account, if the code is the app's present one or an unused recovery code; each works once.

    Raises WrongCode.
    """
    account = _locked(account_id)
    if account.totp_secret is None or account.is_disabled:
        raise WrongCode
    recovery = _hash(read_recovery_code(code))
    if recovery in account.recovery_codes:
        account.recovery_codes = unused_codes(account.recovery_codes, recovery)
    else:
        account.totp_step = _step_of(account.totp_secret, code, now=clock.now(), after=account.totp_step)
    db.session.flush()
    return account


def _locked(account_id: int) -> Account:
    """The account under a lock, as it is now: the door has read it before, and another may have come in since."""
    return db.session.get_one(Account, account_id, with_for_update=True, populate_existing=True)


def record_wrong_code(account_id: int) -> None:
    """Record that somebody knew the password, but not the code."""
    record_audit(AuditAction.SIGN_IN_FAILED, account_id=account_id, data={"door": "staff", "factor": "second"})


def remove_second_factor(account: Account) -> None:
    """Forget the app and the codes: the next sign-in enrols anew."""
    account.totp_secret, account.totp_step, account.recovery_codes = None, None, []


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


def _hash(code: str) -> str:
    # The codes are long random texts: a plain hash cannot be guessed back.
    return hashlib.sha256(code.encode()).hexdigest()
