"""A PDF comes out as pages that do nothing, or not at all."""

from __future__ import annotations

import io
import re

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from heka_portal.domain.attachments.documents import remake_document
from heka_portal.domain.attachments.rules import MAX_PAGES, check_unlocked
from heka_portal.domain.errors import FileRefused
from heka_portal.vocabulary import FileRefusal, FileType
from tests.factories import files

#: what makes a reader of PDFs do something, or carries something along
ACTIVE = re.compile(
    rb"/(JavaScript|JS|Launch|OpenAction|AA|URI|SubmitForm|ImportData|GoToR|GoToE|Rendition|RichMedia|Movie|Sound"
    rb"|EmbeddedFiles?|EmbeddedFile|Filespec|Names|AcroForm|XFA|Metadata|PieceInfo|Author)\b"
)


def remade(content: bytes) -> bytes:
    document = remake_document(content)
    assert document.type is FileType.PDF
    return document.content


def refusal_of(content: bytes) -> FileRefusal:
    with pytest.raises(FileRefused) as refused:
        remake_document(content)
    return refused.value.refusal


def test_the_pages_stay_as_they_were() -> None:
    result = PdfReader(io.BytesIO(remade(files.pdf(3, text="Leak under the sink"))))
    assert [page.extract_text() for page in result.pages] == [f"Leak under the sink {n}" for n in (1, 2, 3)]
    assert result.pages[0].mediabox.width == 595


def test_scripts_actions_links_files_and_metadata_are_gone() -> None:
    content = files.pdf_with_everything()
    assert files.SECRET in content
    assert len(set(ACTIVE.findall(content))) > 5
    result = remade(content)
    # pypdf writes no compressed objects here: everything stands in plain sight.
    assert not ACTIVE.findall(result)
    assert b"http" not in result
    assert b"MZ" not in result
    assert PdfReader(io.BytesIO(result)).pages[0].extract_text().startswith("Heka")


def test_a_note_that_is_drawn_stays_without_what_it_does() -> None:
    content = files.pdf_with_filled_field("Filled in")
    page = PdfReader(io.BytesIO(remade(content))).pages[0]
    annotations = page["/Annots"].get_object()
    assert isinstance(annotations, ArrayObject)
    (field,) = (one.get_object() for one in annotations)
    assert isinstance(field, DictionaryObject)
    assert set(field) == {"/Type", "/Subtype", "/Rect", "/AP"}
    drawing = field.raw_get("/AP").get_object()["/N"].get_object()
    assert b"Filled in" in drawing.get_data()


def test_nothing_comes_along_that_no_page_draws() -> None:
    writer = PdfWriter(clone_from=io.BytesIO(files.pdf()))
    hidden = writer._add_object(DictionaryObject())
    assert isinstance(hidden, IndirectObject)
    out = io.BytesIO()
    writer.write(out)
    assert remade(out.getvalue() + files.SECRET).find(files.SECRET) == -1


@pytest.mark.parametrize("tail", [b"PK\x03\x04" + files.SECRET, b"<script>" + files.SECRET])
def test_a_polyglot_loses_its_other_half(tail: bytes) -> None:
    result = remade(files.pdf() + tail)
    assert files.SECRET not in result
    assert result.rstrip().endswith(b"%%EOF")


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (files.pdf(password="secret"), FileRefusal.LOCKED),
        (files.pdf(MAX_PAGES + 1), FileRefusal.TOO_MANY_PAGES),
        (b"%PDF-1.7\n", FileRefusal.DAMAGED),
        (b"%PDF-1.7\n" + b"\x00" * 3000, FileRefusal.DAMAGED),
        (b"%PDF-1.7\n1 0 obj << /Pages 1 0 R /Type /Catalog >> endobj trailer << /Root 1 0 R >>", FileRefusal.DAMAGED),
        (b"%PDF-1.4\n<script>alert(1)</script>", FileRefusal.DAMAGED),
    ],
    ids=["locked", "too many pages", "header only", "zeros", "pages in a circle", "page of a browser"],
)
def test_what_cannot_be_read_or_is_too_much_is_refused(content: bytes, refusal: FileRefusal) -> None:
    assert refusal_of(content) is refusal


def test_the_most_pages_are_taken() -> None:
    assert len(PdfReader(io.BytesIO(remade(files.pdf(MAX_PAGES)))).pages) == MAX_PAGES


def test_a_lock_is_seen_when_the_file_is_sent() -> None:
    with pytest.raises(FileRefused):
        check_unlocked(files.pdf(password="secret"))
    check_unlocked(files.pdf_with_everything())
