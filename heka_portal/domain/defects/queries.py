"""Read defects, the dated rows of their rules, and look-alikes of the same building."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import starmap

from sqlalchemy import BindParameter, ColumnElement, Date, bindparam, func, or_, select

from heka_portal import clock
from heka_portal.database import Code, at_most
from heka_portal.domain.access import Actor
from heka_portal.domain.cases.deadlines import Target
from heka_portal.domain.cases.queries import check_visible
from heka_portal.domain.errors import NotFound
from heka_portal.extensions import db
from heka_portal.models.cases import CaseParticipant
from heka_portal.models.defects import Defect, DefectTarget, FaultUrgency, UpkeepRule
from heka_portal.models.people import Person
from heka_portal.vocabulary import DefectArea, Fault, Place, Upkeep, Urgency

MOST_LOOKALIKES = 5


def get_defect(actor: Actor, number: int, *, for_update: bool = False) -> Defect:
    """A defect the actor may see. Raises NotFound."""
    statement = select(Defect).where(Defect.number == number)
    defect = db.session.scalar(statement.with_for_update(of=Defect.__table__) if for_update else statement)
    check_visible(actor, defect)
    assert defect is not None  # noqa: S101 - check_visible has raised otherwise
    return defect


_OWN_PHONE = select(func.coalesce(Person.phone, Person.register_phone)).where(Person.id == bindparam("person_id"))


def get_own_phone(actor: Actor) -> str | None:
    """The phone the actor is known by, to be offered in a report."""
    return db.session.scalar(_OWN_PHONE, {"person_id": actor.person_id})


def _in_force(
    table: type[FaultUrgency | DefectTarget | UpkeepRule], on: date | BindParameter[date]
) -> ColumnElement[bool]:
    return (table.from_on <= on) & or_(table.to_on.is_(None), table.to_on > on)


def get_target(urgency: Urgency, *, on: date) -> Target:
    """The target of an urgency by the row in force. Raises NotFound where staff keep none."""
    row = db.session.execute(
        select(DefectTarget.hours, DefectTarget.working_days, DefectTarget.days)
        .where(DefectTarget.urgency == urgency, _in_force(DefectTarget, on))
        .order_by(DefectTarget.from_on.desc())
        .limit(at_most(1))
    ).first()
    if row is None:
        raise NotFound(f"no target for {urgency}")
    return Target(hours=row.hours, working_days=row.working_days, days=row.days)


@dataclass(frozen=True)
class Promise:
    """How fast a kind of fault is dealt with, and by when that is."""

    urgency: Urgency
    target: Target
    due_at: datetime


_ON = bindparam("on", type_=Date)
_URGENCY = func.coalesce(
    select(FaultUrgency.urgency)
    .where(FaultUrgency.fault == bindparam("fault", type_=Code(Fault)), _in_force(FaultUrgency, _ON))
    .order_by(FaultUrgency.from_on.desc())
    .limit(at_most(1))
    .scalar_subquery(),
    Urgency.ORDINARY,
)
_PROMISE = (
    select(DefectTarget.urgency, DefectTarget.hours, DefectTarget.working_days, DefectTarget.days)
    .where(DefectTarget.urgency == _URGENCY, _in_force(DefectTarget, _ON))
    .order_by(DefectTarget.from_on.desc())
    .limit(at_most(1))
)


def get_promise(fault: Fault, *, now: datetime | None = None) -> Promise:
    """What is promised to one who reports such a fault now, by the rows in force; an ordinary fault without one.

    Raises NotFound where staff keep no target.
    """
    now = now or clock.now()
    row = db.session.execute(_PROMISE, {"fault": fault, "on": clock.date_in_helsinki(now)}).first()
    if row is None:
        raise NotFound(f"no target for {fault}")
    target = Target(hours=row.hours, working_days=row.working_days, days=row.days)
    return Promise(row.urgency, target, target.due(now))


def list_own_repairs(fault: Fault, *, on: date) -> list[UpkeepRule]:
    """What is the resident's own to mend among faults of this kind."""
    return list(
        db.session.scalars(
            select(UpkeepRule)
            .where(UpkeepRule.fault == fault, UpkeepRule.upkeep == Upkeep.RESIDENT, _in_force(UpkeepRule, on))
            .order_by(UpkeepRule.id)
        )
    )


def list_upkeep_rules(*, on: date) -> list[UpkeepRule]:
    """The rules a closing can rest on."""
    return list(db.session.scalars(select(UpkeepRule).where(_in_force(UpkeepRule, on)).order_by(UpkeepRule.id)))


def get_upkeep_rule(rule_id: int | None) -> UpkeepRule | None:
    """The rule a closing rests on, in force or not any more."""
    return db.session.get(UpkeepRule, rule_id) if rule_id is not None else None


@dataclass(frozen=True)
class Lookalike:
    """An open defect of the same common areas: nothing of who filed it, and none of their words."""

    number: int
    place: Place
    fault: Fault
    state: str
    created_at: datetime
    is_mine: bool


def list_lookalikes(actor: Actor, *, building_id: int, place: Place, fault: Fault) -> list[Lookalike]:
    """Open defects of the building's common areas that may be the same, the latest first."""
    if building_id not in actor.building_ids:
        return []
    mine = CaseParticipant.person_id.is_not(None)
    rows = db.session.execute(
        select(Defect.number, Defect.place, Defect.fault, Defect.state, Defect.created_at, mine.label("is_mine"))
        .outerjoin(
            CaseParticipant, (CaseParticipant.case_id == Defect.id) & (CaseParticipant.person_id == actor.person_id)
        )
        .where(
            Defect.building_id == building_id,
            Defect.area == DefectArea.COMMON,
            Defect.closed_at.is_(None),
            or_(Defect.place == place, Defect.fault == fault),
        )
        .order_by((Defect.place == place).desc(), Defect.id.desc())
        .limit(at_most(MOST_LOOKALIKES))
    )
    return list(starmap(Lookalike, rows))


def get_lookalike(actor: Actor, number: int) -> Defect:
    """An open common-area defect of one of the actor's buildings, to follow. Raises NotFound."""
    defect = db.session.scalar(
        select(Defect).where(
            Defect.number == number,
            Defect.area == DefectArea.COMMON,
            Defect.closed_at.is_(None),
            Defect.building_id.in_(actor.building_ids),
        )
    )
    if defect is None:
        raise NotFound
    return defect
