"""The wheel is the whole portal: pages, look, languages and migrations come along, the developers' tools do not."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("heka_portal", "devtools", "requirements", "setup.cfg", "pyproject.toml", "LICENCE", "README.md")
#: Not the wheel's: sources of what is compiled, and what Python leaves behind.
NOT_SHIPPED = {".po", ".pot", ".pyc"}


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names in a wheel that was built from a copy of the sources, with nothing fetched."""
    copy, out = tmp_path_factory.mktemp("sources"), tmp_path_factory.mktemp("wheel")
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
        else:
            shutil.copy(source, copy / name)
    options = ("--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", str(out))
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, "."], cwd=copy, check=True)
    (wheel,) = out.glob("heka_portal-*.whl")
    return set(zipfile.ZipFile(wheel).namelist())


def test_every_file_of_the_package_is_shipped(shipped: set[str]) -> None:
    package = (path for path in (ROOT / "heka_portal").rglob("*") if path.is_file())
    needed = {path.relative_to(ROOT).as_posix() for path in package if path.suffix not in NOT_SHIPPED}
    assert needed - shipped == set()


def test_both_languages_are_shipped_compiled(shipped: set[str]) -> None:
    assert {f"heka_portal/translations/{code}/LC_MESSAGES/messages.mo" for code in ("fi", "sv")} - shipped == set()


def test_nothing_else_is_shipped(shipped: set[str]) -> None:
    assert {name.partition("/")[0].partition("-")[0] for name in shipped} == {"heka_portal"}
