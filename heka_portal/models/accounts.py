"""Accounts, their sessions, links, devices and identifications."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from heka_portal.database import BigKey, Code, UtcDateTime
from heka_portal.extensions import Model
from heka_portal.keyring import Encrypted
from heka_portal.models.people import Person
from heka_portal.vocabulary import (
    IdentificationPurpose,
    IdentificationState,
    Language,
    RegistrationObstacle,
    StaffRole,
    TokenPurpose,
)

#: the condition of a partial index, written into statements as it stands here (see models/outbox.py)
IS_LOCATED = text("ip_address IS NOT NULL")


class Contractor(Model):
    """A maintenance company that does jobs for the landlord."""

    __tablename__ = "contractors"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    name: Mapped[str] = mapped_column(String(160), unique=True)
    phone: Mapped[str | None] = mapped_column(String(40))
    email: Mapped[str | None] = mapped_column(String(254))
    is_active: Mapped[bool] = mapped_column(default=True)


class StaffMember(Model):
    """A person who works for the landlord or for a contractor."""

    __tablename__ = "staff_members"
    __table_args__ = (
        CheckConstraint("(role = 'contractor') = (contractor_id IS NOT NULL)", name="contractor_has_company"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    name: Mapped[str] = mapped_column(String(160))
    role: Mapped[StaffRole] = mapped_column(Code(StaffRole))
    contractor_id: Mapped[int | None] = mapped_column(ForeignKey("contractors.id"), index=True)
    #: the team: the region whose cases this member sees first
    region_id: Mapped[int | None] = mapped_column(ForeignKey("regions.id"))

    contractor: Mapped[Contractor | None] = relationship(lazy="raise_on_sql")


class Account(Model):
    """Email and password of a person of the register, or of a staff member; never of both."""

    __tablename__ = "accounts"
    __table_args__ = (CheckConstraint("(person_id IS NULL) <> (staff_member_id IS NULL)", name="one_holder"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), unique=True)
    staff_member_id: Mapped[int | None] = mapped_column(ForeignKey("staff_members.id"), unique=True)
    #: lower case
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[Language] = mapped_column(Code(Language))
    is_disabled: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    password_set_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: time-based one-time password secret; set when enrolment is confirmed
    totp_secret: Mapped[str | None] = mapped_column(Encrypted("accounts.totp_secret"))
    #: the last time step accepted, so that a code works once
    totp_step: Mapped[int | None]
    #: hashes of unused recovery codes
    recovery_codes: Mapped[list[str]] = mapped_column(JSON, default=list)

    person: Mapped[Person | None] = relationship(lazy="raise_on_sql")
    staff_member: Mapped[StaffMember | None] = relationship(lazy="raise_on_sql")


class LoginSession(Model):
    """A server-side session: its key is only in the browser, its hash here; revocable at once."""

    __tablename__ = "login_sessions"
    __table_args__ = (
        Index("ix_login_sessions_account_id_created_at", "account_id", "created_at"),
        # those whose address is still to be forgotten
        Index("ix_login_sessions_located", "created_at", "id", postgresql_where=IS_LOCATED, sqlite_where=IS_LOCATED),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: when this session was strengthened by strong identification, and how strongly
    strong_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    strong_acr: Mapped[str | None] = mapped_column(String(120))
    ip_address: Mapped[str | None] = mapped_column(String(45))
    user_agent: Mapped[str | None] = mapped_column(String(300))


class KnownDevice(Model):
    """A browser that has signed in to an account before; a new one is told by mail."""

    __tablename__ = "known_devices"
    __table_args__ = (Index("uq_known_devices_account_id_device_hash", "account_id", "device_hash", unique=True),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    device_hash: Mapped[str] = mapped_column(String(64))
    first_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AccountToken(Model):
    """A mailed link: the token is only in the mail, its hash here. Single use."""

    __tablename__ = "account_tokens"
    __table_args__ = (
        Index("ix_account_tokens_account_id", "account_id"),
        Index("ix_account_tokens_person_id", "person_id"),
        Index("ix_account_tokens_expires_at", "expires_at"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    purpose: Mapped[TokenPurpose] = mapped_column(Code(TokenPurpose))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    #: whose account a confirmation opens or renews
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    #: whose password a reset changes
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    email: Mapped[str | None] = mapped_column(String(254))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[Language] = mapped_column(Code(Language))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Identification(Model):
    """One round of strong identification, bound to a browser; pending at most 15 minutes, used once.

    Kept of the person: the keyed mark of the identity code and the name; never the token.
    """

    __tablename__ = "identifications"
    __table_args__ = (
        Index("ix_identifications_expires_at", "expires_at"),
        Index("ix_identifications_login_session_id", "login_session_id"),
        Index("ix_identifications_obstacle_created_at", "obstacle", "created_at"),
        Index("ix_identifications_person_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    purpose: Mapped[IdentificationPurpose] = mapped_column(Code(IdentificationPurpose))
    state: Mapped[IdentificationState] = mapped_column(Code(IdentificationState))
    state_hash: Mapped[str] = mapped_column(String(64), unique=True)
    browser_hash: Mapped[str] = mapped_column(String(64))
    nonce: Mapped[str] = mapped_column(String(128))
    code_verifier: Mapped[str] = mapped_column(String(128))
    #: the session that asked to be strengthened
    login_session_id: Mapped[int | None] = mapped_column(ForeignKey("login_sessions.id"))
    next_path: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    identified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    identity_mark: Mapped[str | None] = mapped_column(String(64))
    full_name: Mapped[str | None] = mapped_column(String(300))
    acr: Mapped[str | None] = mapped_column(String(120))
    auth_time: Mapped[datetime | None] = mapped_column(UtcDateTime)
    broker: Mapped[str | None] = mapped_column(String(200))
    failure: Mapped[str | None] = mapped_column(String(60))
    obstacle: Mapped[RegistrationObstacle | None] = mapped_column(Code(RegistrationObstacle))


class RateCounter(Model):
    """A counter of the brakes against guessing, shared by every process."""

    __tablename__ = "rate_counters"
    __table_args__ = (Index("ix_rate_counters_expires_at", "expires_at"),)

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    amount: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
