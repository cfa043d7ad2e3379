"""More and more rows on every page of the table: what a page costs must not grow with them."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta

from heka_portal import clock
from heka_portal.domain.casework.operations import write
from heka_portal.domain.defects.queries import get_defect
from heka_portal.extensions import db
from heka_portal.models.homes import Apartment, Building, Region
from heka_portal.models.outbox import OutboxMail
from heka_portal.vocabulary import (
    DefectArea,
    Language,
    MailKind,
    MailState,
    RegistrationObstacle,
)
from tests.contracts.pages import NEIGHBOUR, OWNER
from tests.contracts.scenery import Scenery
from tests.factories.accounts import make_session, make_staff
from tests.factories.defects import finish, make_defect, move
from tests.factories.homes import make_apartment, make_building, make_occupancy
from tests.factories.identifications import make_identification
from tests.factories.leases import let
from tests.factories.people import make_person

#: a conversation is read as a whole, so its page grows in bytes; hardly anybody writes more than this
MOST_LINES = 6
#: so does the page of a home
MOST_AT_HOME = 18


def crowd(scenery: Scenery, rows: int) -> None:
    """Add so many rows of everything that a page lists."""
    with scenery.app.app_context():
        for add in ROWS:
            add(scenery, rows)
        db.session.commit()


def _matters(scenery: Scenery, rows: int) -> None:
    """Cases of the owner's home, open, waiting and closed; of the neighbour's common areas; of a contractor."""
    world = scenery.world
    owner, neighbour, clerk = world.actor(OWNER), world.actor(NEIGHBOUR), world.actor("clerk")
    for number in range(rows):
        case = make_defect(owner)
        if number % 4 == 1:
            finish(clerk, case)
        elif number % 4 == 2:
            move(clerk, case, "order", contractor_id=world.contractor_id)
        elif number % 4 == 3:
            move(clerk, case, "cancel", text="A mistake")
        make_defect(neighbour, DefectArea.COMMON)


def _conversation(scenery: Scenery, rows: int) -> None:
    """Lines in the cases whose pages are opened."""
    owner = scenery.world.actor(OWNER)
    for state in ("received", "ordered", "of the household"):
        case = get_defect(owner, scenery.cases[state])
        for _ in range(min(rows, MOST_LINES)):
            write(owner, case, text="It drips still, a cup in an hour.", form_key=None)


def _register(scenery: Scenery, rows: int) -> None:
    """Apartments of the building, buildings of the region, staff."""
    building = db.session.get_one(Building, scenery.world.building_id)
    region = db.session.get_one(Region, scenery.world.region_id)
    for _ in range(rows):
        make_building(region)
        make_apartment(building)
        make_staff()


def _household(scenery: Scenery, rows: int) -> None:
    """Occupants and past leases of the home, browsers that are signed in."""
    world, today = scenery.world, clock.today()
    home = db.session.get_one(Apartment, world.apartment_id)
    for number in range(min(rows, MOST_AT_HOME)):
        make_session(world.account(OWNER))
        make_session(world.account("clerk"))
        make_occupancy(make_person(), home, from_on=today - timedelta(days=10))
        past = today - timedelta(days=4000 + 10 * number)
        let(home, make_person(), starts_on=past - timedelta(days=9), ends_on=past)


def _office(scenery: Scenery, rows: int) -> None:
    """Refused registrations and dead mail."""
    now = clock.now()
    for _ in range(rows):
        make_identification(None, obstacle=RegistrationObstacle.NOT_IN_REGISTER)
        db.session.add(
            OutboxMail(
                message_id=f"<{secrets.token_hex()}@tests>",
                kind=MailKind.CASE_NEWS,
                to_email="lost@example.fi",
                language=Language.FINNISH,
                params={"number": scenery.cases["received"]},
                state=MailState.DEAD,
                attempts=9,
                created_at=now,
                next_try_at=now,
            )
        )


ROWS: tuple[Callable[[Scenery, int], None], ...] = (_matters, _conversation, _register, _household, _office)
