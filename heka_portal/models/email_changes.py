"""Changes of an account's email: asked, confirmed at both addresses, undone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from heka_portal.database import BigKey, UtcDateTime
from heka_portal.extensions import Model


class EmailChange(Model):
    """One wish for another email. The tokens of its links are only in the mails, their hashes here."""

    __tablename__ = "email_changes"
    __table_args__ = (
        Index("ix_email_changes_account_id_id", "account_id", "id"),
        Index("ix_email_changes_created_at", "created_at"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    old_email: Mapped[str] = mapped_column(String(254))
    new_email: Mapped[str] = mapped_column(String(254))
    #: none where a strong identification stands for the old mailbox
    old_token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    new_token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    undo_token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    by_identification: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    old_confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    new_confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undo_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: undone from the old mailbox, or dropped: its links open nothing any more
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
