"""Sessions: opened at a door, ended by their owner, and with them the devices an account is known from."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, delete, select, update

from heka_portal import clock
from heka_portal.database import at_most
from heka_portal.domain.access import Actor
from heka_portal.domain.accounts.queries import hash_key
from heka_portal.domain.accounts.rules import SESSION_LIFE, Door
from heka_portal.domain.audit.operations import record_audit
from heka_portal.domain.errors import NotFound
from heka_portal.domain.outbox.operations import enqueue_mail
from heka_portal.extensions import db
from heka_portal.models.accounts import Account, KnownDevice, LoginSession
from heka_portal.vocabulary import AuditAction, MailKind

KEY_BYTES = 32
USER_AGENT_LENGTH = 300


@dataclass(frozen=True)
class Visit:
    """The browser at the door."""

    #: the secret of its long-lived cookie
    device: str = field(repr=False)
    ip_address: str | None = None
    user_agent: str | None = None


def door_of(account: Account) -> Door:
    """The door an account comes in by."""
    return Door.RESIDENT if account.staff_member_id is None else Door.STAFF


def open_session(account: Account, visit: Visit) -> str:
    """Begin a session; returns the key that only the browser will hold."""
    key, now = secrets.token_urlsafe(KEY_BYTES), clock.now()
    db.session.add(
        LoginSession(
            account_id=account.id,
            key_hash=hash_key(key),
            created_at=now,
            last_seen_at=now,
            expires_at=now + SESSION_LIFE[door_of(account)],
            ip_address=visit.ip_address,
            user_agent=(visit.user_agent or "")[:USER_AGENT_LENGTH] or None,
        )
    )
    _meet_device(account, visit)
    record_audit(AuditAction.SIGNED_IN, account_id=account.id, person_id=account.person_id)
    db.session.flush()
    return key


def _meet_device(account: Account, visit: Visit) -> None:
    """Remember the browser; one that is new to an account with others is told by mail."""
    now, device_hash = clock.now(), hash_key(visit.device)
    mine = KnownDevice.account_id == account.id
    known = db.session.scalar(select(KnownDevice).where(mine, KnownDevice.device_hash == device_hash))
    if known is not None:
        known.last_seen_at = now
        return
    has_others = db.session.scalar(select(KnownDevice.id).where(mine).limit(at_most(1))) is not None
    db.session.add(KnownDevice(account_id=account.id, device_hash=device_hash, first_seen_at=now, last_seen_at=now))
    if has_others:
        enqueue_mail(
            MailKind.NEW_DEVICE, to_email=account.email, language=account.language, params={}, account_id=account.id
        )


def end_session(actor: Actor) -> None:
    """Sign out: the session of this request ends."""
    _end(LoginSession.id == actor.session_id)
    record_audit(AuditAction.SIGNED_OUT, account_id=actor.account_id, person_id=actor.person_id)


def end_own_session(actor: Actor, session_id: int) -> None:
    """End one of the actor's sessions. Raises NotFound for another's, and for one that has ended."""
    if not _end(LoginSession.id == session_id, LoginSession.account_id == actor.account_id):
        raise NotFound
    record_audit(AuditAction.SESSIONS_ENDED, account_id=actor.account_id, person_id=actor.person_id, data={"count": 1})


def end_everywhere(actor: Actor) -> int:
    """End all of the actor's sessions, this one too; says how many there were."""
    count = end_sessions(actor.account_id)
    data = {"count": count}
    record_audit(AuditAction.SESSIONS_ENDED, account_id=actor.account_id, person_id=actor.person_id, data=data)
    return count


def end_sessions(account_id: int) -> int:
    """End every session of an account; says how many there were."""
    return _end(LoginSession.account_id == account_id)


def forget_devices(account_id: int) -> None:
    """Know no browser of the account any more: it begins anew."""
    db.session.execute(delete(KnownDevice).where(KnownDevice.account_id == account_id))


def _end(*which: ColumnElement[bool]) -> int:
    ended = db.session.execute(
        update(LoginSession)
        .where(*which, LoginSession.ended_at.is_(None))
        .values(ended_at=clock.now())
        .returning(LoginSession.id),
        execution_options={"synchronize_session": False},
    )
    return len(ended.all())
