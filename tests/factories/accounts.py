"""Accounts, staff, contractors and login sessions."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from heka_portal import clock
from heka_portal.domain.access import Actor
from heka_portal.domain.accounts.queries import get_actor, hash_key
from heka_portal.extensions import db, settings
from heka_portal.models.accounts import Account, Contractor, LoginSession, StaffMember
from heka_portal.models.homes import Region
from heka_portal.models.people import Person
from heka_portal.vocabulary import Language, StaffRole
from tests.factories.counting import fresh


def make_account(holder: Person | StaffMember, **values: Any) -> Account:
    """The account of a person or a staff member; in English, without a password."""
    is_person = isinstance(holder, Person)
    given = {
        "person_id": holder.id if is_person else None,
        "staff_member_id": None if is_person else holder.id,
        "email": f"account{fresh()}@example.fi",
        "language": Language.ENGLISH,
        "created_at": clock.now(),
        **values,
    }
    account = Account(**given)
    db.session.add(account)
    db.session.flush()
    return account


def make_contractor(**values: Any) -> Contractor:
    """A maintenance company."""
    company = Contractor(**{"name": f"Huolto {fresh()} Oy", "phone": "+358401234567", **values})
    db.session.add(company)
    db.session.flush()
    return company


def make_staff(
    role: StaffRole = StaffRole.CLERK,
    *,
    contractor: Contractor | None = None,
    region: Region | None = None,
    **values: Any,
) -> StaffMember:
    """Someone who works for the landlord, or for a contractor."""
    member = StaffMember(
        **{
            "name": f"Sanna Laine{fresh()}",
            "role": role,
            "contractor_id": contractor.id if contractor else None,
            "region_id": region.id if region else None,
            **values,
        }
    )
    db.session.add(member)
    db.session.flush()
    return member


def make_session(account: Account, **values: Any) -> str:
    """A login session as if the account had just signed in; returns the key that the browser holds."""
    key, now = secrets.token_urlsafe(32), clock.now()
    given = {
        "account_id": account.id,
        "key_hash": hash_key(key),
        "created_at": now,
        "last_seen_at": now,
        "expires_at": now + timedelta(hours=8),
        **values,
    }
    db.session.add(LoginSession(**given))
    db.session.flush()
    return key


def sign_in(account: Account) -> Actor:
    """The actor of a fresh session of the account, as a request would compute it now."""
    actor = get_actor(make_session(account), now=clock.now(), former_days=settings().former_tenant_days)
    assert actor is not None
    return actor
