"""What happens in buildings, kept by staff; and the private links by which residents have it in their own calendars."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from heka_portal.database import BigKey, Code, UtcDateTime
from heka_portal.extensions import Model
from heka_portal.vocabulary import BuildingEventKind, Language


class BuildingEvent(Model):
    """Something that happens in a building, or in a staircase of it; once told it is cancelled, not deleted."""

    __tablename__ = "building_events"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        # a list begins at a moment and holds what has not ended by then
        Index("ix_building_events_building_id_ends_at", "building_id", "ends_at", "id"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    building_id: Mapped[int] = mapped_column(ForeignKey("buildings.id"))
    kind: Mapped[BuildingEventKind] = mapped_column(Code(BuildingEventKind))
    staircase: Mapped[str | None] = mapped_column(String(10))
    title_fi: Mapped[str] = mapped_column(String(120))
    title_sv: Mapped[str | None] = mapped_column(String(120))
    title_en: Mapped[str | None] = mapped_column(String(120))
    details_fi: Mapped[str | None] = mapped_column(Text)
    details_sv: Mapped[str | None] = mapped_column(Text)
    details_en: Mapped[str | None] = mapped_column(Text)
    #: where in the building: the yard, the club room
    place: Mapped[str | None] = mapped_column(String(120))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: exclusive; of whole days the first moment of the day after
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    is_all_day: Mapped[bool] = mapped_column(default=False)
    #: the one-time key of the form that made it
    form_key: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: a calendar that has an older one takes the newer (SEQUENCE)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class CalendarLink(Model):
    """A link by which a resident's own calendar reads what happens in a building; its secret is only in the link."""

    __tablename__ = "calendar_links"
    __table_args__ = (
        Index("uq_calendar_links_account_id_building_id", "account_id", "building_id", unique=True),
        Index("ix_calendar_links_expires_at", "expires_at"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    building_id: Mapped[int] = mapped_column(ForeignKey("buildings.id"))
    #: the language of what the calendar reads
    language: Mapped[Language] = mapped_column(Code(Language))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: noted once a day at most
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: moves on while a calendar reads it
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
