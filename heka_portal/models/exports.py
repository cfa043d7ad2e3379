"""Copies of people's own data, made by the worker."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from heka_portal.database import BigKey, Code, UtcDateTime
from heka_portal.extensions import Model
from heka_portal.vocabulary import ExportState, Language

#: conditions of the partial indexes, written into statements as they stand here (see models/outbox.py)
IS_WAITING = text("state = 'waiting'")
IS_STORED = text("storage_key IS NOT NULL")


class DataExport(Model):
    """One copy that was asked for: a zip in the store until it has had its seven days."""

    __tablename__ = "data_exports"
    __table_args__ = (
        Index("ix_data_exports_account_id_id", "account_id", "id"),
        Index("ix_data_exports_waiting", "next_try_at", "id", postgresql_where=IS_WAITING, sqlite_where=IS_WAITING),
        Index("ix_data_exports_stored", "expires_at", "id", postgresql_where=IS_STORED, sqlite_where=IS_STORED),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    #: unguessable, the id in addresses
    key: Mapped[str] = mapped_column(String(43), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    language: Mapped[Language] = mapped_column(Code(Language))
    state: Mapped[ExportState] = mapped_column(Code(ExportState))
    attempts: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    next_try_at: Mapped[datetime] = mapped_column(UtcDateTime)
    storage_key: Mapped[str | None] = mapped_column(String(120))
    size: Mapped[int | None]
    ready_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
