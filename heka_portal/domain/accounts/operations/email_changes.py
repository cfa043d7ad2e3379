"""Change the email of an account: confirmed at both addresses, or at the new one after a strong identification.

The old mailbox can undo it for seven days, unless an identification stood for it: then it may be a stranger's.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import IntegrityError

from heka_portal import clock
from heka_portal.database import at_most
from heka_portal.domain.access import Actor
from heka_portal.domain.accounts.operations.cleaning import BATCH, in_batches
from heka_portal.domain.accounts.operations.links import drop_email_changes, drop_links, end_undoing
from heka_portal.domain.accounts.operations.passwords import check_present, set_password
from heka_portal.domain.accounts.queries import hash_key, normal_email
from heka_portal.domain.accounts.rules import EmailTaken, LinkDead
from heka_portal.domain.audit.operations import record_audit
from heka_portal.domain.errors import NotAllowed
from heka_portal.domain.outbox.operations import enqueue_mail
from heka_portal.domain.outbox.rules import LINK_LIFE, UNDO_LIFE
from heka_portal.extensions import db
from heka_portal.models.accounts import Account
from heka_portal.models.email_changes import EmailChange
from heka_portal.vocabulary import AuditAction, MailKind

TOKEN_BYTES = 32


def ask_email_change(actor: Actor, email: str, *, password: str, now: datetime | None = None) -> None:
    """Mail a link to the old and one to the new address. Raises WrongCredentials, NotAllowed.

    Whether the address is another account's is told to nobody but its mailbox.
    """
    check_present(actor, password)
    _ask(actor, email, by_identification=False, now=now or clock.now())


def ask_email_change_by_identification(actor: Actor, email: str, *, password: str, now: datetime | None = None) -> None:
    """The same for who lost the old mailbox: a fresh identification stands for it. Raises as above, and NotAllowed.

    The password is asked for as well: a browser left open must not be enough, for this change cannot be undone.
    """
    now = now or clock.now()
    if not actor.is_fresh(now):
        raise NotAllowed
    check_present(actor, password)
    _ask(actor, email, by_identification=True, now=now)


def _ask(actor: Actor, email: str, *, by_identification: bool, now: datetime) -> None:
    if actor.person_id is None:
        raise NotAllowed
    account = db.session.get_one(Account, actor.account_id, with_for_update=True)
    drop_email_changes(account.id, now=now)
    address = normal_email(email)
    record_audit(
        AuditAction.EMAIL_CHANGE_ASKED,
        account_id=account.id,
        person_id=account.person_id,
        data={"by_identification": by_identification},
    )
    if db.session.scalar(select(Account.id).where(Account.email == address)) is not None:
        enqueue_mail(MailKind.NEW_EMAIL_IN_USE, to_email=address, language=account.language, params={})
        return
    old, new = (secrets.token_urlsafe(TOKEN_BYTES) for _ in range(2))
    db.session.add(
        EmailChange(
            account_id=account.id,
            old_email=account.email,
            new_email=address,
            old_token_hash=None if by_identification else hash_key(old),
            new_token_hash=hash_key(new),
            by_identification=by_identification,
            created_at=now,
            expires_at=now + LINK_LIFE,
            old_confirmed_at=now if by_identification else None,
        )
    )
    _mail(account, MailKind.CONFIRM_NEW_EMAIL, address, token=new)
    if not by_identification:
        _mail(account, MailKind.CONFIRM_OLD_EMAIL, account.email, token=old)
    db.session.flush()


def _mail(account: Account, kind: MailKind, email: str, **params: str) -> None:
    enqueue_mail(kind, to_email=email, language=account.language, params=params, account_id=account.id)


def get_email_change(token: str, *, now: datetime, for_update: bool = False) -> EmailChange:
    """The change that one of its two links confirms. Raises LinkDead."""
    mark = hash_key(token)
    asked = select(EmailChange).where(
        or_(EmailChange.old_token_hash == mark, EmailChange.new_token_hash == mark),
        EmailChange.done_at.is_(None),
        EmailChange.ended_at.is_(None),
        EmailChange.expires_at > now,
    )
    if for_update:
        asked = asked.with_for_update().execution_options(populate_existing=True)
    change = db.session.scalar(asked)
    if change is None:
        raise LinkDead
    return change


def confirm_email_change(token: str, *, now: datetime | None = None) -> EmailChange:
    """One mailbox has confirmed; with the other it takes effect. Raises LinkDead, EmailTaken.

    A link of another account's holder changes nothing of one's own: it belongs to the change it was made for.
    """
    now = now or clock.now()
    change = get_email_change(token, now=now, for_update=True)
    if hash_key(token) == change.old_token_hash:
        change.old_confirmed_at = change.old_confirmed_at or now
    else:
        change.new_confirmed_at = change.new_confirmed_at or now
    if change.old_confirmed_at is not None and change.new_confirmed_at is not None:
        _apply(change, now)
    db.session.flush()
    return change


def _apply(change: EmailChange, now: datetime) -> None:
    account = db.session.get_one(Account, change.account_id, with_for_update=True)
    if account.is_disabled or account.email != change.old_email:
        raise LinkDead
    _give(account, change.new_email)
    # What was mailed to the old address opens nothing any more.
    drop_links(account_id=account.id, person_id=account.person_id)
    change.done_at = now
    record_audit(AuditAction.EMAIL_CHANGED, account_id=account.id, person_id=account.person_id)
    if change.by_identification:
        end_undoing(account.id, now=now)
        _mail(account, MailKind.EMAIL_CHANGED_BY_IDENTIFICATION, change.old_email)
        return
    token = secrets.token_urlsafe(TOKEN_BYTES)
    change.undo_token_hash, change.undo_until = hash_key(token), now + UNDO_LIFE
    _mail(account, MailKind.EMAIL_CHANGED, change.old_email, token=token)


def _give(account: Account, email: str) -> None:
    """Flush the account's new email. Raises EmailTaken where another account has it by now."""
    try:
        with db.session.begin_nested():
            account.email = email
            db.session.flush()
    except IntegrityError as error:
        raise EmailTaken from error


