"""Whose building is whose: residents see those of their homes of today or to come, staff those of the register."""

from __future__ import annotations

from heka_portal.domain.access import Actor, Permission, Standing
from heka_portal.domain.errors import NotFound


def building_ids_in_sight(actor: Actor) -> list[int]:
    """The buildings of one's homes of today, then of those to come, each once; of what one has left none."""
    if not actor.may(Permission.BUILDING_SEE):
        return []
    return list(dict.fromkeys(tie.building_id for tie in actor.own_homes))


def check_sees_building(actor: Actor, building_id: int) -> None:
    """Whether it is a building of the actor's. Raises NotFound."""
    if building_id not in building_ids_in_sight(actor):
        raise NotFound


def is_main_tenant_in(actor: Actor, building_id: int) -> bool:
    """Whether the actor is a main tenant of a home in this building, today or from a day to come."""
    return any(
        tie.is_party and tie.building_id == building_id and tie.standing(actor.on) is not Standing.ENDED
        for tie in actor.ties
    )
