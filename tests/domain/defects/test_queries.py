"""What is promised, and what neighbours may be told of each other's reports."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from heka_portal import clock
from heka_portal.domain.access import Actor
from heka_portal.domain.cases.deadlines import Target
from heka_portal.domain.defects.queries import Lookalike, get_promise, list_lookalikes, list_own_repairs
from heka_portal.domain.errors import NotFound
from heka_portal.extensions import db
from heka_portal.models.defects import DefectTarget, FaultUrgency
from heka_portal.vocabulary import DefectArea, Fault, Place, Urgency
from tests.factories.defects import make_defect
from tests.factories.moves import move
from tests.support.roles import World

TUESDAY = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("fault", "urgency", "due"),
    [
        (Fault.WATER_LEAK, Urgency.HARM, "2026-11-26T14:00+00:00"),
        (Fault.MOISTURE, Urgency.INSPECT, "2026-12-01T14:00+00:00"),
        (Fault.TAP, Urgency.ORDINARY, "2026-12-08T14:00+00:00"),
    ],
)
def test_promise_follows_the_rows_in_force(app: Flask, fault: Fault, urgency: Urgency, due: str) -> None:
    with app.app_context():
        promise = get_promise(fault, now=TUESDAY)
    assert promise.urgency is urgency
    assert promise.due_at == datetime.fromisoformat(due)


def test_later_row_takes_over_on_its_day(app: Flask) -> None:
    with app.app_context():
        begins = clock.date_in_helsinki(TUESDAY)
        db.session.add(FaultUrgency(fault=Fault.TAP, urgency=Urgency.HARM, from_on=begins))
        db.session.add(DefectTarget(urgency=Urgency.HARM, hours=5, from_on=begins))
        db.session.commit()
        assert get_promise(Fault.TAP, now=TUESDAY - timedelta(days=1)).urgency is Urgency.ORDINARY
        promise = get_promise(Fault.TAP, now=TUESDAY)
    assert (promise.urgency, promise.target) == (Urgency.HARM, Target(hours=5))


def test_fault_without_a_row_is_ordinary(app: Flask) -> None:
    with app.app_context():
        db.session.query(FaultUrgency).delete()
        db.session.commit()
        assert get_promise(Fault.WATER_LEAK, now=TUESDAY).urgency is Urgency.ORDINARY
        db.session.query(DefectTarget).delete()
        db.session.commit()
        with pytest.raises(NotFound):
            get_promise(Fault.WATER_LEAK, now=TUESDAY)


def test_own_repairs_are_those_of_the_fault(app: Flask) -> None:
    with app.app_context():
        codes = [rule.code for rule in list_own_repairs(Fault.ELECTRICITY, on=clock.today())]
        assert codes == ["bulbs", "fuses"]
        assert list_own_repairs(Fault.WINDOW, on=clock.today()) == []


def test_lookalikes_are_open_defects_of_the_same_common_areas(app: Flask, world: World) -> None:
    with app.app_context():
        neighbour, clerk = world.actor("neighbour"), world.actor("clerk")
        same_place = make_defect(neighbour, DefectArea.COMMON)
        same_fault = make_defect(neighbour, DefectArea.COMMON, place=Place.YARD)
        make_defect(neighbour, DefectArea.COMMON, place=Place.YARD, fault=Fault.OTHER)
        move(clerk, make_defect(neighbour, DefectArea.COMMON), "cancel", text="A mistake")
        make_defect(neighbour)
        db.session.commit()

        def asked(actor: Actor) -> list[Lookalike]:
            building_id = world.building_id
            return list_lookalikes(actor, building_id=building_id, place=Place.STAIRWELL, fault=Fault.CLEANING)

        found = asked(world.actor("main_tenant"))
        assert [line.number for line in found] == [same_place.number, same_fault.number]
        assert not any(line.is_mine for line in found)
        assert all(line.is_mine for line in asked(neighbour))
        assert asked(world.actor("coming_tenant")) == []
