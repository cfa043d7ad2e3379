"""The building in the browser: the rescue plan, the calendar and its link, and nothing for axe to find."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, ViewportSize, expect

from heka_portal import clock
from heka_portal.extensions import db
from heka_portal.models.buildings import RescuePlan
from heka_portal.vocabulary import Language
from tests.browser.conftest import DESK, PHONE, bring
from tests.factories.buildings import make_document, make_plan, make_text
from tests.factories.calendars import make_event
from tests.support.axe import overflow, violations
from tests.support.roles import ClientFor, World


@pytest.fixture
def kept(app: Flask, world: World) -> None:
    """A building with a text, a plan in force and a document."""
    with app.app_context():
        manager = world.account_ids["building_manager"]
        make_text(world.building_id, manager)
        make_plan(world.building_id, manager, languages=(Language.FINNISH, Language.SWEDISH))
        make_document(world.building_id, manager)
        make_event(world.building_id, manager, title_en="Water cut", details_fi="Laske vettä valmiiksi.")
        make_event(world.building_id, manager, starts_at=clock.now() - timedelta(days=9))
        make_event(world.building_id, manager, cancelled_at=clock.now(), title_fi="Peruttu talkoo")
        db.session.commit()


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_resident_reads_the_rescue_plan(
    page: Page, base_url: str, world: World, client_for: ClientFor, kept: None, size: ViewportSize
) -> None:
    bring(page.context, client_for("resident"), base_url, language="sv")
    page.set_viewport_size(size)
    page.goto("/home")
    page.get_by_role("link", name="Räddningsplan och nödnummer").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Räddningsplan")
    expect(page.locator("a[href='tel:112']").first).to_be_visible()
    assert violations(page) == []
    assert overflow(page) <= 0
    page.get_by_role("button", name="Jag har läst planen").click()
    expect(page.get_by_text("Du har läst den", exact=True)).to_be_visible()
    assert violations(page) == []
    for path in ("/building", f"/building/{world.building_id}/documents"):
        page.goto(path)
        assert violations(page) == []
        assert overflow(page) <= 0


@pytest.mark.parametrize("size", [PHONE, DESK])
@pytest.mark.parametrize(
    ("language", "whole", "make", "link", "end"),
    [
        ("fi", "Koko kalenteri", "Tee linkki", "Kalenterin osoite", "Lopeta linkki"),
        ("sv", "Hela kalendern", "Gör en länk", "Kalenderns adress", "Avsluta länken"),
        ("en", "The whole calendar", "Make a link", "Address of the calendar", "End the link"),
    ],
)
def test_resident_has_the_calendar_in_their_own(
    page: Page,
    base_url: str,
    client_for: ClientFor,
    kept: None,
    size: ViewportSize,
    language: str,
    whole: str,
    make: str,
    link: str,
    end: str,
) -> None:
    bring(page.context, client_for("resident"), base_url, language=language)
    page.set_viewport_size(size)
    page.goto("/building")
    page.get_by_role("link", name=whole).click()
    assert violations(page) == []
    assert overflow(page) <= 0
    page.locator("summary", has_text="90").click()
    assert violations(page) == []
    assert overflow(page) <= 0
    page.get_by_role("button", name=make, exact=True).click()
    address = page.locator("#calendar-link").inner_text()
    assert violations(page) == []
    assert overflow(page) <= 0
    webcal = page.locator("a[href^='webcal:']").get_attribute("href")
    assert webcal == "webcal:" + address.partition(":")[2]
    own = page.request.get(base_url + address[address.index("/calendar/") :])
    assert own.status == 200
    assert "BEGIN:VEVENT" in own.text()
    page.reload()
    expect(page.get_by_text(link)).to_have_count(0)
    page.get_by_role("button", name=end).click()
    expect(page.get_by_role("button", name=make, exact=True)).to_be_visible()
    assert page.request.get(base_url + address[address.index("/calendar/") :]).status == 404


def plan_id(app: Flask) -> int:
    """The id of the plan."""
    with app.app_context():
        found: int = db.session.scalars(db.select(RescuePlan.id)).one()
        return found


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_pages_by_which_a_building_is_kept_are_accessible(
    app: Flask, page: Page, base_url: str, world: World, client_for: ClientFor, kept: None, size: ViewportSize
) -> None:
    bring(page.context, client_for("building_manager"), base_url, language="fi")
    page.set_viewport_size(size)
    here = f"/admin/building/{world.building_id}/"
    for path in (
        "/admin/buildings/",
        here,
        f"{here}texts/waste/",
        f"{here}documents/",
        f"/admin/calendar/buildings/{world.building_id}/",
        "/admin/calendar/1/",
        f"/admin/rescue-plans/{plan_id(app)}/",
    ):
        page.goto(path)
        assert violations(page) == [], path
        assert overflow(page) <= 0, path
    page.goto(here)
    page.get_by_role("button", name="Kirjoita uusi versio").click()
    assert violations(page) == []
    page.get_by_role("link", name="Kirjoita").first.click()
    assert violations(page) == []
