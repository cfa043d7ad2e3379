"""The buildings of an actor's homes, as those who live there may know them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import starmap

from sqlalchemy import BigInteger, bindparam, select

from heka_portal.extensions import db
from heka_portal.models.homes import Building, Region


@dataclass(frozen=True)
class BuildingCard:
    """Whom to turn to about a building."""

    id: int
    street_address: str
    postal_code: str
    city: str
    manager_name: str | None
    manager_phone: str | None
    manager_email: str | None
    region_fi: str
    region_sv: str | None
    region_en: str | None
    office_address: str | None
    office_phone: str | None
    opening_hours: str | None

    def region(self, language: str) -> str:
        """The region's name in a language, in Finnish where the register has no other."""
        return {"sv": self.region_sv, "en": self.region_en}.get(language) or self.region_fi


_CARDS = (
    select(
        Building.id,
        Building.street_address,
        Building.postal_code,
        Building.city,
        Building.manager_name,
        Building.manager_phone,
        Building.manager_email,
        Region.name_fi,
        Region.name_sv,
        Region.name_en,
        Region.office_address,
        Region.phone,
        Region.opening_hours,
    )
    .join(Region, Region.id == Building.region_id)
    .where(Building.id.in_(bindparam("building_ids", expanding=True, type_=BigInteger)))
    .order_by(Building.street_address, Building.id)
)


def list_building_cards(building_ids: Collection[int]) -> list[BuildingCard]:
    """The buildings by address; whose they are, the caller knows from the actor."""
    if not building_ids:
        return []
    return list(starmap(BuildingCard, db.session.execute(_CARDS, {"building_ids": sorted(building_ids)})))
