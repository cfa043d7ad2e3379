"""Report a defect: every page, every way back, and one case whatever the browser does."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import func, select

from heka_portal.extensions import db
from heka_portal.models.cases import Case, CaseDraft
from heka_portal.models.defects import Defect
from heka_portal.vocabulary import Audience, DefectArea, DefectState, Fault, MasterKey, Place
from tests.blueprints.resident.reports import begin, fill_common, fill_home, first_home, number_of, send
from tests.support.forms import submit
from tests.support.roles import ClientFor, World


def count(app: Flask, model: type[Case | CaseDraft]) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_report_in_a_home_becomes_a_case(app: Flask, world: World, client_for: ClientFor) -> None:
    client = client_for("main_tenant")
    draft = fill_home(
        client,
        has_pets="y",
        pets="A cat",
        audience="household",
        noticed_on__day="1",
        noticed_on__month="11",
        noticed_on__year="2026",
    )
    number = number_of(send(client, draft))
    with app.app_context():
        defect = db.session.scalars(select(Defect)).one()
        assert (defect.number, defect.state, defect.lease_id) == (number, DefectState.RECEIVED, world.lease_id)
        assert (defect.area, defect.place, defect.fault) == (DefectArea.HOME, Place.KITCHEN, Fault.WATER_LEAK)
        assert (defect.master_key, defect.pets, defect.phone) == (MasterKey.ALLOWED, "A cat", "+358402976225")
        assert defect.audience is Audience.HOUSEHOLD
        assert not defect.is_phone_shared
    assert count(app, CaseDraft) == 0
    page = client.get(f"/matters/{number}/sent").get_data(as_text=True)
    assert f"{number:,}".replace(",", "\u00a0") in page
    assert "The sink cupboard gets wet" in client.get("/matters").get_data(as_text=True)
    assert "The sink cupboard gets wet" in client.get("/home").get_data(as_text=True)
    assert client.get(f"/matters/{number}").status_code == 200
