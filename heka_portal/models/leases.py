"""Leases and their parties: the signatories and their spouses are the main tenants."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from heka_portal.database import BigKey, Code, UtcDateTime
from heka_portal.extensions import Model
from heka_portal.vocabulary import LeaseRole, LeaseTerm, MovingDay

if TYPE_CHECKING:
    from heka_portal.models.homes import Apartment
    from heka_portal.models.people import Person


class Lease(Model):
    """A rent agreement. `ends_on` is exclusive: the day after the last day."""

    __tablename__ = "leases"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        Index("ix_leases_apartment_id_starts_on", "apartment_id", "starts_on"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    register_id: Mapped[str] = mapped_column(String(40), unique=True)
    apartment_id: Mapped[int] = mapped_column(ForeignKey("apartments.id"))
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    term: Mapped[LeaseTerm] = mapped_column(Code(LeaseTerm))
    moving_day: Mapped[MovingDay | None] = mapped_column(Code(MovingDay))
    monthly_rent_cents: Mapped[int]

    apartment: Mapped[Apartment] = relationship(back_populates="leases", lazy="raise_on_sql")
    parties: Mapped[list[LeaseParty]] = relationship(back_populates="lease", lazy="raise_on_sql")


class LeaseParty(Model):
    """A main tenant's part in a lease, from (default: its start), until (exclusive)."""

    __tablename__ = "lease_parties"
    __table_args__ = (
        CheckConstraint("to_on IS NULL OR from_on IS NULL OR to_on >= from_on", name="ends_after_start"),
        Index("uq_lease_parties_lease_id_person_id_role", "lease_id", "person_id", "role", unique=True),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    lease_id: Mapped[int] = mapped_column(ForeignKey("leases.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    role: Mapped[LeaseRole] = mapped_column(Code(LeaseRole))
    from_on: Mapped[date | None] = mapped_column(Date)
    to_on: Mapped[date | None] = mapped_column(Date)

    lease: Mapped[Lease] = relationship(back_populates="parties", lazy="raise_on_sql")
    person: Mapped[Person] = relationship(back_populates="lease_parts", lazy="raise_on_sql")
