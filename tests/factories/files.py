"""Files as people and attackers send them, made in memory."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterable

import pillow_heif
from PIL import Image, ImageCms, ImageDraw
from pypdf import PdfWriter
from pypdf.annotations import FreeText, Link
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    TextStringObject,
)

#: what must not survive, wherever it was hidden
SECRET = b"HEKA-SECRET-MARK"
RED, BLUE = (200, 30, 30), (30, 30, 200)


def photo(width: int = 640, height: int = 480) -> Image.Image:
    """A red ground with a blue upper left quarter: one sees how it was turned."""
    picture = Image.new("RGB", (width, height), RED)
    ImageDraw.Draw(picture).rectangle((0, 0, width // 2, height // 2), fill=BLUE)
    return picture


def noise(width: int, height: int) -> Image.Image:
    """A picture of many colours."""
    return Image.merge("RGB", [Image.effect_noise((width, height), 60) for _ in range(3)])


def exif(orientation: int = 1) -> bytes:
    """What a phone notes of a picture: how it was held, who made it, where."""
    notes = Image.Exif()
    notes[0x0112] = orientation
    notes[0x010F] = SECRET.decode()
    place = notes.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (60.0, 10.0, 11.0), "E", (24.0, 56.0, 12.0)
    return notes.tobytes()


def jpeg(picture: Image.Image | None = None, **options: object) -> bytes:
    """A JPEG of the picture."""
    out = io.BytesIO()
    (picture or photo()).save(out, "JPEG", **{"quality": 90, **options})
    return out.getvalue()


def png(picture: Image.Image | None = None, **options: object) -> bytes:
    """A PNG of the picture."""
    out = io.BytesIO()
    (picture or photo()).save(out, "PNG", **options)
    return out.getvalue()


def heic(picture: Image.Image | None = None, **options: object) -> bytes:
    """A HEIC of the picture, as phones make it."""
    out = io.BytesIO()
    pillow_heif.from_pillow(picture or photo()).save(out, quality=80, **options)
    return out.getvalue()


def jpeg_with_everything(orientation: int = 1) -> bytes:
    """A JPEG with position, maker, XMP, comment, thumbnail's place and a profile."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return jpeg(exif=exif(orientation), comment=SECRET, xmp=b"<x:xmpmeta>" + SECRET, icc_profile=profile)


def wide_profile() -> bytes:
    """A profile of other colours than sRGB: the same one with the curve of its greys changed."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    at = profile.index(b"para") + 12
    return profile[:at] + struct.pack(">i", 1 << 16) + profile[at + 4 :]


def lab_profile() -> bytes:
    """A profile that does not fit a picture of red, green and blue."""
    return bytes(ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes())


def png_of_size(width: int, height: int, *, rows: int = 1) -> bytes:
    """A PNG whose header claims a size; its data are a few rows of nothing."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\x00" * (1 + 3 * width) * rows, 9)
    chunks = (_chunk(b"IHDR", header), _chunk(b"IDAT", data), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def with_chunk(content: bytes, name: bytes, body: bytes) -> bytes:
    """A PNG with one more chunk right after its header."""
    end_of_header = 8 + 25
    return content[:end_of_header] + _chunk(name, body) + content[end_of_header:]


def pdf(pages: int = 1, *, text: str = "Heka", password: str = "") -> bytes:
    """A plain PDF with a line of text on each page."""
    writer = _writer(pages, text)
    if password:
        writer.encrypt(password)
    return _written(writer)


def pdf_with_everything() -> bytes:
    """A PDF that would run scripts, start programs, load pages, and that carries a file."""
    writer = _writer(1, "Heka")
    scripts = DictionaryObject(
        {NameObject("/Names"): ArrayObject([TextStringObject("s"), _action("/JavaScript", "/JS")])}
    )
    writer.add_attachment("evil.exe", b"MZ" + SECRET)
    writer.add_metadata({"/Author": SECRET.decode()})
    page = writer.pages[0]
    page[NameObject("/AA")] = DictionaryObject({NameObject("/O"): _action("/JavaScript", "/JS")})
    page[NameObject("/PieceInfo")] = DictionaryObject({NameObject("/Own"): TextStringObject(SECRET.decode())})
    writer.add_annotation(0, Link(rect=(0, 0, 50, 50), url=f"https://evil.example/{SECRET.decode()}"))
    note = FreeText(text=SECRET.decode(), rect=(0, 0, 50, 50))
    note[NameObject("/A")] = _action("/Launch", "/F")
    writer.add_annotation(0, note)
    names = writer.root_object["/Names"].get_object()
    assert isinstance(names, DictionaryObject)
    names[NameObject("/JavaScript")] = scripts
    writer.root_object[NameObject("/OpenAction")] = _action("/Launch", "/F")
    return _written(writer)


def pdf_with_filled_field(value: str = "Filled in") -> bytes:
    """A form whose field was filled in: what is seen is the field's appearance."""
    writer = _writer(1, "Form")
    drawing = DecodedStreamObject()
    drawing.set_data(f"BT /F1 12 Tf 2 2 Td ({value}) Tj ET".encode())
    drawing.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Form"),
            NameObject("/BBox"): ArrayObject([FloatObject(n) for n in (0, 0, 100, 20)]),
            NameObject("/Resources"): DictionaryObject({NameObject("/Font"): _fonts()}),
        }
    )
    field = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Widget"),
            NameObject("/FT"): NameObject("/Tx"),
            NameObject("/Rect"): ArrayObject([FloatObject(n) for n in (50, 50, 150, 70)]),
            NameObject("/AP"): DictionaryObject({NameObject("/N"): writer._add_object(drawing)}),
            NameObject("/AA"): DictionaryObject({NameObject("/K"): _action("/JavaScript", "/JS")}),
        }
    )
    writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(field)])
    return _written(writer)


def _action(kind: str, target: str) -> DictionaryObject:
    return DictionaryObject(
        {NameObject("/S"): NameObject(kind), NameObject(target): ByteStringObject(b"calc.exe " + SECRET)}
    )


def _fonts() -> DictionaryObject:
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    named = DictionaryObject({NameObject(key): NameObject(value) for key, value in font.items()})
    return DictionaryObject({NameObject("/F1"): named})


def _writer(pages: int, text: str) -> PdfWriter:
    writer = PdfWriter()
    for number in range(pages):
        page = writer.add_blank_page(595, 842)
        drawing = DecodedStreamObject()
        drawing.set_data(f"BT /F1 24 Tf 72 700 Td ({text} {number + 1}) Tj ET".encode())
        page[NameObject("/Contents")] = writer._add_object(drawing)
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): _fonts()})
    return writer


def _written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def jpeg_segments(content: bytes) -> Iterable[int]:
    """The markers of a JPEG's segments up to its pixels."""
    at = 2
    while content[at] == 0xFF and content[at + 1] != 0xDA:
        yield content[at + 1]
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")


def png_chunks(content: bytes) -> Iterable[bytes]:
    """The names of a PNG's chunks."""
    at = 8
    while at < len(content):
        yield content[at + 4 : at + 8]
        at += 12 + int.from_bytes(content[at : at + 4], "big")
