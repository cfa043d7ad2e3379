"""Every page of both interfaces, in every state and language, is one that a browser and a screen reader can use."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from heka_portal.web.i18n import LANGUAGES
from tests.contracts.pages import NO_PAGES, PAGES, REFUSALS
from tests.contracts.scenery import Opened, Scenery
from tests.support.roles import World

TITLE = re.compile(r"<title>([^<]+) - [^<-]+</title>")


@pytest.fixture
def scenery(app: Flask, world: World) -> Scenery:
    """A world in which every page can be opened."""
    return Scenery(app, world)


def test_no_page_is_forgotten(app: Flask) -> None:
    known = {page.endpoint for page in PAGES} | NO_PAGES.keys()
    here = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert here - known == set(), "add them to PAGES in tests/contracts/pages.py"
    assert known - here == set(), "these are gone: take them out of tests/contracts/pages.py"
    assert len(set(map(str, PAGES))) == len(PAGES), "two lines are about the same page"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_whole(scenery: Scenery, language: str) -> None:
    wrong = [
        f"{page}: {fault}"
        for page, status, opened in (
            *((page, 200, scenery.open(page)) for page in PAGES),
            *((refusal, refusal.status, scenery.refuse(refusal)) for refusal in REFUSALS),
        )
        for fault in faults_of(opened, language, status)
    ]
    assert wrong == []


def faults_of(opened: Opened, language: str, status: int) -> list[str]:
    """What is wrong with a page; markup, labels, heading and headers are looked at by the client itself."""
    opened.client.set_cookie("lang", language)
    try:
        answer = opened.client.get(opened.path)
    except AssertionError as error:
        return [str(error)]
    html, found = answer.text, []
    if answer.status_code != status:
        return [f"answers {answer.status_code}, not {status}"]
    if f'<html lang="{language}"' not in html:
        found.append(f"is not in {language}")
    if not TITLE.search(html):
        found.append("the title does not say which page it is")
    return found
