"""Customer service opens a case for a resident, and hands over the receipt."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from heka_portal.extensions import db
from heka_portal.models.audit import AuditLine
from heka_portal.models.cases import Case
from heka_portal.models.defects import Defect
from heka_portal.models.enquiries import Enquiry, Topic
from heka_portal.models.people import Person
from heka_portal.vocabulary import AuditAction, CaseQueue, Channel, Language
from tests.factories.defects import make_on_behalf
from tests.factories.enquiries import make_enquiry
from tests.factories.moves import move
from tests.factories.people import make_person
from tests.support.forms import find_form, submit
from tests.support.roles import ClientFor, World


@pytest.fixture
def person_id(app: Flask, world: World) -> int:
    """The main tenant, who has a phone."""
    with app.app_context():
        person = db.session.get_one(Person, world.account("main_tenant").person_id)
        person.register_phone = "+358401234567"
        db.session.commit()
        return person.id


def told(world: World, **changed: Any) -> dict[str, Any]:
    """What a clerk writes down."""
    return {
        "channel": "phone",
        "where": f"home-{world.apartment_id}",
        "place": "kitchen",
        "fault": "water_leak",
        "title": "Allaskaappi kastuu",
        "description": "Asukas kertoo, että altaan alla tippuu.",
        "master_key": "allowed",
        **changed,
    }


def send(client: FlaskClient, person_id: int, **fields: Any) -> TestResponse:
    return submit(client, f"/admin/on-behalf/{person_id}/", **fields)


def cases(app: Flask) -> list[Defect]:
    with app.app_context():
        return list(db.session.scalars(select(Defect).order_by(Defect.id)))


def test_the_front_leads_to_the_person_and_from_there_to_the_form(client_for: ClientFor, person_id: int) -> None:
    client = client_for("clerk")
    assert "/admin/on-behalf/" in client.get("/admin/?lang=en").text
    assert client.get("/admin/on-behalf/").location == "/admin/people/?for_case=1"
    target, drawn = find_form(client.get("/admin/people/?for_case=1"))
    name = client.get(f"/admin/people/{person_id}/").text.split("<h1>")[1].split("</h1>")[0]
    found = client.post(f"{target}?for_case=1", data={**drawn.to_dict(), "who": name.split()[-1]})
    assert f'href="/admin/on-behalf/{person_id}/"' in found.text
    assert f'href="/admin/on-behalf/{person_id}/"' in client.get(f"/admin/people/{person_id}/").text


def test_a_case_is_opened_and_the_receipt_follows(
    app: Flask, client_for: ClientFor, world: World, person_id: int
) -> None:
    client = client_for("clerk")
    answer = send(client, person_id, **told(world))
    [case] = cases(app)
    assert answer.status_code == 303
    assert answer.location == f"/admin/on-behalf/receipts/{case.number}/"
    assert (case.owner_id, case.phone, case.subject) == (person_id, "+358401234567", "Allaskaappi kastuu")
    page = client.get(answer.location)
    assert "Asukas kertoo, että altaan alla tippuu." in page.text
    timeline = client.get(f"/admin/cases/{case.number}/?lang=en").text
    assert "Opened for the resident: by phone" in timeline
    assert f"/admin/on-behalf/receipts/{case.number}/" in timeline


def test_a_double_press_opens_one(app: Flask, client_for: ClientFor, world: World, person_id: int) -> None:
    client = client_for("clerk")
    target, drawn = find_form(client.get(f"/admin/on-behalf/{person_id}/"))
    fields = {**drawn.to_dict(), **told(world)}
    first, second = client.post(target, data=fields), client.post(target, data=fields)
    assert first.location == second.location
    assert len(cases(app)) == 1


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"channel": None}, "Choose how the resident told you"),
        ({"where": None}, "Choose where the defect is"),
        ({"place": ""}, "Choose the room or place"),
        ({"place": "stairwell"}, "This place does not belong to what you chose above"),
        ({"fault": "lift"}, "This kind of defect does not go with what you chose above"),
        ({"master_key": None}, "Ask whether maintenance may use the master key"),
        ({"description": " "}, "Write down what the resident told"),
        ({"where": "home-999999"}, "Choose one of the options"),
        ({"phone": "soita"}, "Check the phone number"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    app: Flask, client_for: ClientFor, world: World, person_id: int, changed: dict[str, Any], sentence: str
) -> None:
    client = client_for("clerk")
    client.set_cookie("lang", "en")
    fields = {name: value for name, value in told(world, **changed).items() if value is not None}
    page = send(client, person_id, **fields)
    assert page.status_code == 200
    assert sentence in page.text
    assert "Error:" in page.text
    assert "Allaskaappi kastuu" in page.text
    assert cases(app) == []


def test_a_page_that_was_open_too_long_says_so_and_keeps_what_was_typed(
    app: Flask, client_for: ClientFor, world: World, person_id: int
) -> None:
    client = client_for("clerk")
    client.set_cookie("lang", "en")
    page = send(client, person_id, **told(world, form_key="none of ours"))
    assert "The page was open for too long" in page.text
    assert "Allaskaappi kastuu" in page.text
    assert cases(app) == []


def test_common_areas_need_no_answer_about_the_home(
    app: Flask, client_for: ClientFor, world: World, person_id: int
) -> None:
    common = told(world, where=f"common-{world.building_id}", place="stairwell", fault="cleaning", channel="desk")
    assert send(client_for("clerk"), person_id, **{**common, "master_key": ""}).status_code == 303
    [case] = cases(app)
    assert case.lease_id is None


def test_a_person_without_a_home_gets_words_instead_of_a_form(app: Flask, client_for: ClientFor) -> None:
    with app.app_context():
        person = make_person()
        db.session.commit()
        person_id = person.id
    page = client_for("clerk").get(f"/admin/on-behalf/{person_id}/?lang=en").text
    assert "The register has no home for this person today" in page
    assert 'name="title"' not in page


def test_a_protected_person_is_as_absent(app: Flask, client_for: ClientFor, world: World, person_id: int) -> None:
    with app.app_context():
        db.session.get_one(Person, person_id).is_protected = True
        number = make_on_behalf(world.actor("supervisor"), world.actor("main_tenant")).number
        db.session.commit()
    client = client_for("clerk")
    for path in (f"{person_id}/", f"receipts/{number}/", f"receipts/{number}/pdf/"):
        assert client.get(f"/admin/on-behalf/{path}").status_code == 404
    page = client_for("supervisor").get(f"/admin/on-behalf/receipts/{number}/?lang=en").text
    assert "Kontulankaari" not in page
    assert "The resident’s address is protected" in page


def test_the_pdf_can_be_read_aloud_and_says_the_same(app: Flask, client_for: ClientFor, world: World) -> None:
    with app.app_context():
        world.account("main_tenant").language = Language.FINNISH
        number = make_on_behalf(world.actor("clerk"), world.actor("main_tenant"), channel=Channel.LETTER).number
        db.session.commit()
    answer = client_for("clerk").get(f"/admin/on-behalf/receipts/{number}/pdf/")
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"] == f"attachment; filename={number}.pdf"
    assert "no-store" in answer.headers["Cache-Control"]
    document = PdfReader(io.BytesIO(answer.data))
    text = "\n".join(page.extract_text() for page in document.pages)
    root: Any = document.trailer["/Root"]
    assert root["/Lang"] == "fi"
    assert root["/MarkInfo"]["/Marked"]
    assert "Kuitti: olemme vastaanottaneet asiasi" in text
    assert "Water drips from the pipe." in text
    assert "kirjeellä" in text


def test_each_look_at_the_form_and_the_receipt_is_written_down(
    app: Flask, client_for: ClientFor, world: World, person_id: int
) -> None:
    with app.app_context():
        number = make_on_behalf(world.actor("clerk"), world.actor("main_tenant")).number
        db.session.commit()
    for role, path in (
        ("clerk", f"{person_id}/"),
        ("finance", f"receipts/{number}/"),
        ("building_manager", f"receipts/{number}/pdf/"),
    ):
        client_for(role).get(f"/admin/on-behalf/{path}")
        with app.app_context():
            seen = select(func.count()).select_from(AuditLine)
            seen = seen.where(AuditLine.action == AuditAction.PERSON_VIEWED, AuditLine.person_id == person_id)
            assert db.session.scalar(seen.where(AuditLine.account_id == world.account_ids[role])) == 1


def test_an_unknown_person_is_not_found(app: Flask, client_for: ClientFor) -> None:
    client = client_for("clerk")
    assert client.get("/admin/on-behalf/999999/").status_code == 404
    assert client.get("/admin/on-behalf/receipts/999999999/").status_code == 404
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Case)) == 0


SAID = {"channel": "desk", "topic": "rent_payment", "title": "Kaksi laskua", "description": "Kumpi maksetaan?"}


def send_message(client: FlaskClient, person_id: int, **fields: Any) -> TestResponse:
    target, drawn = find_form(client.get(f"/admin/on-behalf/{person_id}/?kind=enquiry"))
    given = {**drawn.to_dict(), **SAID, **fields}
    return client.post(
        f"{target}?kind=enquiry", data={name: value for name, value in given.items() if value is not None}
    )


def messages(app: Flask) -> list[Enquiry]:
    with app.app_context():
        return list(db.session.scalars(select(Enquiry).order_by(Enquiry.id)))


def test_a_message_is_opened_and_its_receipt_says_by_when_it_is_answered(
    app: Flask, client_for: ClientFor, world: World, person_id: int
) -> None:
    with app.app_context():
        world.account("main_tenant").language = Language.ENGLISH
        db.session.commit()
    client = client_for("clerk")
    client.set_cookie("lang", "en")
    answer = send_message(client, person_id)
    [case] = messages(app)
    assert answer.location == f"/admin/on-behalf/receipts/{case.number}/"
    assert (case.owner_id, case.subject, case.queue) == (person_id, "Kaksi laskua", CaseQueue.PAYMENTS)
    pdf = client.get(f"{answer.location}pdf/").data
    paper = " ".join("\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())
    with app.app_context():
        topic = db.session.get_one(Topic, case.topic_id).name_en
    for text in (client.get(answer.location).text, paper):
        assert "Kumpi maksetaan?" in text
        assert "Customer service answers by" in text
        assert f"Topic {topic}" in re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))
        assert "repaired" not in text
        assert "mechanic" not in text
    assert "Opened for the resident: at the desk" in client.get(f"/admin/cases/{case.number}/").text


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("ask_more", "We have asked you something"),
        ("answer", "Customer service has answered."),
    ],
)
def test_a_receipt_of_a_message_follows_its_state(
    app: Flask, client_for: ClientFor, world: World, state: str, sentence: str
) -> None:
    with app.app_context():
        world.account("main_tenant").language = Language.ENGLISH
        case = make_enquiry(world.actor("main_tenant"))
        move(world.actor("clerk"), case, state, text="Which invoice?")
        db.session.commit()
        number = case.number
    page = client_for("clerk").get(f"/admin/on-behalf/receipts/{number}/").text
    assert sentence in page
    assert "Customer service answers by" not in page


def test_a_double_press_opens_one_message(app: Flask, client_for: ClientFor, person_id: int) -> None:
    client = client_for("clerk")
    first = send_message(client, person_id, form_key="one-and-the-same-key-of-a-form")
    second = send_message(client, person_id, form_key="one-and-the-same-key-of-a-form")
    assert first.location == second.location
    assert len(messages(app)) == 1


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"channel": None}, "Choose how the resident told you"),
        ({"home": "999999"}, "Choose one of the options"),
        ({"topic": None}, "Choose what the message is about"),
        ({"topic": "nothing"}, "Choose one of the options"),
        ({"description": " "}, "Write down what the resident told"),
    ],
)
def test_what_is_missing_in_a_message_is_said(
    app: Flask, client_for: ClientFor, person_id: int, changed: dict[str, Any], sentence: str
) -> None:
    client = client_for("clerk")
    client.set_cookie("lang", "en")
    page = send_message(client, person_id, **changed)
    assert page.status_code == 200
    assert sentence in page.text
    assert "Kaksi laskua" in page.text
    assert messages(app) == []
