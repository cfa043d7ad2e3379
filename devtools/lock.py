"""Locks the libraries of requirements/*.in with their hashes: `python -m devtools.lock [--upgrade]`.

Without `--upgrade` what is locked stays as it is, and only what is new or no longer fits is chosen. The lock holds for
every Python that the portal supports, and names no registry: pip asks the one it is set up for.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "requirements"
OPTIONS = ("--quiet", "--universal", "--python-version=3.11", "--generate-hashes")
SILENT = ("--no-header", "--no-emit-index-url", "--no-emit-find-links")


def lock(name: str, *more: str) -> None:
    """Write NAME.txt from NAME.in. Raises CalledProcessError."""
    uv = Path(sys.executable).parent / "uv"
    command = [str(uv), "pip", "compile", *OPTIONS, *SILENT, *more, f"{name}.in", f"--output-file={name}.txt"]
    subprocess.run(command, check=True, cwd=FOLDER)


if __name__ == "__main__":
    lock("base", *sys.argv[1:])
    # A developer runs the very versions that production does.
    lock("dev", "--constraint=base.txt", *sys.argv[1:])
