import zipfile
import zlib

import pytest

from heka_portal.integrations.register_files import SourceRefused
from heka_portal.integrations.register_files import archive as archives
from heka_portal.integrations.register_files.archive import open_archive

KNOWN = ("people.csv", "leases.csv")


def make_zip(path, entries, compression=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", compression) as target:
        for name, content in entries:
            target.writestr(name, content)
    return path


def read(archive, file):
    told: list[int] = []
    with archive.open(file, told.append) as stream:
        content = stream.read()
    assert sum(told) == len(content)
    return content


def test_a_folder_is_read_in_place_and_other_files_are_named(tmp_path):
    (tmp_path / "people.csv").write_bytes(b"a,b\n")
    (tmp_path / "persons.csv").write_bytes(b"")
    (tmp_path / "readme.txt").write_bytes(b"")
    (tmp_path / "leases.csv").mkdir()
    archive = open_archive(tmp_path, KNOWN)
    assert (archive.name, archive.sizes, archive.others) == (tmp_path.name, {"people.csv": 4}, ("persons.csv",))
    assert read(archive, "people.csv") == b"a,b\n"


@pytest.mark.parametrize("folder", ["", "register/"])
def test_a_zip_is_read_from_its_top_or_its_one_folder(tmp_path, folder):
    entries = [(f"{folder}people.csv", "a,b\n"), ("__MACOSX/people.csv", "x"), (f"{folder}deep/er/leases.csv", "x")]
    archive = open_archive(make_zip(tmp_path / "register.zip", entries), KNOWN)
    assert archive.sizes == {"people.csv": 4}
    assert read(archive, "people.csv") == b"a,b\n"


@pytest.mark.parametrize("name", ["../people.csv", "/etc/people.csv", "a/../../people.csv", "C:\\people.csv", "..\\x"])
def test_a_zip_that_names_a_path_outside_itself_is_refused(tmp_path, name):
    path = make_zip(tmp_path / "register.zip", [("people.csv", "a"), (name, "a")])
    with pytest.raises(SourceRefused, match="outside"):
        open_archive(path, KNOWN)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("other", ["people.csv", "register/people.csv"])
def test_a_zip_with_a_file_twice_is_refused(tmp_path, other):
    path = make_zip(tmp_path / "register.zip", [("people.csv", "a"), (other, "b")])
    with pytest.raises(SourceRefused, match="twice"):
        open_archive(path, KNOWN)


def test_a_zip_that_unpacks_to_more_than_is_allowed_is_refused_unread(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MAX_BYTES", 1000)
    path = make_zip(tmp_path / "register.zip", [("people.csv", "a" * 600), ("leases.csv", "a" * 600)])
    with pytest.raises(SourceRefused, match="larger"):
        open_archive(path, KNOWN)


def test_a_zip_of_very_many_files_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MAX_ENTRIES", 3)
    path = make_zip(tmp_path / "register.zip", [(f"{number}.csv", "") for number in range(4)])
    with pytest.raises(SourceRefused, match="more than 3 files"):
        open_archive(path, KNOWN)


def test_a_zip_that_says_less_than_it_holds_gives_no_more_than_it_says(tmp_path):
    path = make_zip(tmp_path / "register.zip", [("people.csv", b"a" * 100_000)])
    content = path.read_bytes().replace((100_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    path.write_bytes(content)
    archive = open_archive(path, KNOWN)
    with pytest.raises((zipfile.BadZipFile, zlib.error)):
        read(archive, "people.csv")


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04 cut off"])
def test_what_is_neither_folder_nor_zip_is_refused(tmp_path, content):
    path = tmp_path / "register.zip"
    path.write_bytes(content)
    with pytest.raises(SourceRefused, match="neither"):
        open_archive(path, KNOWN)


def test_an_encrypted_zip_is_refused(tmp_path):
    path = make_zip(tmp_path / "register.zip", [("people.csv", "a")])
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    with pytest.raises(SourceRefused, match="encrypted"):
        open_archive(path, KNOWN)


def test_an_unusual_compression_is_refused(tmp_path):
    path = make_zip(tmp_path / "register.zip", [("people.csv", "a" * 100)], zipfile.ZIP_LZMA)
    with pytest.raises(SourceRefused, match="deflate"):
        open_archive(path, KNOWN)


def test_nothing_of_the_register_inside_is_refused(tmp_path):
    with pytest.raises(SourceRefused, match="none of the register's files"):
        open_archive(tmp_path, KNOWN)
    with pytest.raises(SourceRefused, match="no folder or file"):
        open_archive(tmp_path / "absent", KNOWN)
