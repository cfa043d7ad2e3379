"""One small world of people, and a client signed in as each of them: `client_for(role)`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from heka_portal import clock
from heka_portal.domain.access import Actor
from heka_portal.extensions import db
from heka_portal.models.accounts import Account, LoginSession
from heka_portal.vocabulary import StaffRole
from tests.factories.accounts import make_account, make_contractor, make_session, make_staff, sign_in
from tests.factories.homes import make_apartment, make_building
from tests.factories.leases import let
from tests.factories.people import make_person

#: the words for people (docs/domain.md); the home is the main tenant's
RESIDENTS = (
    "main_tenant",
    "co_tenant",
    "resident",
    "neighbour",
    "next_tenant",
    "former_tenant",
    "coming_tenant",
)
STAFF = (
    "clerk",
    "supervisor",
    "building_manager",
    "communications",
    "finance",
    "contractor",
    "contractor_elsewhere",
    "administrator",
)
ROLES = RESIDENTS + STAFF


@dataclass(frozen=True)
class World:
    """A home with all who have to do with it; ids only, so that no session need stay open."""

    region_id: int
    building_id: int
    apartment_id: int
    lease_id: int
    contractor_id: int
    other_contractor_id: int
    account_ids: dict[str, int]

    def account(self, role: str) -> Account:
        """The account of a role; needs an application context."""
        account = db.session.get(Account, self.account_ids[role])
        assert account is not None
        return account

    def actor(self, role: str) -> Actor:
        """The actor of a role in a session of their own; needs an application context."""
        return sign_in(self.account(role))


def make_world() -> World:
    """A building with the home of the main tenant, a neighbour's, and one to be let; needs an application context.

    The next tenant follows in the main tenant's home, whose lease ends in two months; the former tenant had it before;
    the coming tenant gets another home of the building.
    """
    today = clock.today()
    building = make_building()
    home, next_door, empty = (make_apartment(building) for _ in range(3))
    people = {role: make_person() for role in RESIDENTS}
    ends_on = today + timedelta(days=60)
    begun_on = today - timedelta(days=100)
    living = (people["main_tenant"], people["co_tenant"], people["resident"])
    lease = let(home, *living, starts_on=begun_on, ends_on=ends_on)
    let(home, people["next_tenant"], starts_on=ends_on)
    let(home, people["former_tenant"], starts_on=begun_on - timedelta(days=900), ends_on=begun_on)
    let(next_door, people["neighbour"])
    let(empty, people["coming_tenant"], starts_on=today + timedelta(days=20))
    company, other_company = make_contractor(), make_contractor()
    staff = {
        "clerk": make_staff(),
        "supervisor": make_staff(StaffRole.SUPERVISOR),
        "building_manager": make_staff(StaffRole.BUILDING_MANAGER),
        "communications": make_staff(StaffRole.COMMUNICATIONS),
        "finance": make_staff(StaffRole.FINANCE),
        "contractor": make_staff(StaffRole.CONTRACTOR, contractor=company),
        "contractor_elsewhere": make_staff(StaffRole.CONTRACTOR, contractor=other_company),
        "administrator": make_staff(StaffRole.ADMINISTRATOR),
    }
    accounts = {role: make_account(holder) for role, holder in (people | staff).items()}
    building.manager_email = accounts["building_manager"].email
    db.session.commit()
    return World(
        region_id=building.region_id,
        building_id=building.id,
        apartment_id=home.id,
        lease_id=lease.id,
        contractor_id=company.id,
        other_contractor_id=other_company.id,
        account_ids={role: account.id for role, account in accounts.items()},
    )


ClientFor = Callable[..., FlaskClient]


def strengthen(app: Flask, *, ago: timedelta = timedelta()) -> None:
    """Let everybody have identified themselves strongly in their browser, now or so long ago."""
    with app.app_context():
        db.session.execute(update(LoginSession).values(strong_at=clock.now() - ago))
        db.session.commit()


def signed_in_client(app: Flask, account_id: int, **options: Any) -> FlaskClient:
    """A client in a login session of its own."""
    with app.app_context():
        account = db.session.get(Account, account_id)
        assert account is not None
        key = make_session(account)
        db.session.commit()
    client = app.test_client(**options)
    with client.session_transaction() as visit:
        visit["_user_id"], visit["_fresh"] = key, True
    return client
