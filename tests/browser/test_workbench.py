"""Customer service by keyboard alone: through the list, into a case, an answer, and back to the same line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from heka_portal import clock
from heka_portal.domain.cases.operations import note
from heka_portal.extensions import db
from heka_portal.vocabulary import Fault
from tests.factories.defects import make_defect
from tests.factories.files import jpeg, photo
from tests.support.axe import overflow, violations
from tests.support.roles import World, signed_in_client

DESK = {"width": 1280, "height": 900}
SIZES = [(1280, 900), (900, 1100), (360, 740)]


@pytest.fixture
def desk(app: Flask, world: World, page: Page, base_url: str) -> Callable[[str], Page]:
    """`desk(role)`: the tab, signed in as a member of staff, over five cases of which the first is overdue."""
    with app.app_context():
        actor = world.actor("main_tenant")
        for index in range(5):
            at = clock.now() - timedelta(days=20 if index == 0 else 1, minutes=-index)
            make_defect(actor, title=f"Tap {index}", fault=Fault.TAP, now=at)
        db.session.commit()

    def open_desk(role: str) -> Page:
        cookie = signed_in_client(app, world.account_ids[role]).get_cookie("visit")
        assert cookie is not None
        page.context.add_cookies([{"name": "visit", "value": cookie.value, "url": base_url}])
        page.set_viewport_size(DESK)  # type: ignore[arg-type]  # a literal would do
        return page

    return open_desk


def test_an_older_line_is_found_by_its_address(desk: Callable[[str], Page], app: Flask, world: World) -> None:
    with app.app_context():
        case = make_defect(world.actor("main_tenant"))
        first, *_others = [note(world.actor("clerk"), case, text=f"Note {index}.") for index in range(30)]
        db.session.commit()
        number, line = case.number, first.id
    page = desk("clerk")
    page.goto(f"/admin/cases/{number}/?lang=en#e{line}")
    page.wait_for_url(f"**before={line + 1}#e{line}")
    expect(page.locator(".is-here")).to_contain_text("Note 0.")


def expect_focus(page: Page, selector: str, words: str = "") -> None:
    """What has the focus, once the page's script has run."""
    place = page.locator(":focus")
    expect(place).to_have_count(1)
    expect(page.locator(f"{selector}:focus")).to_contain_text(words)


def test_a_case_is_answered_by_keyboard(desk: Callable[[str], Page]) -> None:
    page = desk("clerk")
    page.goto("/admin/cases/?lang=en")
    keys = page.keyboard
    keys.press("j")
    expect_focus(page, "a", "Tap 0")
    keys.press("j")
    keys.press("j")
    keys.press("k")
    expect_focus(page, "a", "Tap 1")
    keys.press("x")
    expect(page.locator("[data-picked]")).to_have_text("chosen: 1")
    keys.press("x")
    expect(page.locator("[data-picked]")).to_have_text("Choose cases to hand them over")
    keys.press("Enter")
    expect(page.locator("h1")).to_contain_text("Tap 1")

    keys.press("r")
    expect_focus(page, "#reply")
    keys.type("We jump over keys: j k r m ? u")
    keys.press("Tab")
    keys.press("Enter")
    expect(page.locator(".hp-timeline__item.is-here")).to_contain_text("We jump over keys: j k r m ? u")
    expect_focus(page, "li", "We jump over keys")

    keys.press("m")
    expect_focus(page, "#note")
    keys.type("Only for us")
    keys.press("Tab")
    keys.press("Enter")
    expect(page.locator(".hp-note")).to_contain_text("Only for us")

    keys.press("j")
    expect(page.locator("h1")).to_contain_text("Tap 2")
    keys.press("k")
    expect(page.locator("h1")).to_contain_text("Tap 1")
    keys.press("u")
    expect(page.locator("h1")).to_have_text("All open cases")
    expect_focus(page, "a", "Tap 1")


def test_shortcuts_are_shown_and_closed(desk: Callable[[str], Page]) -> None:
    page = desk("clerk")
    page.goto("/admin/?lang=en")
    panel = page.locator(".hp-shortcuts")
    expect(panel).to_be_hidden()
    page.keyboard.press("?")
    expect(panel).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    page.keyboard.press("/")
    expect_focus(page, "#search")
    page.keyboard.type("tap")
    page.keyboard.press("Enter")
    expect(page.locator("[data-line]")).to_have_count(5)
    assert page.url.endswith("/admin/search/")


def test_move_opens_with_the_focus_in_its_first_field(desk: Callable[[str], Page]) -> None:
    page = desk("clerk")
    page.goto("/admin/cases/?lang=en")
    page.get_by_role("link", name="Tap 3").click()
    page.get_by_role("link", name="Ask the resident").click()
    expect_focus(page, "#move-text")
    page.get_by_role("button", name="Ask the resident").click()
    expect(page.locator("#move-text-error")).to_contain_text("Write what the resident needs to know")
    page.locator("#move-text").fill("Cold or warm water?")
    page.get_by_role("button", name="Ask the resident").click()
    expect(page.locator(".hp-case__tags")).to_contain_text("Waits for the resident")
    page.get_by_text("Close…").click()
    page.get_by_role("link", name="Cancel the case").click()
    expect_focus(page, "#move-text")
    page.get_by_role("link", name="Do not do it").click()
    expect(page.locator("#do")).to_have_count(0)


def test_a_photo_goes_with_an_answer(desk: Callable[[str], Page]) -> None:
    page = desk("clerk")
    page.goto("/admin/cases/?lang=en")
    page.get_by_role("link", name="Tap 2").click()
    page.locator("#reply").fill("It looks like this.")
    page.locator("#reply-files").set_input_files({"name": "tap.jpg", "mimeType": "image/jpeg", "buffer": jpeg(photo())})
    page.get_by_role("button", name="Send to the resident").click()
    line = page.locator(".hp-timeline__item.is-here")
    expect(line).to_contain_text("It looks like this.")
    expect(line).to_contain_text("Being prepared")


def test_a_case_is_worked_without_script(desk: Callable[[str], Page], base_url: str) -> None:
    page = desk("clerk")
    context = page.context.browser.new_context(java_script_enabled=False, base_url=base_url)  # type: ignore[union-attr]
    context.add_cookies(page.context.cookies())  # type: ignore[arg-type]  # as they came
    plain = context.new_page()
    plain.goto("/admin/cases/?lang=en")
    plain.get_by_role("button", name="Take the next one").click()
    expect(plain.locator("h1")).to_contain_text("Tap 0")
    plain.get_by_role("link", name="Agree on a visit").click()
    day = clock.today() + timedelta(days=2)
    plain.locator("#visit_on").fill(day.isoformat())
    plain.locator("#visit_from").fill("08:00")
    plain.locator("#visit_to").fill("10:00")
    plain.get_by_role("button", name="Agree on a visit").click()
    expect(plain.locator(".hp-case__tags")).to_contain_text("Visit agreed")
    context.close()


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
def test_pages_fit_and_are_accessible(desk: Callable[[str], Page], size: tuple[int, int]) -> None:
    page = desk("supervisor")
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto("/admin/cases/?lang=fi")
    first = page.locator("a.hp-inbox__subject").first.get_attribute("href") or ""
    number = first.split("/")[3]
    paths = ["/admin/", "/admin/cases/", first]
    paths += [f"/admin/cases/{number}/?do={name}" for name in ("schedule", "assign", "urgency")]
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for path in paths:
            page.goto(path)
            assert violations(page) == [], (scheme, path)
            assert overflow(page) == 0, path
