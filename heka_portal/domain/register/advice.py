"""What somebody should know about people and homes after an import; it is applied all the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Select, select

from heka_portal.domain.people.rules import latest_adult_birth
from heka_portal.domain.register.selections import Found, finding, is_staged, kept_homes, lasts
from heka_portal.domain.register.tables import APARTMENTS, HOMES, OCCUPANCIES, PEOPLE

people, staged_people = PEOPLE.target, PEOPLE.staged


def homes_after(*, on: date, whole: bool) -> Select[Any]:
    """Apartment and person of each home that lasts after the import, as far as the staged rows touch it."""
    staged = OCCUPANCIES.staged
    came = select(staged.c.apartment, staged.c.person).where(lasts(staged.c.to_on, on))
    return came if whole else came.union(*kept_homes(on))  # type: ignore[return-value]  # both are selected from


def list_warnings(*, on: date) -> Iterator[Found]:
    """Every check of people and homes whose findings are told; it needs the homes after the import."""
    yield _occupant_without_identity_code(on)
    yield _known_occupant_without_identity_code(on)
    yield _adult_without_email(on)
    yield _apartment_without_occupants()
    yield _another_identity_code()


def _occupant_without_identity_code(on: date) -> Found:
    staged = staged_people
    return finding(
        PEOPLE,
        is_error=False,
        kind="adult without identity code",
        line=staged.c.line,
        column="identity_code",
        value=staged.c.register_id,
        sentence="This adult lives in a home but cannot register without an identity code.",
    ).where(
        staged.c.identity_mark.is_(None),
        staged.c.birth_on <= latest_adult_birth(on),
        select(HOMES.c.person).where(HOMES.c.person == staged.c.register_id).exists(),
    )


def _known_occupant_without_identity_code(on: date) -> Found:
    staged = OCCUPANCIES.staged
    return (
        finding(
            OCCUPANCIES,
            is_error=False,
            kind="adult without identity code",
            line=staged.c.line,
            column="person_id",
            value=staged.c.person,
            sentence="This adult lives in a home but cannot register without an identity code.",
        )
        .where(people.c.register_id == staged.c.person, ~is_staged(PEOPLE), lasts(staged.c.to_on, on))
        .where(people.c.identity_mark.is_(None), people.c.birth_on <= latest_adult_birth(on))
    )


def _adult_without_email(on: date) -> Found:
    staged = staged_people
    return finding(
        PEOPLE,
        is_error=False,
        kind="no email",
        line=staged.c.line,
        column="email",
        value=staged.c.register_id,
        sentence="This adult has no email in the register.",
    ).where(staged.c.register_email.is_(None), staged.c.birth_on <= latest_adult_birth(on))


def _apartment_without_occupants() -> Found:
    staged = APARTMENTS.staged
    return finding(
        APARTMENTS,
        is_error=False,
        kind="apartment without occupants",
        line=staged.c.line,
        column="apartment_id",
        value=staged.c.register_id,
        sentence="Nobody lives here by the register.",
    ).where(~select(HOMES.c.apartment).where(HOMES.c.apartment == staged.c.register_id).exists())


def _another_identity_code() -> Found:
    return finding(
        PEOPLE,
        is_error=False,
        kind="another identity code",
        line=staged_people.c.line,
        column="identity_code",
        value=staged_people.c.register_id,
        sentence="This person had another identity code: make sure that the id was not given to someone else.",
    ).where(
        people.c.register_id == staged_people.c.register_id,
        people.c.identity_mark.is_not(None),
        people.c.identity_mark.is_distinct_from(staged_people.c.identity_mark),
    )
