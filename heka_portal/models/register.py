"""The history of the register's imports."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from heka_portal.database import BigKey, UtcDateTime
from heka_portal.extensions import Model


class RegisterImport(Model):
    """One import that was applied: when, from what, and what it changed in each table."""

    __tablename__ = "register_imports"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: name of the folder or archive, without its path
    source: Mapped[str] = mapped_column(String(200))
    is_whole: Mapped[bool]
    #: {"people": {"new": 3, "changed": 1, "ended": 0, "unchanged": 99}, ...}
    counts: Mapped[dict[str, dict[str, int]]] = mapped_column(JSON)
    warning_count: Mapped[int]
