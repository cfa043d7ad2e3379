"""The worker's part: tell the people of a building, some at a time, that its rescue plan has changed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, exists, or_, select, union
from sqlalchemy.orm import aliased

from heka_portal.database import at_most
from heka_portal.domain.access import Standing
from heka_portal.domain.accounts.ties import list_ties
from heka_portal.domain.buildings.rules import mail_name
from heka_portal.domain.outbox.operations import NewMail, enqueue_bulk
from heka_portal.extensions import db
from heka_portal.models.accounts import Account
from heka_portal.models.buildings import IS_TELLING, RescuePlan
from heka_portal.models.homes import Apartment, Occupancy
from heka_portal.models.leases import Lease, LeaseParty
from heka_portal.vocabulary import MailKind, PlanState

#: how many accounts are told in one step of the worker
TOLD_AT_ONCE = 100


def tell_next(*, on: date, limit: int = TOLD_AT_ONCE) -> int:
    """Tell some people of the plan that has come into force first; returns how many steps were made, none or one."""
    plan = db.session.scalar(_due(on).with_for_update(skip_locked=True)) if _is_due(on) else None
    if plan is None:
        return 0
    told = _candidates(plan.building_id, after=plan.told_to_id or 0, on=on, limit=limit)
    living = _living(plan.building_id, {row.person_id for row in told}, on=on)
    params = {"building_id": plan.building_id}
    enqueue_bulk(
        {
            f"{mail_name(plan.id)}-{row.id}": NewMail(
                MailKind.RESCUE_PLAN_CHANGED, row.email, row.language, params, row.id
            )
            for row in told
            if row.person_id in living
        }
    )
    plan.told_to_id = told[-1].id if len(told) == limit else None
    db.session.flush()
    return 1


def _due(on: date) -> Select[Any]:
    """What is to be told: not a version that is valid by now and yet never in force, for a later one is valid too."""
    later = aliased(RescuePlan)
    overtaken = exists().where(
        later.building_id == RescuePlan.building_id,
        later.version > RescuePlan.version,
        later.state == PlanState.PUBLISHED,
        later.valid_from <= on,
    )
    return (
        select(RescuePlan)
        .where(IS_TELLING, RescuePlan.valid_from <= on, ~overtaken)
        .order_by(RescuePlan.valid_from, RescuePlan.id)
        .limit(at_most(1))
        .execution_options(populate_existing=True)
    )


def _is_due(on: date) -> bool:
    """Looked at first without a lock: an idle worker shall not take SQLite's write lock each time."""
    return db.session.scalar(_due(on).with_only_columns(RescuePlan.id)) is not None


def _candidates(building_id: int, *, after: int, on: date, limit: int) -> Sequence[Any]:
    """Accounts of people with a tie to a home of the building that has not ended, in the order of their ids."""
    parties = (
        select(LeaseParty.person_id)
        .join(Lease, Lease.id == LeaseParty.lease_id)
        .join(Apartment, Apartment.id == Lease.apartment_id)
        .where(
            Apartment.building_id == building_id,
            or_(Lease.ends_on.is_(None), Lease.ends_on > on),
            or_(LeaseParty.to_on.is_(None), LeaseParty.to_on > on),
        )
    )
    occupants = (
        select(Occupancy.person_id)
        .join(Apartment, Apartment.id == Occupancy.apartment_id)
        .where(Apartment.building_id == building_id, or_(Occupancy.to_on.is_(None), Occupancy.to_on > on))
    )
    people = union(parties, occupants).subquery()
    return db.session.execute(
        select(Account.id, Account.email, Account.language, Account.person_id)
        .join(people, people.c.person_id == Account.person_id)
        .where(Account.id > after, Account.is_disabled.is_(False))
        .order_by(Account.id)
        .limit(at_most(limit))
    ).all()


def _living(building_id: int, people: Collection[int], *, on: date) -> set[int]:
    """Who of these people has a home of the building today or to come, by the same rule as their own pages."""
    return {
        person_id
        for person_id, ties in list_ties(people, on=on).items()
        if any(tie.building_id == building_id and tie.standing(on) is not Standing.ENDED for tie in ties)
    }
