"""Pictures, re-made from their pixels: nothing else of what was sent survives.

`remake_picture` unpacks what strangers made: it belongs into a process with limits, never into a request.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pillow_heif
from PIL import Image, ImageCms

from heka_portal.domain.attachments.rules import MAX_PIXELS, check_measures
from heka_portal.domain.errors import FileRefused
from heka_portal.vocabulary import FileRefusal, FileType

MAX_EDGE = 2400
PREVIEW_EDGE = 480
QUALITY = 82
PREVIEW_QUALITY = 76
#: a drawing or a screen with at most so many colours stays sharp as PNG
FEW_COLOURS = 256
OPAQUE = 255

_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_FORMATS = {FileType.JPEG: "JPEG", FileType.PNG: "PNG", FileType.HEIC: "HEIF"}
_SRGB = ImageCms.createProfile("sRGB")

pillow_heif.register_heif_opener(decode_threads=1, thumbnails=False)
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)


@dataclass(frozen=True)
class RemadeFile:
    """A file made anew, safe to show; a document has neither preview nor measures."""

    type: FileType
    content: bytes
    preview: bytes | None = None
    width: int | None = None
    height: int | None = None


@contextmanager
def _reading() -> Iterator[None]:
    """Name what a broken or hostile picture makes the library raise. Raises FileRefused."""
    try:
        yield
    except (FileRefused, MemoryError):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise FileRefused(FileRefusal.TOO_MANY_PIXELS) from error
    except Exception as error:  # a decoder raises whatever a broken file leads it to
        raise FileRefused(FileRefusal.DAMAGED) from error


def _open(content: bytes, file_type: FileType) -> Image.Image:
    """The picture's header, of this format only; pixels are not unpacked yet."""
    picture = Image.open(io.BytesIO(content), formats=[_FORMATS[file_type]])
    check_measures(*picture.size)
    return picture


def measure_picture(content: bytes, file_type: FileType) -> tuple[int, int]:
    """Width and height by the header, without unpacking. Raises FileRefused."""
    with _reading(), _open(content, file_type) as picture:
        return picture.size


def remake_picture(content: bytes, file_type: FileType) -> RemadeFile:
    """The picture and its preview anew: upright, smaller, sRGB, without metadata. Raises FileRefused."""
    with _reading(), _open(content, file_type) as source:
        # A JPEG is unpacked at half or a quarter of its size already where that is enough.
        source.draft(None, (MAX_EDGE, MAX_EDGE))
        source.load()
        picture = _upright_pixels(source)
        kept = FileType.PNG if file_type is FileType.PNG and _stays_png(picture) else FileType.JPEG
        return RemadeFile(
            type=kept,
            content=_as_png(picture) if kept is FileType.PNG else _as_jpeg(picture, QUALITY),
            preview=_preview(picture),
            width=picture.width,
            height=picture.height,
        )


def _upright_pixels(source: Image.Image) -> Image.Image:
    """The pixels in sRGB, shrunk and turned as they were meant; RGBA only where something shines through."""
    picture = _in_plain_mode(source)
    picture.thumbnail((MAX_EDGE, MAX_EDGE), Image.Resampling.LANCZOS, reducing_gap=3.0)
    turn = _TURNS.get(_orientation(source))
    turned = picture.transpose(turn) if turn is not None else picture
    coloured = _in_srgb(turned, source.info.get("icc_profile"))
    # What a picture was opened with would be saved along with it.
    coloured.info = {}
    return coloured


def _orientation(source: Image.Image) -> int:
    """How the camera was held; an unreadable note of it does not cost the picture."""
    try:
        return int(source.getexif().get(_ORIENTATION, 1))
    except Exception:  # noqa: BLE001 - a stranger's metadata makes the library raise anything
        return 1


def _in_plain_mode(source: Image.Image) -> Image.Image:
    """In a mode that can be shrunk smoothly: palettes are unfolded, deep greys become 256 ones."""
    if source.mode.startswith("I"):
        return source.point(lambda grey: grey * (1 / 256)).convert("L")
    if source.mode in {"1", "P", "PA", "LA"}:
        return source.convert("RGBA" if source.has_transparency_data else "RGB")
    return source


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """As RGB (or RGBA, if anything is not opaque), by the colour profile where it can be used."""
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    coloured = _by_profile(picture, profile, mode) or picture.convert(mode)
    if mode == "RGBA" and coloured.getchannel("A").getextrema() == (OPAQUE, OPAQUE):
        return coloured.convert("RGB")
    return coloured


def _by_profile(picture: Image.Image, profile: bytes | None, mode: str) -> Image.Image | None:
    if not profile:
        return None
    try:
        return ImageCms.profileToProfile(picture, ImageCms.ImageCmsProfile(io.BytesIO(profile)), _SRGB, outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None


def _stays_png(picture: Image.Image) -> bool:
    return picture.mode == "RGBA" or picture.getcolors(FEW_COLOURS) is not None


def _as_png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _as_jpeg(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    # Pillow would take over a comment of the source unless told otherwise.
    picture.save(out, "JPEG", quality=quality, optimize=True, progressive=True, exif=b"", comment=b"")
    return out.getvalue()


def _preview(picture: Image.Image) -> bytes:
    small = picture.copy()
    small.thumbnail((PREVIEW_EDGE, PREVIEW_EDGE), Image.Resampling.LANCZOS)
    if small.mode == "RGBA":
        ground = Image.new("RGB", small.size, "white")
        ground.paste(small, mask=small.getchannel("A"))
        small = ground
    return _as_jpeg(small, PREVIEW_QUALITY)
