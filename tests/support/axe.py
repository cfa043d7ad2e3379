"""Runs axe over an open page: what it finds, in lines that a person can act on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SCRIPT = (Path(__file__).resolve().parents[1] / "browser" / "vendor" / "axe.min.js").read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """Every violation with the first place of it."""
    # As the browser's own script: the page's content policy would refuse an added element.
    page.evaluate(SCRIPT)
    found: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{each['id']} ({each['impact']}): {each['help']}: {each['nodes'][0]['html'][:160]}"
        for each in found["violations"]
    ]


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window: nobody should scroll sideways."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
