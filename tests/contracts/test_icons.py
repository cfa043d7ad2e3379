"""Each icon in use is in the vendored stylesheet, and hardly any is there for nothing.

A missing one is invisible, silently.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "heka_portal"
STYLESHEET = PACKAGE / "static/vendor/hds-core/5.2.2/hds.min.css"
SHIPPED = set(re.findall(r"\.hds-icon--([a-z-]+)\{--mask-image-", STYLESHEET.read_text(encoding="utf-8")))
#: Where an icon is named: in a macro's call, as an argument, in a table of labels, or in plain markup.
IN_TEMPLATES = re.compile(
    r"""\bicon\(\s*["']([a-z-]+)["']"""
    r"""|icon_name=["']([a-z-]+)["']"""
    r"""|\bhds-icon--([a-z][a-z-]*)"""
)
MAY_WAIT = 25
SIZES = {"small", "size-s", "size-m", "size-l", "size-xl"}


def sources(*endings: str) -> list[Path]:
    return [path for path in PACKAGE.rglob("*") if path.suffix in endings and "static" not in path.parts]


def named(text: str) -> set[str]:
    """The icons that a template names for certain."""
    return {name for found in IN_TEMPLATES.findall(text) for name in found if name} - SIZES


def test_the_stylesheet_ships_icons_at_all():
    assert len(SHIPPED) > 30
    assert ".hds-icon{" in STYLESHEET.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sources(".html"), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_icon_of_a_template_is_shipped(path: Path):
    assert named(path.read_text(encoding="utf-8")) <= SHIPPED


def test_hardly_any_icon_is_shipped_for_nothing():
    """Each weighs 200 bytes on every first visit. A few may wait for the page that will use them."""
    quoted = set()
    for path in sources(".html", ".py"):
        text = path.read_text(encoding="utf-8")
        quoted |= set(re.findall(r"""["']([a-z]+(?:-[a-z]+)*)["']""", text)) | named(text)
    assert len(SHIPPED - quoted) <= MAY_WAIT, sorted(SHIPPED - quoted)


def test_a_missing_icon_would_be_found():
    assert named('{{ icon("no-such") }} {{ item(icon_name="nor-this") }} <i class="hds-icon hds-icon--or-that">') == {
        "no-such",
        "nor-this",
        "or-that",
    }
