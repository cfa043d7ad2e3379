"""PDFs can be read aloud, say what they were given and nothing more, and need nothing from outside."""

from __future__ import annotations

import io
import socket
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from heka_portal.integrations.pdf import PdfError, bullets, heading, paragraph, steps, write_pdf

LETTER: dict[str, Any] = {
    "title": "Pelastussuunnitelma",
    "facts": [["Osoite", "Koskelantie 12"]],
    "blocks": [paragraph("Hätänumero on 112."), bullets(["Sulje ovet.", "Älä käytä hissiä."])],
    "sections": [{"heading": "Toimi näin", "blocks": [heading("Tulipalo"), steps(["Pelasta", "Hälytä", "Sammuta"])]}],
    "footer": "Heka",
}


def read(made: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(made))


def text_of(made: bytes) -> str:
    return "\n".join(page.extract_text() for page in read(made).pages)


def tags_of(made: bytes) -> list[str]:
    """The tags of the document in reading order."""
    found: list[str] = []

    def walk(node: Any) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, DictionaryObject):
            if "/S" in node:
                found.append(str(node["/S"]))
            walk(node.get("/K", []))
        elif isinstance(node, list):
            for each in node:
                walk(each)

    walk(read(made).trailer["/Root"]["/StructTreeRoot"])  # type: ignore[index]  # the reader's types know no names
    return found


def test_document_says_that_it_is_accessible() -> None:
    reader = read(write_pdf("letter", LETTER, language="fi"))
    root: Any = reader.trailer["/Root"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_document_has_its_title_and_language(language: str) -> None:
    reader = read(write_pdf("letter", LETTER, language=language))
    assert reader.metadata is not None
    assert reader.metadata.title == "Pelastussuunnitelma"
    assert reader.trailer["/Root"]["/Lang"] == language  # type: ignore[index]  # the reader's types know no names


def test_headings_and_lists_are_tagged() -> None:
    tags = tags_of(write_pdf("letter", LETTER, language="fi"))
    assert tags.count("/L") == 2
    assert tags.count("/LI") == 5
    assert "/H1" in tags
    assert "/P" in tags


def test_text_of_people_is_shown_as_it_is() -> None:
    nasty = '#read("frame.typ") $x^2$ @ref *b* _i_ <label> // `c` \\ = h #{panic()} https://x.invalid'
    made = write_pdf(
        "letter",
        {"title": nasty, "blocks": [paragraph(nasty), bullets([nasty])], "facts": [[nasty, nasty]], "footer": nasty},
        language="fi",
    )
    assert "".join(text_of(made).split()).count("".join(nasty.split())) == 6
    reader = read(made)
    assert reader.metadata is not None
    assert reader.metadata.title == nasty
    assert all("/Annots" not in page for page in reader.pages)


def test_same_data_makes_the_same_bytes() -> None:
    assert write_pdf("letter", LETTER, language="fi") == write_pdf("letter", dict(LETTER), language="fi")


def test_line_breaks_of_a_paragraph_stay() -> None:
    made = write_pdf("letter", {"title": "T", "blocks": [paragraph("yksi\r\nkaksi")]}, language="fi")
    assert "yksi\nkaksi" in text_of(made)


def test_other_alphabets_have_a_font_and_the_rest_a_sign() -> None:
    made = write_pdf("letter", {"title": "T", "blocks": [paragraph("Škoda Привет 漢 😀 loppu")]}, language="fi")
    assert "Škoda Привет ? ? loppu" in text_of(made)


def test_many_signs_without_a_font_do_not_hang_it() -> None:
    many = " ".join(chr(code) for code in range(0x4E00, 0x4E80))
    made = write_pdf("letter", {"title": "T", "blocks": [paragraph(many + " loppu")]}, language="fi")
    assert "? ? ?" in text_of(made)
    assert "loppu" in text_of(made)


def test_nothing_is_asked_of_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("a PDF needs no network")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert write_pdf("letter", {**LETTER, "title": "Verkotta"}, language="fi").startswith(b"%PDF-")


def test_fonts_are_in_the_document() -> None:
    page: Any = read(write_pdf("letter", LETTER, language="fi")).pages[0]
    fonts = {str(font.get_object()["/BaseFont"]) for font in page["/Resources"]["/Font"].values()}
    assert fonts
    assert all("HankenGrotesk" in font for font in fonts)


@pytest.mark.parametrize("name", ["../frame", "nothing_like_it", "fonts/x", ""])
def test_unknown_template_is_an_error(name: str) -> None:
    with pytest.raises(PdfError):
        write_pdf(name, LETTER, language="fi")


def test_document_without_a_title_is_an_error() -> None:
    with pytest.raises(PdfError, match="title"):
        write_pdf("letter", {**LETTER, "title": ""}, language="fi")


def test_error_does_not_repeat_the_data() -> None:
    with pytest.raises(PdfError) as caught:
        write_pdf("letter", {"title": "T", "sections": [{"heading": "Salaisuus"}]}, language="fi")
    assert "Salaisuus" not in str(caught.value)


@settings(max_examples=30)
@given(st.text(max_size=60))
def test_any_text_makes_a_document(text: str) -> None:
    data = {"title": f"T {text}", "blocks": [paragraph(text), bullets([text])], "facts": [[text, text]]}
    assert write_pdf("letter", data, language="sv").startswith(b"%PDF-")
