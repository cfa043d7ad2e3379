"""Feedback on the portal's accessibility, which the law gives 14 days to answer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from heka_portal.database import BigKey, Code, UtcDateTime
from heka_portal.extensions import Model
from heka_portal.vocabulary import Language

#: conditions of the partial indexes, written into statements as they stand here (see models/outbox.py)
IS_OPEN = text("answered_at IS NULL")
IS_ANSWERED = text("answered_at IS NOT NULL")


class AccessibilityFeedback(Model):
    """What is hard to use, told by anyone."""

    __tablename__ = "accessibility_feedback"
    __table_args__ = (
        CheckConstraint("answered_by_id IS NULL OR answered_at IS NOT NULL", name="answered_by_somebody"),
        Index("ix_accessibility_feedback_open", "due_at", "id", postgresql_where=IS_OPEN, sqlite_where=IS_OPEN),
        Index(
            "ix_accessibility_feedback_answered",
            "answered_at",
            "id",
            postgresql_where=IS_ANSWERED,
            sqlite_where=IS_ANSWERED,
        ),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    #: which page it is about, as the writer names it
    page: Mapped[str | None] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    #: where the answer goes; none: no answer is wanted
    email: Mapped[str | None] = mapped_column(String(254))
    language: Mapped[Language] = mapped_column(Code(Language))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    #: what was answered or mended, for customer service
    answer: Mapped[str | None] = mapped_column(Text)
    #: the one-time key of the form: a double press makes one
    form_key: Mapped[str] = mapped_column(String(64), unique=True)
