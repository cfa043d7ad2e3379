"""The worker's part: send what waits, once.

Mails are claimed some at a time, by a lease that is committed before the first is sent: two workers send nothing twice,
and no lock is held while a server thinks. Each mail is settled by itself as soon as the server has taken it. So only
the one mail that a worker had on its way when it was killed, between the server's "accepted" and our commit, is sent
again, with the same Message-ID; those behind it wait for the end of the lease. What is left of a batch when the server
goes away, when the worker is told to end or when the batch takes long, is given back at once and has lost no try. The
functions here therefore commit by themselves.
"""

from __future__ import annotations

import logging
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any, TypeVar

from sqlalchemy import Integer, Select, String, bindparam, select, update

from heka_portal.database import UtcDateTime, at_most
from heka_portal.domain.outbox.rules import LEASE, SECRETS, has_expired, wait_after
from heka_portal.extensions import db
from heka_portal.models.outbox import IS_DUE, IS_DUE_FIRST, OutboxMail
from heka_portal.vocabulary import MailState

log = logging.getLogger(__name__)

LINK_EXPIRED = "The link in it expired before it could be sent."
WORKER_ENDED = "The worker ended each time it was sent."
OWN_MISTAKE = "The mail could not be written: see the log."
ERROR_LENGTH = 300
#: how many mails are claimed at a time, and how long they are worked on: the worker has other jobs, and with the wait
#: for one more mail this stays far below the lease
BATCH = 100
BATCH_TIME = timedelta(seconds=10)

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


@dataclass(frozen=True)
class Claim:
    """A mail this worker has for the time of a lease; `mail` is as it was before, and in no session."""

    mail: OutboxMail
    #: the how-manieth try this is: another number in the database means that another worker has taken it over
    attempt: int


_OURS = (
    update(OutboxMail.__table__)  # type: ignore[arg-type]
    .where(
        OutboxMail.id == bindparam("mail_id"),
        OutboxMail.state == MailState.SENDING,
        OutboxMail.attempts == bindparam("attempt"),
    )
    .values(state=bindparam("to_state", type_=OutboxMail.state.type))
)
_BURY = _OURS.values(last_error=bindparam("error", type_=String))
_DEFER = _BURY.values(next_try_at=bindparam("at", type_=UtcDateTime))
_GIVE_BACK = _OURS.values(attempts=OutboxMail.attempts - 1, next_try_at=bindparam("at", type_=UtcDateTime))
# Whoever has it now: it was accepted.
_SUCCEED = (
    update(OutboxMail.__table__)  # type: ignore[arg-type]
    .where(OutboxMail.id == bindparam("mail_id", type_=Integer))
    .values(state=MailState.SENT, sent_at=bindparam("at", type_=UtcDateTime), last_error=None)
)
_SUCCEED_AND_FORGET = _SUCCEED.values(params=bindparam("left", type_=OutboxMail.params.type))


def deliver_due(send: Send[Letter], render: Render[Letter], *, clock: Clock, limit: int = 50) -> Counter[MailState]:
    """Send the mails that wait, at most `limit`; returns how many ended in which state. Commits after each step."""
    ended: Counter[MailState] = Counter()
    while left := limit - ended.total():
        outcomes = deliver_batch(send, render, clock=clock, limit=min(left, BATCH))
        ended.update(outcome.state for outcome in outcomes)
        if not outcomes or outcomes[-1].is_away:
            break
    return ended


def deliver_batch(
    send: Send[Letter],
    render: Render[Letter],
    *,
    clock: Clock,
    limit: int = BATCH,
    goes_on: Callable[[], bool] = lambda: True,
) -> list[Outcome]:
    """Send the mails that have waited longest, in their order, and return what has become of each; commits each.

    It ends early when `goes_on` says so, when the server is away (the last outcome tells) or after `BATCH_TIME`.
    """
    began_at = clock()
    claims = deque(_claim(began_at, limit))
    outcomes: list[Outcome] = []
    while claims:
        outcomes.append(_deliver(claims.popleft(), send, render, clock))
        if outcomes[-1].is_away or not goes_on() or clock() >= began_at + BATCH_TIME:
            _give_back(claims)
            break
    return outcomes


def _deliver(claim: Claim, send: Send[Letter], render: Render[Letter], clock: Clock) -> Outcome:
    hopeless = _hopeless(claim, clock())
    if hopeless:
        return Outcome(_bury(claim, hopeless))
    try:
        send(render(claim.mail))
    except MailFailed as failed:
        state = _fail(claim, clock(), failed.reason, is_final=failed.is_final)
        return Outcome(state, failed.is_away)
    except Exception:  # a mistake of our own must not stop the mails behind it
        log.exception("mail %s (%s) could not be written", claim.mail.id, claim.mail.kind)
        return Outcome(_fail(claim, clock(), OWN_MISTAKE, is_final=False))
    return Outcome(_succeed(claim, clock()))


