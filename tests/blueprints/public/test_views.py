from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from heka_portal.config import Settings
from heka_portal.extensions import SETTINGS, db
from heka_portal.models.homes import Region
from tests.support.roles import ClientFor

PUBLIC = (
    "/",
    "/how-to-register",
    "/for-whom",
    "/contact",
    "/accessibility",
    "/accessibility/feedback",
    "/accessibility/feedback/sent",
    "/privacy",
    "/privacy/versions/1",
    "/terms",
    "/terms/versions/1",
    "/claim",
    "/security",
)
PATHS = (*PUBLIC, "/components")


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("path", PATHS)
def test_anyone_may_read_the_public_pages(client: FlaskClient, path: str, language: str):
    answer = client.get(path, query_string={"lang": language})
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.text
    assert 'href="tel:112"' in answer.text


@pytest.mark.parametrize("path", PUBLIC)
def test_the_way_in_is_on_every_public_page(client: FlaskClient, path: str):
    main = client.get(path, query_string={"lang": "en"}).text.partition("<main")[2].partition("</main>")[0]
    whole = client.get(path, query_string={"lang": "en"}).text
    assert 'href="/register"' in whole
    assert 'href="/sign-in' in whole
    if not path.startswith("/accessibility/feedback"):
        assert 'href="/register"' in main


@pytest.mark.parametrize("path", ["/how-to-register", "/accessibility", "/privacy", "/terms"])
def test_the_footer_of_every_page_leads_there(client: FlaskClient, path: str):
    assert f'href="{path}"' in client.get("/sign-in?lang=en").text.partition("<footer")[2]


def test_one_who_is_in_is_led_to_their_own_pages(client_for: ClientFor):
    page = client_for("main_tenant").get("/for-whom?lang=en").text
    assert 'href="/home"' in page
    assert 'href="/register"' not in page


def test_nothing_is_promised_that_is_not_there(client: FlaskClient):
    page = client.get("/for-whom?lang=en").text
    assert "Rent and bills, service requests" in page
    assert "by phone or at an office" in page


def test_a_version_that_is_not_there_is_not_found(client: FlaskClient):
    assert client.get("/privacy/versions/99").status_code == 404
    assert client.get("/terms/versions/0").status_code == 404


def test_the_english_text_says_that_it_is_a_translation(client: FlaskClient):
    assert "This is a translation" in client.get("/terms?lang=en").text
    assert "käännös" not in client.get("/terms?lang=fi").text


def test_the_front_page_leads_in(client: FlaskClient):
    page = client.get("/?lang=en").text
    assert page.count('href="/sign-in"') >= 1
    assert "Every adult resident" in page


@pytest.mark.parametrize(
    ("language", "name", "hours"),
    [("fi", "Itä", "ma–pe 9–15"), ("sv", "Öst", "mån–fre 9–15"), ("en", "Itä", "Mon–Fri 9–15")],
)
def test_the_contact_page_lists_the_offices_in_the_readers_language(
    app: Flask, client: FlaskClient, language: str, name: str, hours: str
):
    with app.app_context():
        db.session.add(
            Region(
                register_id="R1",
                name_fi="Itä",
                name_sv="Öst",
                office_address="Toimistokatu 1, 00500 Helsinki",
                phone="09 5767 3000",
                email="east@heka.example",
                opening_hours="ma-pe 9-15",
            )
        )
        db.session.commit()
    page = client.get("/contact", query_string={"lang": language}).text
    assert f"<h3>{name}</h3>" in page
    assert hours in page
    assert "mailto:east@heka.example" in page


def test_the_contact_page_without_offices_says_what_to_do(client: FlaskClient):
    assert "The offices are not listed here yet" in client.get("/contact?lang=en").text


def test_the_page_of_components_is_not_there_in_production(
    app: Flask, client: FlaskClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(app.extensions, SETTINGS, settings.model_copy(update={"environment": "production"}))
    assert client.get("/components").status_code == 404
