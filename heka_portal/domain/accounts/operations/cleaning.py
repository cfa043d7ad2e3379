"""What has had its time: links, rounds of identification, challenges, counters and ended sessions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, or_, select, update

from heka_portal.database import at_most
from heka_portal.extensions import db
from heka_portal.models.accounts import IS_LOCATED, AccountToken, Identification, LoginSession, RateCounter
from heka_portal.models.calendars import CalendarLink
from heka_portal.models.passkeys import PasskeyChallenge
from heka_portal.vocabulary import IdentificationState

Expiring = RateCounter | AccountToken | Identification | PasskeyChallenge | CalendarLink

#: an identified person who could not register may ask why for so long
KEPT_IDENTIFICATION = timedelta(days=90)
#: a round nobody came back from says nothing
KEPT_ROUND = timedelta(days=7)
#: rows of one statement: so few are found by an index, however many others there are
BATCH = 500


def drop_expired(*, now: datetime) -> int:
    """Delete what has had its time, some rows at a time; says how many they were."""
    over: tuple[tuple[type[Expiring], ColumnElement[bool]], ...] = (
        (RateCounter, RateCounter.expires_at < now),
        (AccountToken, AccountToken.expires_at < now),
        (PasskeyChallenge, PasskeyChallenge.expires_at < now),
        (CalendarLink, CalendarLink.expires_at < now),
        (Identification, Identification.expires_at < now - KEPT_IDENTIFICATION),
        (
            Identification,
            (Identification.state == IdentificationState.PENDING) & (Identification.expires_at < now - KEPT_ROUND),
        ),
    )
    dropped = sum(_drop(table, which) for table, which in over)
    _forget_where_sessions_were(now)
    return dropped


def _drop(table: type[Expiring], which: ColumnElement[bool]) -> int:
    key = RateCounter.key if table is RateCounter else table.__table__.c.id
    some = select(key).where(which).order_by(table.expires_at).limit(at_most(BATCH))
    return in_batches(some, lambda keys: delete(table).where(key.in_(keys)))


def in_batches(some: Select[Any], change: Callable[[Sequence[Any]], Any]) -> int:
    """Change the rows whose keys are selected, again and again until none is left; returns how many they were."""
    changed = 0
    while keys := db.session.scalars(some).all():
        db.session.execute(change(keys), execution_options={"synchronize_session": False})
        changed += len(keys)
    return changed


def _forget_where_sessions_were(now: datetime) -> None:
    """A session that ended keeps its row, for drafts and identifications hang on it, but not its address."""
    ended = or_(LoginSession.ended_at.is_not(None), LoginSession.expires_at < now)
    some = (
        select(LoginSession.id)
        .where(ended, LoginSession.created_at < now - KEPT_IDENTIFICATION, IS_LOCATED)
        .order_by(LoginSession.created_at, LoginSession.id)
        .limit(at_most(BATCH))
    )
    nowhere = update(LoginSession).values(ip_address=None, user_agent=None)
    in_batches(some, lambda keys: nowhere.where(LoginSession.id.in_(keys)))