def _due(which: Any, now: datetime, limit: int) -> Select[Any]:
    return (
        select(OutboxMail)
        .where(which, OutboxMail.next_try_at <= now)
        .order_by(OutboxMail.next_try_at, OutboxMail.id)
        .limit(at_most(limit))
        .execution_options(populate_existing=True)
    )


def _claim(now: datetime, limit: int) -> Sequence[Claim]:
    # Looked at first without a lock: an idle worker shall not take SQLite's write lock each second.
    # A link that somebody waits for goes before a notice to very many.
    which = next((due for due in (IS_DUE_FIRST, IS_DUE) if _has_due(due, now)), None)
    if which is None:
        return ()
    mails = _first_run(list(db.session.scalars(_due(which, now, limit).with_for_update(skip_locked=True))))
    if not mails:
        db.session.rollback()
        return ()
    for mail in mails:
        db.session.expunge(mail)
    db.session.connection().execute(
        update(OutboxMail.__table__)  # type: ignore[arg-type]
        .where(OutboxMail.id.in_([mail.id for mail in mails]))
        .values(state=MailState.SENDING, attempts=OutboxMail.attempts + 1, next_try_at=now + LEASE)
    )
    db.session.commit()
    return [Claim(mail, mail.attempts + 1) for mail in mails]


def _has_due(which: Any, now: datetime) -> bool:
    return db.session.scalar(_due(which, now, 1).with_only_columns(OutboxMail.id)) is not None


def _first_run(mails: Sequence[OutboxMail]) -> Sequence[OutboxMail]:
    """What is claimed together of the mails that are due.

    One whose worker ended while it had it goes alone: should it be what ends workers, it takes no others along.
    """
    if mails and mails[0].state is MailState.SENDING:
        return mails[:1]
    return list(takewhile(lambda mail: mail.state is MailState.WAITING, mails))


def _hopeless(claim: Claim, now: datetime) -> str | None:
    """Why it should not even be tried."""
    if has_expired(claim.mail.kind, claim.mail.params, created_at=claim.mail.created_at, now=now):
        return LINK_EXPIRED
    return WORKER_ENDED if claim.attempt > 1 and wait_after(claim.attempt - 1) is None else None


def _succeed(claim: Claim, now: datetime) -> MailState:
    """Keep that it was accepted; its secrets are in the mailbox only from now on."""
    left = {name: value for name, value in claim.mail.params.items() if name not in SECRETS}
    if left == claim.mail.params:
        _settle(_SUCCEED, [{"mail_id": claim.mail.id, "at": now}])
    else:
        _settle(_SUCCEED_AND_FORGET, [{"mail_id": claim.mail.id, "at": now, "left": left}])
    return MailState.SENT


def _fail(claim: Claim, now: datetime, reason: str, *, is_final: bool) -> MailState:
    wait = wait_after(claim.attempt)
    if is_final or wait is None:
        return _bury(claim, reason)
    _settle(_DEFER, [_ours(claim, MailState.WAITING) | {"error": reason[:ERROR_LENGTH], "at": now + wait}])
    log.warning("mail %s (%s) waits after try %s", claim.mail.id, claim.mail.kind, claim.attempt)
    return MailState.WAITING


def _bury(claim: Claim, reason: str) -> MailState:
    _settle(_BURY, [_ours(claim, MailState.DEAD) | {"error": reason[:ERROR_LENGTH]}])
    log.error("mail %s (%s) is dead after try %s", claim.mail.id, claim.mail.kind, claim.attempt)
    return MailState.DEAD


def _give_back(claims: Iterable[Claim]) -> None:
    """Let mails wait again where they waited, as if they had not been claimed."""
    rows = [_ours(claim, MailState.WAITING) | {"at": claim.mail.next_try_at} for claim in claims]
    if rows:
        _settle(_GIVE_BACK, rows)


def _ours(claim: Claim, state: MailState) -> dict[str, Any]:
    return {"mail_id": claim.mail.id, "attempt": claim.attempt, "to_state": state}


def _settle(statement: Any, rows: list[dict[str, Any]]) -> None:
    # In a transaction of its own: nothing that waited in the session meanwhile goes with it.
    db.session.rollback()
    db.session.connection().execute(statement, rows if len(rows) > 1 else rows[0])
    db.session.commit()
