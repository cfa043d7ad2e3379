"""The glossary says the words that the pages say: its tables of codes are compared with the labels."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from heka_portal.vocabulary import ClosingReason, DefectState, EnquiryState, Urgency
from heka_portal.web import labels, looks
from heka_portal.web.i18n import in_language

GLOSSARY = Path(__file__).parents[2] / "docs" / "domain.md"
ROW = re.compile(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \|", re.MULTILINE)
SHOWN: Mapping[type[StrEnum], Mapping[StrEnum, Any]] = {
    DefectState: {state: look.words for state, look in looks.DEFECT_LOOKS.items()},
    EnquiryState: {state: look.words for state, look in looks.ENQUIRY_LOOKS.items()},
    Urgency: labels.TABLES[Urgency],
    ClosingReason: labels.CLOSING_REASONS,
}


def rows() -> dict[str, set[tuple[str, ...]]]:
    """The codes of the glossary, each with its words in English, Finnish and Swedish; two kinds may have one code."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for code, *words in ROW.findall(GLOSSARY.read_text(encoding="utf-8")):
        found.setdefault(code, set()).add(tuple(word.strip() for word in words))
    return found


@pytest.mark.parametrize("codes", SHOWN, ids=lambda codes: codes.__name__)
def test_glossary_says_what_the_pages_say(app: Flask, codes: type[StrEnum]) -> None:
    glossary = rows()
    with app.test_request_context():
        for code, words in SHOWN[codes].items():
            said = []
            for language in ("en", "fi", "sv"):
                with in_language(language):
                    said.append(str(words).replace("\u00ad", ""))
            assert tuple(said) in glossary[code.value]


def test_glossary_names_no_code_that_is_gone() -> None:
    assert rows().keys() == {code.value for codes in SHOWN for code in codes}


def test_each_term_of_the_glossary_is_in_three_languages() -> None:
    for line in GLOSSARY.read_text(encoding="utf-8").splitlines():
        if line.startswith("| ") and not line.startswith("|---"):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            assert len(cells) == (5 if cells[0].startswith("`") or cells[0] == "code" else 4), line
            assert all(cells), line
