"""Which buildings a member of staff manages: those whose manager has the account's email in the register."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import starmap

from sqlalchemy import ColumnElement, false, func, select

from heka_portal.database import at_most
from heka_portal.domain.access import Actor, Permission
from heka_portal.domain.errors import NotAllowed
from heka_portal.extensions import db
from heka_portal.models.homes import Building

#: a building manager has some ten buildings
MOST_MANAGED = 100


def manager_email() -> ColumnElement[str]:
    """A manager's email as accounts keep theirs: capitals and blanks in the register play no part."""
    return func.lower(func.trim(Building.manager_email))


def is_managed_by(actor: Actor) -> ColumnElement[bool]:
    """The condition on `buildings`: the actor manages it."""
    if not actor.is_staff:
        return false()
    return manager_email() == actor.email


def manages(actor: Actor, building_id: int) -> bool:
    """Whether this member of staff is the manager of this building."""
    asked = select(Building.id).where(Building.id == building_id, is_managed_by(actor))
    return db.session.scalar(asked) is not None


def may_act_for(actor: Actor, building_id: int, *, own: Permission, every: Permission) -> bool:
    """Whether staff may do for this building what `own` allows for one's own buildings and `every` for all."""
    return actor.may(every) or (actor.may(own) and manages(actor, building_id))


def may_write_building(actor: Actor, building_id: int) -> bool:
    """Whether staff may change the texts, the rescue plan, the documents and the calendar of this building."""
    return may_act_for(actor, building_id, own=Permission.BUILDING_WRITE, every=Permission.BUILDING_WRITE_ALL)


def check_may_write(actor: Actor, building_id: int) -> None:
    """Refuse who may not change what is told of this building. Raises NotAllowed."""
    if not may_write_building(actor, building_id):
        raise NotAllowed


@dataclass(frozen=True)
class ManagedBuilding:
    """A building in its manager's own list."""

    id: int
    street_address: str
    name: str


def list_managed(actor: Actor) -> list[ManagedBuilding]:
    """The buildings that the actor manages, by address."""
    if not actor.is_staff:
        return []
    rows = db.session.execute(
        select(Building.id, Building.street_address, Building.name)
        .where(is_managed_by(actor))
        .order_by(Building.street_address, Building.id)
        .limit(at_most(MOST_MANAGED))
    )
    return list(starmap(ManagedBuilding, rows))
