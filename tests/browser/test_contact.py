"""Who has no account yet: the public pages in each language, and a case told on the phone that is theirs afterwards."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

from heka_portal.extensions import db
from heka_portal.models.feedback import AccessibilityFeedback
from tests.browser.conftest import DESK, PHONE, Visit
from tests.browser.people import Resident, Worker
from tests.factories.neighbourhood import NEIGHBOURHOOD
from tests.factories.register_files import write_folder
from tests.support.axe import overflow, violations
from tests.support.portal import RunningPortal

LANGUAGES = ("fi", "sv", "en")
SANNA, AINO = "sanna@heka.example", "aino@posti.example"
#: where the way leads from one page to the next, by the address of the link
WAY = ("/how-to-register", "/for-whom", "/contact", "/claim", "/accessibility", "/accessibility/feedback")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_public_pages_lead_to_each_other(page: Page, base_url: str, width: ViewportSize, language: str) -> None:
    page.goto(f"/?lang={language}")
    for path in WAY:
        link = page.locator(f"a[href='{path}'], a[href^='{path}#']").first
        link.scroll_into_view_if_needed()
        link.click()
        expect(page).to_have_url(re.compile(rf"{re.escape(path)}(\?|#|$)"))
        expect(page.locator("html")).to_have_attribute("lang", language)
        assert violations(page) == [], path
        assert overflow(page) <= 0, path
        assert page.locator("a[href^='/sign-in']").count(), path
        assert page.locator("a[href='/register']").count(), path


@pytest.mark.parametrize("language", LANGUAGES)
def test_pictures_of_the_steps_are_loaded(page: Page, base_url: str, language: str) -> None:
    page.goto(f"/how-to-register?lang={language}")
    pictures = page.locator(".hp-how__picture")
    assert pictures.count() == 4
    for picture in pictures.all():
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("node => node.naturalWidth") > 0
        assert picture.get_attribute("alt")


def test_feedback_needs_no_script(app: Flask, base_url: str, context: BrowserContext) -> None:
    browser = context.browser
    assert browser is not None
    plain = browser.new_context(base_url=base_url, viewport=PHONE, java_script_enabled=False)
    page = plain.new_page()
    page.goto("/accessibility/feedback?lang=en")
    page.get_by_label("On which page?").fill("My matters")
    page.get_by_role("button", name="Send the feedback").click()
    expect(page.get_by_text("Mend 1 point")).to_be_visible()
    expect(page.get_by_label("On which page?")).to_have_value("My matters")
    page.get_by_label("What is hard to use?").fill("The focus cannot be seen.")
    page.get_by_role("button", name="Send the feedback").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you for your feedback")
    plain.close()
    with app.app_context():
        assert db.session.scalars(db.select(AccessibilityFeedback.text)).all() == ["The focus cannot be seen."]


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_what_was_told_on_the_phone_is_found_after_registration(
    portal: RunningPortal, visit: Visit, tmp_path: Path, language: str
) -> None:
    portal.command("register", "import", str(write_folder(tmp_path / "register", NEIGHBOURHOOD)))
    portal.command("staff", "add", SANNA, "--name", "Sanna Laine", "--role", "clerk", "--language", language)
    clerk, resident = visit(Worker, language, DESK), visit(Resident, language, PHONE)
    clerk.enter(SANNA)
    number = write_down(clerk)
    clerk.page.emulate_media(media="print")
    expect(clerk.page.locator(".hp-receipt")).to_be_visible()
    expect(clerk.page.locator(".hp-top")).to_be_hidden()

    resident.open("/claim")
    resident.arrive()
    resident.register("Aino Maria Virtanen", AINO)
    resident.open("/claim")
    resident.write("Number of the case", f"{number[:3]} {number[3:6]} {number[6:]}")
    resident.press("Open the case")
    assert resident.heading == "Keittiön hana tippuu"
    assert resident.say("Opened by customer service on the phone") in resident.text
    assert violations(resident.page) == []


def write_down(clerk: Worker) -> str:
    """A clerk looks the caller up and opens the case; answers its number. The receipt is open then."""
    clerk.open("/admin/")
    clerk.follow("Open a case for a resident")
    clerk.page.locator("main input[name=who]").fill("Virtanen Aino")
    clerk.press("Look up", clerk.page.locator("main"))
    clerk.page.get_by_role("link", name="Virtanen Aino Maria").click()
    clerk.arrive()
    assert violations(clerk.page) == []
    page = clerk.page
    page.locator("input[name=channel][value=phone]").check()
    page.locator("input[name=where][value^=home-]").check()
    page.locator("select[name=place]").select_option("kitchen")
    page.locator("select[name=fault]").select_option("tap")
    page.locator("input[name=title]").fill("Keittiön hana tippuu")
    page.locator("textarea[name=description]").fill("Tippuu yötä päivää.")
    page.locator("input[name=master_key][value=allowed]").check()
    clerk.press("Open the case")
    found = re.search(r"/receipts/(\d{9})/", page.url)
    assert found, clerk.text
    assert violations(page) == []
    return found[1]
