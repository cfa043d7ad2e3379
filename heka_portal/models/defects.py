"""Defect notifications, and the dated rows their rules are made of."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from heka_portal.database import BigKey, Code, UtcDateTime
from heka_portal.extensions import Model
from heka_portal.models.cases import Case
from heka_portal.vocabulary import CaseKind, DefectArea, Fault, MasterKey, Place, Upkeep, Urgency


class Defect(Case):
    """A defect of a home or of a building's common areas."""

    __tablename__ = "defects"
    __table_args__ = (CheckConstraint("(master_key IS NULL) = (area = 'common')", name="access_for_homes_only"),)
    __mapper_args__ = {"polymorphic_identity": CaseKind.DEFECT}

    id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    area: Mapped[DefectArea] = mapped_column(Code(DefectArea))
    place: Mapped[Place] = mapped_column(Code(Place))
    fault: Mapped[Fault] = mapped_column(Code(Fault))
    description: Mapped[str] = mapped_column(Text)
    noticed_on: Mapped[date | None] = mapped_column(Date)
    # access to the home, for this defect only, changeable by its owner
    master_key: Mapped[MasterKey | None] = mapped_column(Code(MasterKey))
    pets: Mapped[str | None] = mapped_column(String(200))
    has_safety_chain: Mapped[bool] = mapped_column(default=False)
    phone: Mapped[str | None] = mapped_column(String(40))
    call_when: Mapped[str | None] = mapped_column(String(200))
    #: may the contractor see the phone
    is_phone_shared: Mapped[bool] = mapped_column(default=False)
    # the visit agreed on
    visit_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    visit_to: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: when the work was last said to be done: the resident's 14 days run from it
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class FaultUrgency(Model):
    """How urgent a kind of fault is unless a clerk decides otherwise; dated."""

    __tablename__ = "fault_urgencies"
    __table_args__ = (Index("uq_fault_urgencies_fault_from_on", "fault", "from_on", unique=True),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    fault: Mapped[Fault] = mapped_column(Code(Fault))
    urgency: Mapped[Urgency] = mapped_column(Code(Urgency))
    from_on: Mapped[date] = mapped_column(Date)
    to_on: Mapped[date | None] = mapped_column(Date)


class DefectTarget(Model):
    """The target time of an urgency; dated. One of hours, working days or days."""

    __tablename__ = "defect_targets"
    __table_args__ = (
        Index("uq_defect_targets_urgency_from_on", "urgency", "from_on", unique=True),
        CheckConstraint(
            "(hours IS NOT NULL AND working_days IS NULL AND days IS NULL)"
            " OR (hours IS NULL AND working_days IS NOT NULL AND days IS NULL)"
            " OR (hours IS NULL AND working_days IS NULL AND days IS NOT NULL)",
            name="one_measure",
        ),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    urgency: Mapped[Urgency] = mapped_column(Code(Urgency))
    hours: Mapped[int | None]
    working_days: Mapped[int | None]
    days: Mapped[int | None]
    #: working days more for the written finding, after the look
    finding_working_days: Mapped[int | None]
    from_on: Mapped[date] = mapped_column(Date)
    to_on: Mapped[date | None] = mapped_column(Date)


class UpkeepRule(Model):
    """Who mends what, and what it costs; dated. Said before sending, and given as the ground of a closing."""

    __tablename__ = "upkeep_rules"
    __table_args__ = (Index("uq_upkeep_rules_code_from_on", "code", "from_on", unique=True),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    code: Mapped[str] = mapped_column(String(40))
    upkeep: Mapped[Upkeep] = mapped_column(Code(Upkeep))
    #: the kind of fault it is said at; none: it is only a ground for closing
    fault: Mapped[Fault | None] = mapped_column(Code(Fault))
    text_fi: Mapped[str] = mapped_column(String(400))
    text_sv: Mapped[str] = mapped_column(String(400))
    text_en: Mapped[str] = mapped_column(String(400))
    price_cents: Mapped[int | None]
    from_on: Mapped[date] = mapped_column(Date)
    to_on: Mapped[date | None] = mapped_column(Date)
