"""Plain text of staff: paragraphs, lists and steps; nothing in it is markup."""

from __future__ import annotations

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heka_portal.web.prose import blocks_of, pdf_blocks, prose


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        (None, ""),
        ("Yksi\nkaksi\n\nkolme", "<p>Yksi<br>\nkaksi</p>\n<p>kolme</p>"),
        ("Lajittele:\n- sekajäte\n- bio", "<p>Lajittele:</p>\n<ul><li>sekajäte</li><li>bio</li></ul>"),
        ("1. Pelasta\n2) Varoita", "<ol><li>Pelasta</li><li>Varoita</li></ol>"),
        ("- a\n1. b", "<ul><li>a</li></ul>\n<ol><li>b</li></ol>"),
        ("-ei luettelo\n2026 ei askel", "<p>-ei luettelo<br>\n2026 ei askel</p>"),
        ("<script>alert(1)</script> & *x*", "<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp; *x*</p>"),
        ("- <b>x</b>", "<ul><li>&lt;b&gt;x&lt;/b&gt;</li></ul>"),
    ],
)
def test_text_as_html(text: str | None, html: str) -> None:
    assert prose(text) == html


def test_page_and_pdf_have_the_same_blocks() -> None:
    text = "Kappale\n\n- yksi\n- kaksi\n\n1. ensin"
    assert pdf_blocks(text) == [
        {"kind": "paragraph", "text": "Kappale"},
        {"kind": "list", "items": ["yksi", "kaksi"]},
        {"kind": "steps", "items": ["ensin"]},
    ]


@given(st.text(alphabet=st.sampled_from("ab -1.<>&\"'\n•–"), max_size=80))
def test_no_text_makes_markup_or_loses_words(text: str) -> None:
    made = html5lib.parseFragment(prose(text), namespaceHTMLElements=False)
    assert {element.tag for element in made.iter() if isinstance(element.tag, str)} <= {
        "DOCUMENT_FRAGMENT", "p", "br", "ul", "ol", "li",
    }  # fmt: skip
    letters = [char for block in blocks_of(text) for line in block.lines for char in line if char in "ab<>&"]
    assert letters == [char for char in text if char in "ab<>&"]
