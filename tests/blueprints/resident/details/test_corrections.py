"""Say that the landlord's register is wrong: a message to customer service."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from heka_portal.extensions import db
from heka_portal.models.cases import CaseEvent
from heka_portal.models.enquiries import Enquiry
from heka_portal.vocabulary import Audience, CaseQueue
from tests.support.forms import find_form, submit
from tests.support.roles import ClientFor

PATH = "/details/correction"
TEXT = "Numeroni on 040 765 4321."


def sent(app: Flask) -> list[Enquiry]:
    with app.app_context():
        return list(db.session.scalars(select(Enquiry)))


@pytest.mark.parametrize(
    ("role", "language", "subject"),
    [
        ("main_tenant", "fi", "Rekisteritietojen korjaus: puhelin"),
        ("resident", "sv", "Rättelse av registeruppgifter: telefon"),
        ("coming_tenant", "en", "Correction of register data: phone"),
    ],
)
def test_a_request_is_a_message_to_customer_service(
    app: Flask, client_for: ClientFor, role: str, language: str, subject: str
) -> None:
    client = client_for(role)
    client.set_cookie("lang", language)
    assert f'href="{PATH}"' in client.get("/details").text
    answer = submit(client, PATH, what="phone", text=TEXT)
    [case] = sent(app)
    assert answer.status_code == 303
    assert answer.location == f"/matters/{case.number}/sent"
    assert (case.subject, case.queue, case.audience) == (subject, CaseQueue.CUSTOMER_SERVICE, Audience.OWN)
    assert subject in client.get(answer.location).text
    with app.app_context():
        assert db.session.scalars(select(CaseEvent.text)).all() == [TEXT]


def test_a_double_press_sends_one(app: Flask, client_for: ClientFor) -> None:
    client = client_for("main_tenant")
    fields = {**find_form(client.get(PATH))[1].to_dict(), "what": "name", "text": TEXT}
    first, second = (client.post(PATH, data=fields).location for _ in range(2))
    assert first == second
    assert len(sent(app)) == 1


@pytest.mark.parametrize(
    ("what", "text", "sentence"),
    [
        (None, TEXT, "Choose what is wrong"),
        ("shoe size", TEXT, "Choose one of the options"),
        ("home", " ", "Write what it should be"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    app: Flask, client_for: ClientFor, what: str | None, text: str, sentence: str
) -> None:
    client = client_for("main_tenant")
    client.set_cookie("lang", "en")
    page = submit(client, PATH, what=what, text=text)
    assert page.status_code == 200
    assert sentence in page.text
    assert text.strip() in page.text
    if what == "home":
        assert find_form(page)[1]["what"] == "home"
    assert sent(app) == []


def test_who_has_left_may_not_ask(client_for: ClientFor) -> None:
    client = client_for("former_tenant")
    assert client.get(PATH).status_code == 403
