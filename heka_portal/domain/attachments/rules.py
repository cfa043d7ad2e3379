"""Which files are taken, by what they are and not by what they are called, and the name that is shown."""

from __future__ import annotations

import re
import unicodedata

from heka_portal.domain.errors import FileRefused
from heka_portal.vocabulary import FileRefusal, FileType

MAX_FILES = 8
MAX_BYTES = 15 * 1024 * 1024
#: the biggest sensors of phones make pictures of 8192 x 6144
MAX_PIXELS = 51_000_000
MAX_PAGES = 100
MAX_NAME = 100
#: how much of a file's beginning tells its type
HEAD_BYTES = 64
NAMELESS = "file"

EXTENSIONS = {FileType.JPEG: ".jpg", FileType.PNG: ".png", FileType.HEIC: ".heic", FileType.PDF: ".pdf"}
PICTURES = frozenset({FileType.JPEG, FileType.PNG, FileType.HEIC})
_STARTS = ((b"\xff\xd8\xff", FileType.JPEG), (b"\x89PNG\r\n\x1a\n", FileType.PNG), (b"%PDF-", FileType.PDF))
#: still pictures and bursts coded with HEVC, and the container's own marks
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"})
_FIRST_BRAND, _FIRST_COMPATIBLE = 8, 16
_KNOWN_EXTENSION = re.compile(r"\.(?:jpe?g|jfif|png|heic|heif|pdf)$", re.IGNORECASE)
#: what file systems do not take in a name
_AWKWARD = str.maketrans(dict.fromkeys('<>:"|?*', "_"))
_ENCRYPTED_PDF = re.compile(rb"/Encrypt(?:\s+\d+\s+\d+\s+R|\s*<<)")


def sniff_type(content: bytes) -> FileType:
    """The true type of a file, read from its beginning. Raises FileRefused."""
    for start, found in _STARTS:
        if content.startswith(start):
            return found
    if content[4:8] == b"ftyp" and _brands(content[:HEAD_BYTES]) & _HEIC_BRANDS:
        return FileType.HEIC
    raise FileRefused(FileRefusal.WRONG_TYPE)


def _brands(head: bytes) -> set[bytes]:
    """The marks in the first box of a HEIF file: the main one, then those it is compatible with."""
    end = min(int.from_bytes(head[:4], "big"), len(head))
    return {head[_FIRST_BRAND : _FIRST_BRAND + 4]} | {head[at : at + 4] for at in range(_FIRST_COMPATIBLE, end - 3, 4)}


def check_size(size: int) -> None:
    """Refuse an empty and a too large file. Raises FileRefused."""
    if size == 0:
        raise FileRefused(FileRefusal.EMPTY)
    if size > MAX_BYTES:
        raise FileRefused(FileRefusal.TOO_LARGE)


def check_measures(width: int, height: int) -> None:
    """Refuse a picture that would take too much memory to unpack. Raises FileRefused."""
    if width < 1 or height < 1:
        raise FileRefused(FileRefusal.DAMAGED)
    if width * height > MAX_PIXELS:
        raise FileRefused(FileRefusal.TOO_MANY_PIXELS)


def check_count(count: int) -> None:
    """Refuse more files than one message may carry. Raises FileRefused."""
    if count > MAX_FILES:
        raise FileRefused(FileRefusal.TOO_MANY)


def check_unlocked(content: bytes) -> None:
    """Refuse a PDF that is locked with a password, as soon as it is sent. Raises FileRefused."""
    if _ENCRYPTED_PDF.search(content):
        raise FileRefused(FileRefusal.LOCKED)


def clean_name(name: str, file_type: FileType) -> str:
    """The name to show: no folders, nothing invisible or turning the reading direction, the extension of the type."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    # Categories C*: control, format (the bidi marks), surrogate, private, unassigned.
    spaced = re.sub(r"\s", " ", last)
    visible = "".join(char for char in spaced if unicodedata.category(char)[0] != "C")
    words = " ".join(visible.split()).translate(_AWKWARD)
    stem = _KNOWN_EXTENSION.sub("", words).strip(". ") or NAMELESS
    extension = EXTENSIONS[file_type]
    return stem[: MAX_NAME - len(extension)].rstrip(". ") + extension
