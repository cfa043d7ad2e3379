"""A skip passes on a developer's machine and fails where nothing may be left out."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SKIPPED = "import pytest\ndef test_one(): pass\n@pytest.mark.skip\ndef test_two(): pass\n"
WHOLE = "def test_one(): pass\n"


@pytest.mark.parametrize(
    ("text", "strict", "workers", "code"),
    [(SKIPPED, "", "0", 0), (SKIPPED, "true", "0", 1), (SKIPPED, "true", "1", 1), (WHOLE, "true", "0", 0)],
)
def test_skip_fails_in_continuous_integration(tmp_path: Path, text: str, strict: str, workers: str, code: int) -> None:
    (tmp_path / "test_it.py").write_text(text)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.support.strictness", "-n", workers, str(tmp_path)]
    environment = {**os.environ, "CI": strict, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == code, ran.stdout
    assert ("A skipped test fails here" in ran.stdout) == bool(code)
