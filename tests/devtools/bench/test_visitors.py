"""Whom the bench draws: cases that can be asked about are defects, whatever else is in a state of that name."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from devtools.bench.visitors import gather
from heka_portal.extensions import db
from heka_portal.models.cases import Case
from heka_portal.vocabulary import CaseKind, DefectState, EnquiryState
from tests.factories.defects import make_defect
from tests.factories.enquiries import make_enquiry
from tests.factories.moves import move
from tests.support.roles import World


@pytest.mark.parametrize("kind", list(CaseKind))
def test_only_defects_are_asked_about(app: Flask, world: World, kind: CaseKind) -> None:
    with app.app_context():
        resident = world.actor("main_tenant")
        case = make_defect(resident) if kind is CaseKind.DEFECT else make_enquiry(resident)
        db.session.commit()
        number = case.number
    assert (number in gather(app).askable_numbers) == (kind is CaseKind.DEFECT)


def test_a_message_that_waits_for_its_writer_stays_as_it_is(app: Flask, world: World) -> None:
    with app.app_context():
        message, defect = make_enquiry(world.actor("main_tenant")), make_defect(world.actor("main_tenant"))
        move(world.actor("clerk"), message, "ask_more", text="Mistä kuusta?")
        move(world.actor("clerk"), defect, "ask", text="Missä?")
        db.session.commit()
        numbers = message.number, defect.number
    gather(app)
    with app.app_context():
        states = [db.session.scalar(select(Case.state).where(Case.number == number)) for number in numbers]
    assert states == [EnquiryState.NEEDS_INFORMATION, DefectState.TRIAGED]
