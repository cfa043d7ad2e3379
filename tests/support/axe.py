"""Runs axe over an open page: what it finds, in lines that a person can act on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SCRIPT = (Path(__file__).resolve().parents[1] / "browser" / "vendor" / "axe.min.js").read_text(encoding="utf-8")
#: `target-size` is what WCAG 2.2 added; axe leaves it out unless asked
RUN = "hasTargets => axe.run(document, {resultTypes: ['violations'], rules: {'target-size': {enabled: hasTargets}}})"


def violations(page: Page, *, has_targets: bool = True) -> list[str]:
    """Every violation with the first place of it; `has_targets`: whether what can be pressed must be large enough."""
    # As the browser's own script: the page's content policy would refuse an added element.
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(SCRIPT)
    found: dict[str, Any] = page.evaluate(RUN, has_targets)
    return [
        f"{each['id']} ({each['impact']}): {each['help']}: {each['nodes'][0]['html'][:160]}"
        for each in found["violations"]
    ]


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window: nobody should scroll sideways."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
