"""Files that people add to cases. Only what the worker has re-made is ever shown."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from heka_portal.database import BigKey, Code, UtcDateTime
from heka_portal.extensions import Model
from heka_portal.vocabulary import FileRefusal, FileState, FileType

#: conditions of the partial indexes, written into statements as they stand here (see models/outbox.py)
IS_QUARANTINED = text("state = 'quarantine'")
IS_DROPPED = text("state = 'dropped'")
HAS_RAW = text("raw_key IS NOT NULL")


class Attachment(Model):
    """A file of a draft, and after sending of an event."""

    __tablename__ = "attachments"
    __table_args__ = (
        CheckConstraint("event_id IS NULL OR draft_id IS NULL", name="draft_or_event"),
        Index("ix_attachments_case_id", "case_id"),
        Index("ix_attachments_event_id", "event_id"),
        Index("ix_attachments_draft_id", "draft_id"),
        Index(
            "ix_attachments_quarantine",
            "next_try_at",
            "id",
            postgresql_where=IS_QUARANTINED,
            sqlite_where=IS_QUARANTINED,
        ),
        # the sweep of the quarantine asks which of its files a row names
        Index(
            "ix_attachments_raw_key",
            "raw_key",
            postgresql_where=HAS_RAW,
            sqlite_where=HAS_RAW,
        ),
        Index(
            "ix_attachments_dropped",
            "id",
            postgresql_where=IS_DROPPED,
            sqlite_where=IS_DROPPED,
        ),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    #: unguessable, the id in addresses
    key: Mapped[str] = mapped_column(String(43), unique=True)
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("case_drafts.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("case_events.id"))
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    #: the name shown, cleaned; never used as a path
    name: Mapped[str] = mapped_column(String(120))
    type: Mapped[FileType] = mapped_column(Code(FileType))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[FileState] = mapped_column(Code(FileState))
    #: why it was refused
    refusal: Mapped[FileRefusal | None] = mapped_column(Code(FileRefusal))
    #: where the file lies: as it came (quarantine), re-made, and its preview
    raw_key: Mapped[str | None] = mapped_column(String(120))
    storage_key: Mapped[str | None] = mapped_column(String(120))
    preview_key: Mapped[str | None] = mapped_column(String(120))
    width: Mapped[int | None]
    height: Mapped[int | None]
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
