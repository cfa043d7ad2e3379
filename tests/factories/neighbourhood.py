"""A register of two homes as the landlord sends it, and its people as the identity provider knows them."""

from __future__ import annotations

from tests.factories.register_files import APARTMENT, BUILDING, LEASE, OCCUPANCY, PARTY, PERSON, REGION, Row

AINO, EINO, HELMI = (
    {
        **PERSON,
        "person_id": person_id,
        "identity_code": code,
        "birth_date": born,
        "last_name": last,
        "first_names": first,
    }
    for person_id, code, born, last, first in (
        ("P1", "010190-999W", "1990-01-01", "Virtanen", "Aino Maria"),
        ("P2", "291292-918R", "1992-12-29", "Virtanen", "Eino Olavi"),
        ("P3", "030883-925M", "1983-08-03", "Mäkinen", "Helmi Sofia"),
    )
)

#: Aino and her spouse Eino live in one home, their neighbour Helmi next door
NEIGHBOURHOOD: dict[str, list[Row]] = {
    "regions": [REGION],
    "buildings": [BUILDING],
    "apartments": [APARTMENT, {**APARTMENT, "apartment_id": "A2", "number": "2"}],
    "people": [AINO, EINO, HELMI],
    "leases": [LEASE, {**LEASE, "lease_id": "L2", "apartment_id": "A2"}],
    "lease_parties": [
        PARTY,
        {**PARTY, "person_id": "P2", "role": "spouse"},
        {**PARTY, "lease_id": "L2", "person_id": "P3"},
    ],
    "occupancies": [
        OCCUPANCY,
        {**OCCUPANCY, "person_id": "P2"},
        {**OCCUPANCY, "apartment_id": "A2", "person_id": "P3"},
    ],
}
PEOPLE = [
    {
        "identity_code": person["identity_code"],
        "given_name": person["first_names"],
        "family_name": person["last_name"],
    }
    for person in (AINO, EINO, HELMI)
]
