"""Give a bank account, confirm it by a fresh strong identification, stop it before it takes effect."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from heka_portal import clock
from heka_portal.database import at_most
from heka_portal.domain.access import Actor, Permission
from heka_portal.domain.accounts.operations.cleaning import BATCH, in_batches
from heka_portal.domain.accounts.queries import list_warned_emails
from heka_portal.domain.audit.operations import record_audit
from heka_portal.domain.details.rules import CONFIRMING_LIFE, HOLD, BankNumber, NotFresh
from heka_portal.domain.errors import NotAllowed, NotFound, TooLate
from heka_portal.domain.outbox.operations import NewMail, enqueue_mails
from heka_portal.extensions import db
from heka_portal.models.accounts import LoginSession
from heka_portal.models.bank_accounts import IS_UNCONFIRMED, BankAccount
from heka_portal.models.people import Person
from heka_portal.vocabulary import AuditAction, MailKind


def give_account(actor: Actor, number: BankNumber, *, now: datetime | None = None) -> BankAccount:
    """Keep a number until it is confirmed in this session; nothing has changed yet. Raises NotAllowed."""
    if actor.person_id is None or not actor.may(Permission.OWN_DETAILS):
        raise NotAllowed
    _lock(actor.person_id)
    _drop_unconfirmed(actor.person_id)
    account = BankAccount(
        person_id=actor.person_id,
        iban=number.iban,
        country=number.country,
        ending=number.ending,
        bic=number.bic,
        login_session_id=actor.session_id,
        given_at=now or clock.now(),
    )
    db.session.add(account)
    db.session.flush()
    return account


def confirm_account(actor: Actor, bank_account_id: int, *, now: datetime | None = None) -> BankAccount:
    """Let a given number take effect in 72 hours; one that waits is overtaken. Told by mail.

    Raises NotAllowed, NotFresh, NotFound for one of another session or of too long ago. A second press changes nothing.
    """
    now = now or clock.now()
    if actor.person_id is None or not actor.may(Permission.OWN_DETAILS):
        raise NotAllowed
    if not actor.is_fresh(now):
        raise NotFresh
    _lock(actor.person_id)
    account = db.session.scalar(
        select(BankAccount).where(
            BankAccount.id == bank_account_id,
            BankAccount.person_id == actor.person_id,
            BankAccount.login_session_id == actor.session_id,
        )
    )
    if account is None or (account.confirmed_at is None and now - account.given_at >= CONFIRMING_LIFE):
        raise NotFound
    if account.confirmed_at is not None:
        return account
    for waiting in _waiting(actor.person_id, now):
        waiting.stopped_at = now
    account.confirmed_at, account.takes_effect_at = now, now + HOLD
    account.strong_acr = db.session.scalar(select(LoginSession.strong_acr).where(LoginSession.id == actor.session_id))
    record_audit(
        AuditAction.BANK_ACCOUNT_GIVEN,
        account_id=actor.account_id,
        person_id=actor.person_id,
        data={"bank_account": account.id},
    )
    _tell(actor, MailKind.BANK_ACCOUNT_GIVEN, now)
    db.session.flush()
    return account


def stop_account(actor: Actor, bank_account_id: int, *, now: datetime | None = None) -> BankAccount:
    """Stop a number before it takes effect; the one before stays in use.

    Raises NotFound, also for another's, and TooLate. One that was stopped stays so.
    """
    now = now or clock.now()
    if actor.person_id is None:
        raise NotFound
    _lock(actor.person_id)
    account = db.session.scalar(
        select(BankAccount).where(
            BankAccount.id == bank_account_id,
            BankAccount.person_id == actor.person_id,
            BankAccount.confirmed_at.is_not(None),
        )
    )
    if account is None:
        raise NotFound
    if account.stopped_at is not None:
        return account
    if account.takes_effect_at is None or account.takes_effect_at <= now:
        raise TooLate
    account.stopped_at = now
    record_audit(
        AuditAction.BANK_ACCOUNT_STOPPED,
        account_id=actor.account_id,
        person_id=actor.person_id,
        data={"bank_account": account.id},
    )
    _tell(actor, MailKind.BANK_ACCOUNT_STOPPED, now)
    db.session.flush()
    return account


def drop_unconfirmed(*, now: datetime) -> int:
    """Delete numbers that nobody confirmed in time; returns how many."""
    some = (
        select(BankAccount.id)
        .where(IS_UNCONFIRMED, BankAccount.given_at < now - CONFIRMING_LIFE)
        .order_by(BankAccount.given_at, BankAccount.id)
        .limit(at_most(BATCH))
    )
    return in_batches(some, lambda ids: delete(BankAccount).where(BankAccount.id.in_(ids)))


def _lock(person_id: int) -> None:
    """Two presses at once go one after the other."""
    db.session.execute(select(Person.id).where(Person.id == person_id).with_for_update())


def _drop_unconfirmed(person_id: int) -> None:
    db.session.execute(
        delete(BankAccount).where(BankAccount.person_id == person_id, BankAccount.confirmed_at.is_(None))
    )


def _waiting(person_id: int, now: datetime) -> list[BankAccount]:
    return list(
        db.session.scalars(
            select(BankAccount).where(
                BankAccount.person_id == person_id,
                BankAccount.takes_effect_at > now,
                BankAccount.stopped_at.is_(None),
            )
        )
    )


def _tell(actor: Actor, kind: MailKind, now: datetime) -> None:
    """By mail to the address, and to one that was changed so lately that the change can be undone. No number."""
    emails = list_warned_emails(actor.account_id, now=now)
    enqueue_mails(NewMail(kind, email, actor.language, {}, actor.account_id) for email in emails)
