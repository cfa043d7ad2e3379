import json

import pytest
import requests

from tests.devtools.identity_provider.conftest import Browser
from tests.support import html

TITLES = {"fi": "Valitse, kuka olet", "sv": "Välj vem du är", "en": "Choose who you are"}


def faults(text):
    """What is wrong with a page; its forms need no token, their address is known to one person alone."""
    return [fault for fault in html.faults(text) if not fault.endswith("has 0 tokens")]


def open_page(world, portal, language="fi"):
    return Browser(world).open(portal.begin(world.attempt(), locale=language, now=world.now))


@pytest.mark.parametrize("language", TITLES)
def test_page_speaks_the_language_asked_for(world, portal, language):
    page = open_page(world, portal, language)
    assert f'<html lang="{language}">' in page.text
    assert f"<h1>{TITLES[language]}</h1>" in page.text
    assert "TEST" in page.text
    assert faults(page.text) == []


@pytest.mark.parametrize("language", TITLES)
def test_language_can_be_changed_on_the_page(world, portal, language):
    page = open_page(world, portal)
    changed = requests.get(f"{page.url}?lang={language}", timeout=5)
    assert TITLES[language] in changed.text


@pytest.mark.parametrize("language", TITLES)
def test_other_pages_are_good_pages(world, language):
    for path in ("/", "/authorize", "/identify/none"):
        page = requests.get(f"{world.issuer}{path}?lang={language}", headers={"Accept-Language": language}, timeout=5)
        assert f'<html lang="{language}">' in page.text
        assert faults(page.text) == []


def test_nobody_chosen(world, portal):
    page = open_page(world, portal, "en")
    for form in ({}, {"person": "nobody"}, {"person": "other", "identity_code": " "}):
        again = requests.post(page.url, data={"action": "identify", **form}, timeout=5)
        assert again.status_code == 422
        assert "Choose a person or write a personal identity code." in again.text
        assert "<title>Error:" in again.text
        assert faults(again.text) == []


def test_page_works_once(world, portal):
    page = open_page(world, portal)
    form = {"action": "cancel"}
    assert requests.post(page.url, data=form, timeout=5, allow_redirects=False).status_code == 303
    assert requests.post(page.url, data=form, timeout=5, allow_redirects=False).status_code == 404


def test_what_a_person_types_is_shown_as_text(world, portal):
    page = open_page(world, portal)
    form = {"action": "identify", "identity_code": "", "family_name": '"><script>alert(1)</script>'}
    assert "<script" not in requests.post(page.url, data=form, timeout=5).text


def test_pages_are_protected(world, portal):
    policy = open_page(world, portal).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert f"form-action 'self' {world.portal_address}" in policy
    assert "frame-ancestors 'none'" in policy


def test_style_comes_from_a_file_of_its_own(world, portal):
    page = open_page(world, portal)
    assert "<style" not in page.text
    assert "style=" not in page.text
    assert requests.get(f"{world.issuer}/static/provider.css", timeout=5).headers["Content-Type"].startswith("text/css")


def test_persons_come_from_a_file_that_may_come_later(tmp_path):
    from devtools.identity_provider.configuration import Configuration

    path = tmp_path / "persons.json"
    configuration = Configuration(issuer="http://127.0.0.1", keys=tmp_path, clients=(), persons_file=path)
    assert len(configuration.persons()) == 8
    entry = {"identity_code": "010170-999R", "family_name": "A", "given_name": "B", "note": "main tenant"}
    path.write_text(json.dumps([entry]))
    assert [person.note for person in configuration.persons()] == ["main tenant"]
