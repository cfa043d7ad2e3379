"""Put mail into the outbox, and a dead letter back into it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from functools import lru_cache
from typing import Any

from sqlalchemy import delete, insert, select

from heka_portal import clock
from heka_portal.database import at_most, insert_into
from heka_portal.domain.errors import NotFound, TooLate
from heka_portal.domain.outbox.queries import PURPOSE
from heka_portal.domain.outbox.rules import KEPT_SENT, SECRETS, has_expired
from heka_portal.extensions import db, settings
from heka_portal.keyring import keyring
from heka_portal.models.outbox import IS_DUE, IS_SENT, IS_WAITING, OutboxMail
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
    mail = OutboxMail(**_row(clock.now(), kind, to_email, language, params, account_id))
    db.session.add(mail)
    db.session.flush()
    return mail


@dataclass(frozen=True)
class NewMail:
    """A mail to be put in together with others."""

    kind: MailKind
    to_email: str
    language: Language
    params: Mapping[str, str | int]
    account_id: int | None = None


def enqueue_mails(mails: Iterable[NewMail]) -> None:
    """As `enqueue_mail` for each, in one statement."""
    now = clock.now()
    rows = [_row(now, mail.kind, mail.to_email, mail.language, mail.params, mail.account_id) for mail in mails]
    if rows:
        db.session.connection().execute(insert(OutboxMail.__table__), rows)  # type: ignore[arg-type]


def enqueue_bulk(mails: Mapping[str, NewMail]) -> int:
    """Mails to very many, each by a name that makes its Message-ID: one that is there already is not put in again.

    They wait behind all others. Returns how many are new.
    """
    now = clock.now()
    rows = [
        _row(now, mail.kind, mail.to_email, mail.language, mail.params, mail.account_id)
        | {"message_id": f"<{name}@{_own_domain()}>", "is_bulk": True}
        for name, mail in mails.items()
    ]
    if not rows:
        return 0
    connection = db.session.connection()
    statement = insert_into(OutboxMail, connection).on_conflict_do_nothing().returning(OutboxMail.id)
    return len(connection.execute(statement, rows).all())


def call_back(name: str) -> int:
    """Take out again what waits of the mails to very many whose names begin with this one and a hyphen.

    One that is being sent stays. Returns how many were taken out. The due ones are looked through, by their index.
    """
    begins = OutboxMail.message_id.startswith(f"<{name}-", autoescape=True)
    waiting = delete(OutboxMail).where(IS_DUE, IS_WAITING, OutboxMail.is_bulk, begins)
    taken = db.session.execute(waiting.execution_options(synchronize_session=False))
    return int(taken.rowcount)  # type: ignore[attr-defined]


def _row(
    now: datetime,
    kind: MailKind,
    to_email: str,
    language: Language,
    params: Mapping[str, str | int],
    account_id: int | None,
) -> dict[str, Any]:
    return {
        "message_id": f"<{uuid.uuid4()}@{_own_domain()}>",
        "kind": kind,
        "to_email": to_email,
        "account_id": account_id,
        "language": language,
        "params": {name: _sealed(name, value) for name, value in params.items()},
        "state": MailState.WAITING,
        "attempts": 0,
        "created_at": now,
        "next_try_at": now,
    }


def _own_domain() -> str:
    """The domain of the sender: the same in the Message-ID, for filters compare them."""
    return _domain_of(settings().mail_from)


@lru_cache(maxsize=16)
def _domain_of(sender: str) -> str:
    return parseaddr(sender)[1].rpartition("@")[2] or "heka-portal.invalid"


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
    if has_expired(dead.kind, dead.params, created_at=dead.created_at, now=now):
        raise TooLate
    dead.state, dead.attempts, dead.next_try_at = MailState.WAITING, 0, now
    db.session.flush()


def forget_sent(*, now: datetime, limit: int = 500) -> int:
    """Delete mails that were sent long ago, at most `limit`; returns how many."""
    old = (
        select(OutboxMail.id)
        .where(IS_SENT, OutboxMail.sent_at < now - KEPT_SENT)
        .order_by(OutboxMail.sent_at)
        .limit(at_most(limit))
    )
    ids = db.session.scalars(old).all()
    if ids:
        db.session.execute(delete(OutboxMail).where(OutboxMail.id.in_(ids)))
    return len(ids)
