"""Pictures come out upright, small and bare, whatever went in; hostile ones do not come out at all."""

from __future__ import annotations

import io
import zlib

import pytest
from PIL import Image

from heka_portal.domain.attachments.pictures import (
    MAX_EDGE,
    PREVIEW_EDGE,
    RemadeFile,
    measure_picture,
    remake_picture,
)
from heka_portal.domain.errors import FileRefused
from heka_portal.vocabulary import FileRefusal, FileType
from tests.factories import files

#: JFIF, quantisation and Huffman tables, progressive frame, restart interval
DRAWING_SEGMENTS = {0xE0, 0xDB, 0xC2, 0xC4, 0xDD}
DRAWING_CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}


def opened(content: bytes | None) -> Image.Image:
    assert content is not None
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture


def refusal_of(content: bytes, file_type: FileType) -> FileRefusal:
    with pytest.raises(FileRefused) as refused:
        remake_picture(content, file_type)
    return refused.value.refusal


def is_blue(pixel: object) -> bool:
    assert isinstance(pixel, tuple)
    red, _green, blue = pixel
    return bool(blue > red + 80)


def corners(picture: Image.Image) -> list[bool]:
    """Which corners are blue: upper left, upper right, lower left, lower right."""
    right, low = picture.width - 5, picture.height - 5
    return [is_blue(picture.getpixel(at)) for at in ((4, 4), (right, 4), (4, low), (right, low))]


def assert_bare(remade: RemadeFile) -> None:
    """Nothing but what draws the picture."""
    for content in filter(None, (remade.content, remade.preview)):
        assert files.SECRET not in content
        if content.startswith(b"\xff\xd8"):
            assert set(files.jpeg_segments(content)) <= DRAWING_SEGMENTS
            assert content.endswith(b"\xff\xd9")
        else:
            assert set(files.png_chunks(content)) <= DRAWING_CHUNKS
        assert not opened(content).getexif()


@pytest.mark.parametrize(
    ("content", "file_type"),
    [
        (files.jpeg(), FileType.JPEG),
        (files.heic(), FileType.HEIC),
        (files.png(files.noise(300, 200)), FileType.PNG),
        (files.jpeg(files.photo().convert("L")), FileType.JPEG),
        (files.jpeg(files.photo().convert("CMYK")), FileType.JPEG),
        (files.jpeg(progressive=True), FileType.JPEG),
    ],
)
def test_photos_become_jpegs_with_a_preview(content: bytes, file_type: FileType) -> None:
    remade = remake_picture(content, file_type)
    assert remade.type is FileType.JPEG
    picture, preview = opened(remade.content), opened(remade.preview)
    assert (picture.format, picture.mode) == ("JPEG", "RGB")
    assert picture.size == (remade.width, remade.height) == measure_picture(content, file_type)
    assert max(preview.size) <= PREVIEW_EDGE
    assert_bare(remade)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("file_type", [FileType.JPEG, FileType.PNG])
def test_a_picture_is_turned_as_the_phone_was_held(orientation: int, file_type: FileType) -> None:
    upright = files.photo()
    # The camera stores the picture turned, and notes how to turn it back.
    stored = {
        1: upright,
        2: upright.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        3: upright.transpose(Image.Transpose.ROTATE_180),
        4: upright.transpose(Image.Transpose.FLIP_TOP_BOTTOM),
        5: upright.transpose(Image.Transpose.TRANSPOSE),
        6: upright.transpose(Image.Transpose.ROTATE_90),
        7: upright.transpose(Image.Transpose.TRANSVERSE),
        8: upright.transpose(Image.Transpose.ROTATE_270),
    }[orientation]
    make = files.jpeg if file_type is FileType.JPEG else files.png
    remade = remake_picture(make(stored, exif=files.exif(orientation)), file_type)
    assert (remade.width, remade.height) == upright.size
    for content in (remade.content, remade.preview):
        assert corners(opened(content).convert("RGB")) == [True, False, False, False]
    assert_bare(remade)


@pytest.mark.parametrize("orientation", [1, 6, 8])
def test_a_heic_is_turned_once(orientation: int) -> None:
    stored = {1: files.photo(), 6: files.photo().rotate(90, expand=True), 8: files.photo().rotate(270, expand=True)}
    remade = remake_picture(files.heic(stored[orientation], exif=files.exif(orientation)), FileType.HEIC)
    assert (remade.width, remade.height) == (640, 480)
    assert corners(opened(remade.content)) == [True, False, False, False]
    assert_bare(remade)


def test_position_maker_comment_and_profile_are_gone() -> None:
    content = files.jpeg_with_everything()
    assert content.count(files.SECRET) == 3
    assert opened(content).getexif().get_ifd(0x8825)
    assert_bare(remake_picture(content, FileType.JPEG))


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_an_unreadable_note_does_not_cost_the_picture() -> None:
    content = files.jpeg(exif=b"Exif\x00\x00MM\x00\x2a\xff\xff\xff\xff" + b"\xee" * 40)
    assert_bare(remake_picture(content, FileType.JPEG))


def test_text_chunks_of_a_png_are_gone() -> None:
    content = files.with_chunk(files.png(), b"tEXt", b"Comment\x00" + files.SECRET)
    assert_bare(remake_picture(content, FileType.PNG))


def test_colours_of_another_profile_are_kept_by_converting_them() -> None:
    picture = Image.new("RGB", (50, 50), (120, 60, 30))
    plain = opened(remake_picture(files.jpeg(picture), FileType.JPEG).content)
    remade = remake_picture(files.jpeg(picture, icc_profile=files.wide_profile()), FileType.JPEG)
    assert_bare(remade)
    assert opened(remade.content).getpixel((20, 20)) != plain.getpixel((20, 20))


