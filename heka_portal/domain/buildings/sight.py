"""Whose building is whose: residents see those of their homes of today or to come, staff those of the register."""

from __future__ import annotations

from heka_portal.domain.access import LIVING, Actor, Permission, Standing, Tie
from heka_portal.domain.errors import NotFound


def homes_in_sight(actor: Actor) -> list[Tie]:
    """The homes of today, then those to come, each once; what one has left is none of them."""
    order = (Standing.RUNNING, Standing.ENDING, Standing.COMING)
    there = [tie for tie in actor.ties if tie.standing(actor.on) in order]
    there.sort(key=lambda tie: (tie.standing(actor.on) not in LIVING, not tie.is_party, tie.from_on))
    found: dict[int, Tie] = {}
    for tie in there:
        found.setdefault(tie.apartment_id, tie)
    return list(found.values())


def building_ids_in_sight(actor: Actor) -> list[int]:
    """The buildings of those homes, each once."""
    if not actor.may(Permission.BUILDING_SEE):
        return []
    return list(dict.fromkeys(tie.building_id for tie in homes_in_sight(actor)))


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
