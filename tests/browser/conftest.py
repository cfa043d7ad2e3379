"""Tests in Debian's Chromium, over the portal on a port of this machine. Without Chromium they are skipped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize

from devtools.machine import chromium, why_no_browser
from heka_portal.config import Settings
from tests.browser.people import Somebody
from tests.factories.neighbourhood import PEOPLE
from tests.support.portal import RunningPortal, running_portal
from tests.support.server import served

#: No sandbox, for the suite also runs as root; and nothing that calls out.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic"]
PHONE: ViewportSize = {"width": 360, "height": 740}
DESK: ViewportSize = {"width": 1280, "height": 900}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if reason := why_no_browser():
        here = Path(__file__).parent
        for item in items:
            if item.path.is_relative_to(here):
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's browser, not a download of Playwright's own."""
    return {**browser_type_launch_args, "executable_path": chromium(), "args": ARGUMENTS}


@pytest.fixture(scope="session")
def _pw_artifacts_folder() -> Iterator[TemporaryDirectory[str]]:
    """Playwright's own leaves its folder to the end of the process, which then warns."""
    folder = TemporaryDirectory(prefix="heka-browser-")
    yield folder
    folder.cleanup()


@pytest.fixture(scope="session")
def base_url(application: Flask) -> Iterator[str]:
    """The portal's address: pages are opened by their path, `page.goto("/contact")`."""
    with served(application) as address:
        yield address


@pytest.fixture(params=[PHONE, DESK], ids=["360", "1280"])
def width(request: pytest.FixtureRequest) -> ViewportSize:
    """A phone and a desk, one after the other, for tests that ask for it."""
    size: ViewportSize = request.param
    return size


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any], request: pytest.FixtureRequest) -> dict[str, Any]:
    """A phone, unless the test asks for widths."""
    size = request.getfixturevalue("width") if "width" in request.fixturenames else PHONE
    return {**browser_context_args, "viewport": size, "locale": "fi-FI"}


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What the tabs' scripts complain about, or the content policy blocks, fails the test."""
    found: list[str] = []
    yield found
    assert found == []


def watch(page: Page, complaints: list[str]) -> Page:
    """Collect what a tab complains about; that a page itself was refused is for the test to say."""
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(request.url) if request.is_navigation_request() else None)
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))

    def hear(line: ConsoleMessage) -> None:
        is_refusal = line.text.startswith("Failed to load resource") and line.location["url"] in asked
        if line.type == "error" and not is_refusal:
            complaints.append(f"{page.url}: {line.text}")

    page.on("console", hear)
    return page


@pytest.fixture
def page(app: Flask, context: BrowserContext, complaints: list[str]) -> Page:
    """A tab over a database as new."""
    return watch(context.new_page(), complaints)


def bring(context: BrowserContext, client: FlaskClient, base_url: str, *, language: str) -> None:
    """Give a browser the visit that a test client has begun, and nothing else."""
    cookies = {"lang": language}
    if visit := client.get_cookie("visit"):
        cookies["visit"] = visit.value
    context.clear_cookies()
    context.add_cookies([{"name": name, "value": value, "url": base_url} for name, value in cookies.items()])


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The keys of identification: they take a while to make."""
    return tmp_path_factory.mktemp("keys")


@pytest.fixture
def portal(app: Flask, settings: Settings, tmp_path: Path, keys: Path) -> Iterator[RunningPortal]:
    """The whole portal over a database as new, with a provider that knows the people of the neighbourhood."""
    with running_portal(settings, folder=tmp_path, keys=keys, people=PEOPLE) as portal:
        yield portal


Visit = Callable[..., Any]


@pytest.fixture
def visit(portal: RunningPortal, browser: Browser, complaints: list[str]) -> Iterator[Visit]:
    """`visit(Resident, "fi", PHONE)`: somebody at a browser of their own."""
    contexts: list[BrowserContext] = []

    def visit(kind: type[Somebody], language: str, size: ViewportSize, **options: Any) -> Any:
        place = {"base_url": portal.address, "viewport": size, "locale": f"{language}-FI"}
        contexts.append(browser.new_context(**{**place, **options}))
        return kind(portal, watch(contexts[-1].new_page(), complaints), language)

    yield visit
    for context in contexts:
        context.close()
