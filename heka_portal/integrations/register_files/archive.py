"""Open a folder or a zip of register files: nothing is unpacked to disk, and nothing outside is reached."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

MAX_ENTRIES = 1000
#: of all files together, unpacked; Heka's whole register is a tenth of it
MAX_BYTES = 4 * 1024**3

#: what a damaged archive raises while it is read
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError)


class SourceRefused(Exception):
    """The folder or archive as a whole cannot be read; the words say why."""


@dataclass(frozen=True)
class Archive:
    """The register files of a folder or a zip, by name, and the names of other CSV files in it."""

    name: str
    sizes: dict[str, int]
    others: tuple[str, ...]
    _open: Callable[[str], IO[bytes]]

    @contextmanager
    def open(self, file: str, tell: Callable[[int], None]) -> Iterator[IO[bytes]]:
        """Read one file; `tell` hears how many bytes each step read."""
        with self._open(file) as raw, io.BufferedReader(_Metered(raw, self.sizes[file], tell), 1 << 18) as stream:
            yield stream


class _Metered(io.RawIOBase):
    """Counts what is read; more than the directory promised is a damaged archive."""

    def __init__(self, raw: IO[bytes], size: int, tell: Callable[[int], None]) -> None:
        self.raw, self.left, self.tell_read = raw, size, tell

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # BufferedReader gives a memoryview
        data = self.raw.read(len(buffer))
        self.left -= len(data)
        if self.left < 0:
            raise zipfile.BadZipFile("a file is longer than it says")
        buffer[: len(data)] = data
        self.tell_read(len(data))
        return len(data)


def open_archive(path: Path, known: Collection[str]) -> Archive:
    """The `known` files of a folder or zip. Raises SourceRefused."""
    if path.is_dir():
        archive = _open_folder(path, known)
    elif path.is_file():
        archive = _open_zip(path, known)
    else:
        raise SourceRefused(f"There is no folder or file {path}.")
    if not archive.sizes:
        raise SourceRefused(f"{path.name} holds none of the register's files ({', '.join(sorted(known))}).")
    if sum(archive.sizes.values()) > MAX_BYTES:
        raise SourceRefused(f"{path.name} is larger than {MAX_BYTES // 1024**3} GB unpacked: send it in parts.")
    return archive


def _open_folder(path: Path, known: Collection[str]) -> Archive:
    files = {entry.name: entry for entry in sorted(path.iterdir()) if entry.is_file() and entry.suffix == ".csv"}
    sizes = {name: entry.stat().st_size for name, entry in files.items() if name in known}
    return Archive(path.resolve().name, sizes, _others(files, known), lambda name: files[name].open("rb"))


def _open_zip(path: Path, known: Collection[str]) -> Archive:
    try:
        archive = zipfile.ZipFile(path)
    except DAMAGED as error:
        raise SourceRefused(f"{path.name} is neither a folder nor a zip archive.") from error
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MAX_ENTRIES:
        raise SourceRefused(f"{path.name} holds more than {MAX_ENTRIES} files: a register has ten.")
    files: dict[str, zipfile.ZipInfo] = {}
    for entry in filter(_is_wanted, entries):
        name = PurePosixPath(entry.filename).name
        if name in files:
            raise SourceRefused(f"{path.name} holds {name} twice: send each file once.")
        files[name] = entry
    sizes = {name: entry.file_size for name, entry in files.items() if name in known}
    return Archive(path.name, sizes, _others(files, known), lambda name: archive.open(files[name]))


def _is_wanted(entry: zipfile.ZipInfo) -> bool:
    """CSV files at the top or in one folder. Raises SourceRefused for what no honest archive holds."""
    parts = PurePosixPath(entry.filename.replace("\\", "/")).parts
    if ".." in parts or parts[0].startswith("/") or ":" in parts[0]:
        raise SourceRefused("The archive names a path outside itself: make it anew from the folder.")
    if not parts[-1].endswith(".csv") or len(parts) > 2 or parts[0] == "__MACOSX":
        return False
    if entry.flag_bits & 0x1:
        raise SourceRefused("The archive is encrypted: send it without a password, over a protected channel.")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise SourceRefused("The archive is compressed in an unusual way: use the ordinary method (deflate).")
    return True


def _others(files: Collection[str], known: Collection[str]) -> tuple[str, ...]:
    return tuple(sorted(name for name in files if name not in known))