def get_undoable(token: str, *, now: datetime, for_update: bool = False) -> EmailChange:
    """The change that the old mailbox may undo. Raises LinkDead."""
    asked = select(EmailChange).where(
        EmailChange.undo_token_hash == hash_key(token), EmailChange.ended_at.is_(None), EmailChange.undo_until > now
    )
    if for_update:
        asked = asked.with_for_update().execution_options(populate_existing=True)
    change = db.session.scalar(asked)
    if change is None:
        raise LinkDead
    return change


def undo_email_change(token: str, *, now: datetime | None = None) -> Account:
    """Give the account its old email back; whoever is in is put out, and the password opens nothing any more.

    The caller mails a link for a new password. Raises LinkDead, EmailTaken.
    """
    now = now or clock.now()
    change = get_undoable(token, now=now, for_update=True)
    account = db.session.get_one(Account, change.account_id, with_for_update=True)
    _give(account, change.old_email)
    # no passkey opens by itself either, until it is used with the next password
    set_password(account, None)
    # Changes that came after this one fall with it.
    later = EmailChange.account_id == account.id, EmailChange.id >= change.id, EmailChange.ended_at.is_(None)
    db.session.execute(update(EmailChange).where(*later).values(ended_at=now))
    record_audit(AuditAction.EMAIL_CHANGE_UNDONE, account_id=account.id, person_id=account.person_id)
    db.session.flush()
    return account


def forget_email_changes(*, now: datetime) -> int:
    """Delete changes whose links have all had their time; returns how many."""
    some = (
        select(EmailChange.id)
        .where(EmailChange.created_at < now - LINK_LIFE - UNDO_LIFE)
        .order_by(EmailChange.created_at, EmailChange.id)
        .limit(at_most(BATCH))
    )
    return in_batches(some, lambda ids: delete(EmailChange).where(EmailChange.id.in_(ids)))
