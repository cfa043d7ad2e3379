"""PDFs that a screen reader can read (PDF/UA-1), made from data by the templates in `heka_portal/typst/`.

What people wrote goes in as data and is only ever shown: none of it is read as markup. Nothing is fetched: the fonts
are the two that come along and the maker's own for other alphabets, and a template may only name its neighbours.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

import typst

TEMPLATES = Path(__file__).parents[1] / "typst"
FONTS = TEMPLATES / "fonts"
#: shown for what no font has
MISSING = "?"
#: how often a sign without a font is replaced one by one, before all that is rare is
MOST_TRIES = 20
#: the signs of the fonts that come along; anything later may have none
COMMON_END = 0x250

_NO_FONT = re.compile(r'the text `(".*")` could not be displayed', re.DOTALL)
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}", re.IGNORECASE)
_NAME = re.compile(r"[a-z_]+")


class PdfError(Exception):
    """The document could not be made: the template and its data do not fit."""


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(FONTS)])


def paragraph(text: str) -> dict[str, Any]:
    """A paragraph of plain text; its line breaks stay."""
    return {"kind": "paragraph", "text": text}


def bullets(items: Sequence[str]) -> dict[str, Any]:
    """A list."""
    return {"kind": "list", "items": list(items)}


def steps(items: Sequence[str]) -> dict[str, Any]:
    """A numbered list."""
    return {"kind": "steps", "items": list(items)}


def heading(text: str) -> dict[str, Any]:
    """A heading among the blocks."""
    return {"kind": "heading", "text": text}


def write_pdf(template: str, data: Mapping[str, Any], *, language: str) -> bytes:
    """The document of a template (a name in `heka_portal/typst/`), the same bytes for the same data.

    `data` holds what the template asks for, always a `title` that is not empty; `frame.typ` and `letter.typ` say what
    they read. Words come in the reader's language: a template has none of its own. Raises PdfError.
    """
    if not _NAME.fullmatch(template) or not (TEMPLATES / f"{template}.typ").is_file():
        raise PdfError(f"no name of a template: {template!r}")
    shown = _each_text(data, _clean)
    for _attempt in range(MOST_TRIES):
        try:
            return _compile(template, shown, language)
        except typst.TypstError as error:
            missing = _without_font(error)
            if not missing:
                raise PdfError(_first_line(error)) from error
            shown = _each_text(shown, partial(_replace, missing))
    try:
        return _compile(template, _each_text(shown, _only_common), language)
    except typst.TypstError as error:
        raise PdfError(_first_line(error)) from error


def _compile(template: str, data: Any, language: str) -> bytes:
    made = typst.compile(
        str(TEMPLATES / f"{template}.typ"),
        root=str(TEMPLATES),
        font_paths=_fonts(),
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False), "language": language},
        pdf_standards=["ua-1"],
        # no package is ever looked for outside
        package_path=str(TEMPLATES / "none"),
        package_cache_path=str(TEMPLATES / "none"),
    )
    return bytes(made)


def _without_font(error: typst.TypstError) -> set[int]:
    """The signs the maker has no font for, if that is what it says."""
    found = _NO_FONT.search(error.message)
    if found is None:
        return set()
    quoted = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), found[1][1:-1])
    return {ord(char) for char in quoted if not char.isascii()}


def _first_line(error: typst.TypstError) -> str:
    """What is wrong with the template; never the data, which may be personal."""
    return error.message.partition("`")[0].strip()


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {key: _each_text(each, change) for key, each in value.items()}
    if isinstance(value, Sequence):
        return [_each_text(each, change) for each in value]
    return value


def _clean(text: str) -> str:
    """Without what is no sign: control, format (the bidi marks), surrogate, private, unassigned; line breaks stay."""
    lines = "\n".join(unicodedata.normalize("NFC", text).splitlines())
    return "".join(char for char in lines if char == "\n" or unicodedata.category(char)[0] != "C")


def _replace(missing: set[int], text: str) -> str:
    return text.translate(dict.fromkeys(missing, MISSING))


def _only_common(text: str) -> str:
    return "".join(char if ord(char) < COMMON_END else MISSING for char in text)
