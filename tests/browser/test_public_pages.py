"""The pages that anyone may read: accessible and whole on a phone and at a desk, in each language."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.support.axe import overflow, violations


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("path", ["/", "/contact", "/accessibility", "/privacy", "/components"])
def test_public_page_is_accessible(page: Page, path: str, language: str, width: dict[str, int]) -> None:
    page.goto(f"{path}?lang={language}")
    assert violations(page) == []
    assert overflow(page) <= 0
