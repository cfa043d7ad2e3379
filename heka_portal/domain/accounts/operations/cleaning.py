"""What has had its time: links, rounds of identification, counters and ended sessions."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, update

from heka_portal.extensions import db
from heka_portal.models.accounts import AccountToken, Identification, LoginSession, RateCounter
from heka_portal.vocabulary import IdentificationState

#: an identified person who could not register may ask why for so long
KEPT_IDENTIFICATION = timedelta(days=90)
#: a round nobody came back from says nothing
KEPT_ROUND = timedelta(days=7)


def drop_expired(*, now: datetime) -> int:
    """Delete what has had its time; says how many rows that were."""
    over: list[tuple[Any, ColumnElement[bool]]] = [
        (RateCounter, RateCounter.expires_at < now),
        (AccountToken, AccountToken.expires_at < now),
        (Identification, Identification.expires_at < now - KEPT_IDENTIFICATION),
        (
            Identification,
            (Identification.state == IdentificationState.PENDING) & (Identification.expires_at < now - KEPT_ROUND),
        ),
    ]
    options = {"synchronize_session": False}
    counts = [db.session.execute(delete(table).where(which), execution_options=options) for table, which in over]
    _forget_where_sessions_were(now)
    return sum(getattr(result, "rowcount", 0) for result in counts)


def _forget_where_sessions_were(now: datetime) -> None:
    """A session that ended keeps its row, for drafts and identifications hang on it, but not its address."""
    ended = or_(LoginSession.ended_at.is_not(None), LoginSession.expires_at < now)
    db.session.execute(
        update(LoginSession)
        .where(ended, LoginSession.created_at < now - KEPT_IDENTIFICATION, LoginSession.ip_address.is_not(None))
        .values(ip_address=None, user_agent=None),
        execution_options={"synchronize_session": False},
    )
