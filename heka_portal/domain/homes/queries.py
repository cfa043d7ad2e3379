"""Reading homes, buildings and regions."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import starmap

from sqlalchemy import func, or_, select

from heka_portal.database import at_most
from heka_portal.extensions import db
from heka_portal.models.homes import Building, Region


@dataclass(frozen=True)
class Office:
    """A regional office, as anyone may know it."""

    region_id: int
    name_fi: str
    name_sv: str | None
    name_en: str | None
    address: str | None
    phone: str | None
    email: str | None
    opening_hours: str | None

    def name(self, language: str) -> str:
        """The name in a language, in Finnish where the register has no other."""
        return {"sv": self.name_sv, "en": self.name_en}.get(language) or self.name_fi


_OFFICES = select(
    Region.id,
    Region.name_fi,
    Region.name_sv,
    Region.name_en,
    Region.office_address,
    Region.phone,
    Region.email,
    Region.opening_hours,
).order_by(Region.name_fi, Region.id)


def list_offices(*, first: Collection[int] = ()) -> list[Office]:
    """All regional offices by name, those of some regions before the others; they are public."""
    offices = starmap(Office, db.session.execute(_OFFICES))
    return sorted(offices, key=lambda office: office.region_id not in first)


@dataclass(frozen=True)
class RegionLine:
    """A region by its names."""

    id: int
    name_fi: str
    name_sv: str | None
    name_en: str | None

    def name(self, language: str) -> str:
        """The name in a language, in Finnish where the register has no other."""
        return {"sv": self.name_sv, "en": self.name_en}.get(language) or self.name_fi


def list_regions() -> list[RegionLine]:
    """All regions by name."""
    asked = select(Region.id, Region.name_fi, Region.name_sv, Region.name_en).order_by(Region.name_fi, Region.id)
    return list(starmap(RegionLine, db.session.execute(asked)))


@dataclass(frozen=True)
class BuildingLine:
    """A building as it is looked up: its address, and its name where that says more."""

    id: int
    name: str


MOST_SUGGESTIONS = 10


def find_buildings(asked: str, *, limit: int = MOST_SUGGESTIONS) -> list[BuildingLine]:
    """The buildings whose address or name holds each word; there are hundreds of them, not more."""
    holds = []
    for word in asked.split()[:6]:
        pattern = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        holds.append(
            or_(Building.street_address.ilike(pattern, escape="\\"), Building.name.ilike(pattern, escape="\\"))
        )
    rows = db.session.execute(
        select(Building.id, Building.street_address, Building.name)
        .where(*holds)
        .order_by(func.length(Building.street_address), Building.street_address, Building.id)
        .limit(at_most(limit))
    ).all()
    exact = [row for row in rows if row.street_address.casefold() == asked.casefold()]
    return [BuildingLine(row.id, _building_name(row.street_address, row.name)) for row in (exact or rows)]


def get_building_name(building_id: int | None) -> str | None:
    """How a building is called; none for no building, or one there is not."""
    if building_id is None:
        return None
    row = db.session.execute(
        select(Building.street_address, Building.name).where(Building.id == building_id)
    ).one_or_none()
    return _building_name(row.street_address, row.name) if row else None


def _building_name(street_address: str, name: str) -> str:
    return street_address if name in street_address else f"{street_address} ({name})"
