"""The pages of docs/ that are made from the code say what the code says."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from heka_portal.cli.docs import pages

DOCS = Path(__file__).parents[2] / "docs"


def test_generated_pages_are_as_the_code_makes_them(app: Flask) -> None:
    with app.app_context():
        made = pages()
    stale = [name for name, text in made.items() if (DOCS / name).read_text(encoding="utf-8") != text]
    assert not stale, f"run `make docs`: {stale}"
