"""Resident notices: their texts, whom they are for, who has read them, and how far their mails are."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from heka_portal.database import BigKey, Code, UtcDateTime
from heka_portal.extensions import Model
from heka_portal.vocabulary import Language, LeaseTerm, MailKind, NoticeKind, NoticeState

#: conditions of the partial indexes, written into statements as they stand here (see models/outbox.py)
IS_SCHEDULED = text("state = 'scheduled'")
IS_PUBLISHED = text("state = 'published'")
IS_FOR_EVERYONE = text("region_id IS NULL AND building_id IS NULL")
IS_ACKNOWLEDGED = text("acknowledged_at IS NOT NULL")
IS_UNFINISHED = text("finished_at IS NULL")


class Notice(Model):
    """What the landlord tells residents, from a moment until another. Its id is its number."""

    __tablename__ = "notices"
    __table_args__ = (
        CheckConstraint("visible_to > visible_from", name="ends_after_start"),
        CheckConstraint("happens_to > happens_from", name="happens_after_start"),
        CheckConstraint(
            "state NOT IN ('scheduled', 'published', 'ended') OR (visible_from IS NOT NULL AND visible_to IS NOT NULL)",
            name="told_has_its_time",
        ),
        Index("ix_notices_author_id_id", "author_id", "id"),
        Index("ix_notices_state_id", "state", "id"),
        Index("ix_notices_scheduled", "visible_from", "id", postgresql_where=IS_SCHEDULED, sqlite_where=IS_SCHEDULED),
        Index("ix_notices_published", "visible_to", "id", postgresql_where=IS_PUBLISHED, sqlite_where=IS_PUBLISHED),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    kind: Mapped[NoticeKind] = mapped_column(Code(NoticeKind))
    state: Mapped[NoticeState] = mapped_column(Code(NoticeState), default=NoticeState.DRAFT)
    #: shown from, and until (exclusive); readers ask these, not the state, which the worker changes a little later
    visible_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    visible_to: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: when that happens which is told of: a break, a meeting
    happens_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    happens_to: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_pinned: Mapped[bool] = mapped_column(default=False)
    #: a banner, and a mail that cannot be refused
    is_urgent: Mapped[bool] = mapped_column(default=False)
    asks_acknowledgement: Mapped[bool] = mapped_column(default=False)
    #: only homes with such a lease
    lease_term: Mapped[LeaseTerm | None] = mapped_column(Code(LeaseTerm))
    main_tenants_only: Mapped[bool] = mapped_column(default=False)
    author_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    correction_of_id: Mapped[int | None] = mapped_column(ForeignKey("notices.id"), index=True)
    #: the one-time key of the form that made it
    form_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: moves with its words and places too, and the version with it
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column()

    audiences: Mapped[list[NoticeAudience]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="NoticeAudience.id"
    )
    texts: Mapped[list[NoticeText]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="NoticeText.language"
    )
    files: Mapped[list[NoticeFile]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="NoticeFile.attachment_id"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def languages(self) -> tuple[Language, ...]:
        """The languages it is written in, in the order of the service."""
        written = {each.language for each in self.texts}
        return tuple(language for language in Language if language in written)

    def text_in(self, language: Language | str) -> NoticeText | None:
        """Its words in a language."""
        return next((each for each in self.texts if each.language == language), None)


class NoticeAudience(Model):
    """A place whose people a notice is for: everywhere, a region, a building, or a staircase of one."""

    __tablename__ = "notice_audiences"
    __table_args__ = (
        CheckConstraint("region_id IS NULL OR building_id IS NULL", name="one_place"),
        CheckConstraint("staircase IS NULL OR building_id IS NOT NULL", name="staircase_of_a_building"),
        Index("ix_notice_audiences_notice_id", "notice_id"),
        Index("ix_notice_audiences_region_id_visible_from", "region_id", "visible_from"),
        Index("ix_notice_audiences_building_id_visible_from", "building_id", "visible_from"),
        Index(
            "ix_notice_audiences_everyone",
            "visible_from",
            postgresql_where=IS_FOR_EVERYONE,
            sqlite_where=IS_FOR_EVERYONE,
        ),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"))
    region_id: Mapped[int | None] = mapped_column(ForeignKey("regions.id"))
    building_id: Mapped[int | None] = mapped_column(ForeignKey("buildings.id"))
    staircase: Mapped[str | None] = mapped_column(String(10))
    #: the notice's, once it is told: notices are found by place and time; none for a draft and for a withdrawn one
    visible_from: Mapped[datetime | None] = mapped_column(UtcDateTime)


class NoticeText(Model):
    """The words in one language; the body is markdown."""

    __tablename__ = "notice_texts"

    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"), primary_key=True)
    language: Mapped[Language] = mapped_column(Code(Language), primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    body: Mapped[str] = mapped_column(Text)


class NoticeFile(Model):
    """A file that hangs on a notice; with a language it stands beside the words of that one only."""

    __tablename__ = "notice_files"

    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"), primary_key=True)
    #: a correction has the files of what it corrects
    attachment_id: Mapped[int] = mapped_column(ForeignKey("attachments.id"), primary_key=True, index=True)
    language: Mapped[Language | None] = mapped_column(Code(Language))


class NoticeReading(Model):
    """That a resident has opened a notice, and said that they have read it where that is asked."""

    __tablename__ = "notice_readings"
    __table_args__ = (
        Index("ix_notice_readings_account_id", "account_id"),
        Index(
            "ix_notice_readings_acknowledged",
            "notice_id",
            "acknowledged_at",
            "account_id",
            postgresql_where=IS_ACKNOWLEDGED,
            sqlite_where=IS_ACKNOWLEDGED,
        ),
    )

    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    read_at: Mapped[datetime] = mapped_column(UtcDateTime)
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class NoticeMailing(Model):
    """How far the mails of a notice are: all of the homes up to this one are in the outbox."""

    __tablename__ = "notice_mailings"
    __table_args__ = (
        Index("ix_notice_mailings_unfinished", "notice_id", postgresql_where=IS_UNFINISHED, sqlite_where=IS_UNFINISHED),
    )

    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"), primary_key=True)
    kind: Mapped[MailKind] = mapped_column(Code(MailKind))
    after_apartment_id: Mapped[int] = mapped_column(default=0)
    queued: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
