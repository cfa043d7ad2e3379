"""What a resident's browser may do on the way: no script, a reload, two presses, a way back, a bad file, keys alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect

from heka_portal.domain.accounts.operations.passwords import hash_password
from heka_portal.extensions import db
from heka_portal.models.defects import Defect
from tests.browser.conftest import PHONE, bring, watch
from tests.browser.people import PASSWORD
from tests.factories import files
from tests.factories.defects import finish, make_defect
from tests.support.roles import World, signed_in_client

TITLE, MORE = "The tap drips", "A drop a second, since Monday."
NOT_FIXED = "It drips again."


@pytest.fixture
def enter(app: Flask, world: World, base_url: str) -> Callable[..., Page]:
    """`enter(page)`: the tab is the main tenant's, in English."""

    def enter(page: Page, role: str = "main_tenant") -> Page:
        bring(page.context, signed_in_client(app, world.account_ids[role]), base_url, language="en")
        return page

    return enter


@pytest.fixture
def plain(app: Flask, browser: Browser, base_url: str) -> Iterator[Page]:
    """A tab without script."""
    context = browser.new_context(base_url=base_url, viewport=PHONE, java_script_enabled=False)
    yield context.new_page()
    context.close()


def cases(app: Flask) -> list[Defect]:
    with app.app_context():
        return list(db.session.scalars(db.select(Defect).order_by(Defect.id)))


def to_what(page: Page) -> None:
    """Begin a report, up to the page that asks what is wrong."""
    page.goto("/defects/report")
    page.get_by_role("button", name="Report a defect").click()
    page.get_by_label("In my home").check()
    page.get_by_label("Kitchen").check()
    page.get_by_role("button", name="Continue: what is wrong").click()


def say_what(page: Page) -> None:
    """Answer that page."""
    page.get_by_label("Kind of defect").select_option("tap")
    page.get_by_label("The defect in a few words").fill(TITLE)
    page.get_by_label("Tell us more").fill(MORE)


def on_to_check(page: Page) -> None:
    """From there to the answers to check."""
    page.get_by_role("button", name="Continue: access to your home").click()
    page.get_by_label("Master key").or_(page.locator("input[name=master_key][value=allowed]")).first.check()
    page.get_by_role("button", name="Check the report").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check the report")


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no script"])
def test_two_presses_make_one_case(
    app: Flask, page: Page, plain: Page, enter: Callable[..., Page], has_script: bool
) -> None:
    tab = enter(page if has_script else plain)
    to_what(tab)
    say_what(tab)
    on_to_check(tab)
    tab.get_by_role("button", name="Send the defect notification").dblclick()
    tab.wait_for_url("**/sent")
    expect(tab.get_by_role("heading", level=1)).to_have_text("The report has been sent")
    tab.go_back()
    tab.reload()
    assert [case.subject for case in cases(app)] == [TITLE]


def test_answer_without_script(
    app: Flask, world: World, plain: Page, enter: Callable[..., Page], tmp_path: Path
) -> None:
    with app.app_context():
        case = make_defect(world.actor("main_tenant"))
        finish(world.actor("clerk"), case)
        db.session.commit()
        number = case.number
    photo = tmp_path / "tap.jpg"
    photo.write_bytes(files.jpeg())
    tab = enter(plain)
    tab.goto(f"/matters/{number}")
    box = tab.locator("form[action$='/answer']")
    box.get_by_label("Not fixed").check()
    box.get_by_role("textbox").fill(NOT_FIXED)
    box.locator("summary").click()
    box.locator("input[type=file]").set_input_files(photo)
    box.get_by_role("button", name="Send the answer").click()
    expect(tab.get_by_role("status").filter(has_text="Thank you for your answer.")).to_be_visible()
    expect(tab.locator("main")).to_contain_text(NOT_FIXED)
    expect(tab.locator("main")).to_contain_text("tap.jpg")


def test_going_back_keeps_everything(page: Page, enter: Callable[..., Page]) -> None:
    tab = enter(page)
    to_what(tab)
    say_what(tab)
    on_to_check(tab)
    for _ in range(2):
        tab.get_by_role("link", name="Back").click()
    expect(tab.get_by_label("The defect in a few words")).to_have_value(TITLE)
    expect(tab.get_by_label("Tell us more")).to_have_value(MORE)
    expect(tab.get_by_label("Kind of defect")).to_have_value("tap")
    tab.get_by_role("link", name="Back").click()
    expect(tab.get_by_label("Kitchen")).to_be_checked()


class TestDraftInTheTab:
    """What is typed is kept in this tab, until it is sent or its owner signs out."""

    def test_is_there_after_a_reload(self, page: Page, enter: Callable[..., Page]) -> None:
        tab = enter(page)
        to_what(tab)
        say_what(tab)
        tab.reload()
        expect(tab.get_by_label("The defect in a few words")).to_have_value(TITLE)
        expect(tab.get_by_label("Tell us more")).to_have_value(MORE)

    def test_is_gone_after_signing_out(self, page: Page, enter: Callable[..., Page]) -> None:
        tab = enter(page)
        to_what(tab)
        say_what(tab)
        assert MORE in tab.evaluate("JSON.stringify(sessionStorage)")
        tab.locator(".hp-menu summary").click()
        tab.locator(".hp-menu").get_by_role("button", name="Sign out").click()
        expect(tab.get_by_role("heading", level=1)).to_have_text("You have signed out")
        assert MORE not in tab.evaluate("JSON.stringify({...sessionStorage, ...localStorage})")

    def test_is_gone_once_it_was_sent(self, app: Flask, world: World, page: Page, enter: Callable[..., Page]) -> None:
        with app.app_context():
            number = make_defect(world.actor("main_tenant")).number
            db.session.commit()
        tab = enter(page)
        tab.goto(f"/matters/{number}")
        tab.get_by_label("Write to Heka").fill(MORE)
        tab.get_by_role("button", name="Send the message").click()
        expect(tab.get_by_role("status")).to_contain_text("Your message was sent.")
        expect(tab.get_by_label("Write to Heka")).to_have_value("")


