"""The worker's part: send what waits, once.

A mail is claimed by a lease and the claim committed before it is sent, so two workers send nothing twice and no lock is
held meanwhile. Only a worker that ends between the server's "accepted" and our own commit leaves a mail that is sent
again, with the same Message-ID. The functions here therefore commit by themselves.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Select, select

from heka_portal.domain.outbox.rules import LEASE, SECRETS, has_expired, wait_after
from heka_portal.extensions import db
from heka_portal.models.outbox import OutboxMail
from heka_portal.vocabulary import MailState

log = logging.getLogger(__name__)

LINK_EXPIRED = "The link in it expired before it could be sent."
WORKER_ENDED = "The worker ended each time it was sent."
OWN_MISTAKE = "The mail could not be written: see the log."
ERROR_LENGTH = 300

Letter = TypeVar("Letter")
Clock = Callable[[], datetime]
Send = Callable[[Letter], None]
Render = Callable[[OutboxMail], Letter]


class MailFailed(Exception):
    """What `send` raises when a mail was not accepted.

    `is_final`: trying again would not help; `is_away`: no other mail would fare better now.
    """

    def __init__(self, reason: str, *, is_final: bool = False, is_away: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_final = is_final
        self.is_away = is_away


@dataclass(frozen=True)
class Outcome:
    """What has become of a mail, and whether the way out is blocked for all."""

    state: MailState
    is_away: bool = False


def deliver_due(send: Send[Letter], render: Render[Letter], *, clock: Clock, limit: int = 50) -> Counter[MailState]:
    """Send the mails that wait, at most `limit`; returns how many ended in which state. Commits after each step."""
    ended: Counter[MailState] = Counter()
    while ended.total() < limit and (outcome := deliver_next(send, render, clock=clock)) is not None:
        ended[outcome.state] += 1
        if outcome.is_away:
            break
    return ended


def deliver_next(send: Send[Letter], render: Render[Letter], *, clock: Clock) -> Outcome | None:
    """Send the mail that has waited longest and return what has become of it; none when none waits. Commits."""
    mail = _claim(clock())
    if mail is None:
        return None
    attempt = mail.attempts
    hopeless = _hopeless(mail, clock())
    if hopeless:
        return Outcome(_bury(mail.id, attempt, hopeless))
    try:
        send(render(mail))
    except MailFailed as failed:
        state = _fail(mail.id, attempt, clock(), failed.reason, is_final=failed.is_final)
        return Outcome(state, failed.is_away)
    except Exception:  # a mistake of our own must not stop the mails behind it
        log.exception("mail %s (%s) could not be written", mail.id, mail.kind)
        return Outcome(_fail(mail.id, attempt, clock(), OWN_MISTAKE, is_final=False))
    return Outcome(_succeed(mail.id, clock()))


def _due(now: datetime) -> Select[Any]:
    return (
        select(OutboxMail)
        .where(OutboxMail.state.in_([MailState.WAITING, MailState.SENDING]), OutboxMail.next_try_at <= now)
        .order_by(OutboxMail.next_try_at, OutboxMail.id)
        .limit(1)
        .execution_options(populate_existing=True)
    )


def _claim(now: datetime) -> OutboxMail | None:
    # Looked at first without a lock: an idle worker shall not take SQLite's write lock each second.
    if db.session.scalar(_due(now).with_only_columns(OutboxMail.id)) is None:
        return None
    mail: OutboxMail | None = db.session.scalar(_due(now).with_for_update(skip_locked=True))
    if mail is None:
        db.session.rollback()
        return None
    mail.state, mail.attempts, mail.next_try_at = MailState.SENDING, mail.attempts + 1, now + LEASE
    db.session.commit()
    return mail


def _hopeless(mail: OutboxMail, now: datetime) -> str | None:
    """Why it should not even be tried."""
    if has_expired(mail.params, created_at=mail.created_at, now=now):
        return LINK_EXPIRED
    return WORKER_ENDED if mail.attempts > 1 and wait_after(mail.attempts - 1) is None else None


def _succeed(mail_id: int, now: datetime) -> MailState:
    mail = _locked(mail_id)
    # Whoever has it now: it was accepted, and its secrets are in the mailbox only.
    mail.state, mail.sent_at, mail.last_error = MailState.SENT, now, None
    mail.params = _without_secrets(mail)
    db.session.commit()
    return MailState.SENT


def _fail(mail_id: int, attempt: int, now: datetime, reason: str, *, is_final: bool) -> MailState:
    wait = wait_after(attempt)
    if is_final or wait is None:
        return _bury(mail_id, attempt, reason)
    mail = _locked(mail_id)
    if _is_still_ours(mail, attempt):
        mail.state, mail.next_try_at = MailState.WAITING, now + wait
        mail.last_error = reason[:ERROR_LENGTH]
    db.session.commit()
    log.warning("mail %s (%s) waits after try %s", mail.id, mail.kind, attempt)
    return MailState.WAITING


def _bury(mail_id: int, attempt: int, reason: str) -> MailState:
    mail = _locked(mail_id)
    if _is_still_ours(mail, attempt):
        mail.state, mail.last_error = MailState.DEAD, reason[:ERROR_LENGTH]
    db.session.commit()
    log.error("mail %s (%s) is dead after try %s", mail.id, mail.kind, attempt)
    return MailState.DEAD


def _locked(mail_id: int) -> OutboxMail:
    db.session.rollback()
    return db.session.scalars(
        select(OutboxMail).where(OutboxMail.id == mail_id).with_for_update().execution_options(populate_existing=True)
    ).one()


def _is_still_ours(mail: OutboxMail, attempt: int) -> bool:
    """Whether nobody took it over after our lease had ended."""
    return mail.state is MailState.SENDING and mail.attempts == attempt


def _without_secrets(mail: OutboxMail) -> dict[str, Any]:
    return {name: value for name, value in mail.params.items() if name not in SECRETS}
