"""Two-step sign-in in a browser with a device for passkeys: on, out, in again; and what a browser without one shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyotp
import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from heka_portal import clock, create_app
from heka_portal.config import Settings
from heka_portal.domain.accounts.operations.passwords import hash_password
from heka_portal.extensions import db
from tests.browser.conftest import PHONE, watch
from tests.support.axe import overflow, violations
from tests.support.roles import World
from tests.support.server import serving

PASSWORD = "korvapuusti lamppu"
OWN = "/account/second-factor"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def address(app: Flask, settings: Settings) -> Iterator[str]:
    """A portal that knows its address, by the name under which browsers make passkeys on one's own machine."""
    made: list[Flask] = []

    def make(address: str) -> Flask:
        made.append(create_app(settings.model_copy(update={"base_url": address})))
        return made[0]

    with serving(make) as address:
        yield address.replace("127.0.0.1", "localhost")
    with made[0].app_context():
        db.engine.dispose()


@dataclass
class Device:
    """The device for passkeys that the browser has."""

    session: Any
    id: str

    def refuse(self) -> None:
        """Its owner's finger does not fit."""
        self.session.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": False})

    def accept(self) -> None:
        """And now it does."""
        self.session.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": True})


@pytest.fixture
def authenticator(page: Page) -> Device:
    """A device for passkeys in the tab's browser."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return Device(session, made["authenticatorId"])


@pytest.fixture
def email(app: Flask, world: World) -> str:
    with app.app_context():
        account = world.account("main_tenant")
        account.password_hash = hash_password(PASSWORD)
        db.session.commit()
        return account.email


def sign_in(page: Page, address: str, email: str, language: str = "en") -> None:
    page.goto(f"{address}/sign-in?lang={language}")
    page.locator("#email").fill(email)
    page.locator("#password").fill(PASSWORD)
    page.locator("form.hp-form button[type=submit]").click()
    page.wait_for_load_state()


def sign_out(page: Page, address: str) -> None:
    page.goto(f"{address}/account/sessions")
    page.locator(".hp-menu summary, .hp-user summary").locator("visible=true").first.click()
    page.locator("form[action='/sign-out'] button").locator("visible=true").first.click()
    expect(page).to_have_url(re.compile("/signed-out$"))


def look(page: Page) -> None:
    """Nothing keeps anybody from using the page."""
    assert (page.url, violations(page), overflow(page)) == (page.url, [], 0)


def add_passkey(page: Page, address: str) -> None:
    page.goto(f"{address}{OWN}/passkeys/new")
    page.locator("#called").fill("My phone")
    page.locator("#present").fill(PASSWORD)
    page.locator("form.hp-form button[type=submit]").click()
    expect(page).to_have_url(re.compile("/passkeys/make$"))
    page.locator("form[data-passkey=create] button").click()


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_passkey_is_made_and_signs_in(
    page: Page, address: str, email: str, authenticator: Device, language: str, width: dict[str, int]
) -> None:
    sign_in(page, address, email, language)
    page.goto(f"{address}{OWN}")
    look(page)
    page.goto(f"{address}{OWN}/passkeys/new")
    expect(page.locator("[data-passkeys-without]")).to_be_hidden()
    look(page)
    add_passkey(page, address)
    expect(page.locator(".hp-codes li")).to_have_count(10)
    look(page)
    page.goto(f"{address}{OWN}")
    expect(page.locator(".hp-sessions li")).to_have_count(1)
    look(page)
    sign_out(page, address)
    # alone, as both steps
    page.goto(f"{address}/sign-in")
    look(page)
    page.locator("form[data-passkey=get] button").click()
    expect(page).to_have_url(f"{address}/home")
    sign_out(page, address)
    # after the password
    sign_in(page, address, email, language)
    expect(page).to_have_url(f"{address}/sign-in/second-step")
    look(page)
    page.locator("form[data-passkey=get] button").click()
    expect(page).to_have_url(f"{address}/home")


def test_what_went_wrong_is_said_and_can_be_tried_again(
    page: Page, address: str, email: str, authenticator: Device
) -> None:
    sign_in(page, address, email)
    authenticator.refuse()
    add_passkey(page, address)
    expect(page.locator("[data-passkey-error]")).to_contain_text("you cancelled, or the time ran out")
    look(page)
    authenticator.accept()
    page.locator("form[data-passkey=create] button").click()
    expect(page.locator(".hp-codes li")).to_have_count(10)
    add_passkey(page, address)
    expect(page.locator("[data-passkey-error]")).to_have_text("This device has a passkey of yours already.")


def test_a_code_app_is_taken_into_use_and_asked_for(
    page: Page, address: str, email: str, width: dict[str, int]
) -> None:
    sign_in(page, address, email, "fi")
    page.goto(f"{address}{OWN}/app")
    look(page)
    secret = page.locator("#secret").inner_text()
    page.locator("#code").fill("000000")
    page.locator("#present").fill(PASSWORD)
    page.locator("form.hp-form button[type=submit]").click()
    expect(page.locator("#errors")).to_be_visible()
    look(page)
    page.locator("#code").fill(pyotp.TOTP(secret).at(clock.now()))
    page.locator("#present").fill(PASSWORD)
    page.locator("form.hp-form button[type=submit]").click()
    expect(page.locator(".hp-codes li")).to_have_count(10)
    code = page.locator(".hp-codes li").first.inner_text()
    for path in ("", "/app/off", "/recovery-codes"):
        page.goto(f"{address}{OWN}{path}")
        look(page)
    sign_out(page, address)
    sign_in(page, address, email, "fi")
    expect(page).to_have_url(f"{address}/sign-in/second-step")
    look(page)
    page.locator("#code").fill(code)
    page.locator("form.hp-form button[type=submit]").click()
    expect(page).to_have_url(f"{address}/home")


def test_without_script_the_page_says_so_and_everything_else_works(
    browser: Browser, address: str, email: str, complaints: list[str]
) -> None:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = watch(context.new_page(), complaints)
    sign_in(page, address, email)
    page.goto(f"{address}{OWN}/passkeys/new")
    expect(page.locator("#called")).to_be_hidden()
    page.get_by_role("link", name="Take a code app into use").click()
    secret = page.locator("#secret").inner_text()
    page.locator("#code").fill(pyotp.TOTP(secret).at(clock.now()))
    page.locator("#present").fill(PASSWORD)
    page.locator("form.hp-form button[type=submit]").click()
    expect(page.locator(".hp-codes li")).to_have_count(10)
    context.close()


def test_at_another_address_the_page_offers_the_app(
    page: Page, address: str, email: str, authenticator: Device
) -> None:
    elsewhere = address.replace("localhost", "127.0.0.1")
    page.goto(f"{elsewhere}/sign-in")
    expect(page.locator("form[data-passkey]")).to_be_hidden()
    sign_in(page, elsewhere, email)
    page.goto(f"{elsewhere}{OWN}/passkeys/new")
    expect(page.locator("[data-passkeys-without]")).to_be_visible()
    expect(page.locator("#called")).to_be_hidden()
