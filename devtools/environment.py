"""Makes `.venv` and installs the locked libraries: `python3 devtools/environment.py run|check`.

It runs on the system's own Python, whatever its age, before anything is installed: standard library only, and no syntax
newer than what it has to refuse. A second run costs one hash: it installs again only when the lock changed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)
#: Which lock serves which purpose; a developer's holds all of the portal's.
LOCKS = {"run": "base.txt", "check": "dev.txt"}
COVERS = {"run": ("run",), "check": ("run", "check")}


class Unfit(Exception):
    """This machine lacks something; the message is the one sentence that says what to do."""


def main(purpose: str) -> str | int:
    """Make the environment for running or for checking; answers what `sys.exit` takes."""
    try:
        make_environment()
        install(purpose)
    except Unfit as problem:
        return str(problem)
    except subprocess.CalledProcessError as problem:
        return "The set-up stopped (see above) at: " + " ".join(problem.cmd)
    return 0


def make_environment() -> None:
    """Make `.venv` unless a working one is there. Raises Unfit."""
    if answers(PYTHON):
        return
    if sys.version_info < OLDEST:
        raise Unfit(
            "The portal needs Python 3.11 or newer, and this is {}.{}: name a newer one, for example "
            "`make run PYTHON=python3.12`.".format(*sys.version_info)
        )
    if not has_venv():
        raise Unfit("Python's venv is missing: run `sudo apt-get install python3-venv`, then this again.")
    say("Making the environment in .venv")
    run(sys.executable, "-m", "venv", "--clear", str(VENV))


def answers(python: Path) -> bool:
    """Whether this interpreter starts, has pip, and is new enough."""
    probe = f"import sys, pip; sys.exit(sys.version_info < {OLDEST!r})"
    return python.exists() and subprocess.call([str(python), "-c", probe], stderr=subprocess.DEVNULL) == 0


def has_venv() -> bool:
    """Whether this Python can make environments; Debian keeps `ensurepip` in a package of its own."""
    return all(importlib.util.find_spec(name) for name in ("venv", "ensurepip"))


def install(purpose: str) -> None:
    """Install the lock of this purpose, unless the environment already holds just that."""
    wanted = digest(purpose)
    if stamp(purpose).exists() and stamp(purpose).read_text() == wanted:
        return
    lock = lock_file(purpose)
    say(f"Installing the libraries of requirements/{lock.name} (a minute or two)")
    for name in LOCKS:
        stamp(name).unlink(missing_ok=True)
    quiet = ("--quiet", "--disable-pip-version-check", "--no-input")
    run(str(PYTHON), "-m", "pip", "install", *quiet, "--require-hashes", "--requirement", str(lock))
    for name in COVERS[purpose]:
        stamp(name).write_text(digest(name))


def lock_file(purpose: str) -> Path:
    """The lock of a purpose."""
    return ROOT / "requirements" / LOCKS[purpose]


def digest(purpose: str) -> str:
    """What the lock of a purpose says, as one short word."""
    return hashlib.sha256(lock_file(purpose).read_bytes()).hexdigest()


def stamp(purpose: str) -> Path:
    """The file in `.venv` that says which lock was installed last."""
    return VENV / f"installed-for-{purpose}"


def run(*command: str) -> None:
    """Run a command in the project's folder. Raises CalledProcessError."""
    subprocess.run(command, check=True, cwd=str(ROOT))


def say(sentence: str) -> None:
    """Tell at once what takes its time."""
    print(sentence, flush=True)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
