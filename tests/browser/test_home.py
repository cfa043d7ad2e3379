"""The home page in a browser, in each language: what waits, what is new, and the switch between two homes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask_babel import force_locale, gettext
from playwright.sync_api import Page, ViewportSize, expect

from heka_portal import clock
from heka_portal.extensions import db
from heka_portal.models.people import Person
from heka_portal.web.formats import write_address
from tests.browser.conftest import bring
from tests.factories.enquiries import make_enquiry
from tests.factories.homes import make_apartment, make_building
from tests.factories.leases import let
from tests.factories.moves import move
from tests.factories.notices import ALL, told
from tests.support.axe import overflow, violations
from tests.support.roles import ClientFor, World

Words = Callable[[str], str]


def is_fine(page: Page) -> None:
    """Nothing for axe, and nothing beside the window."""
    assert violations(page) == [], page.url
    assert overflow(page) <= 0, page.url


@pytest.fixture(params=["fi", "sv", "en"])
def language(request: pytest.FixtureRequest) -> str:
    """The reader's language, one after the other."""
    found: str = request.param
    return found


@pytest.fixture
def words(app: Flask, language: str) -> Words:
    """The interface's words in the reader's language."""

    def say(english: str) -> str:
        with app.test_request_context(), force_locale(language):
            return gettext(english)

    return say


def test_what_waits_and_what_is_new_is_a_press_away(
    app: Flask, world: World, client_for: ClientFor, page: Page, base_url: str, language: str, words: Words
) -> None:
    with app.app_context():
        case = make_enquiry(world.actor("main_tenant"))
        move(world.actor("clerk"), case, "ask_more", text="Mistä kuusta on kyse?")
        number, notice = case.number, told(world.actor("communications"), words=ALL).id
        building = world.building_id
        db.session.commit()
    bring(page.context, client_for("main_tenant"), base_url, language=language)
    page.goto("/home")
    is_fine(page)
    page.locator(f"main a[href='/matters/{number}']").first.click()
    expect(page.get_by_text("Mistä kuusta on kyse?")).to_be_visible()
    page.goto("/home")
    page.locator(f"main a[href='/notices/{notice}']").first.click()
    is_fine(page)
    page.goto("/home")
    page.locator(f"main a[href='/building/{building}/rescue-plan']").click()
    expect(page.locator("main a[href='tel:112']").first).to_be_visible()
    is_fine(page)


def test_who_moves_changes_the_home(
    app: Flask,
    world: World,
    client_for: ClientFor,
    page: Page,
    base_url: str,
    width: ViewportSize,
    language: str,
    words: Words,
) -> None:
    with app.app_context():
        person = db.session.get_one(Person, world.account("neighbour").person_id)
        [old] = world.actor("neighbour").own_homes
        new = let(make_apartment(make_building()), person, starts_on=clock.today() + timedelta(days=14)).apartment_id
        db.session.commit()
        addresses = {home.apartment_id: write_address(home.address) for home in world.actor("neighbour").own_homes}
    bring(page.context, client_for("neighbour"), base_url, language=language)
    page.goto("/home")
    here = page.get_by_role("navigation", name=words("Change home"))
    expect(here).to_contain_text(addresses[old.apartment_id])
    is_fine(page)
    here.get_by_role("link", name=words("Change home")).click()
    is_fine(page)
    page.locator(f"input[name=home][value='{new}']").check()
    page.get_by_role("button", name=words("Show this home")).click()
    page.wait_for_url("**/home")
    expect(here).to_contain_text(addresses[new])
    is_fine(page)
