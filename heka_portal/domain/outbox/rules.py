"""When a mail is tried again, when it is given up, and which of its parts are secret."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from heka_portal.vocabulary import MailKind

#: how long one worker has a mail to itself: longer than all waits of one sending together
LEASE = timedelta(minutes=10)
#: the wait after each failed try, three days in all; then the mail is dead until somebody sends it again
WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    *[timedelta(hours=4)] * 18,
)
#: the parts of a mail that open something: sealed while they wait, gone once sent
SECRETS = frozenset({"token"})
#: how long a mailed link is good for, and the one that undoes a change of the email
LINK_LIFE = timedelta(hours=24)
UNDO_LIFE = timedelta(days=7)
#: how long a sent mail is kept to answer "was it sent?"
KEPT_SENT = timedelta(days=90)

#: what a person may do without, because the portal shows it as well; everything else reaches them
OPTIONAL = (MailKind.CASE_RECEIVED, MailKind.CASE_NEWS, MailKind.CASE_CLOSED, MailKind.NOTICE)


def wait_after(attempt: int) -> timedelta | None:
    """How long to wait after the attempt has failed; none: it was the last one."""
    return WAITS[attempt - 1] if attempt <= len(WAITS) else None


def has_expired(kind: MailKind, params: Iterable[str], *, created_at: datetime, now: datetime) -> bool:
    """Whether the mail carries a link that no longer opens anything."""
    life = UNDO_LIFE if kind is MailKind.EMAIL_CHANGED else LINK_LIFE
    return not SECRETS.isdisjoint(params) and created_at + life <= now
