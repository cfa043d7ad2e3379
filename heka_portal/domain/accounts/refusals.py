"""Registrations that came to nothing: who tried, when, and why; for customer service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import starmap
from typing import Any

from sqlalchemy import BigInteger, bindparam, select, tuple_, union_all

from heka_portal.clock import END_OF_TIME
from heka_portal.database import UtcDateTime, at_most
from heka_portal.domain.access import Actor, Permission
from heka_portal.domain.errors import NotAllowed
from heka_portal.extensions import db
from heka_portal.models.accounts import Identification
from heka_portal.models.people import Person
from heka_portal.vocabulary import IdentificationPurpose, RegistrationObstacle

PAGE = 25


@dataclass(frozen=True)
class Refusal:
    """A person who identified strongly, and could not register."""

    id: int
    created_at: datetime
    full_name: str | None
    obstacle: RegistrationObstacle
    person_id: int | None
    is_protected: bool | None


def _arm(obstacle: RegistrationObstacle) -> Any:
    """The latest of one obstacle, by its own index."""
    return (
        select(Identification.id)
        .where(
            Identification.obstacle == obstacle,
            Identification.purpose == IdentificationPurpose.REGISTER,
            tuple_(Identification.created_at, Identification.id)
            < tuple_(bindparam("at", type_=UtcDateTime), bindparam("id", type_=BigInteger)),
        )
        .order_by(Identification.created_at.desc(), Identification.id.desc())
        .limit(at_most("limit"))
        .subquery()
        .select()
    )


_LATEST = (
    select(
        Identification.id,
        Identification.created_at,
        Identification.full_name,
        Identification.obstacle,
        Identification.person_id,
        Person.is_protected,
    )
    .outerjoin(Person, Person.id == Identification.person_id)
    .where(Identification.id.in_(union_all(*(_arm(obstacle) for obstacle in RegistrationObstacle))))
    .order_by(Identification.created_at.desc(), Identification.id.desc())
    .limit(at_most("limit"))
)


def list_refusals(actor: Actor, *, before: tuple[datetime, int] | None = None, limit: int = PAGE) -> list[Refusal]:
    """The latest refused registrations from before a given one. Raises NotAllowed."""
    if not actor.may(Permission.REGISTER_LOOK):
        raise NotAllowed
    at, id_ = before or (END_OF_TIME, 0)
    return list(starmap(Refusal, db.session.execute(_LATEST, {"at": at, "id": id_, "limit": limit})))
