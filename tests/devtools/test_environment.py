"""What a bare machine lacks is told in one sentence, and a second set-up installs nothing."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from devtools import environment


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "requirements").mkdir()
    for name in environment.LOCKS.values():
        (tmp_path / "requirements" / name).write_text(f"# {name}\n")
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(environment, "PYTHON", tmp_path / ".venv" / "bin" / "python")


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The commands that would have been run."""
    ran: list[tuple[str, ...]] = []
    monkeypatch.setattr(environment, "run", lambda *command: ran.append(command))
    environment.VENV.mkdir()
    return ran


def test_missing_venv_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "ensurepip" else name)
    said = environment.main("run")
    assert said == "Python's venv is missing: run `sudo apt-get install python3-venv`, then this again."


def test_old_python_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    assert str(environment.main("run")).startswith("The portal needs Python 3.11 or newer, and this is 3.9: ")


def test_second_install_runs_nothing(commands: list[tuple[str, ...]]) -> None:
    environment.install("run")
    environment.install("run")
    assert len(commands) == 1
    assert "--require-hashes" in commands[0]


def test_changed_lock_is_installed(commands: list[tuple[str, ...]]) -> None:
    environment.install("run")
    environment.lock_file("run").write_text("# newer\n")
    environment.install("run")
    assert len(commands) == 2


def test_tools_cover_what_the_portal_needs(commands: list[tuple[str, ...]]) -> None:
    environment.install("check")
    environment.install("run")
    assert len(commands) == 1
