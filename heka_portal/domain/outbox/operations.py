"""Put mail into the outbox, and a dead letter back into it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from email.utils import parseaddr

from sqlalchemy import delete, select

from heka_portal import clock
from heka_portal.domain.errors import NotFound, TooLate
from heka_portal.domain.outbox.queries import PURPOSE
from heka_portal.domain.outbox.rules import KEPT_SENT, SECRETS, has_expired
from heka_portal.extensions import db, settings
from heka_portal.keyring import keyring
from heka_portal.models.outbox import OutboxMail
from heka_portal.vocabulary import Language, MailKind, MailState


def enqueue_mail(
    kind: MailKind,
    *,
    to_email: str,
    language: Language,
    params: Mapping[str, str | int],
    account_id: int | None = None,
) -> OutboxMail:
    """A mail that waits, sent only if the present transaction commits; a `token` among its params is sealed."""
    now = clock.now()
    mail = OutboxMail(
        message_id=f"<{uuid.uuid4()}@{_own_domain()}>",
        kind=kind,
        to_email=to_email,
        account_id=account_id,
        language=language,
        params={name: _sealed(name, value) for name, value in params.items()},
        state=MailState.WAITING,
        attempts=0,
        created_at=now,
        next_try_at=now,
    )
    db.session.add(mail)
    db.session.flush()
    return mail


def _own_domain() -> str:
    """The domain of the sender: the same in the Message-ID, for filters compare them."""
    return parseaddr(settings().mail_from)[1].rpartition("@")[2] or "heka-portal.invalid"


def _sealed(name: str, value: str | int) -> str | int:
    return keyring().encrypt(str(value), purpose=PURPOSE) if name in SECRETS else value


def resend(mail: OutboxMail, *, now: datetime) -> None:
    """Send a dead letter again, as the same message; the caller writes the audit line.

    Raises NotFound when somebody was faster, TooLate when its link has expired.
    """
    dead = db.session.scalar(
        select(OutboxMail)
        .where(OutboxMail.id == mail.id, OutboxMail.state == MailState.DEAD)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if dead is None:
        raise NotFound
    if has_expired(dead.params, created_at=dead.created_at, now=now):
        raise TooLate
    dead.state, dead.attempts, dead.next_try_at = MailState.WAITING, 0, now
    db.session.flush()


def forget_sent(*, now: datetime, limit: int = 500) -> int:
    """Delete mails that were sent long ago, at most `limit`; returns how many."""
    old = (
        select(OutboxMail.id)
        .where(OutboxMail.state == MailState.SENT, OutboxMail.sent_at < now - KEPT_SENT)
        .order_by(OutboxMail.sent_at)
        .limit(limit)
    )
    ids = db.session.scalars(old).all()
    if ids:
        db.session.execute(delete(OutboxMail).where(OutboxMail.id.in_(ids)))
    return len(ids)
