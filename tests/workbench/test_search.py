"""Search for cases: by number, resident, address and text, and never by an address of the page."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from heka_portal.domain.cases import search as cases_search
from heka_portal.domain.cases.operations import say
from heka_portal.extensions import db
from heka_portal.models.people import Person
from tests.factories.defects import make_defect
from tests.support.case_page import HIDDEN
from tests.support.roles import ClientFor, World


def search(client: FlaskClient, asked: str, **fields: str) -> TestResponse:
    token = dict(HIDDEN.findall(client.get("/admin/search/").text))["csrf_token"]
    return client.post("/admin/search/", data={"csrf_token": token, "q": asked, **fields})


def test_number_leads_to_the_case(client_for: ClientFor, number: int) -> None:
    written = str(number)
    for asked in (written, f"{written[:3]} {written[3:6]} {written[6:]}"):
        answer = search(client_for("clerk"), asked)
        assert answer.status_code == 303
        assert answer.location == f"/admin/cases/{number}/"


@pytest.mark.parametrize("asked", ["cupboard", "drips pipe", "kontulankaari"])
def test_words_find_the_case(client_for: ClientFor, number: int, asked: str) -> None:
    assert f"/admin/cases/{number}/" in search(client_for("clerk"), asked).text


@pytest.mark.parametrize(
    "asked",
    ["lukko", "turvalukko", "jääkaappi", "kaapeista", "putki", "putkien", "reikä", "vesi", "veden", "keittiöstä"],
)
def test_finnish_word_is_found_in_another_case_and_in_a_compound(
    client_for: ClientFor, app: Flask, world: World, asked: str
) -> None:
    with app.app_context():
        actor = world.actor("main_tenant")
        case = make_defect(actor, title="Keittiön turvalukot, jääkaapin viemäriputkessa")
        say(actor, case, text="Reiän läpi tulee vettä.")
        make_defect(actor, title="Hissi kolisee", description="Kolisee.")
        db.session.commit()
        number = case.number
    answer = search(client_for("clerk"), asked).text
    assert f"/admin/cases/{number}/" in answer
    assert "Hissi kolisee" not in answer


@pytest.mark.parametrize(
    ("asked", "is_found"), [("wc", True), ("w", False), ("vuotaa parketti%", False), ("lift_shaft", True)]
)
def test_signs_stand_for_nothing_and_short_words_for_themselves(
    client_for: ClientFor, app: Flask, world: World, asked: str, is_found: bool
) -> None:
    with app.app_context():
        case = make_defect(world.actor("main_tenant"), title="WC:n lattia vuotaa, lift-shaft")
        db.session.commit()
        number = case.number
    assert (f"/admin/cases/{number}/" in search(client_for("clerk"), asked).text) is is_found


def test_common_word_of_old_cases_only_is_found(
    client_for: ClientFor, app: Flask, world: World, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cases_search, "SPANS", (1, 2))
    with app.app_context():
        for _ in range(4):
            make_defect(world.actor("main_tenant"), title="Hissi kolisee", description="Kolisee.")
        db.session.commit()
    assert f"/admin/cases/{number}/" in search(client_for("clerk"), "cupboard").text


def test_resident_is_found_by_name(client_for: ClientFor, app: Flask, world: World, number: int) -> None:
    with app.app_context():
        name = db.session.get_one(Person, world.account("main_tenant").person_id).last_name
    answer = search(client_for("clerk"), name)
    assert f"/admin/cases/{number}/" in answer.text
    assert answer.location is None


@pytest.mark.parametrize("asked", ["nosuchword", "", "   ", "%", "'", '"', "cupboard nosuchword", "x" * 300, "\x00"])
def test_nothing_found_is_said(client_for: ClientFor, number: int, asked: str) -> None:
    answer = search(client_for("clerk"), asked)
    assert answer.status_code == 200
    assert "Nothing found" in answer.text


@pytest.mark.parametrize("role", ["clerk", "supervisor"])
def test_protected_person_is_as_absent(client_for: ClientFor, app: Flask, world: World, role: str) -> None:
    with app.app_context():
        person = db.session.get_one(Person, world.account("main_tenant").person_id)
        person.is_protected = True
        db.session.flush()
        case = make_defect(world.actor("main_tenant"))
        db.session.commit()
        name, number = person.last_name, case.number
    client = client_for(role)
    assert "Nothing found" in search(client, name).text
    assert f"/admin/cases/{number}/" in search(client, "cupboard").text


@pytest.mark.parametrize("asked", ["{name}", "{name}in", "{start}", "cupboard {name}"])
def test_person_protected_since_is_as_absent(client_for: ClientFor, app: Flask, world: World, asked: str) -> None:
    with app.app_context():
        actor = world.actor("main_tenant")
        case = make_defect(actor)
        person = db.session.get_one(Person, actor.person_id)
        say(actor, case, text=f"Best regards, {person.first_names} {person.last_name}")
        person.is_protected = True
        db.session.commit()
        name, number = person.last_name, case.number
    client = client_for("clerk")
    assert "Nothing found" in search(client, asked.format(name=name, start=name[:4])).text
    assert f"/admin/cases/{number}/" in search(client, "cupboard").text


def test_older_cases_are_a_press_away(client_for: ClientFor, app: Flask, world: World) -> None:
    with app.app_context():
        actor = world.actor("main_tenant")
        for index in range(27):
            make_defect(actor, title=f"Dripping {index:02}")
        db.session.commit()
    client = client_for("clerk")
    first = search(client, "dripping")
    assert "Dripping 26" in first.text
    assert "Dripping 01" not in first.text
    before = dict(HIDDEN.findall(first.text.rpartition("hp-pager")[2]))["before"]
    older = search(client, "dripping", before=before).text
    assert "Dripping 01" in older
    assert "Dripping 02" not in older


@pytest.mark.parametrize("role", ["contractor", "administrator", "main_tenant"])
def test_others_do_not_search(client_for: ClientFor, role: str) -> None:
    assert client_for(role).get("/admin/search/").status_code == 403
