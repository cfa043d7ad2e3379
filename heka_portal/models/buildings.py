"""What staff keep of a building beside the register: texts, rescue plans and who has read them, documents."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from heka_portal.database import BigKey, Code, UtcDateTime
from heka_portal.extensions import Model
from heka_portal.vocabulary import BuildingTextKind, DocumentAudience, DocumentKind, Language, PlanState

#: the condition of a partial index, written into statements as it stands here (see models/outbox.py)
IS_TELLING = text("told_to_id IS NOT NULL")


class BuildingText(Model):
    """What a building's residents need to know of one thing, in one language."""

    __tablename__ = "building_texts"
    __table_args__ = (
        Index("uq_building_texts_building_id_kind_language", "building_id", "kind", "language", unique=True),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    building_id: Mapped[int] = mapped_column(ForeignKey("buildings.id"))
    kind: Mapped[BuildingTextKind] = mapped_column(Code(BuildingTextKind))
    language: Mapped[Language] = mapped_column(Code(Language))
    text: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))


class RescuePlan(Model):
    """A version of a building's rescue plan. Once published it changes no more; a new version is a new row."""

    __tablename__ = "rescue_plans"
    __table_args__ = (
        CheckConstraint(
            "state = 'draft' OR (valid_from IS NOT NULL AND published_at IS NOT NULL AND published_by_id IS NOT NULL)",
            name="published_is_dated",
        ),
        CheckConstraint("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn_is_dated"),
        Index("uq_rescue_plans_building_id_version", "building_id", "version", unique=True),
        Index(
            "ix_rescue_plans_telling",
            "valid_from",
            "id",
            postgresql_where=IS_TELLING,
            sqlite_where=IS_TELLING,
        ),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    building_id: Mapped[int] = mapped_column(ForeignKey("buildings.id"))
    version: Mapped[int]
    state: Mapped[PlanState] = mapped_column(Code(PlanState))
    valid_from: Mapped[date | None] = mapped_column(Date)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: the worker tells the building's people of it, by their accounts' ids: those up to this one know; none: all do
    told_to_id: Mapped[int | None]


class RescuePlanText(Model):
    """A version in one language: the four parts that the law names as text, or a file that holds them."""

    __tablename__ = "rescue_plan_texts"
    __table_args__ = (
        Index("uq_rescue_plan_texts_plan_id_language", "plan_id", "language", unique=True),
        Index("uq_rescue_plan_texts_attachment_id", "attachment_id", unique=True),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("rescue_plans.id"))
    language: Mapped[Language] = mapped_column(Code(Language))
    risks: Mapped[str] = mapped_column(Text, default="")
    arrangements: Mapped[str] = mapped_column(Text, default="")
    instructions: Mapped[str] = mapped_column(Text, default="")
    preparedness: Mapped[str] = mapped_column(Text, default="")
    attachment_id: Mapped[int | None] = mapped_column(ForeignKey("attachments.id"))


class RescuePlanReading(Model):
    """Somebody has said that they have read a version."""

    __tablename__ = "rescue_plan_readings"
    __table_args__ = (
        Index("uq_rescue_plan_readings_plan_id_account_id", "plan_id", "account_id", unique=True),
        Index("ix_rescue_plan_readings_account_id", "account_id"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("rescue_plans.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    read_at: Mapped[datetime] = mapped_column(UtcDateTime)


class BuildingDocument(Model):
    """A file for the residents of a building, its main tenants, or of all the landlord's buildings (no building)."""

    __tablename__ = "building_documents"
    __table_args__ = (
        CheckConstraint("(audience = 'everyone') = (building_id IS NULL)", name="everyone_has_no_building"),
        CheckConstraint("(removed_at IS NULL) = (attachment_id IS NOT NULL)", name="removed_has_no_file"),
        Index("ix_building_documents_building_id", "building_id", "kind", "id"),
        Index("uq_building_documents_attachment_id", "attachment_id", unique=True),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    building_id: Mapped[int | None] = mapped_column(ForeignKey("buildings.id"))
    kind: Mapped[DocumentKind] = mapped_column(Code(DocumentKind))
    audience: Mapped[DocumentAudience] = mapped_column(Code(DocumentAudience))
    #: the language of the file
    language: Mapped[Language] = mapped_column(Code(Language))
    title_fi: Mapped[str] = mapped_column(String(160))
    title_sv: Mapped[str | None] = mapped_column(String(160))
    title_en: Mapped[str | None] = mapped_column(String(160))
    attachment_id: Mapped[int | None] = mapped_column(ForeignKey("attachments.id"))
    #: the one-time key of the form it came by: a double press adds it once
    form_key: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
