"""What staff write in markdown, as HTML that can do no harm, and as plain text.

Two walls stand behind each other: the parser takes no HTML and makes links of a few kinds only; what comes out of it
goes through a sanitiser with a narrow list of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

#: where a link may lead: to the web, to a mail or a call, to a page of ours or a place on the page; a browser reads
#: "//host" and "/\\host" as another host, so these are no pages of ours
LINK = re.compile(r"(?:https?://|mailto:|tel:|/(?![/\\])|#)[^\s\x00-\x20\x7f]*", re.IGNORECASE)
SCHEMES = {"https", "http", "mailto", "tel"}
LOWEST_HEADING = 6
TAGS = {
    *("p", "br", "hr", "ul", "ol", "li", "strong", "em", "a", "blockquote"),
    *("table", "thead", "tbody", "tr", "th", "td"),
    *(f"h{level}" for level in range(2, LOWEST_HEADING + 1)),
}
#: what markdown has and a notice does not: shown as it was typed
NOT_OURS = ["code", "fence", "backticks", "strikethrough", "html_block", "html_inline"]
#: after these a new line begins in plain text
LINE_ENDS = {"paragraph_close", "heading_close", "tr_close"}
CELL_ENDS = {"th_close", "td_close"}


class _Parser(MarkdownIt):
    """The markdown of notices; a single line break is kept, as people who write letters expect."""

    def __init__(self) -> None:
        super().__init__("js-default", {"html": False, "breaks": True})
        self.disable(NOT_OURS)

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the parser's own name for it
        """A link that may not be one stays text, so that its writer sees it in the preview."""
        return is_link(url)


@cache
def _parser() -> _Parser:
    return _Parser()


def is_link(url: str) -> bool:
    """Whether an address may be linked to."""
    return LINK.fullmatch(url) is not None


def to_html(text: str | None, top: int = 2) -> Markup:
    """Staff's markdown as safe HTML; its highest heading is `top`, which is 2 or lower down on the page."""
    parser = _parser()
    tokens = parser.parse(text or "")
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1:]) + max(top, 2) - 1, LOWEST_HEADING)}"
        _replace_pictures(token.children or ())
    written = parser.renderer.render(tokens, parser.options, {})
    # The only text of a person that is marked as HTML: whatever the parser made of it, the sanitiser lets only these
    # tags through, no attribute but the address of a link, and addresses of these kinds only.
    return Markup(  # noqa: S704 - sanitised here
        nh3.clean(
            written,
            tags=TAGS,
            attributes={"*": set(), "a": {"href"}},  # "*": a title is let through where nothing is said
            attribute_filter=_kept,
            url_schemes=SCHEMES,
            link_rel="noopener",
            set_tag_attribute_values={"th": {"scope": "col"}},
        )
    ).strip()


def _kept(tag: str, attribute: str, value: str) -> str | None:
    return value if attribute != "href" or is_link(value) else None


def _replace_pictures(tokens: Sequence[Token]) -> None:
    """Put the words of a picture where it would be: a notice's pictures are its files."""
    for token in tokens:
        if token.type == "image":
            token.type, token.tag, token.content, token.children = "text", "", token.content, None


def plain_text(text: str | None) -> str:
    """The words alone, a line for each paragraph, heading, row or item; not HTML, and to be escaped like any text."""
    said: list[str] = []
    for token in _parser().parse(text or ""):
        if token.type == "inline":
            said.append("".join(map(_words, token.children or ())))
        elif token.type in LINE_ENDS:
            said.append("\n")
        elif token.type in CELL_ENDS:
            said.append(" ")
    lines = (line.strip() for line in "".join(said).split("\n"))
    return "\n".join(line for line in lines if line)


def _words(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return "\n"
    return token.content


def cut_words(text: str, length: int) -> str:
    """The beginning of plain words on one line, cut between two of them."""
    words = " ".join(text.split())
    if len(words) <= length:
        return words
    return f"{words[: length - 1].rsplit(' ', 1)[0].rstrip('.,;: ')}…"
