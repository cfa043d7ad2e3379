"""Every page of both interfaces: axe finds nothing on a phone and at a desk, and nobody scrolls sideways at 320 px."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from flask import Flask
from playwright.sync_api import Page, ViewportSize

from tests.browser.conftest import DESK, PHONE, bring
from tests.contracts import pages
from tests.contracts.pages import CLERK, CONTRACTOR, OWNER, PAGES, REFUSALS, SUPERVISOR
from tests.contracts.scenery import Opened, Scenery
from tests.support.axe import overflow, violations
from tests.support.roles import World

NARROW: ViewportSize = {"width": 320, "height": 640}
#: each language's pages are shared out among the processes of the suite
SHARES = range(2)
#: pages that are looked at in the dark too: together they have every component
DARK = (
    pages.Page("public.front", 0, 0),
    pages.Page("public.components", 0, 0),
    pages.Page("resident.home", 0, 0, OWNER),
    pages.Page("resident.matters.show", 0, 0, OWNER, "done"),
    pages.Page("admin.index", 0, 0, SUPERVISOR),
    pages.Page("admin_cases.index", 0, 0, SUPERVISOR),
    pages.Page("admin_cases.show", 0, 0, CLERK, "ordered", {"do": "order"}),
    pages.Page("admin_cases.show", 0, 0, CONTRACTOR, "ordered"),
)


@pytest.fixture
def scenery(app: Flask, world: World) -> Scenery:
    """A world in which every page can be opened."""
    return Scenery(app, world)


def listed(scenery: Scenery, language: str) -> list[tuple[str, Opened]]:
    """The pages to look at: each page in each language, in Finnish in all its states."""
    wanted: Sequence[pages.Page] = PAGES
    if language != "fi":
        wanted = list({(page.endpoint, page.reader): page for page in reversed(PAGES)}.values())
    found = [(str(page), scenery.open(page)) for page in wanted]
    return found + [(str(refusal), scenery.refuse(refusal)) for refusal in REFUSALS]


def come(page: Page, base_url: str, opened: Opened, language: str) -> None:
    """Open a page as its reader, in a language."""
    bring(page.context, opened.client, base_url, language=language)
    page.goto(opened.path)
    assert page.locator("html").get_attribute("lang") == language


def unfold(page: Page) -> None:
    """Open everything that is folded away, menus too."""
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")


def look_at(page: Page) -> Iterator[str]:
    """What is wrong with an open page, at every width."""
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        yield from (f"{size['width']} px: {found}" for found in violations(page))
    page.set_viewport_size(NARROW)
    if (pixels := overflow(page)) > 0:
        yield f"{pixels} px too wide for {NARROW['width']} px"
    unfold(page)
    if (pixels := overflow(page)) > 0:
        yield f"{pixels} px too wide for {NARROW['width']} px when unfolded"


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_page_is_accessible(page: Page, base_url: str, scenery: Scenery, language: str, share: int) -> None:
    wrong = []
    for name, opened in listed(scenery, language)[share :: len(SHARES)]:
        come(page, base_url, opened, language)
        wrong += [f"{name}: {fault}" for fault in look_at(page)]
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("share", SHARES)
def test_what_is_folded_away_is_accessible(page: Page, base_url: str, scenery: Scenery, share: int) -> None:
    wrong = []
    for name, opened in listed(scenery, "en")[share :: len(SHARES)]:
        come(page, base_url, opened, "en")
        unfold(page)
        # Menus that are all open at once lie on what could be pressed.
        wrong += [f"{name}: {fault}" for fault in violations(page, has_targets=False)]
    assert wrong == [], "\n".join(wrong)


class TestInTheDark:
    """Pages for those whose browser asks for a dark ground."""

    @pytest.fixture
    def browser_context_args(self, browser_context_args: dict[str, object]) -> dict[str, object]:
        return {**browser_context_args, "color_scheme": "dark"}

    def test_page_is_accessible(self, page: Page, base_url: str, scenery: Scenery) -> None:
        wrong = []
        for each in DARK:
            come(page, base_url, scenery.open(each), "fi")
            wrong += [f"{each}: {fault}" for fault in look_at(page)]
        assert wrong == [], "\n".join(wrong)
