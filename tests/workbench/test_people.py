"""People and homes of the register: found by POST, masked, protected, each look written down."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from heka_portal import clock
from heka_portal.extensions import db
from heka_portal.keyring import keyring
from heka_portal.models.audit import AuditLine
from heka_portal.models.people import Person
from heka_portal.vocabulary import AuditAction
from tests.factories.homes import make_apartment
from tests.factories.leases import let
from tests.factories.people import make_person
from tests.support.case_page import HIDDEN
from tests.support.roles import ClientFor, World

CODE = "131052-308T"


@pytest.fixture
def person_id(app: Flask, world: World) -> int:
    """A person with an identity code and a home, and without an account."""
    with app.app_context():
        person = make_person(
            first_names="Anna Liisa",
            last_name="Meikäläinen",
            identity_code=CODE,
            identity_mark=keyring().fingerprint(CODE),
            birth_on=date(1952, 10, 13),
            register_email="anna@example.fi",
        )
        let(make_apartment(), person)
        db.session.commit()
        return person.id


def find(client: FlaskClient, asked: str) -> TestResponse:
    page = client.get("/admin/people/").text
    return client.post("/admin/people/", data={**dict(HIDDEN.findall(page)), "who": asked})


def looks(app: Flask, action: AuditAction) -> list[tuple[int | None, int | None, str | None]]:
    with app.app_context():
        lines = db.session.scalars(db.select(AuditLine).where(AuditLine.action == action).order_by(AuditLine.id))
        return [(line.account_id, line.person_id, line.reason) for line in lines]


@pytest.mark.parametrize(
    "asked", ["Meikäläinen", "meikäläinen anna", "Liisa MEIKÄLÄINEN", "anna@example.fi", CODE, CODE.lower()]
)
def test_person_is_found(client_for: ClientFor, person_id: int, asked: str) -> None:
    answer = find(client_for("clerk"), asked)
    assert f"/admin/people/{person_id}/" in answer.text
    assert CODE not in answer.text.replace(asked, "")


def test_search_is_written_down_by_whom_it_showed(
    client_for: ClientFor, app: Flask, world: World, person_id: int
) -> None:
    client = client_for("clerk")
    find(client, CODE)
    find(client, "nobody@example.fi")
    with app.app_context():
        searches = db.select(AuditLine).where(AuditLine.action == AuditAction.PEOPLE_SEARCHED).order_by(AuditLine.id)
        lines = db.session.scalars(searches).all()
        assert [(line.account_id, line.data) for line in lines] == [
            (world.account_ids["clerk"], {"people": [person_id]}),
            (world.account_ids["clerk"], {"people": []}),
        ]


@pytest.mark.parametrize("asked", ["Meikä", "Virtanen Anna", "Liisa", "131052-3080", "nobody@example.fi", "%", "P"])
def test_nobody_else_is_found(client_for: ClientFor, person_id: int, asked: str) -> None:
    assert "Nobody found" in find(client_for("clerk"), asked).text


def test_empty_search_says_what_to_write(client_for: ClientFor) -> None:
    answer = find(client_for("clerk"), " ")
    assert "Write whom you look for" in answer.text
    assert "Nobody found" not in answer.text


def test_page_shows_homes_account_and_a_masked_code(client_for: ClientFor, app: Flask, person_id: int) -> None:
    page = client_for("clerk").get(f"/admin/people/{person_id}/").text
    assert "131052-****" in page
    assert CODE not in page
    assert "Kontulankaari" in page
    assert "Can register" in page
    assert "No account" in page
    assert "Show the identity code" not in page


def test_look_is_written_down_once_in_ten_minutes(
    client_for: ClientFor, app: Flask, world: World, person_id: int
) -> None:
    client = client_for("clerk")
    for _ in range(2):
        client.get(f"/admin/people/{person_id}/")
    assert looks(app, AuditAction.PERSON_VIEWED) == [(world.account_ids["clerk"], person_id, None)]


def test_code_is_shown_for_a_written_reason(client_for: ClientFor, app: Flask, world: World, person_id: int) -> None:
    client = client_for("supervisor")
    page = client.get(f"/admin/people/{person_id}/").text
    token = dict(HIDDEN.findall(page))["csrf_token"]
    refused = client.post(f"/admin/people/{person_id}/", data={"csrf_token": token, "reason": " "})
    assert "Write why you need it" in refused.text
    assert CODE not in refused.text
    assert looks(app, AuditAction.IDENTITY_CODE_SHOWN) == []
    shown = client.post(f"/admin/people/{person_id}/", data={"csrf_token": token, "reason": "Bank asked"})
    assert CODE in shown.text
    assert "no-store" in shown.headers["Cache-Control"]
    assert looks(app, AuditAction.IDENTITY_CODE_SHOWN) == [(world.account_ids["supervisor"], person_id, "Bank asked")]


def test_page_that_answers_a_form_is_a_look_too(
    client_for: ClientFor, app: Flask, world: World, person_id: int
) -> None:
    client = client_for("supervisor")
    token = dict(HIDDEN.findall(client.get("/admin/people/").text))["csrf_token"]
    refused = client.post(f"/admin/people/{person_id}/", data={"csrf_token": token, "reason": ""})
    assert "Meikäläinen" in refused.text
    assert looks(app, AuditAction.PERSON_VIEWED) == [(world.account_ids["supervisor"], person_id, None)]


def test_clerk_does_not_see_the_code(client_for: ClientFor, app: Flask, person_id: int) -> None:
    client = client_for("clerk")
    token = dict(HIDDEN.findall(client.get("/admin/people/").text))["csrf_token"]
    answer = client.post(f"/admin/people/{person_id}/", data={"csrf_token": token, "reason": "Curious"})
    assert answer.status_code == 403
    assert CODE not in answer.text
    assert looks(app, AuditAction.IDENTITY_CODE_SHOWN) == []


def test_protected_person_is_absent_for_a_clerk(
    client_for: ClientFor, app: Flask, world: World, person_id: int
) -> None:
    with app.app_context():
        person = db.session.get_one(Person, person_id)
        person.is_protected = True
        db.session.commit()
    clerk, supervisor = client_for("clerk"), client_for("supervisor")
    for asked in ("Meikäläinen", CODE, "anna@example.fi"):
        assert "Nobody found" in find(clerk, asked).text
        assert f"/admin/people/{person_id}/" in find(supervisor, asked).text
    assert clerk.get(f"/admin/people/{person_id}/").status_code == 404
    assert "not to be told" in supervisor.get(f"/admin/people/{person_id}/").text
    assert [look[0] for look in looks(app, AuditAction.PERSON_VIEWED)] == [world.account_ids["supervisor"]]


@pytest.mark.parametrize(
    ("values", "ended", "said"),
    [
        ({"birth_on": clock.today() - timedelta(days=17 * 365)}, None, "before the 18th birthday"),
        ({}, "ended", "the last lease or residence ended"),
        ({}, "none", "no lease and no line in the register of occupants"),
        ({}, None, "no identity code"),
    ],
)
def test_why_a_person_cannot_register_is_said(
    client_for: ClientFor, app: Flask, world: World, values: dict[str, date], ended: str | None, said: str
) -> None:
    with app.app_context():
        person = make_person(**values)
        if ended != "none":
            ends_on = clock.today() - timedelta(days=3) if ended else None
            let(make_apartment(), person, ends_on=ends_on)
        db.session.commit()
        person_id = person.id
    assert said in client_for("clerk").get(f"/admin/people/{person_id}/").text


def test_account_can_be_renewed(client_for: ClientFor, app: Flask, world: World) -> None:
    with app.app_context():
        person = db.session.get_one(Person, world.account("main_tenant").person_id)
        person.identity_code, person.identity_mark = CODE, keyring().fingerprint(CODE)
        db.session.commit()
        person_id = person.id
    assert "Has an account" in client_for("clerk").get(f"/admin/people/{person_id}/").text


def test_apartment_shows_its_people_and_leases(client_for: ClientFor, app: Flask, world: World) -> None:
    page = client_for("clerk").get(f"/admin/apartments/{world.apartment_id}/").text
    with app.app_context():
        names = {
            role: db.session.get_one(Person, world.account(role).person_id).last_name
            for role in ("main_tenant", "co_tenant", "resident", "next_tenant", "former_tenant", "neighbour")
        }
    for role, name in names.items():
        assert (name in page) == (role != "neighbour"), role
    seen = {person_id for _account, person_id, _reason in looks(app, AuditAction.PERSON_VIEWED)}
    assert len(seen) == 5


def test_protected_occupant_is_not_named(client_for: ClientFor, app: Flask, world: World) -> None:
    with app.app_context():
        person = db.session.get_one(Person, world.account("co_tenant").person_id)
        person.is_protected = True
        db.session.commit()
        name, person_id = person.last_name, person.id
    path = f"/admin/apartments/{world.apartment_id}/"
    page = client_for("clerk").get(path).text
    assert name not in page
    assert "Name protected" in page
    assert person_id not in {seen for _account, seen, _reason in looks(app, AuditAction.PERSON_VIEWED)}
    assert name in client_for("supervisor").get(path).text


@pytest.mark.parametrize("role", ["contractor", "administrator", "main_tenant"])
def test_register_is_for_customer_service(client_for: ClientFor, world: World, role: str) -> None:
    client = client_for(role)
    for path in ("/admin/people/", f"/admin/apartments/{world.apartment_id}/", "/admin/buildings/"):
        assert client.get(path).status_code == 403


def test_apartments_begin_from_buildings(client_for: ClientFor, world: World) -> None:
    client = client_for("clerk")
    assert client.get("/admin/apartments/").location == "/admin/buildings/"
    assert client.get("/admin/apartments/999999999999999/").status_code == 404
    page = client.get("/admin/buildings/details/", query_string={"id": world.building_id}).text
    assert f"/admin/apartments/{world.apartment_id}/" in page
