"""What staff write about a building: paragraphs, lists and numbered steps in plain text, on a page and in a PDF.

A line that begins with "-" is of a list, one that begins with "1." of numbered steps; an empty line ends a paragraph.
Nothing else has a meaning, and all of it is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask
from markupsafe import Markup, escape

from heka_portal.integrations.pdf import bullets, paragraph, steps

PARAGRAPH, LIST, STEPS = "paragraph", "list", "steps"
_ITEM = re.compile(r"\s*[-•*–]\s+(?P<text>\S.*)")
_STEP = re.compile(r"\s*\d{1,2}[.)]\s+(?P<text>\S.*)")


@dataclass(frozen=True)
class Block:
    """A paragraph by its lines, or a list by its items."""

    kind: str
    lines: tuple[str, ...]


def _read(line: str) -> tuple[str, str]:
    """What kind of block a line belongs to, and its text."""
    for kind, pattern in ((LIST, _ITEM), (STEPS, _STEP)):
        if found := pattern.fullmatch(line):
            return kind, found["text"].strip()
    return PARAGRAPH, line.strip()


def blocks_of(text: str | None) -> list[Block]:
    """The blocks of a text, in order."""
    return list(_blocks((text or "").splitlines()))


def _blocks(lines: list[str]) -> Iterator[Block]:
    kind, held = PARAGRAPH, list[str]()
    for line in (*lines, ""):
        own, words = _read(line)
        if held and (own != kind or not words):
            yield Block(kind, tuple(held))
            held = []
        if words:
            kind = own
            held.append(words)


def _items(tag: str, lines: tuple[str, ...]) -> Markup:
    items = Markup("").join(Markup("<li>{}</li>").format(line) for line in lines)
    return Markup("<{0}>{1}</{0}>").format(Markup(tag), items)  # noqa: S704 - a tag of ours


def _paragraph(lines: tuple[str, ...]) -> Markup:
    return Markup("<p>{}</p>").format(Markup("<br>\n").join(escape(line) for line in lines))


_HTML: Mapping[str, Callable[[tuple[str, ...]], Markup]] = {
    PARAGRAPH: _paragraph,
    LIST: lambda lines: _items("ul", lines),
    STEPS: lambda lines: _items("ol", lines),
}


def prose(text: str | None) -> Markup:
    """The text as HTML, escaped."""
    return Markup("\n").join(_HTML[block.kind](block.lines) for block in blocks_of(text))


def pdf_blocks(text: str | None) -> list[dict[str, Any]]:
    """The text as the blocks of a PDF."""
    makers: Mapping[str, Callable[[tuple[str, ...]], dict[str, Any]]] = {
        PARAGRAPH: lambda lines: paragraph("\n".join(lines)),
        LIST: bullets,
        STEPS: steps,
    }
    return [makers[block.kind](block.lines) for block in blocks_of(text)]


def init_app(app: Flask) -> None:
    """Give the text to Jinja."""
    app.add_template_filter(prose, "prose")
