"""A message in a browser, in each language: written, taken back, sent, answered, found again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask_babel import force_locale, gettext
from playwright.sync_api import Page, expect
from sqlalchemy import select

from heka_portal import clock
from heka_portal.domain.casework.sending import send_next
from heka_portal.extensions import db
from heka_portal.models.enquiries import Enquiry
from tests.browser.conftest import bring
from tests.factories.moves import move
from tests.support.axe import overflow, violations
from tests.support.roles import ClientFor, World


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_message_is_taken_back_sent_answered_and_found(
    app: Flask, world: World, client_for: ClientFor, page: Page, base_url: str, language: str
) -> None:
    def words(english: str) -> str:
        with app.test_request_context(), force_locale(language):
            return gettext(english)

    def press(english: str) -> None:
        page.locator("main").get_by_role("button", name=words(english), exact=True).last.click()

    def check() -> None:
        expect(page.locator("html")).to_have_attribute("lang", language)
        assert violations(page) == [], page.url
        assert overflow(page) <= 0, page.url

    bring(page.context, client_for("main_tenant"), base_url, language=language)
    page.goto("/messages/new")
    check()
    page.locator("input[name=topic][value=rent_payment]").check()
    page.locator("input[name=title]").fill("Kaksi laskua joulukuussa")
    page.locator("textarea[name=text]").fill("Kumpi maksetaan?")
    press("Send the message")
    page.wait_for_url("**/sending")
    check()
    press("Undo")
    expect(page.locator("textarea[name=text]")).to_have_value("Kumpi maksetaan?")
    expect(page.locator("input[name=title]")).to_have_value("Kaksi laskua joulukuussa")
    check()
    press("Send the message")
    page.wait_for_url("**/sending")
    with app.app_context():
        assert send_next(now=clock.now() + timedelta(seconds=31), former_days=365) == 1
        case = db.session.scalars(select(Enquiry)).one()
        number = case.number
        move(world.actor("clerk"), case, "answer", text="Maksa vain ensimmäinen.")
        db.session.commit()
    page.goto("/home")
    page.locator(f"main a[href='/matters/{number}']").first.click()
    expect(page.get_by_text("Maksa vain ensimmäinen.")).to_be_visible()
    check()
    page.goto("/matters/search")
    page.locator("main input[name=q]").fill("joulukuussa")
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator(f"main a[href='/matters/{number}']")).to_be_visible()
    check()


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_correction_is_asked_for(app: Flask, client_for: ClientFor, page: Page, base_url: str, language: str) -> None:
    bring(page.context, client_for("main_tenant"), base_url, language=language)
    page.goto("/details")
    page.locator("a[href='/details/correction']").click()
    assert violations(page) == []
    assert overflow(page) <= 0
    page.locator("input[name=what][value=phone]").check()
    page.locator("textarea[name=text]").fill("040 765 4321")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/sent")
    assert violations(page) == []
    assert overflow(page) <= 0
