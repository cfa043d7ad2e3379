"""Read what hangs on an account: its sessions, mailed links, identifications, devices, and who it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import undefer

from heka_portal.database import at_most
from heka_portal.domain.access import Actor
from heka_portal.domain.accounts.queries import IDLE, hash_key, normal_email
from heka_portal.domain.accounts.rules import IdentificationOver, LinkDead, OwnData
from heka_portal.extensions import db
from heka_portal.models.accounts import (
    Account,
    AccountToken,
    Contractor,
    Identification,
    KnownDevice,
    LoginSession,
    StaffMember,
)
from heka_portal.models.homes import Apartment, Building, Occupancy
from heka_portal.models.leases import Lease, LeaseParty
from heka_portal.models.people import Person
from heka_portal.vocabulary import IdentificationPurpose, IdentificationState, StaffRole, TokenPurpose

#: as many browsers are listed; "sign out everywhere" ends all there are
MOST_SESSIONS = 20


@dataclass(frozen=True)
class SessionLine:
    """Where an account is signed in."""

    id: int
    created_at: datetime
    last_seen_at: datetime
    user_agent: str | None
    is_this: bool


def _alive(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        LoginSession.ended_at.is_(None),
        LoginSession.expires_at > now,
        LoginSession.last_seen_at > now - IDLE,
    )


def list_sessions(actor: Actor, *, now: datetime) -> list[SessionLine]:
    """The actor's latest sessions that have not ended: this one first, then the one seen last."""
    wanted = (
        select(LoginSession.id, LoginSession.created_at, LoginSession.last_seen_at, LoginSession.user_agent)
        .where(LoginSession.account_id == actor.account_id, *_alive(now))
        .order_by(LoginSession.last_seen_at.desc(), LoginSession.id.desc())
        .limit(at_most(MOST_SESSIONS))
    )
    lines = [SessionLine(*row, is_this=row.id == actor.session_id) for row in db.session.execute(wanted)]
    return sorted(lines, key=lambda line: not line.is_this)


# ---------------------------------------------------------------- links, identifications, what a password may not be


def get_link(token: str, purpose: TokenPurpose, *, now: datetime) -> AccountToken:
    """A mailed link that still works. Raises LinkDead."""
    link = db.session.scalar(
        select(AccountToken).where(
            AccountToken.token_hash == hash_key(token),
            AccountToken.purpose == purpose,
            AccountToken.used_at.is_(None),
            AccountToken.expires_at > now,
        )
    )
    if link is None:
        raise LinkDead
    return link


def get_identification(browser: str, *, now: datetime) -> Identification:
    """The last identification of this browser that still counts. Raises IdentificationOver."""
    found = db.session.scalar(
        select(Identification)
        .where(
            Identification.browser_hash == hash_key(browser),
            Identification.purpose == IdentificationPurpose.REGISTER,
            Identification.state == IdentificationState.IDENTIFIED,
            Identification.expires_at > now,
        )
        .order_by(Identification.id.desc())
        .limit(at_most(1))
    )
    if found is None:
        raise IdentificationOver
    return found


def get_own_data(*, person_id: int | None = None, account_id: int | None = None, email: str = "") -> OwnData:
    """What is known of the person who chooses a password: of a person of the register, or of an account's holder."""
    account = db.session.get(Account, account_id) if account_id else None
    if account is not None:
        person_id, email = account.person_id, account.email
    if account is not None and account.staff_member_id is not None:
        name = db.session.scalars(select(StaffMember.name).where(StaffMember.id == account.staff_member_id)).one()
        return OwnData(names=(name,), email=email)
    person = db.session.scalars(
        select(Person).where(Person.id == person_id).options(undefer(Person.identity_code))
    ).one()
    return OwnData(
        names=(person.first_names, person.last_name),
        email=email,
        birth_on=person.birth_on,
        addresses=tuple(_addresses(person.id)),
        identity_code=person.identity_code or "",
    )


def _addresses(person_id: int) -> Sequence[str]:
    lived = select(Occupancy.apartment_id).where(Occupancy.person_id == person_id)
    rented = select(Lease.apartment_id).join(LeaseParty).where(LeaseParty.person_id == person_id)
    return db.session.scalars(
        select(Building.street_address)
        .join(Apartment, Apartment.building_id == Building.id)
        .where(Apartment.id.in_(lived.union(rented)))
        .distinct()
    ).all()


def is_known_device(email: str, device: str) -> bool:
    """Whether an account with this email has signed in from this browser before."""
    return (
        db.session.scalar(
            select(KnownDevice.id)
            .join(Account, Account.id == KnownDevice.account_id)
            .where(Account.email == normal_email(email), KnownDevice.device_hash == hash_key(device))
        )
        is not None
    )


@dataclass(frozen=True)
class StaffLine:
    """A member of staff and their account."""

    email: str
    name: str
    role: StaffRole
    contractor: str | None
    has_second_factor: bool
    is_disabled: bool


def list_staff() -> list[StaffLine]:
    """Every member of staff, those at work first."""
    rows = db.session.execute(
        select(
            Account.email,
            StaffMember.name,
            StaffMember.role,
            Contractor.name,
            Account.totp_secret.is_not(None),
            Account.is_disabled,
        )
        .join(StaffMember, StaffMember.id == Account.staff_member_id)
        .outerjoin(Contractor, Contractor.id == StaffMember.contractor_id)
        .order_by(Account.is_disabled, StaffMember.name, Account.id)
    )
    return [StaffLine(*row) for row in rows]
