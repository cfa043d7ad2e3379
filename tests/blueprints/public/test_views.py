from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from heka_portal.config import Settings
from heka_portal.extensions import SETTINGS, db
from heka_portal.models.homes import Region


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("path", ["/", "/contact", "/accessibility", "/privacy", "/components"])
def test_anyone_may_read_the_public_pages(client: FlaskClient, path: str, language: str):
    answer = client.get(path, query_string={"lang": language})
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.text
    assert 'href="tel:112"' in answer.text


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
