"""The case: one number, one state, one conversation, one timeline; and who takes part in it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from heka_portal.database import BigKey, Code, UtcDateTime
from heka_portal.extensions import Model
from heka_portal.models.accounts import Account, Contractor, StaffMember
from heka_portal.models.homes import Apartment, Building
from heka_portal.models.people import Person
from heka_portal.vocabulary import (
    Audience,
    CaseKind,
    CaseQueue,
    ClosingReason,
    Part,
    ParticipantRole,
    Party,
    Urgency,
    Verb,
    Visibility,
)

IS_OPEN = text("closed_at IS NULL")
IS_CLOSED = text("closed_at IS NOT NULL")
IS_REOPENED = text("closed_at IS NULL AND reopened_count > 0")
IS_SENDING = text("sends_at IS NOT NULL")
IS_UNREAD = text("closed_at IS NULL AND unread_by_staff")


def _partial(name: str, *columns: str, where: Any) -> Index:
    return Index(name, *columns, postgresql_where=where, sqlite_where=where)


class Case(Model):
    """What is common to all kinds. Building and region are copied at opening: no filter joins."""

    __tablename__ = "cases"
    __table_args__: Any = (
        CheckConstraint("(outcome IS NULL) = (closed_at IS NULL)", name="closed_with_outcome"),
        # one wide index serves every filter of the open inbox
        _partial(
            "ix_cases_open",
            "due_at",
            "id",
            "kind",
            "state",
            "urgency",
            "region_id",
            "building_id",
            "queue",
            "handler_id",
            where=IS_OPEN,
        ),
        _partial("ix_cases_open_queue", "queue", where=IS_OPEN),
        _partial("ix_cases_open_handler_id", "handler_id", "due_at", "id", where=IS_OPEN),
        _partial("ix_cases_open_contractor_id", "contractor_id", "due_at", "id", where=IS_OPEN),
        # what the badges count: few of the open cases, found without reading the others
        _partial("ix_cases_open_reopened", "due_at", "id", "region_id", "state", where=IS_REOPENED),
        _partial("ix_cases_open_unread", "due_at", "id", "region_id", "handler_id", where=IS_UNREAD),
        _partial("ix_cases_open_awaits", "awaits", "due_at", "id", "region_id", where=IS_OPEN),
        # the dashboard's figures
        _partial("ix_cases_open_state", "state", "created_at", where=IS_OPEN),
        _partial("ix_cases_closed", "closed_at", "id", where=IS_CLOSED),
        _partial("ix_cases_closed_region_id", "region_id", "closed_at", "id", where=IS_CLOSED),
        _partial("ix_cases_closed_building_id", "building_id", "closed_at", "id", where=IS_CLOSED),
        _partial("ix_cases_closed_handler_id", "handler_id", "closed_at", "id", where=IS_CLOSED),
        _partial("ix_cases_closed_contractor_id", "contractor_id", "closed_at", "id", where=IS_CLOSED),
        Index("ix_cases_owner_id", "owner_id", "id"),
        Index("ix_cases_lease_id", "lease_id", "id"),
        Index("ix_cases_apartment_id", "apartment_id", "id"),
        Index("ix_cases_building_id", "building_id", "id"),
        Index("ix_cases_created_at", "created_at"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    #: nine digits, unguessable, the id in addresses and mails
    number: Mapped[int] = mapped_column(unique=True)
    kind: Mapped[CaseKind] = mapped_column(Code(CaseKind))
    state: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(120))
    owner_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    audience: Mapped[Audience] = mapped_column(Code(Audience))
    #: the lease it concerns; none: it concerns the building's common areas
    lease_id: Mapped[int | None] = mapped_column(ForeignKey("leases.id"))
    apartment_id: Mapped[int | None] = mapped_column(ForeignKey("apartments.id"))
    building_id: Mapped[int] = mapped_column(ForeignKey("buildings.id"))
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"))
    queue: Mapped[CaseQueue] = mapped_column(Code(CaseQueue))
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("staff_members.id"))
    contractor_id: Mapped[int | None] = mapped_column(ForeignKey("contractors.id"))
    urgency: Mapped[Urgency] = mapped_column(Code(Urgency))
    awaits: Mapped[Party] = mapped_column(Code(Party))
    #: what the inbox sorts by: the target, or while paused the day to look again
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: what the resident was promised; moves forward by each pause
    target_at: Mapped[datetime] = mapped_column(UtcDateTime)
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[ClosingReason | None] = mapped_column(Code(ClosingReason))
    duplicate_of_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    reopened_count: Mapped[int] = mapped_column(default=0)
    #: the last event everyone may see, and the last one of staff's as well: unread marks compare with these
    last_public_event_id: Mapped[int | None]
    last_event_id: Mapped[int | None]
    last_event_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: the last event that staff has not dealt with (a resident's word), none when read
    unread_by_staff: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column()

    owner: Mapped[Person] = relationship(lazy="raise_on_sql")
    building: Mapped[Building] = relationship(lazy="raise_on_sql")
    apartment: Mapped[Apartment | None] = relationship(lazy="raise_on_sql")
    handler: Mapped[StaffMember | None] = relationship(lazy="raise_on_sql")
    contractor: Mapped[Contractor | None] = relationship(lazy="raise_on_sql")
    duplicate_of: Mapped[Case | None] = relationship(remote_side="Case.id", lazy="raise_on_sql")

    __mapper_args__ = {
        "polymorphic_on": "kind",
        "version_id_col": version,
    }

    @property
    def is_closed(self) -> bool:
        """Whether it has been closed."""
        return self.closed_at is not None

    @property
    def is_paused(self) -> bool:
        """Whether its clock stands."""
        return self.paused_at is not None


class CaseEvent(Model):
    """One line of the timeline, append-only. What people write to each other are events too."""

    __tablename__ = "case_events"
    __table_args__ = (Index("ix_case_events_case_id_id", "case_id", "id"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: none: the worker
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    #: the part the actor had in this case then
    part: Mapped[Part] = mapped_column(Code(Part))
    verb: Mapped[Verb] = mapped_column(Code(Verb))
    #: the move's name, where a move was made
    move: Mapped[str | None] = mapped_column(String(40))
    visibility: Mapped[Visibility] = mapped_column(Code(Visibility))
    text: Mapped[str | None] = mapped_column(Text)
    from_state: Mapped[str | None] = mapped_column(String(40))
    to_state: Mapped[str | None] = mapped_column(String(40))
    #: what the line needs to be read: a visit's time, a contractor's id, a closing reason, the other case's number
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    #: the one-time key of the form that made it: a double click makes one event
    form_key: Mapped[str | None] = mapped_column(String(64), unique=True)

    actor: Mapped[Account | None] = relationship(lazy="raise_on_sql")


class CaseParticipant(Model):
    """A person who takes part, and the last event they have seen."""

    __tablename__ = "case_participants"
    __table_args__ = (Index("ix_case_participants_case_id", "case_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    role: Mapped[ParticipantRole] = mapped_column(Code(ParticipantRole))
    seen_event_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CaseText(Model):
    """The words a case is found by: as written, to be folded anew when that rule changes, and as searched.

    Each database keeps its own index of trigrams of the searched ones.
    """

    __tablename__ = "case_texts"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    body: Mapped[str] = mapped_column(Text)
    folded: Mapped[str] = mapped_column(Text)


class CaseDraft(Model):
    """What is being written, or waits to be sent; its key becomes the form key of the line it makes."""

    __tablename__ = "case_drafts"
    __table_args__ = (
        Index("ix_case_drafts_account_id", "account_id"),
        Index("ix_case_drafts_expires_at", "expires_at"),
        Index("ix_case_drafts_case_id", "case_id"),
        # what the worker sends next
        _partial("ix_case_drafts_sends_at", "sends_at", "id", where=IS_SENDING),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[CaseKind] = mapped_column(Code(CaseKind))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    #: the case whose conversation it goes to; none: it makes a case of its own
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    #: when the worker sends it; none: it is still being written
    sends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: until it is sent off, the draft ends with the session it was written in: the computer may be shared
    login_session_id: Mapped[int] = mapped_column(ForeignKey("login_sessions.id"), index=True)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
