"""Take feedback on accessibility in, and mark it answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError

from heka_portal import clock
from heka_portal.domain.access import Actor, Permission
from heka_portal.domain.audit.operations import record_audit
from heka_portal.domain.errors import NotAllowed, NotFound
from heka_portal.domain.feedback.rules import answer_due
from heka_portal.extensions import db
from heka_portal.models.feedback import AccessibilityFeedback
from heka_portal.vocabulary import AuditAction, Language


@dataclass(frozen=True)
class Feedback:
    """What somebody writes about the portal's accessibility."""

    text: str
    page: str | None
    email: str | None
    language: Language
    form_key: str


def give_feedback(feedback: Feedback, *, now: datetime | None = None) -> None:
    """Keep feedback, once. Anyone may give it."""
    now = now or clock.now()
    row = AccessibilityFeedback(
        page=feedback.page or None,
        text=feedback.text,
        email=feedback.email or None,
        language=feedback.language,
        created_at=now,
        due_at=answer_due(now),
        form_key=feedback.form_key,
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:  # a second press: it is there
        if not db.session.scalar(select(exists().where(AccessibilityFeedback.form_key == feedback.form_key))):
            raise


def mark_answered(actor: Actor, feedback_id: int, *, answer: str, now: datetime | None = None) -> bool:
    """Mark feedback as answered; False where somebody was faster. Raises NotAllowed, NotFound."""
    now = now or clock.now()
    if not actor.may(Permission.CASE_WORK):
        raise NotAllowed
    row = db.session.scalar(
        select(AccessibilityFeedback).where(AccessibilityFeedback.id == feedback_id).with_for_update()
    )
    if row is None:
        raise NotFound
    if row.answered_at is not None:
        return False
    row.answered_at, row.answered_by_id, row.answer = now, actor.account_id, answer or None
    record_audit(AuditAction.FEEDBACK_ANSWERED, account_id=actor.account_id, data={"feedback": feedback_id})
    db.session.flush()
    return True
