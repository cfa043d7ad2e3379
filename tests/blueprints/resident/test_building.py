"""A resident's building: its page, its rescue plan with 112 first, its documents."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader

from heka_portal.extensions import db
from heka_portal.models.buildings import RescuePlanReading, RescuePlanText
from heka_portal.models.homes import Building
from heka_portal.vocabulary import FileType, Language
from heka_portal.web.files import storage
from tests.factories.buildings import PARTS, make_document, make_pdf_file, make_plan, make_text
from tests.factories.homes import make_building
from tests.support.forms import find_form
from tests.support.roles import ClientFor, World


@pytest.fixture
def plan_url(app: Flask, world: World) -> str:
    """The address of a plan in force, in Finnish only."""
    with app.app_context():
        make_plan(world.building_id, world.account_ids["building_manager"])
        make_text(world.building_id, world.account_ids["building_manager"])
        db.session.commit()
    return f"/building/{world.building_id}/rescue-plan"


def change_building(app: Flask, world: World, **values: Any) -> None:
    with app.app_context():
        building = db.session.get_one(Building, world.building_id)
        for name, value in values.items():
            setattr(building, name, value)
        db.session.commit()


def test_home_page_leads_to_the_rescue_plan_and_the_emergency_number(
    client_for: ClientFor, world: World, plan_url: str
) -> None:
    client = client_for("resident")
    assert plan_url in client.get("/home?lang=en").text
    plan = client.get(plan_url).text
    assert 'href="tel:112"' in plan
    assert plan.index("tel:112") < plan.index("Yleisin vaara on keittiöpalo.")


def test_page_tells_what_the_register_and_the_manager_say(
    app: Flask, client_for: ClientFor, world: World, plan_url: str
) -> None:
    change_building(app, world, facilities="sauna|laundry|unheard_of", maintenance_phone="0957673000", built_year=1987)
    page = client_for("main_tenant").get("/building?lang=en").text
    for words in ("Laundry", "Sauna", "1987", "Eeva Jokinen", "Jätepiste on pihan perällä.", "Only in Finnish"):
        assert words in page
    assert "unheard_of" not in page
    assert '<div lang="fi"><p>Jätepiste' in page
    assert "Only in Finnish" not in client_for("main_tenant").get("/building?lang=fi").text


def test_plan_has_the_four_parts_and_can_be_confirmed_as_read(
    app: Flask, client_for: ClientFor, world: World, plan_url: str
) -> None:
    client = client_for("neighbour")
    page = client.get(f"{plan_url}?lang=fi")
    for words in (
        "Yleisin vaara on keittiöpalo.",
        "<li>Sammutin on kellarissa</li>",
        "<li>Pelasta vaarassa olevat</li>",
    ):
        assert words in page.text
    target, fields = find_form(page, "/read")
    answer = client.post(target, data=fields)
    assert (answer.status_code, answer.location) == (303, f"{plan_url}/1")
    assert client.post(target, data=fields).status_code == 303
    assert "/read" not in client.get(plan_url).text
    with app.app_context():
        readings = db.session.scalars(db.select(RescuePlanReading)).all()
        assert [reading.account_id for reading in readings] == [world.account_ids["neighbour"]]


def test_building_that_needs_a_plan_and_has_none_says_whom_to_ask(client_for: ClientFor, world: World) -> None:
    page = client_for("resident").get(f"/building/{world.building_id}/rescue-plan?lang=en").text
    assert "The rescue plan is not here yet" in page
    assert "Eeva Jokinen" in page
    assert 'href="tel:112"' in page


def test_building_of_two_homes_needs_none(app: Flask, client_for: ClientFor, world: World) -> None:
    change_building(app, world, apartment_count=2)
    page = client_for("resident").get(f"/building/{world.building_id}/rescue-plan?lang=en").text
    assert "This building needs no rescue plan" in page
    assert "The rescue plan is not here yet" not in page


@pytest.mark.parametrize("end", ["", "/rescue-plan", "/rescue-plan/1", "/rescue-plan/1/fi.pdf", "/documents"])
def test_another_buildings_pages_are_not_found(app: Flask, client_for: ClientFor, world: World, end: str) -> None:
    with app.app_context():
        elsewhere = make_building().id
        make_plan(elsewhere, world.account_ids["supervisor"])
        db.session.commit()
    for building_id in (elsewhere, 987654321):
        assert client_for("main_tenant").get(f"/building/{building_id}{end}").status_code == 404


@pytest.mark.parametrize("role", ["neighbour", "next_tenant", "coming_tenant"])
def test_people_of_the_building_read_the_plan_before_they_move_in(
    client_for: ClientFor, plan_url: str, role: str
) -> None:
    assert client_for(role).get(plan_url).status_code == 200


def test_former_tenant_does_not(client_for: ClientFor, plan_url: str) -> None:
    client = client_for("former_tenant")
    assert client.get(plan_url).status_code == 403
    assert "/building" not in client.get("/home").text


def test_pdf_is_the_plan_that_can_be_read_aloud(client_for: ClientFor, world: World, plan_url: str) -> None:
    answer = client_for("resident").get(f"{plan_url}/1/fi.pdf?lang=sv")
    assert answer.mimetype == FileType.PDF
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=pelastussuunnitelma-")
    assert "no-store" in answer.headers["Cache-Control"]
    reader = PdfReader(io.BytesIO(answer.data))
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "fi"
    assert b"<pdfuaid:part>1" in root["/Metadata"].get_data()
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert text.index("Soita hätätilanteessa 112") < text.index("Yleisin vaara on keittiöpalo.")
    for words in PARTS.values():
        assert words.split("\n")[-1].lstrip("-123. ") in text
    assert client_for("resident").get(f"{plan_url}/1/sv.pdf").status_code == 404


def test_version_that_is_a_file_is_given_as_it_is(app: Flask, client_for: ClientFor, world: World) -> None:
    with app.app_context():
        storage().put("files/document", b"%PDF-1.7 own", FileType.PDF)
        plan = make_plan(world.building_id, world.account_ids["building_manager"], parts={})
        text = db.session.scalars(db.select(RescuePlanText).where(RescuePlanText.plan_id == plan.id)).one()
        text.attachment_id = make_pdf_file(world.account_ids["building_manager"])
        db.session.commit()
    client = client_for("resident")
    page = client.get(f"/building/{world.building_id}/rescue-plan?lang=en").text
    assert "This version is a PDF file." in page
    assert client.get(f"/building/{world.building_id}/rescue-plan/1/fi.pdf").data == b"%PDF-1.7 own"


def test_plan_in_another_language_is_marked_and_can_be_chosen(app: Flask, client_for: ClientFor, world: World) -> None:
    with app.app_context():
        make_plan(
            world.building_id,
            world.account_ids["building_manager"],
            languages=(Language.FINNISH, Language.SWEDISH),
        )
        db.session.commit()
    client, url = client_for("resident"), f"/building/{world.building_id}/rescue-plan"
    assert '<div lang="fi">' in client.get(f"{url}?lang=en").text
    assert '<div lang="sv">' in client.get(f"{url}/1?lang=en&text=sv").text
    assert client.get(f"{url}/1?text=nonsense").status_code == 200


def test_earlier_version_says_that_it_is_not_in_force(
    app: Flask, client_for: ClientFor, world: World, plan_url: str
) -> None:
    with app.app_context():
        make_plan(world.building_id, world.account_ids["building_manager"], version=2)
        db.session.commit()
    page = client_for("resident").get(f"{plan_url}/1?lang=en").text
    assert "Not in force any more" in page
    assert "/read" not in page


def test_documents_are_listed_and_opened(app: Flask, client_for: ClientFor, world: World) -> None:
    with app.app_context():
        storage().put("files/document", b"%PDF-1.7", FileType.PDF)
        document_id = make_document(world.building_id, world.account_ids["building_manager"]).id
        db.session.commit()
    client = client_for("resident")
    url = f"/building/{world.building_id}/documents/{document_id}"
    assert url in client.get(f"/building/{world.building_id}/documents").text
    answer = client.get(url)
    assert answer.data == b"%PDF-1.7"
    assert answer.headers["Content-Disposition"].startswith("attachment")
