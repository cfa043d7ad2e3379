"""Places as people type them: an address a line, its staircases after a colon."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from heka_portal.domain.homes.queries import find_buildings
from heka_portal.domain.notices.rules import MAX_PLACES, Place
from heka_portal.extensions import db
from heka_portal.models.homes import Apartment, Building


@dataclass(frozen=True)
class TypedPlaces:
    """What was found of the typed lines; and those that name no building, or several, or no staircase of theirs."""

    places: tuple[Place, ...]
    unknown: tuple[str, ...]


def find_places(text: str) -> TypedPlaces:
    """The buildings and staircases that lines name, in their order; further lines than fit are unknown."""
    places: list[Place] = []
    unknown: list[str] = []
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    for line in lines[:MAX_PLACES]:
        found = _find(line)
        places += found
        if not found:
            unknown.append(line)
    return TypedPlaces(tuple(dict.fromkeys(places)), (*unknown, *lines[MAX_PLACES:]))


def _find(line: str) -> list[Place]:
    address, _, stairs = line.partition(":")
    buildings = find_buildings(" ".join(address.split()), limit=2)
    if len(buildings) != 1:
        return []
    building_id = buildings[0].id
    asked = {part.strip().upper() for part in stairs.split(",") if part.strip()}
    if not asked:
        return [Place(building_id=building_id)]
    there = set(db.session.scalars(select(Apartment.staircase).where(Apartment.building_id == building_id).distinct()))
    return [Place(building_id=building_id, staircase=stair) for stair in sorted(asked)] if asked <= there else []


def list_addresses(building_ids: Iterable[int]) -> list[str]:
    """The addresses of buildings, to be put into a form."""
    asked = (
        select(Building.street_address)
        .where(Building.id.in_(list(building_ids)))
        .order_by(Building.street_address, Building.id)
    )
    return list(db.session.scalars(asked))
