"""Leases and their parties."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from heka_portal import clock
from heka_portal.extensions import db
from heka_portal.models.homes import Apartment
from heka_portal.models.leases import Lease, LeaseParty
from heka_portal.models.people import Person
from heka_portal.vocabulary import LeaseRole, LeaseTerm
from tests.factories.counting import fresh
from tests.factories.homes import TWO_YEARS, make_apartment, make_occupancy


def make_lease(apartment: Apartment | None = None, *, starts_on: date | None = None, **values: Any) -> Lease:
    """A lease of a home (default: a new one), by default running since two years."""
    begins = starts_on or clock.today() - TWO_YEARS
    given = {
        "register_id": f"L{fresh()}",
        "apartment_id": (apartment or make_apartment()).id,
        "signed_at": clock.start_of_day(begins - timedelta(days=30)),
        "starts_on": begins,
        "term": LeaseTerm.OPEN,
        "monthly_rent_cents": 70_000,
        **values,
    }
    lease = Lease(**given)
    db.session.add(lease)
    db.session.flush()
    return lease


def make_party(lease: Lease, person: Person, *, role: LeaseRole = LeaseRole.SIGNATORY, **values: Any) -> LeaseParty:
    """A main tenant's part in a lease."""
    party = LeaseParty(lease_id=lease.id, person_id=person.id, role=role, **values)
    db.session.add(party)
    db.session.flush()
    return party


def let(apartment: Apartment, *people: Person, starts_on: date | None = None, ends_on: date | None = None) -> Lease:
    """A home let to people who live there: the first signs, the second is the spouse, the others are residents."""
    lease = make_lease(apartment, starts_on=starts_on, ends_on=ends_on)
    for person, role in zip(people, LeaseRole, strict=False):
        make_party(lease, person, role=role)
    for person in people:
        make_occupancy(person, apartment, from_on=lease.starts_on, to_on=ends_on)
    return lease
