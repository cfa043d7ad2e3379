"""Files in a folder, in a bucket and in memory behave alike."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from moto.s3.models import s3_backends
from moto.server import ThreadedMotoServer

from heka_portal.integrations import storage as storage_module
from heka_portal.integrations.storage import FileMissing, Storage, StorageError

#: the account in which the double keeps its buckets
ACCOUNT = "123456789012"
PIECES = os.urandom(3 * storage_module.CHUNK_BYTES + 17)


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """The address of an S3 double with one bucket."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "tests")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "tests")
        patch.setenv("AWS_REGION", "eu-north-1")
        s3_backends[ACCOUNT]["aws"].create_bucket("files", "eu-north-1")
        yield endpoint
    server.stop()


@pytest.fixture(params=["folder", "bucket", "memory"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "folder":
        return Storage(f"file:{tmp_path / 'a folder'}")
    if request.param == "memory":
        return Storage("memory:")
    return Storage(f"s3://files/{tmp_path.name}", endpoint=request.getfixturevalue("bucket"))


def test_what_is_put_comes_back_whole_and_in_pieces(storage: Storage) -> None:
    storage.put("files/a/one", PIECES, "image/jpeg")
    assert storage.get("files/a/one") == PIECES
    pieces = list(storage.stream("files/a/one"))
    assert b"".join(pieces) == PIECES
    assert all(isinstance(piece, bytes) for piece in pieces)


def test_a_file_can_be_overwritten_and_removed_twice(storage: Storage) -> None:
    storage.put("files/one", b"first", "text/plain")
    storage.put("files/one", b"second", "text/plain")
    assert storage.get("files/one") == b"second"
    assert storage.exists("files/one")
    storage.delete("files/one")
    storage.delete("files/one")
    assert not storage.exists("files/one")


def test_a_missing_file_has_an_error_of_its_own(storage: Storage) -> None:
    with pytest.raises(FileMissing):
        storage.get("files/none")
    with pytest.raises(FileMissing):
        storage.stream("files/none")


def test_lists_only_what_is_under_the_prefix(storage: Storage) -> None:
    for key in ("quarantine/a", "quarantine/b", "files/a"):
        storage.put(key, b"x", "text/plain")
    found = {file.key: file.changed_at for file in storage.list_files("quarantine")}
    assert set(found) == {"quarantine/a", "quarantine/b"}
    assert all(moment.tzinfo is not None for moment in found.values())


def test_the_check_leaves_nothing_behind(storage: Storage) -> None:
    storage.check()
    assert list(storage.list_files("checks")) == []


def test_a_folder_that_cannot_be_made_fails_the_check(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, no folder")
    with pytest.raises(StorageError):
        Storage(f"file:{tmp_path / 'taken' / 'files'}").check()


def test_a_bucket_that_is_not_there_fails_the_check(bucket: str) -> None:
    with pytest.raises(StorageError):
        Storage("s3://elsewhere", endpoint=bucket).check()


def test_a_key_cannot_leave_the_folder(tmp_path: Path) -> None:
    store = Storage(f"file:{tmp_path / 'files'}")
    with pytest.raises(ValueError, match="illegal"):
        store.put("../outside", b"x", "text/plain")
    assert not (tmp_path / "outside").exists()


def test_a_local_file_is_synced_with_each_folder_above_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    sync = os.fsync

    def record(handle: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{handle}").readlink()))
        sync(handle)

    monkeypatch.setattr(os, "fsync", record)
    folder = tmp_path / "files"
    Storage(f"file:{folder}").put("a/b/one", b"x", "text/plain")
    assert synced == [str(folder / "a/b/one"), str(folder / "a/b"), str(folder / "a"), str(folder)]


def test_a_full_disk_is_a_storage_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match="No space left"):
        Storage(f"file:{tmp_path}").put("one", b"x", "text/plain")


def test_a_fork_of_a_process_that_used_the_store_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Storage(f"file:{tmp_path}")
    store.put("one", b"x", "text/plain")
    monkeypatch.setattr(os, "getpid", lambda: -1)
    with pytest.raises(StorageError, match="forked"):
        store.get("one")