class TestFiles:
    """Pictures that come with a report."""

    def test_refused_file_keeps_the_rest(self, page: Page, enter: Callable[..., Page], tmp_path: Path) -> None:
        good, bad = tmp_path / "tap.jpg", tmp_path / "notes.jpg"
        good.write_bytes(files.jpeg())
        bad.write_text("no picture at all")
        tab = enter(page)
        to_what(tab)
        say_what(tab)
        tab.get_by_label("Add pictures or PDF files").set_input_files([bad, good])
        tab.get_by_role("button", name="Continue: access to your home").click()
        summary = tab.locator(".hp-errors")
        expect(summary).to_be_focused()
        expect(summary).to_contain_text("notes.jpg")
        expect(tab).to_have_title(re.compile("^Error:"))
        expect(tab.get_by_label("The defect in a few words")).to_have_value(TITLE)
        expect(tab.locator(".hp-uploads")).to_contain_text("tap.jpg")
        on_to_check(tab)
        expect(tab.locator("main")).to_contain_text("tap.jpg")

    def test_progress_is_shown_and_said(self, page: Page, enter: Callable[..., Page], tmp_path: Path) -> None:
        photo = tmp_path / "tap.png"
        photo.write_bytes(files.png(files.noise(500, 500)))
        tab = enter(page)
        to_what(tab)
        say_what(tab)
        tab.get_by_label("Add pictures or PDF files").set_input_files(photo)
        slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 300_000}
        tab.context.new_cdp_session(tab).send("Network.emulateNetworkConditions", slow)
        tab.get_by_role("button", name="Continue: access to your home").click(no_wait_after=True)
        bar = tab.get_by_role("progressbar", name="Sending")
        expect(bar).to_be_visible()
        expect(tab.locator(".hp-sending[role=status]")).to_contain_text(re.compile(r"Sending \d+ %"))
        tab.wait_for_url("**/access")


class TestByKeyboard:
    """Nothing needs a pointer."""

    def test_sign_in(self, app: Flask, world: World, page: Page) -> None:
        with app.app_context():
            account = world.account("main_tenant")
            account.password_hash = hash_password(PASSWORD)
            email = account.email
            db.session.commit()
        page.goto("/sign-in?lang=en")
        keys = page.keyboard
        keys.press("Tab")
        expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
        keys.press("Enter")
        tab_to(page, "input[name=email]")
        keys.type(email)
        tab_to(page, "input[name=password]")
        keys.type("wrong password")
        keys.press("Enter")
        expect(page.locator(".hp-errors")).to_be_focused()
        expect(page.get_by_label("Email")).to_have_value(email)
        tab_to(page, "input[name=password]")
        keys.type(PASSWORD)
        keys.press("Enter")
        expect(page).to_have_url(re.compile("/home$"))

    def test_menu(self, page: Page, enter: Callable[..., Page]) -> None:
        tab = enter(page)
        tab.goto("/home")
        menu, summary = tab.locator(".hp-menu"), tab.locator(".hp-menu summary")
        tab_to(tab, ".hp-menu summary")
        tab.keyboard.press("Enter")
        expect(menu).to_have_attribute("open", "")
        tab_to(tab, ".hp-menu a[href='/matters']")
        tab.keyboard.press("Escape")
        expect(menu).not_to_have_attribute("open", "")
        expect(summary).to_be_focused()
        tab.keyboard.press("Space")
        tab_to(tab, ".hp-menu a[href='/matters']")
        tab.keyboard.press("Enter")
        expect(tab).to_have_url(re.compile("/matters$"))


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is there; what has it is always visible."""
    for _ in range(25):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        expect(focused).to_be_visible()
        if focused.evaluate("(node, selector) => node.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never came to {selector}")


def test_two_clerks_at_once(
    app: Flask, world: World, page: Page, context: BrowserContext, complaints: list[str], enter: Callable[..., Page]
) -> None:
    with app.app_context():
        number = make_defect(world.actor("main_tenant")).number
        db.session.commit()
    first = enter(page, "clerk")
    second = watch(context.new_page(), complaints)
    for tab in (first, second):
        tab.goto(f"/admin/cases/{number}/?do=ask")
    second.locator("#do textarea").fill("Is it the hot water?")
    first.goto(f"/admin/cases/{number}/")
    first.get_by_role("button", name="Take up").click()
    expect(first).to_have_url(re.compile(r"#e\d+$"))
    second.locator("#do").get_by_role("button", name="Ask the resident").click()
    told = second.locator(".hp-meanwhile")
    expect(told).to_be_focused()
    expect(told).to_contain_text("Taken up")
    expect(second.locator("#do textarea")).to_have_value("Is it the hot water?")
    second.locator("#do").get_by_role("button", name="Ask the resident").click()
    expect(second.locator(".hp-timeline").last).to_contain_text("Is it the hot water?")
