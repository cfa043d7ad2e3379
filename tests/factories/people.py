"""People of the register."""

from __future__ import annotations

from datetime import date
from typing import Any

from heka_portal import clock
from heka_portal.extensions import db
from heka_portal.models.people import Person
from heka_portal.vocabulary import Language
from tests.factories.counting import fresh

FIRST_NAMES = ("Aino", "Eino", "Helmi", "Onni", "Lempi", "Toivo")


def make_person(**values: Any) -> Person:
    """An adult without identity code; `make_person(first_names=..., is_protected=True)` and so on."""
    number = fresh()
    given = {
        "register_id": f"P{number}",
        "birth_on": date(1985, 3, 14),
        "first_names": FIRST_NAMES[number % len(FIRST_NAMES)],
        "last_name": f"Virtanen{number}",
        "language": Language.FINNISH,
        "is_protected": False,
        "created_at": clock.now(),
        **values,
    }
    person = Person(**given)
    db.session.add(person)
    db.session.flush()
    return person
