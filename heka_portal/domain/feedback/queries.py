"""Feedback as customer service lists it: what waits for an answer, and what was answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import starmap

from sqlalchemy import BigInteger, Select, bindparam, select, tuple_

from heka_portal.clock import END_OF_TIME, EPOCH
from heka_portal.database import UtcDateTime, at_most
from heka_portal.domain.access import Actor, Permission
from heka_portal.domain.errors import NotAllowed
from heka_portal.extensions import db
from heka_portal.models.accounts import Account, StaffMember
from heka_portal.models.feedback import IS_ANSWERED, IS_OPEN, AccessibilityFeedback
from heka_portal.vocabulary import Language

PAGE = 20


@dataclass(frozen=True)
class FeedbackLine:
    """What somebody wrote, and what was answered."""

    id: int
    page: str | None
    text: str
    email: str | None
    language: Language
    created_at: datetime
    due_at: datetime
    answered_at: datetime | None
    answer: str | None
    answered_by: str | None


@dataclass(frozen=True)
class FeedbackPage:
    """A page of the list, and where the next one begins."""

    lines: tuple[FeedbackLine, ...]
    next: tuple[datetime, int] | None


_F = AccessibilityFeedback
_PLACE = tuple_(bindparam("at", type_=UtcDateTime), bindparam("id", type_=BigInteger))


def _lines() -> Select[*tuple[object, ...]]:
    return (
        select(
            _F.id,
            _F.page,
            _F.text,
            _F.email,
            _F.language,
            _F.created_at,
            _F.due_at,
            _F.answered_at,
            _F.answer,
            StaffMember.name,
        )
        .outerjoin(Account, Account.id == _F.answered_by_id)
        .outerjoin(StaffMember, StaffMember.id == Account.staff_member_id)
    )


_OPEN = _lines().where(IS_OPEN, tuple_(_F.due_at, _F.id) > _PLACE).order_by(_F.due_at, _F.id).limit(at_most("limit"))
_ANSWERED = (
    _lines()
    .where(IS_ANSWERED, tuple_(_F.answered_at, _F.id) < _PLACE)
    .order_by(_F.answered_at.desc(), _F.id.desc())
    .limit(at_most("limit"))
)


def list_feedback(
    actor: Actor, *, is_answered: bool, after: tuple[datetime, int] | None = None, limit: int = PAGE
) -> FeedbackPage:
    """What waits for an answer, the most pressing first; or what was answered, the latest first. Raises NotAllowed."""
    if not actor.may(Permission.CASE_WORK):
        raise NotAllowed
    at, last_id = after or ((END_OF_TIME, 0) if is_answered else (EPOCH, 0))
    rows = db.session.execute(_ANSWERED if is_answered else _OPEN, {"at": at, "id": last_id, "limit": limit + 1}).all()
    lines = tuple(starmap(FeedbackLine, rows[:limit]))
    if len(rows) <= limit:
        return FeedbackPage(lines, None)
    last = lines[-1]
    return FeedbackPage(lines, (last.answered_at or last.due_at if is_answered else last.due_at, last.id))
