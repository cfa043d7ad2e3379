"""The history of an account's sign-ins: when, on what device, and attempts that failed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import starmap

from sqlalchemy import bindparam, select

from heka_portal.database import at_most
from heka_portal.domain.access import Actor
from heka_portal.extensions import db
from heka_portal.models.accounts import LoginSession
from heka_portal.models.audit import AuditLine
from heka_portal.vocabulary import AuditAction

PAGE = 20
#: so many failures tell whether somebody tries to get in
MOST_FAILURES = 10


@dataclass(frozen=True)
class SignIn:
    """One session, ended or not."""

    id: int
    created_at: datetime
    #: none where it was so long ago that it has been forgotten
    user_agent: str | None


@dataclass(frozen=True)
class SignIns:
    """A page of the history, and where the next one begins."""

    lines: tuple[SignIn, ...]
    next: int | None


_PAGE = (
    select(LoginSession.id, LoginSession.created_at, LoginSession.user_agent)
    .where(LoginSession.account_id == bindparam("account_id"), LoginSession.id < bindparam("before"))
    .order_by(LoginSession.id.desc())
    .limit(at_most("limit"))
)
_FAILED = (
    select(AuditLine.at)
    .where(
        AuditLine.account_id == bindparam("account_id"),
        AuditLine.case_id.is_(None),
        AuditLine.action == AuditAction.SIGN_IN_FAILED,
    )
    .order_by(AuditLine.id.desc())
    .limit(at_most(MOST_FAILURES))
)
LAST = 2**62


def list_sign_ins(actor: Actor, *, before: int | None = None, limit: int = PAGE) -> SignIns:
    """The actor's sign-ins, the latest first."""
    asked = {"account_id": actor.account_id, "before": before or LAST, "limit": limit + 1}
    rows = db.session.execute(_PAGE, asked).all()
    lines = tuple(starmap(SignIn, rows[:limit]))
    return SignIns(lines, lines[-1].id if len(rows) > limit else None)


def list_failed_sign_ins(actor: Actor) -> list[datetime]:
    """When somebody tried to sign in to the actor's account and could not, the latest first."""
    return list(db.session.scalars(_FAILED, {"account_id": actor.account_id}))
