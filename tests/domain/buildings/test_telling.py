"""A change of the rescue plan is told to the adults of the building who have an account, once, and to nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from heka_portal import clock
from heka_portal.domain.buildings.drafting import withdraw
from heka_portal.domain.buildings.telling import tell_next
from heka_portal.extensions import db
from heka_portal.models.homes import Occupancy
from heka_portal.models.outbox import OutboxMail
from heka_portal.models.people import Person
from heka_portal.vocabulary import MailKind, MailState, PlanState
from tests.factories.accounts import make_account
from tests.factories.buildings import make_plan
from tests.factories.homes import make_apartment, make_building
from tests.factories.leases import let
from tests.factories.people import make_person
from tests.support.roles import World

TOLD = {"main_tenant", "co_tenant", "resident", "neighbour", "next_tenant", "coming_tenant"}


@pytest.fixture
def plan_id(app: Flask, world: World) -> int:
    """A version that came into force today and is still to be told."""
    with app.app_context():
        elsewhere = make_building()
        let(make_apartment(elsewhere), make_person())
        plan = make_plan(world.building_id, world.account_ids["building_manager"], valid_from=clock.today())
        plan.told_to_id = 0
        db.session.commit()
        return plan.id


def tell_all(limit: int = 100) -> int:
    """Everything there is to tell; returns how many steps it took."""
    steps = 0
    while tell_next(on=clock.today(), limit=limit):
        steps += 1
    db.session.commit()
    return steps


def told(world: World) -> list[str]:
    """Who got a mail, by role."""
    roles = {account_id: role for role, account_id in world.account_ids.items()}
    mails = db.session.scalars(db.select(OutboxMail).where(OutboxMail.kind == MailKind.RESCUE_PLAN_CHANGED))
    return sorted(roles[mail.account_id] for mail in mails if mail.account_id is not None)


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_everyone_with_a_home_is_told_once(app: Flask, world: World, plan_id: int, limit: int) -> None:
    with app.app_context():
        tell_all(limit)
        assert told(world) == sorted(TOLD)
        tell_all(limit)
        assert told(world) == sorted(TOLD)


def test_line_of_occupants_that_lags_behind_does_not_count(app: Flask, world: World, plan_id: int) -> None:
    with app.app_context():
        former = db.session.get_one(Person, world.actor("former_tenant").person_id)
        for line in db.session.scalars(db.select(Occupancy).where(Occupancy.person_id == former.id)):
            line.to_on = None
        db.session.commit()
        tell_all()
        assert told(world) == sorted(TOLD)


def test_mail_says_nothing_of_the_plan(app: Flask, world: World, plan_id: int) -> None:
    with app.app_context():
        tell_all()
        mail = db.session.scalars(db.select(OutboxMail)).first()
        assert mail is not None
        assert mail.params == {"building_id": world.building_id}


def test_mails_wait_behind_others_and_are_called_back(app: Flask, world: World, plan_id: int) -> None:
    with app.app_context():
        tell_all()
        sent, *_others = mails = db.session.scalars(db.select(OutboxMail).order_by(OutboxMail.id)).all()
        assert all(mail.is_bulk for mail in mails)
        sent.state = MailState.SENDING
        withdraw(world.actor("building_manager"), plan_id, now=clock.now())
        assert db.session.scalars(db.select(OutboxMail.id)).all() == [sent.id]


def test_disabled_account_is_not_told(app: Flask, world: World, plan_id: int) -> None:
    with app.app_context():
        world.account("neighbour").is_disabled = True
        db.session.commit()
        tell_all()
        assert told(world) == sorted(TOLD - {"neighbour"})


def test_version_of_tomorrow_and_a_withdrawn_one_are_not_told(app: Flask, world: World) -> None:
    with app.app_context():
        manager = world.account_ids["building_manager"]
        coming = make_plan(world.building_id, manager, valid_from=clock.today() + timedelta(days=1))
        coming.told_to_id = 0
        make_plan(world.building_id, manager, version=2, state=PlanState.WITHDRAWN)
        db.session.commit()
        assert tell_all() == 0
        assert told(world) == []


def test_version_that_a_later_one_has_overtaken_is_not_told(app: Flask, world: World) -> None:
    with app.app_context():
        manager, today = world.account_ids["building_manager"], clock.today()
        overtaken = make_plan(world.building_id, manager, valid_from=today)
        in_force = make_plan(world.building_id, manager, version=2, valid_from=today - timedelta(days=1))
        overtaken.told_to_id = 0
        db.session.commit()
        assert tell_all() == 0
        assert told(world) == []
        # it is in force after all when the later one is taken back
        withdraw(world.actor("building_manager"), in_force.id, now=clock.now())
        tell_all()
        assert told(world) == sorted(TOLD)


def test_building_without_accounts_is_done_in_one_step(app: Flask) -> None:
    with app.app_context():
        account = make_account(make_person())
        plan = make_plan(make_building().id, account.id, valid_from=clock.today())
        plan.told_to_id = 0
        db.session.commit()
        assert tell_all() == 1
        assert plan.told_to_id is None
