"""Building managers keep the texts, rescue plan and documents of their buildings in the workbench."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from heka_portal import clock
from heka_portal.extensions import db
from heka_portal.models.buildings import BuildingDocument, RescuePlan
from heka_portal.models.homes import Building
from heka_portal.vocabulary import BuildingTextKind, PlanState
from tests.factories.buildings import PARTS, make_document, make_plan, make_text
from tests.factories.files import jpeg, pdf
from tests.factories.homes import make_building
from tests.support.forms import find_form, submit
from tests.support.roles import ClientFor, World


@pytest.fixture
def manager(client_for: ClientFor) -> FlaskClient:
    return client_for("building_manager")


@pytest.fixture
def url(world: World) -> str:
    return f"/admin/building/{world.building_id}/"


def test_own_buildings_stand_first(app: Flask, manager: FlaskClient, client_for: ClientFor, url: str) -> None:
    with app.app_context():
        make_building(street_address="Aaakuja 1", manager_email="other@example.fi")
        db.session.commit()
    page = manager.get("/admin/buildings/").text
    assert page.index(url) < page.index("Aaakuja 1")
    assert url not in client_for("clerk").get("/admin/buildings/").text


def test_text_is_written_and_residents_read_it(manager: FlaskClient, client_for: ClientFor, url: str) -> None:
    answer = submit(manager, f"{url}texts/waste/", "", fi="Katos on pihalla.", sv="Skjulet finns på gården.", en="")
    assert answer.status_code == 303
    resident = client_for("resident")
    assert "Katos on pihalla." in resident.get("/building?lang=en").text
    assert "Skjulet finns på gården." in resident.get("/building?lang=sv").text


def test_text_changed_meanwhile_keeps_what_was_typed(app: Flask, manager: FlaskClient, world: World, url: str) -> None:
    _target, fields = find_form(manager.get(f"{url}texts/waste/"), "")
    with app.app_context():
        make_text(world.building_id, world.account_ids["supervisor"], text="Toisen teksti")
        db.session.commit()
    answer = manager.post(f"{url}texts/waste/", data={**fields, "fi": "Minun tekstini"})
    assert answer.status_code == 409
    assert "Minun tekstini" in answer.text
    assert "Toisen teksti" in answer.text
    _target, again = find_form(answer, "")
    assert manager.post(f"{url}texts/waste/", data={**again, "fi": "Minun tekstini"}).status_code == 303


def test_plan_from_draft_to_publishing(app: Flask, manager: FlaskClient, client_for: ClientFor, url: str) -> None:
    _target, fields = find_form(manager.get(url), "rescue-plan/")
    plan_url = manager.post(f"{url}rescue-plan/", data=fields).location
    words = {str(part): text for part, text in PARTS.items()}
    too_early = submit(manager, plan_url, plan_url)
    assert "Write the plan in Finnish first" in too_early.text
    assert submit(manager, f"{plan_url}fi/", "", **words).status_code == 303
    assert "keittiöpalo" in manager.get(plan_url).text
    assert manager.get(f"{plan_url}fi.pdf").data.startswith(b"%PDF-")
    assert "keittiöpalo" not in client_for("resident").get("/building").text
    assert submit(manager, plan_url, plan_url, valid_from=clock.today().isoformat()).status_code == 303
    with app.app_context():
        plan = db.session.scalars(db.select(RescuePlan)).one()
        assert (plan.state, plan.valid_from, plan.told_to_id) == (PlanState.PUBLISHED, clock.today(), 0)
        resident_url = f"/building/{plan.building_id}/rescue-plan"
    assert "keittiöpalo" in client_for("resident").get(resident_url).text
    assert manager.get(f"{plan_url}fi/").status_code == 409


def test_day_that_cannot_be_read_is_said_at_its_field(app: Flask, manager: FlaskClient, world: World) -> None:
    with app.app_context():
        plan_id = make_plan(world.building_id, world.account_ids["clerk"], state=PlanState.DRAFT).id
        db.session.commit()
    answer = submit(manager, f"/admin/rescue-plans/{plan_id}/", "", valid_from="eilen")
    assert 'id="valid_from-error"' in answer.text


def test_draft_is_thrown_away_and_a_version_withdrawn(app: Flask, manager: FlaskClient, world: World) -> None:
    with app.app_context():
        published = make_plan(world.building_id, world.account_ids["clerk"]).id
        draft = make_plan(world.building_id, world.account_ids["clerk"], version=2, state=PlanState.DRAFT).id
        db.session.commit()
    for plan_id, act in ((draft, "discard"), (published, "withdraw")):
        target, fields = find_form(manager.get(f"/admin/rescue-plans/{plan_id}/"), f"{act}/")
        assert manager.post(target, data=fields).status_code == 303
    with app.app_context():
        assert [plan.state for plan in db.session.scalars(db.select(RescuePlan))] == [PlanState.WITHDRAWN]


def test_document_is_added_and_taken_away(app: Flask, manager: FlaskClient, url: str) -> None:
    values = {"kind": "house_rules", "audience": "residents", "language": "fi", "title_fi": "Säännöt"}
    added = submit(manager, f"{url}documents/", "", file=(io.BytesIO(pdf()), "saannot.pdf"), **values)
    assert added.status_code == 303
    page = manager.get(url)
    assert "Säännöt" in page.text
    target, fields = find_form(page, "remove/")
    assert manager.post(target, data=fields).status_code == 303
    with app.app_context():
        document = db.session.scalars(db.select(BuildingDocument)).one()
        assert (document.attachment_id, document.removed_at is not None) == (None, True)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"title_fi": ""}, "Write the title in Finnish"),
        ({"audience": "everyone"}, "Choose one of the options"),
        ({"file": (io.BytesIO(jpeg()), "kuva.jpg")}, "is not a PDF"),
        ({"file": (io.BytesIO(b""), "")}, "Choose the PDF file"),
        ({"form_key": ""}, "The page was open for too long"),
    ],
)
def test_form_that_is_not_in_order_says_why_and_keeps_the_rest(
    manager: FlaskClient, url: str, values: dict[str, Any], words: str
) -> None:
    whole = {"kind": "other", "audience": "residents", "language": "fi", "title_fi": "Ohje"}
    file = {"file": (io.BytesIO(pdf()), "ohje.pdf")}
    answer = submit(manager, f"{url}documents/", "", **{**whole, **file, **values})
    assert answer.status_code == 200
    assert words in answer.text


@pytest.mark.parametrize("kind", BuildingTextKind)
def test_pages_to_write_are_for_the_buildings_own_manager(
    app: Flask, manager: FlaskClient, client_for: ClientFor, world: World, kind: BuildingTextKind
) -> None:
    with app.app_context():
        db.session.get_one(Building, world.building_id).manager_email = "other@example.fi"
        plan_id = make_plan(world.building_id, world.account_ids["clerk"], state=PlanState.DRAFT).id
        make_document(world.building_id, world.account_ids["clerk"])
        db.session.commit()
    here = f"/admin/building/{world.building_id}/"
    reading = manager.get(here)
    assert reading.status_code == 200
    assert "texts/" not in reading.text
    assert "remove/" not in reading.text
    for path in (f"{here}texts/{kind}/", f"{here}documents/", f"/admin/rescue-plans/{plan_id}/fi/"):
        assert manager.get(path).status_code == 403
        assert client_for("supervisor").get(path).status_code == 200


def test_file_of_a_document_is_opened_by_those_who_look_into_the_register(
    app: Flask, client_for: ClientFor, world: World
) -> None:
    with app.app_context():
        document_id = make_document(world.building_id, world.account_ids["clerk"]).id
        db.session.commit()
    assert client_for("communications").get(f"/admin/documents/{document_id}/").status_code == 403
    assert client_for("clerk").get("/admin/documents/987654321/").status_code == 404
