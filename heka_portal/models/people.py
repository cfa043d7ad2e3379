"""People of the landlord's register, and what the portal itself keeps about them."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, Date, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from heka_portal.database import BigKey, Code, UtcDateTime
from heka_portal.extensions import Model
from heka_portal.keyring import Encrypted
from heka_portal.vocabulary import Language

if TYPE_CHECKING:
    from heka_portal.models.homes import Occupancy
    from heka_portal.models.leases import LeaseParty


class Person(Model):
    """A person of the register. `register_*` columns are the landlord's; no import touches the others."""

    __tablename__ = "people"
    __table_args__ = (
        CheckConstraint("(identity_code IS NULL) = (identity_mark IS NULL)", name="identity_code_has_mark"),
        Index("ix_people_last_name_first_names", "last_name", "first_names"),
        Index("ix_people_register_email", "register_email"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    register_id: Mapped[str] = mapped_column(String(40), unique=True)
    identity_code: Mapped[str | None] = mapped_column(Encrypted("people.identity_code"), deferred=True)
    #: keyed fingerprint of the identity code, by which a person is found
    identity_mark: Mapped[str | None] = mapped_column(String(64), unique=True)
    birth_on: Mapped[date] = mapped_column(Date)
    last_name: Mapped[str] = mapped_column(String(120))
    first_names: Mapped[str] = mapped_column(String(160))
    register_email: Mapped[str | None] = mapped_column(String(254))
    register_phone: Mapped[str | None] = mapped_column(String(40))
    language: Mapped[Language] = mapped_column(Code(Language))
    #: non-disclosure order (turvakielto): address and phone are shown to the person and named roles only
    is_protected: Mapped[bool]
    #: the portal's own contact details; the postal address where it is not the home's
    phone: Mapped[str | None] = mapped_column(String(40))
    postal_street: Mapped[str | None] = mapped_column(String(160))
    postal_code: Mapped[str | None] = mapped_column(String(20))
    postal_city: Mapped[str | None] = mapped_column(String(80))
    postal_country: Mapped[str | None] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    occupancies: Mapped[list[Occupancy]] = relationship(back_populates="person", lazy="raise_on_sql")
    lease_parts: Mapped[list[LeaseParty]] = relationship(back_populates="person", lazy="raise_on_sql")

    @property
    def name(self) -> str:
        """First given name and last name, as people are addressed."""
        return f"{self.first_names.split(' ')[0]} {self.last_name}"