@pytest.mark.parametrize("profile", [b"no profile at all", files.lab_profile()])
def test_a_profile_that_cannot_be_used_does_not_cost_the_picture(profile: bytes) -> None:
    assert_bare(remake_picture(files.jpeg(icc_profile=profile), FileType.JPEG))


def test_a_big_photo_is_shrunk_and_a_small_one_is_not_blown_up() -> None:
    big = remake_picture(files.jpeg(files.photo(6000, 3000)), FileType.JPEG)
    assert (big.width, big.height) == (MAX_EDGE, MAX_EDGE // 2)
    small = remake_picture(files.jpeg(files.photo(100, 60)), FileType.JPEG)
    assert (small.width, small.height) == (100, 60)
    assert opened(small.preview).size == (100, 60)


def test_drawings_stay_sharp_and_photos_saved_as_png_become_small() -> None:
    assert remake_picture(files.png(files.photo()), FileType.PNG).type is FileType.PNG
    assert remake_picture(files.png(files.noise(200, 200)), FileType.PNG).type is FileType.JPEG


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_is_read(mode: str) -> None:
    picture = files.photo(60, 40).convert("L" if mode == "I;16" else mode)
    if mode == "I;16":
        picture = picture.convert("I;16").point(lambda grey: grey * 257)
    remade = remake_picture(files.png(picture), FileType.PNG)
    assert opened(remade.content).mode == "RGB"
    assert_bare(remade)


def test_deep_greys_keep_their_brightness() -> None:
    picture = Image.new("I;16", (10, 10), 32768)
    grey = opened(remake_picture(files.png(picture), FileType.PNG).content).getpixel((5, 5))
    assert grey == (128, 128, 128)


def test_what_shines_through_stays_so_and_is_white_in_the_preview() -> None:
    picture = Image.new("RGBA", (50, 50), (0, 0, 0, 0))
    remade = remake_picture(files.png(picture), FileType.PNG)
    assert opened(remade.content).getpixel((5, 5)) == (0, 0, 0, 0)
    assert opened(remade.preview).convert("RGB").getpixel((5, 5)) == (255, 255, 255)


def test_an_opaque_alpha_is_no_reason_to_stay_png() -> None:
    picture = files.noise(300, 300)
    picture.putalpha(255)
    assert remake_picture(files.png(picture), FileType.PNG).type is FileType.JPEG


@pytest.mark.parametrize("tail", [b"<script>alert(1)</script>", b"PK\x03\x04 a zip", b"%PDF-1.7 a document"])
@pytest.mark.parametrize(("make", "file_type"), [(files.jpeg, FileType.JPEG), (files.png, FileType.PNG)])
def test_a_polyglot_loses_its_other_half(make: object, file_type: FileType, tail: bytes) -> None:
    assert callable(make)
    remade = remake_picture(make() + tail + files.SECRET, file_type)
    assert tail not in remade.content
    assert_bare(remade)


def test_a_script_hidden_in_the_header_of_a_jpeg_is_gone() -> None:
    remade = remake_picture(files.jpeg(comment=b"*/=alert(1)/*" + files.SECRET), FileType.JPEG)
    assert_bare(remade)
    assert b"alert" not in remade.content


@pytest.mark.parametrize(
    ("content", "file_type", "refusal"),
    [
        (files.png_of_size(60_000, 60_000), FileType.PNG, FileRefusal.TOO_MANY_PIXELS),
        (files.png_of_size(8_000, 6_500), FileType.PNG, FileRefusal.TOO_MANY_PIXELS),
        (files.png_of_size(0, 10), FileType.PNG, FileRefusal.DAMAGED),
        (files.jpeg()[:2000], FileType.JPEG, FileRefusal.DAMAGED),
        (files.jpeg()[:20], FileType.JPEG, FileRefusal.DAMAGED),
        (files.png(files.noise(100, 100))[:5000], FileType.PNG, FileRefusal.DAMAGED),
        (files.heic()[:600], FileType.HEIC, FileRefusal.DAMAGED),
        (files.png(), FileType.JPEG, FileRefusal.DAMAGED),
        (files.jpeg(), FileType.HEIC, FileRefusal.DAMAGED),
        (b"\xff\xd8\xff" + b"<script>" * 50, FileType.JPEG, FileRefusal.DAMAGED),
        (
            files.with_chunk(files.png(), b"zTXt", b"a\x00\x00" + zlib.compress(b"x" * 80_000_000, 9)),
            FileType.PNG,
            FileRefusal.DAMAGED,
        ),
    ],
    ids=[
        "bomb by header", "bomb under the hard limit", "no width", "cut off",
        "cut off in the header", "png cut off", "heic cut off", "png called jpeg", "jpeg called heic", "no picture",
        "text bomb",
    ],
)  # fmt: skip
def test_a_hostile_or_broken_picture_is_refused(content: bytes, file_type: FileType, refusal: FileRefusal) -> None:
    assert refusal_of(content, file_type) is refusal


def test_a_png_that_claims_more_than_it_holds_is_shrunk_to_something_small() -> None:
    remade = remake_picture(files.png_of_size(7_000, 7_000), FileType.PNG)
    assert (remade.width, remade.height) == (MAX_EDGE, MAX_EDGE)
    assert len(remade.content) < 100_000


def test_a_bomb_is_refused_by_its_header_already() -> None:
    with pytest.raises(FileRefused) as refused:
        measure_picture(files.png_of_size(60_000, 60_000), FileType.PNG)
    assert refused.value.refusal is FileRefusal.TOO_MANY_PIXELS
