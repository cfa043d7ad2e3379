"""Defects, reported and moved as people would."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime
from typing import Any

from heka_portal import clock
from heka_portal.domain.access import Actor
from heka_portal.domain.defects.operations import AccessFacts, DefectReport, report_defect, report_on_behalf
from heka_portal.models.cases import CaseEvent
from heka_portal.models.defects import Defect
from heka_portal.vocabulary import Audience, Channel, DefectArea, Fault, MasterKey, Place
from tests.factories.moves import move

ACCESS = AccessFacts(
    MasterKey.ALLOWED, pets="A cat", phone="+358402976225", call_when="After 16", is_phone_shared=False
)


def report_of(actor: Actor, area: DefectArea = DefectArea.HOME, **values: Any) -> DefectReport:
    """What the actor reports of their first home, or of the common areas of its building."""
    home = actor.homes[0]
    is_home = area is DefectArea.HOME
    report = DefectReport(
        area=area,
        apartment_id=home.apartment_id if is_home else None,
        building_id=home.building_id,
        place=Place.KITCHEN if is_home else Place.STAIRWELL,
        fault=Fault.WATER_LEAK if is_home else Fault.CLEANING,
        title="The sink cupboard gets wet" if is_home else "Stairs are not cleaned",
        description="Water drips from the pipe.\nThe bottom is wet every morning.",
        noticed_on=clock.today(),
        access=ACCESS if is_home else None,
        audience=Audience.OWN,
        form_key=secrets.token_urlsafe(24),
    )
    return replace(report, **values)


def make_defect(
    actor: Actor, area: DefectArea = DefectArea.HOME, *, now: datetime | None = None, **values: Any
) -> Defect:
    """A case of a defect, as its reporter has just sent it."""
    return report_defect(actor, report_of(actor, area, **values), now=now)[0]


def make_on_behalf(clerk: Actor, owner: Actor, *, channel: Channel = Channel.PHONE, **values: Any) -> Defect:
    """A case that customer service has just opened for a resident, of the resident's first home."""
    assert owner.person_id is not None
    return report_on_behalf(clerk, report_of(owner, **values), owner_id=owner.person_id, channel=channel)[0]


def finish(clerk: Actor, defect: Defect, *, now: datetime | None = None) -> CaseEvent:
    """Customer service says that the work is done: the resident's turn."""
    return move(clerk, defect, "finish", text="The seal of the trap was changed.", now=now)
