"""What is taken is told by what a file is; what is shown is a harmless name."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heka_portal.domain.attachments.rules import (
    EXTENSIONS,
    MAX_BYTES,
    MAX_FILES,
    MAX_NAME,
    check_count,
    check_measures,
    check_size,
    check_unlocked,
    clean_name,
    sniff_type,
)
from heka_portal.domain.errors import FileRefused
from heka_portal.vocabulary import FileRefusal, FileType

HEIC_OF_IPHONE = b"\x00\x00\x00\x24ftypheic\x00\x00\x00\x00mif1MiHEmiafMiHBheic" + b"\x00" * 40
HEIC_BY_COMPATIBLE_BRAND = b"\x00\x00\x00\x18ftypmiaf\x00\x00\x00\x00heicmif1" + b"\x00" * 40
AVIF = b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmiafMA1B" + b"\x00" * 40


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", FileType.JPEG),
        (b"\x89PNG\r\n\x1a\n\x00\x00", FileType.PNG),
        (b"%PDF-1.7\n", FileType.PDF),
        (HEIC_OF_IPHONE, FileType.HEIC),
        (HEIC_BY_COMPATIBLE_BRAND, FileType.HEIC),
    ],
)
def test_the_type_is_read_from_the_beginning(content: bytes, found: FileType) -> None:
    assert sniff_type(content) is found


@pytest.mark.parametrize(
    "content",
    [
        b"GIF89a\xff\xd8\xff",
        b"<!doctype html><script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg'>",
        b"PK\x03\x04 an office document",
        b"MZ\x90\x00 a program",
        b"\n%PDF-1.7 not at the very beginning",
        b"RIFF\x00\x00\x00\x00WEBPVP8 ",
        b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isomiso2",
        AVIF,
        # A brand of a later box does not count.
        b"\x00\x00\x00\x10ftypmp42\x00\x00\x00\x00heicheic",
        b"",
        b"\x00",
    ],
)
def test_everything_else_is_refused(content: bytes) -> None:
    with pytest.raises(FileRefused) as refused:
        sniff_type(content)
    assert refused.value.refusal is FileRefusal.WRONG_TYPE


@given(st.binary(max_size=80))
def test_no_beginning_breaks_the_reading_of_the_type(content: bytes) -> None:
    with suppress(FileRefused):
        assert sniff_type(content) in FileType


def test_limits_of_size_count_and_measures() -> None:
    check_size(MAX_BYTES)
    check_count(MAX_FILES)
    check_measures(8192, 6144)
    for refusal, breaks in (
        (FileRefusal.EMPTY, lambda: check_size(0)),
        (FileRefusal.TOO_LARGE, lambda: check_size(MAX_BYTES + 1)),
        (FileRefusal.TOO_MANY, lambda: check_count(MAX_FILES + 1)),
        (FileRefusal.TOO_MANY_PIXELS, lambda: check_measures(60_000, 60_000)),
        (FileRefusal.DAMAGED, lambda: check_measures(0, 10)),
    ):
        with pytest.raises(FileRefused) as refused:
            breaks()
        assert refused.value.refusal is refusal


def test_a_locked_pdf_is_refused_when_it_is_sent() -> None:
    check_unlocked(b"%PDF-1.7 (the word /Encrypt in a sentence)")
    for trailer in (b"trailer << /Encrypt 12 0 R >>", b"<</Type/XRef/Encrypt<</Filter/Standard>>>>"):
        with pytest.raises(FileRefused) as refused:
            check_unlocked(b"%PDF-1.7 ..." + trailer)
        assert refused.value.refusal is FileRefusal.LOCKED


@pytest.mark.parametrize(
    ("sent", "file_type", "shown"),
    [
        ("IMG_0042.HEIC", FileType.HEIC, "IMG_0042.heic"),
        ("IMG_0042.heic", FileType.JPEG, "IMG_0042.jpg"),
        ("kuva.jpeg", FileType.JPEG, "kuva.jpg"),
        ("Vuoto keittiössä 3.12.jpg", FileType.JPEG, "Vuoto keittiössä 3.12.jpg"),
        ("photo.exe", FileType.JPEG, "photo.exe.jpg"),
        ("../../etc/passwd", FileType.PDF, "passwd.pdf"),
        ("C:\\fakepath\\lasku.pdf", FileType.PDF, "lasku.pdf"),
        ("photo\u202egpj.exe", FileType.JPEG, "photogpj.exe.jpg"),
        ("a\r\nSet-Cookie: x.png", FileType.PNG, "a Set-Cookie_ x.png"),
        ("tab\tand\x00nul\u200b.png", FileType.PNG, "tab andnul.png"),
        ('<img src="x" onerror=alert(1)>.png', FileType.PNG, "_img src=_x_ onerror=alert(1)_.png"),
        ("...", FileType.PNG, "file.png"),
        ("", FileType.PDF, "file.pdf"),
        (".pdf", FileType.PDF, "file.pdf"),
        ("ä" * 300 + ".png", FileType.PNG, "ä" * (MAX_NAME - 4) + ".png"),
    ],
)
def test_the_shown_name_is_harmless_and_fits_the_type(sent: str, file_type: FileType, shown: str) -> None:
    assert clean_name(sent, file_type) == shown


@given(st.text(max_size=300), st.sampled_from(FileType))
def test_any_name_becomes_a_harmless_one_once_and_for_all(sent: str, file_type: FileType) -> None:
    shown = clean_name(sent, file_type)
    assert shown.isprintable()
    assert len(shown) <= MAX_NAME
    assert shown.endswith(EXTENSIONS[file_type])
    assert not set(shown) & set('/\\<>:"|?*\r\n')
    assert shown[0] not in ". "
    assert clean_name(shown, file_type) == shown
