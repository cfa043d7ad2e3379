"""Where files are kept: a folder, an S3-compatible bucket, or memory, told by a URL.

What `put` has returned from is safe: a local file and its folders are synced to the disk, a bucket has acknowledged.
The library's threads do not survive a fork: a process that has used a store must not fork others that use one.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from obstore.exceptions import BaseError
from obstore.store import LocalStore, MemoryStore, S3Store

CHUNK_BYTES = 256 * 1024
TIMEOUT = timedelta(seconds=15)
#: how long a bucket that is away is asked again before we say so
RETRIES: Any = {"max_retries": 3, "retry_timeout": timedelta(seconds=20)}


class StorageError(Exception):
    """The store cannot be used now: away, full, or not ours to write to."""


class FileMissing(StorageError):
    """There is no such file in the store."""


@dataclass(frozen=True)
class StoredFile:
    """A file as the store lists it."""

    key: str
    changed_at: datetime


@contextmanager
def _named_errors(key: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise FileMissing(key) from error
    except (BaseError, OSError) as error:
        # Only the first line: the rest is the library's own debug text.
        raise StorageError(str(error).partition("\n")[0]) from error


class Storage:
    """Keeps files under keys such as `quarantine/4f1c...`; opened at its first use."""

    def __init__(self, url: str, *, endpoint: str = "") -> None:
        self.url = url
        self.endpoint = endpoint
        self._used_by: int | None = None

    def __repr__(self) -> str:
        return f"Storage({self.url!r})"

    @cached_property
    def _folder(self) -> Path | None:
        """The folder of local files; none elsewhere."""
        parts = urlsplit(self.url)
        return Path(unquote(parts.netloc + parts.path)).absolute() if parts.scheme == "file" else None

    @cached_property
    def _opened(self) -> LocalStore | S3Store | MemoryStore:
        if self._folder is not None:
            return LocalStore(self._folder, mkdir=True)
        if urlsplit(self.url).scheme == "s3":
            return _open_bucket(self.url, self.endpoint)
        return MemoryStore()

    @property
    def _store(self) -> LocalStore | S3Store | MemoryStore:
        """The store. Raises StorageError in a fork of a process that has used it, where it would wait for ever."""
        if self._used_by not in {None, os.getpid()}:
            raise StorageError("the store was used before this process was forked")
        self._used_by = os.getpid()
        return self._opened

    def put(self, key: str, content: bytes, content_type: str) -> None:
        """Keep a file; it is on the disk or in the bucket when this returns. Raises StorageError."""
        with _named_errors(key):
            if self._folder is None:
                self._store.put(key, content, attributes={"Content-Type": content_type})
            else:
                self._store.put(key, content)
                _sync(self._folder, key)

    def put_file(self, key: str, path: Path, content_type: str) -> None:
        """As `put`, of a file on the disk, whatever its size. Raises StorageError."""
        with _named_errors(key):
            if self._folder is None:
                self._store.put(key, path, attributes={"Content-Type": content_type})
            else:
                self._store.put(key, path)
                _sync(self._folder, key)

    def get(self, key: str) -> bytes:
        """The whole file. Raises FileMissing, StorageError."""
        with _named_errors(key):
            return bytes(self._store.get(key).bytes())

    def stream(self, key: str) -> Iterator[bytes]:
        """The file in pieces; that it is there is checked before the first. Raises FileMissing, StorageError."""
        with _named_errors(key):
            found = self._store.get(key)
        return _pieces(key, found)

    def delete(self, key: str) -> None:
        """Remove a file; nothing to remove is well too. Raises StorageError."""
        try:
            with _named_errors(key):
                self._store.delete(key)
        except FileMissing:
            return

    def exists(self, key: str) -> bool:
        """Whether there is such a file. Raises StorageError."""
        try:
            with _named_errors(key):
                self._store.head(key)
        except FileMissing:
            return False
        return True

    def list_files(self, prefix: str) -> Iterator[StoredFile]:
        """All files whose key begins with the folder `prefix`. Raises StorageError."""
        with _named_errors(prefix):
            for page in self._store.list(prefix):
                for found in page:
                    yield StoredFile(found["path"], found["last_modified"])

    def check(self) -> None:
        """Prove that a file can be written, read and removed. Raises StorageError."""
        key = f"checks/{secrets.token_hex(8)}"
        written = secrets.token_bytes(16)
        try:
            self.put(key, written, "application/octet-stream")
            if self.get(key) != written:
                raise StorageError("the store returned something else than was written")
        finally:
            self.delete(key)


def _open_bucket(url: str, endpoint: str) -> S3Store:
    """The bucket of `s3://bucket/folder`; keys and region come from the AWS_* environment as everywhere."""
    parts = urlsplit(url)
    options: Any = {"timeout": TIMEOUT, "connect_timeout": timedelta(seconds=5)}
    where: Any = {}
    if endpoint:
        where["endpoint"] = endpoint
        options["allow_http"] = endpoint.startswith("http://")
    return S3Store(
        parts.netloc,
        prefix=parts.path.strip("/") or None,
        client_options=options,
        retry_config=RETRIES,
        **where,
    )


def _pieces(key: str, found: Any) -> Iterator[bytes]:
    with _named_errors(key):
        for piece in found.stream(min_chunk_size=CHUNK_BYTES):
            yield bytes(piece)


def _sync(folder: Path, key: str) -> None:
    """Have the disk keep a file and the folders down to it: the library renames into place, but does not sync."""
    path = folder / key
    for part in (path, *path.parents):
        handle = os.open(part, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        if part == folder:
            return
