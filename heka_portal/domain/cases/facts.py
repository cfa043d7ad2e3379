"""What stands beside a case on customer service's page: who, where, whose, and what else is going on there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import starmap
from typing import Any

from sqlalchemy import bindparam, literal, null, or_, select, union_all
from sqlalchemy.orm import aliased

from heka_portal.database import at_most
from heka_portal.domain.access import Actor, Permission
from heka_portal.domain.cases.inbox import Line, with_names
from heka_portal.domain.errors import NotAllowed
from heka_portal.extensions import db
from heka_portal.models.accounts import Account, Contractor, StaffMember
from heka_portal.models.audit import AuditLine
from heka_portal.models.cases import Case
from heka_portal.models.defects import UpkeepRule
from heka_portal.models.homes import Apartment, Building, Occupancy
from heka_portal.models.leases import Lease, LeaseParty
from heka_portal.models.people import Person
from heka_portal.vocabulary import AuditAction, Language, LeaseRole

#: other cases of the home, and of the rest of its building
NEIGHBOURS = 5


@dataclass(frozen=True)
class Facts:
    """The side of the case page. What a reader may see of it is settled where it is shown."""

    owner_first_names: str
    owner_last_name: str
    owner_is_protected: bool
    owner_language: Language
    owner_phone: str | None
    owner_has_account: bool
    party_role: LeaseRole | None
    party_from_on: date | None
    party_to_on: date | None
    lease_starts_on: date | None
    lease_ends_on: date | None
    lives_from_on: date | None
    lives_to_on: date | None
    building_name: str
    street_address: str
    postal_code: str
    city: str
    manager_name: str | None
    manager_phone: str | None
    staircase: str | None
    home_number: str | None
    floor: int | None
    handler: str | None
    contractor: str | None
    duplicate_of_number: int | None
    last_look_at: datetime | None

    @property
    def address(self) -> str:
        """Street, staircase and number, as on the door."""
        return " ".join(part for part in (self.street_address, self.staircase, self.home_number) if part)


def _lives(column: Any) -> Any:
    return (
        select(column)
        .where(Occupancy.person_id == Case.owner_id, Occupancy.apartment_id == Case.apartment_id)
        .order_by(Occupancy.from_on.desc())
        .limit(at_most(1))
        .correlate(Case)
        .scalar_subquery()
    )


_OTHER = aliased(Case)
_LAST_LOOK = (
    select(AuditLine.at)
    .where(
        AuditLine.account_id == bindparam("account_id"),
        AuditLine.case_id == Case.id,
        AuditLine.action == AuditAction.CASE_VIEWED,
    )
    .order_by(AuditLine.id.desc())
    .limit(at_most(1))
    .correlate(Case)
    .scalar_subquery()
)
_FACTS = (
    select(
        Person.first_names,
        Person.last_name,
        Person.is_protected,
        Person.language,
        db.func.coalesce(Person.phone, Person.register_phone),
        Account.id.is_not(None),
        LeaseParty.role,
        LeaseParty.from_on,
        LeaseParty.to_on,
        Lease.starts_on,
        Lease.ends_on,
        _lives(Occupancy.from_on),
        _lives(Occupancy.to_on),
        Building.name,
        Building.street_address,
        Building.postal_code,
        Building.city,
        Building.manager_name,
        Building.manager_phone,
        Apartment.staircase,
        Apartment.number,
        Apartment.floor,
        StaffMember.name,
        Contractor.name,
        _OTHER.number,
        _LAST_LOOK,
    )
    .select_from(Case)
    .join(Person, Person.id == Case.owner_id)
    .join(Building, Building.id == Case.building_id)
    .outerjoin(Account, Account.person_id == Person.id)
    .outerjoin(Lease, Lease.id == Case.lease_id)
    .outerjoin(LeaseParty, (LeaseParty.lease_id == Case.lease_id) & (LeaseParty.person_id == Case.owner_id))
    .outerjoin(Apartment, Apartment.id == Case.apartment_id)
    .outerjoin(StaffMember, StaffMember.id == Case.handler_id)
    .outerjoin(Contractor, Contractor.id == Case.contractor_id)
    .outerjoin(_OTHER, _OTHER.id == Case.duplicate_of_id)
    .where(Case.id == bindparam("case_id"))
    # a person may be signatory and spouse; the signatory comes first
    .order_by(LeaseParty.role)
    .limit(at_most(1))
)


def get_facts(actor: Actor, case: Case) -> Facts:
    """The facts beside a case that the actor has been let into."""
    row = db.session.execute(_FACTS, {"case_id": case.id, "account_id": actor.account_id}).one()
    return Facts(*row)


@dataclass(frozen=True)
class Neighbours:
    """The latest other cases of the same home, and of the rest of its building."""

    of_home: tuple[Line, ...]
    of_building: tuple[Line, ...]


def list_neighbours(actor: Actor, case: Case) -> Neighbours:
    """What else is going on there; for customer service only."""
    if not actor.may(Permission.CASE_WORK):
        raise NotAllowed
    others = select(Case.id).where(Case.id != case.id).order_by(Case.id.desc()).limit(at_most(NEIGHBOURS))
    elsewhere = or_(Case.apartment_id.is_(None), Case.apartment_id != (case.apartment_id or 0))
    parts = [others.where(Case.building_id == case.building_id, elsewhere).subquery().select()]
    if case.apartment_id is not None:
        parts.append(others.where(Case.apartment_id == case.apartment_id).subquery().select())
    ids = union_all(*parts).subquery().select()
    lines = list(starmap(Line, db.session.execute(with_names(ids, Case.id.desc()))))
    at_home = case.apartment_id
    return Neighbours(
        tuple(line for line in lines if at_home is not None and line.apartment_id == at_home),
        tuple(line for line in lines if at_home is None or line.apartment_id != at_home),
    )


def list_cases_of(actor: Actor, person_id: int, *, limit: int = 10) -> list[Line]:
    """The latest cases that belong to a person."""
    if not actor.may(Permission.CASE_WORK):
        raise NotAllowed
    ids = select(Case.id).where(Case.owner_id == person_id).order_by(Case.id.desc()).limit(at_most(limit))
    return list(starmap(Line, db.session.execute(with_names(ids.subquery().select(), Case.id.desc()))))


@dataclass(frozen=True)
class RuleText:
    """A rule of upkeep in each language."""

    text_fi: str
    text_sv: str
    text_en: str


@dataclass(frozen=True)
class Named:
    """The names of what a timeline only holds the id of."""

    staff: Mapping[int, str]
    contractors: Mapping[int, str]
    rules: Mapping[int, RuleText]


def _named(of: str, key: Any, *texts: Any) -> Any:
    return select(literal(of).label("of"), key, *texts).where(key.in_(bindparam(of, expanding=True)))


_NAMED = union_all(
    _named("staff", StaffMember.id, StaffMember.name, null(), null()),
    _named("contractors", Contractor.id, Contractor.name, null(), null()),
    _named("rules", UpkeepRule.id, UpkeepRule.text_fi, UpkeepRule.text_sv, UpkeepRule.text_en),
)


def name_all(
    *, staff_ids: Collection[int] = (), contractor_ids: Collection[int] = (), rule_ids: Collection[int] = ()
) -> Named:
    """The names of staff, contractors and rules by one query, which is sent even for none: a page costs the same."""
    asked = {"staff": [*staff_ids], "contractors": [*contractor_ids], "rules": [*rule_ids]}
    found: dict[str, dict[int, Any]] = {"staff": {}, "contractors": {}, "rules": {}}
    for of, id_, first, second, third in db.session.execute(_NAMED, asked):
        found[of][id_] = RuleText(first, second, third) if of == "rules" else first
    return Named(**found)
