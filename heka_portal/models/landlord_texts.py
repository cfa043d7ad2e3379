"""The landlord's texts that residents read: versions that never change once they are published."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from heka_portal.database import BigKey, Code, UtcDateTime
from heka_portal.extensions import Model
from heka_portal.vocabulary import Language, TextKind


class LandlordText(Model):
    """A version of a text in one language. A trigger refuses UPDATE."""

    __tablename__ = "landlord_texts"
    __table_args__ = (
        Index("uq_landlord_texts_kind_language_version", "kind", "language", "version", unique=True),
        CheckConstraint("version > 0", name="counts_from_one"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    kind: Mapped[TextKind] = mapped_column(Code(TextKind))
    language: Mapped[Language] = mapped_column(Code(Language))
    version: Mapped[int]
    #: markdown
    body: Mapped[str] = mapped_column(Text)
    #: the day it comes into force; never earlier than that of the version before
    valid_from: Mapped[date] = mapped_column(Date)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: none: it came with the portal
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
