"""Registration and sign-in in a browser: the whole way over the provider, and accessible pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyotp
import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from heka_portal import clock, create_app
from heka_portal.config import Settings
from heka_portal.domain.accounts.operations.passwords import hash_password
from heka_portal.extensions import db
from heka_portal.integrations.identification import keys as portal_keys
from heka_portal.keyring import keyring
from heka_portal.vocabulary import RegistrationObstacle
from heka_portal.web.identification import BROWSER
from tests.factories.homes import make_apartment
from tests.factories.identifications import make_identification
from tests.factories.leases import let
from tests.factories.people import make_person
from tests.support.axe import overflow, violations
from tests.support.roles import World
from tests.support.sending import received
from tests.support.server import served
from tests.support.stand_in import Later, settings_for, stand_in

PASSWORD = "korvapuusti lamppu"
LANGUAGES = ["fi", "sv", "en"]
DOORS = (
    "/sign-in",
    "/register",
    "/forgotten-password",
    "/forgotten-password/sent",
    "/signed-out",
    "/staff/sign-in",
)


@dataclass(frozen=True)
class Portal:
    """A portal that knows a provider."""

    app: Flask
    address: str


@pytest.fixture
def portal(app: Flask, settings: Settings, tmp_path: Path) -> Iterator[Portal]:
    """A portal of its own, over the same database, with a stand-in beside it."""
    portal_keys.make_keys(tmp_path / "portal")
    later = Later()
    with served(later) as address, stand_in(tmp_path, address) as issuer:  # type: ignore[arg-type]  # any WSGI callable
        made = create_app(settings_for(settings, tmp_path, portal=address, issuer=issuer))
        later.app = made
        yield Portal(made, address)
        with made.app_context():
            db.engine.dispose()


def test_a_resident_registers_over_the_provider(page: Page, portal: Portal) -> None:
    with portal.app.app_context():
        code = "010170-999R"
        mark = keyring().fingerprint(code)
        tero = make_person(birth_on=date(1970, 1, 1), identity_code=code, identity_mark=mark)
        let(make_apartment(), tero)
        db.session.commit()
    page.goto(f"{portal.address}/register?lang=fi")
    page.locator("form[action='/register/identify'] button").click()
    page.get_by_label("Tero Testi Äyrämö").check()
    page.locator("button[value=identify]").click()
    expect(page).to_have_url(f"{portal.address}/register/account")
    page.locator("#email").fill("tero@example.fi")
    page.locator("#password").fill(PASSWORD)
    page.locator("form.hp-form button[type=submit]").click()
    expect(page).to_have_url(f"{portal.address}/register/sent")
    [mail] = received(portal.app)
    page.goto(f"{portal.address}/confirm/{mail.token}")
    page.locator("form.hp-form button[type=submit]").click()
    expect(page).to_have_url(f"{portal.address}/home")


def test_who_cancels_comes_back_to_a_calm_page(page: Page, portal: Portal) -> None:
    page.goto(f"{portal.address}/register?lang=en")
    page.locator("form[action='/register/identify'] button").click()
    page.locator("button[value=cancel]").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You cancelled the identification")
    assert violations(page) == []


def test_a_password_can_be_read_while_it_is_typed(page: Page) -> None:
    page.goto("/sign-in?lang=en")
    typed = page.locator("#password")
    typed.fill("what I type")
    button = page.get_by_role("button", name="Show the password")
    button.click()
    expect(typed).to_have_attribute("type", "text")
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    expect(typed).to_have_attribute("type", "password")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_doors_are_accessible(page: Page, language: str, width: dict[str, int]) -> None:
    for path in DOORS:
        page.goto(f"{path}?lang={language}")
        assert (path, violations(page), overflow(page)) == (path, [], 0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_of_a_registration_are_accessible(
    app: Flask, page: Page, context: BrowserContext, base_url: str, language: str, width: dict[str, int]
) -> None:
    with app.app_context():
        person = make_person()
        let(make_apartment(), person)
        make_identification(person, browser="resident")
        make_identification(None, browser="stranger", obstacle=RegistrationObstacle.NOT_IN_REGISTER)
        db.session.commit()
    visit_as(app, context, base_url, {BROWSER: "resident"})
    page.goto(f"/register/account?lang={language}")
    assert (violations(page), overflow(page)) == ([], 0)
    page.locator("#email").fill("aino@example.fi")
    page.locator("#password").fill("salasana1234")
    page.locator("form.hp-form button[type=submit]").click()
    expect(page.locator("#errors")).to_be_visible()
    assert (violations(page), overflow(page)) == ([], 0)
    page.locator("#password").fill(PASSWORD)
    page.locator("form.hp-form button[type=submit]").click()
    expect(page).to_have_url(re.compile("/register/sent$"))
    assert (violations(page), overflow(page)) == ([], 0)
    context.clear_cookies()
    page.goto(f"/confirm/{received(app)[0].token}?lang={language}")
    assert (violations(page), overflow(page)) == ([], 0)
    visit_as(app, context, base_url, {BROWSER: "stranger"})
    page.goto(f"/register/not-possible?lang={language}")
    assert (violations(page), overflow(page)) == ([], 0)


def visit_as(app: Flask, context: BrowserContext, base_url: str, visit: dict[str, str]) -> None:
    """Give the browser a signed session cookie of the portal."""
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]  # Flask's own has it
    context.add_cookies([{"name": "visit", "value": serializer.dumps(visit), "url": base_url}])


@pytest.mark.parametrize("language", LANGUAGES)
def test_ones_own_pages_are_accessible(
    app: Flask, world: World, page: Page, language: str, width: dict[str, int]
) -> None:
    sign_in(app, world, page, "main_tenant", "/sign-in")
    for path in ("/account/sessions", "/account/password"):
        page.goto(f"{path}?lang={language}")
        assert (violations(page), overflow(page)) == ([], 0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_staffs_second_factor_is_accessible(
    app: Flask, world: World, page: Page, context: BrowserContext, language: str, width: dict[str, int]
) -> None:
    sign_in(app, world, page, "clerk", f"/staff/sign-in?lang={language}")
    assert (violations(page), overflow(page)) == ([], 0)
    secret = page.locator("#secret").inner_text()
    page.locator("#code").fill(pyotp.TOTP(secret).at(clock.now()))
    page.locator("form.hp-form button[type=submit]").click()
    expect(page.locator(".hp-codes li")).to_have_count(10)
    assert (violations(page), overflow(page)) == ([], 0)
    context.clear_cookies()
    sign_in(app, world, page, "clerk", f"/staff/sign-in?lang={language}")
    expect(page).to_have_url(re.compile("/staff/second-factor$"))
    assert (violations(page), overflow(page)) == ([], 0)


def sign_in(app: Flask, world: World, page: Page, role: str, door: str) -> None:
    """Come in by a door with a password."""
    with app.app_context():
        account = world.account(role)
        account.password_hash = account.password_hash or hash_password(PASSWORD)
        db.session.commit()
        email = account.email
    page.goto(door)
    page.locator("#email").fill(email)
    page.locator("#password").fill(PASSWORD)
    page.locator("form.hp-form button[type=submit]").click()
    page.wait_for_load_state()
