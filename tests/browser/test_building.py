"""The rescue plan in the browser: two presses from the home page, read, confirmed, and nothing for axe to find."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Page, ViewportSize, expect

from heka_portal.extensions import db
from heka_portal.models.buildings import RescuePlan
from heka_portal.vocabulary import Language
from tests.browser.conftest import DESK, PHONE, bring
from tests.factories.buildings import make_document, make_plan, make_text
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
