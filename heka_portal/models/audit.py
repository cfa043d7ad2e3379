"""The audit log: append-only, each line sealed to the one before."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from heka_portal.database import BigKey, Code, UtcDateTime
from heka_portal.extensions import Model
from heka_portal.vocabulary import AuditAction


class AuditLine(Model):
    """Who did what to whom, and when. A trigger refuses UPDATE and DELETE."""

    __tablename__ = "audit_log"
    __table_args__ = (
        Index("ix_audit_log_person_id_id", "person_id", "id"),
        Index("ix_audit_log_account_id_case_id_id", "account_id", "case_id", "id"),
        Index("ix_audit_log_account_id_person_id_id", "account_id", "person_id", "id"),
    )

    #: without gaps, given under the lock of the head
    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    action: Mapped[AuditAction] = mapped_column(Code(AuditAction))
    #: who did it; none for the worker and for someone not signed in
    account_id: Mapped[int | None]
    #: whose data it concerned
    person_id: Mapped[int | None]
    case_id: Mapped[int | None]
    reason: Mapped[str | None] = mapped_column(String(400))
    #: references only, never copies of personal data
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    previous_seal: Mapped[str] = mapped_column(String(64))
    seal: Mapped[str] = mapped_column(String(64))


class AuditHead(Model):
    """The one row that is locked to append: the last line's id and seal."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False)
    last_id: Mapped[int]
    seal: Mapped[str] = mapped_column(String(64))
