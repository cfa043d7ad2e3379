"""Reading homes, buildings and regions."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import starmap

from sqlalchemy import select

from heka_portal.extensions import db
from heka_portal.models.homes import Region


@dataclass(frozen=True)
class Office:
    """A regional office, as anyone may know it."""

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
    Region.name_fi,
    Region.name_sv,
    Region.name_en,
    Region.office_address,
    Region.phone,
    Region.email,
    Region.opening_hours,
).order_by(Region.name_fi, Region.id)


def list_offices() -> list[Office]:
    """All regional offices by name; they are public."""
    return list(starmap(Office, db.session.execute(_OFFICES)))
