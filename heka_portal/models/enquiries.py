"""Messages: what a resident asks of customer service, and the topics that say who answers and how fast."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from heka_portal.database import BigKey, Code, UtcDateTime
from heka_portal.extensions import Model
from heka_portal.models.cases import Case
from heka_portal.vocabulary import CaseKind, CaseQueue


class Topic(Model):
    """What a message can be about. Staff keep the rows; one that is no longer offered stays with its messages."""

    __tablename__ = "topics"
    __table_args__ = (CheckConstraint("working_days > 0", name="some_time"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name_fi: Mapped[str] = mapped_column(String(80))
    name_sv: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80))
    hint_fi: Mapped[str] = mapped_column(String(200))
    hint_sv: Mapped[str] = mapped_column(String(200))
    hint_en: Mapped[str] = mapped_column(String(200))
    queue: Mapped[CaseQueue] = mapped_column(Code(CaseQueue))
    #: in how many working days a message is answered
    working_days: Mapped[int]
    #: its messages are handled by the manager of the building
    is_for_manager: Mapped[bool] = mapped_column(default=False)
    #: its messages are shown to residents only after a fresh strong identification
    is_sensitive: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    #: its place among the topics
    position: Mapped[int]

    def name(self, language: str) -> str:
        """What it is called in a language."""
        return str(getattr(self, f"name_{language}"))

    def hint(self, language: str) -> str:
        """What belongs to it, in a language."""
        return str(getattr(self, f"hint_{language}"))


class Enquiry(Case):
    """A message of a resident, of one topic."""

    __tablename__ = "enquiries"
    __table_args__ = (
        Index("ix_enquiries_topic_id", "topic_id", "id"),
        Index("ix_enquiries_about_case_id", "about_case_id"),
        Index("ix_enquiries_about_notice_id", "about_notice_id"),
    )

    id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    # two foreign keys lead to a case
    __mapper_args__: Any = {"polymorphic_identity": CaseKind.ENQUIRY, "inherit_condition": id == Case.id}  # noqa: A003
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"))
    #: another case that it is about
    about_case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    #: a notice that it asks about
    about_notice_id: Mapped[int | None] = mapped_column(ForeignKey("notices.id"))
    #: marked by staff, whatever its topic says
    is_sensitive: Mapped[bool] = mapped_column(default=False)
    # a footprint: the last line of the timeline that customer service has opened, and when
    seen_event_id: Mapped[int | None]
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    topic: Mapped[Topic] = relationship(lazy="raise_on_sql")
