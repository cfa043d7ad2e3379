"""A notice in the browser: written in three languages, looked at, told, read and confirmed; nothing for axe to find."""

from __future__ import annotations

from flask import Flask
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.conftest import DESK, PHONE, bring
from tests.support.axe import overflow, violations
from tests.support.roles import ClientFor

FINNISH, SWEDISH, ENGLISH = "Porrashuoneet maalataan", "Trapphusen målas", "The staircases are painted"


def is_fine(page: Page) -> None:
    """Nothing for axe, and nothing beside the window."""
    assert violations(page) == [], page.url
    assert overflow(page) <= 0, page.url


def write(page: Page, words: dict[str, tuple[str, str]]) -> None:
    """Write a notice to the buildings one manages, and save it."""
    page.goto("/admin/notices/write/")
    is_fine(page)
    page.locator("input[name=kind]").first.check()
    for language, (title, body) in words.items():
        page.locator(f"[name=title_{language}]").fill(title)
        page.locator(f"[name=body_{language}]").fill(body)
    page.locator("[name=asks_acknowledgement]").check()
    page.get_by_role("button", name="Tallenna luonnos ja katso sitä").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(words["fi"][0])


def publish(page: Page) -> None:
    """Tell it."""
    page.get_by_role("button", name="Julkaise nyt").click()
    expect(page.get_by_text("Tiedote on julkaistu.")).to_be_visible()
    is_fine(page)


def confirm(page: Page, title: str, press: str, said: str) -> None:
    """Read a notice from the list, and say so."""
    page.goto("/notices")
    is_fine(page)
    page.get_by_role("link", name=title).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    is_fine(page)
    page.get_by_role("button", name=press).click()
    expect(page.get_by_text(said, exact=True)).to_be_visible()
    is_fine(page)


def test_notice_is_written_and_read_in_each_language(
    app: Flask, page: Page, base_url: str, client_for: ClientFor, width: ViewportSize
) -> None:
    bring(page.context, client_for("building_manager"), base_url, language="fi")
    words = {
        "fi": (FINNISH, "Työ alkaa **maanantaina**."),
        "sv": (SWEDISH, "Arbetet börjar på **måndag**."),
        "en": (ENGLISH, "The work begins on **Monday**."),
    }
    write(page, words)
    expect(page.locator("strong", has_text="måndag")).to_be_visible()
    expect(page.get_by_text("Puuttuvat kielet:")).to_have_count(0)
    page.get_by_text("Sähköpostina", exact=True).first.click()
    is_fine(page)
    publish(page)
    page.goto("/admin/notices/")
    is_fine(page)
    bring(page.context, client_for("resident"), base_url, language="fi")
    confirm(page, FINNISH, "Olen lukenut tämän", "Kuitattu")
    bring(page.context, client_for("co_tenant"), base_url, language="sv")
    confirm(page, SWEDISH, "Jag har läst det här", "Bekräftat")
    bring(page.context, client_for("neighbour"), base_url, language="en")
    confirm(page, ENGLISH, "Confirm that I have read this", "Acknowledged")


def test_notice_that_is_missing_in_the_readers_language_is_marked(
    app: Flask, page: Page, base_url: str, client_for: ClientFor
) -> None:
    page.set_viewport_size(DESK)
    bring(page.context, client_for("building_manager"), base_url, language="fi")
    write(page, {"fi": (FINNISH, "Työ alkaa **maanantaina**.")})
    expect(page.get_by_text("Puuttuvat kielet:")).to_contain_text("englanti", ignore_case=True)
    publish(page)
    page.set_viewport_size(PHONE)
    bring(page.context, client_for("resident"), base_url, language="sv")
    confirm(page, FINNISH, "Jag har läst det här", "Bekräftat")
    expect(page.get_by_text("Det här boendemeddelandet är på finska.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_attribute("lang", "fi")
