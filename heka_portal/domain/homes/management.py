"""The buildings an actor manages: those whose manager in the register has the actor's email address."""

from __future__ import annotations

from sqlalchemy import func, select

from heka_portal.domain.access import Actor
from heka_portal.extensions import db
from heka_portal.models.homes import Building


def manages(actor: Actor, building_id: int) -> bool:
    """Whether the actor is the building's manager; the register may write the address in capitals."""
    if not actor.is_staff:
        return False
    return (
        db.session.scalar(
            select(Building.id).where(
                Building.id == building_id, func.lower(Building.manager_email) == actor.email.lower()
            )
        )
        is not None
    )


def list_managed(actor: Actor) -> list[int]:
    """The buildings the actor manages, in the order of their addresses; there are hundreds of buildings, not more."""
    if not actor.is_staff:
        return []
    asked = (
        select(Building.id)
        .where(func.lower(Building.manager_email) == actor.email.lower())
        .order_by(Building.street_address, Building.id)
    )
    return list(db.session.scalars(asked))
