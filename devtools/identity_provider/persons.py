"""The people who can be chosen: artificial identity codes (individual number 900 to 999) only."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

_CENTURIES = {"+": 1800} | dict.fromkeys("-YXWVU", 1900) | dict.fromkeys("ABCDEF", 2000)


@dataclass(frozen=True, kw_only=True)
class Person:
    """Someone who can identify themselves here."""

    identity_code: str
    family_name: str
    given_name: str
    note: str = ""

    @property
    def birth_date(self) -> str:
        """The birth date in the code, as a claim says it; empty for a code that is none."""
        code = self.identity_code.strip()
        try:
            born = date(_CENTURIES[code[6].upper()] + int(code[4:6]), int(code[2:4]), int(code[:2]))
        except (ValueError, KeyError, IndexError):
            return ""
        return born.isoformat()


# Test users of Finnish banks, from their public documents.
DEFAULT_PERSONS = (
    Person(identity_code="010170-999R", family_name="Äyrämö", given_name="Tero Testi"),
    Person(identity_code="070770-905D", family_name="Tunnistus", given_name="Väinö"),
    Person(identity_code="010200A9618", family_name="Korhonen", given_name="Nordea"),
    Person(identity_code="291292-918R", family_name="Virtanen", given_name="Nordea"),
    Person(identity_code="030883-925M", family_name="Mäkinen", given_name="Nordea"),
    Person(identity_code="170677-924F", family_name="Nieminen", given_name="Nordea"),
    Person(identity_code="010280-952L", family_name="TESTILÄ", given_name="TESSA"),
    Person(identity_code="010100-969P", family_name="von Möttonen", given_name="Matti Matias"),
)


def read_persons(path: Path) -> tuple[Person, ...]:
    """The people in a JSON file: a list of objects with identity_code, family_name, given_name and maybe note."""
    return tuple(
        Person(
            identity_code=entry["identity_code"],
            family_name=entry["family_name"],
            given_name=entry["given_name"],
            note=entry.get("note", ""),
        )
        for entry in json.loads(path.read_text(encoding="utf-8"))
    )
