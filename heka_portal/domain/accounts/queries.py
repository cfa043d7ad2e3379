"""Who a session stands for: the actor of a request, in one statement."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Date, Integer, Row, Select, String, and_, bindparam, cast, literal, null, or_, select

from heka_portal import clock
from heka_portal.domain.access import Actor, Tie, without_left_homes
from heka_portal.extensions import db
from heka_portal.models.accounts import Account, LoginSession, StaffMember
from heka_portal.models.email_changes import EmailChange
from heka_portal.models.homes import Apartment, Building, Occupancy
from heka_portal.models.leases import Lease, LeaseParty
from heka_portal.models.people import Person

#: a session that nobody used for this long has ended
IDLE = timedelta(minutes=30)

_HOLDER = (
    LoginSession.id.label("session_id"),
    LoginSession.created_at.label("session_created_at"),
    LoginSession.last_seen_at,
    LoginSession.strong_at,
    Account.id.label("account_id"),
    Account.email,
    Account.language,
    Account.person_id,
    Person.first_names,
    Person.last_name,
    Account.staff_member_id,
    StaffMember.name.label("staff_name"),
    StaffMember.role.label("staff_role"),
    StaffMember.contractor_id,
    StaffMember.region_id.label("staff_region_id"),
)


_OF_KEY: tuple[Any, ...] = (
    LoginSession.key_hash == bindparam("key_hash"),
    LoginSession.ended_at.is_(None),
    LoginSession.expires_at > bindparam("now"),
    LoginSession.last_seen_at > bindparam("idle_since"),
)
_OF_ID: tuple[Any, ...] = (LoginSession.id == bindparam("session_id"),)


def _holder(which: tuple[Any, ...], *extra: Any) -> Select[*tuple[Any, ...]]:
    """The session, its account and who holds it; each arm of the union begins from the session's key."""
    return (
        select(*_HOLDER, *extra)
        .join(Account, Account.id == LoginSession.account_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .outerjoin(StaffMember, StaffMember.id == Account.staff_member_id)
        .where(*which, Account.is_disabled.is_(False))
    )


PART_FROM_ON = db.func.coalesce(LeaseParty.from_on, Lease.starts_on)
#: the lease that is an occupant's home's on the day
RUNS_TODAY = and_(
    Lease.apartment_id == Occupancy.apartment_id,
    Lease.starts_on <= bindparam("today", type_=Date),
    or_(Lease.ends_on.is_(None), Lease.ends_on > bindparam("today", type_=Date)),
)


def home_columns(from_on: Any, to_on: Any, is_party: bool) -> tuple[Any, ...]:
    """What a tie is made of, from a part in a lease or a line of the register of occupants."""
    return (
        literal(1 if is_party else 0).label("is_party"),
        Apartment.id.label("apartment_id"),
        Building.id.label("building_id"),
        Building.region_id,
        Building.street_address,
        Apartment.staircase,
        Apartment.number,
        from_on.label("from_on"),
        to_on.label("to_on"),
        Lease.id.label("lease_id"),
        Lease.starts_on,
        Lease.ends_on,
    )


def _actor_statement(which: tuple[Any, ...]) -> Any:
    none = (
        literal(-1).label("is_party"),
        *(cast(null(), Integer).label(name) for name in ("apartment_id", "building_id", "region_id")),
        *(cast(null(), String).label(name) for name in ("street_address", "staircase", "number")),
        *(cast(null(), Date).label(name) for name in ("from_on", "to_on")),
        cast(null(), Integer).label("lease_id"),
        *(cast(null(), Date).label(name) for name in ("starts_on", "ends_on")),
    )
    as_party = (
        _holder(which, *home_columns(PART_FROM_ON, LeaseParty.to_on, True))
        .join(LeaseParty, LeaseParty.person_id == Account.person_id)
        .join(Lease, Lease.id == LeaseParty.lease_id)
        .join(Apartment, Apartment.id == Lease.apartment_id)
        .join(Building, Building.id == Apartment.building_id)
    )
    as_occupant = (
        _holder(which, *home_columns(Occupancy.from_on, Occupancy.to_on, False))
        .join(Occupancy, Occupancy.person_id == Account.person_id)
        .join(Apartment, Apartment.id == Occupancy.apartment_id)
        .join(Building, Building.id == Apartment.building_id)
        .outerjoin(Lease, RUNS_TODAY)
    )
    return _holder(which, *none).union_all(as_party, as_occupant)


_ACTOR, _ACTOR_LATER = _actor_statement(_OF_KEY), _actor_statement(_OF_ID)


def hash_key(key: str) -> str:
    """How a secret that only the browser or the mail holds is kept."""
    return hashlib.sha256(key.encode()).hexdigest()


def normal_email(email: str) -> str:
    """An email address as accounts keep it: it is found whatever capitals are typed."""
    return email.strip().lower()


def list_warned_emails(account_id: int, *, now: datetime) -> list[str]:
    """Where what concerns an account's safety is told: its email, and an earlier one that can still be put back."""
    old = select(EmailChange.old_email).where(
        EmailChange.account_id == account_id, EmailChange.undo_until > now, EmailChange.ended_at.is_(None)
    )
    present = select(Account.email).where(Account.id == account_id)
    return sorted(db.session.scalars(old.union(present)))


def get_actor(key: str, *, now: datetime, former_days: int) -> Actor | None:
    """The actor of a session's key; none where the session has ended."""
    on = clock.date_in_helsinki(now)
    asked = {"key_hash": hash_key(key), "now": now, "idle_since": now - IDLE, "today": on}
    rows = db.session.execute(_ACTOR, asked).all()
    return _to_actor(rows, on, former_days) if rows else None


def get_actor_later(session_id: int, *, now: datetime, former_days: int) -> Actor | None:
    """Who acted in a session, with the rights of now, for what the worker does for them; it may have ended meanwhile.

    None where the account is closed.
    """
    on = clock.date_in_helsinki(now)
    rows = db.session.execute(_ACTOR_LATER, {"session_id": session_id, "today": on}).all()
    return _to_actor(rows, on, former_days) if rows else None


def _to_actor(rows: Sequence[Row[Any]], on: date, former_days: int) -> Actor:
    first = rows[0]
    name = first.staff_name or f"{first.first_names.split(' ')[0]} {first.last_name}"
    return Actor(
        account_id=first.account_id,
        session_id=first.session_id,
        name=name,
        email=first.email,
        language=first.language,
        on=on,
        person_id=first.person_id,
        staff_id=first.staff_member_id,
        staff_role=first.staff_role,
        contractor_id=first.contractor_id,
        staff_region_id=first.staff_region_id,
        ties=without_left_homes((to_tie(row) for row in rows if row.is_party >= 0), on),
        former_days=former_days,
        session_created_at=first.session_created_at,
        last_seen_at=first.last_seen_at,
        strong_at=first.strong_at,
    )


def to_tie(row: Row[Any]) -> Tie:
    """The tie of a row of `home_columns`."""
    return Tie(
        is_party=bool(row.is_party),
        apartment_id=row.apartment_id,
        building_id=row.building_id,
        region_id=row.region_id,
        street_address=row.street_address,
        staircase=row.staircase,
        number=row.number,
        from_on=row.from_on,
        to_on=row.to_on,
        lease_id=row.lease_id,
        lease_starts_on=row.starts_on,
        lease_ends_on=row.ends_on,
    )
