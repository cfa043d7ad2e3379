"""Runs the checks, all or those named, and says in its last lines what failed and what was left out, and why.

`python -m devtools.checks [PART ...]`. With `CI=true` a part left out is a failure.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from devtools.machine import is_strict, why_no_browser, why_no_server

ROOT = Path(__file__).resolve().parent.parent.parent
BIN = Path(sys.executable).parent
PYTEST = ("pytest", "-q", "--dist=worksteal", "--numprocesses", str(min(os.cpu_count() or 1, 4)))

#: Turned off: line breaks after headings (H015), and what only a search engine would read (H030, H031).
DJLINT = ("djlint", "--lint", "--quiet", "--profile=jinja", "--ignore=H015,H030,H031", "heka_portal/templates")

#: what the portal is for, once more on the other database
MAIN_JOB = (*PYTEST, "tests/browser/test_main_job.py", "--database=postgresql")


def nothing() -> str:
    """Nothing stands in the way."""
    return ""


@dataclass(frozen=True)
class Part:
    """One check: its commands, and why it cannot run here (an empty text when it can)."""

    commands: tuple[tuple[str, ...], ...]
    why_not: Callable[[], str] = nothing


PARTS = {
    "format": Part((("ruff", "format", "--check", "--quiet", "--diff"),)),
    "lint": Part((("ruff", "check", "--quiet"), DJLINT)),
    "types": Part((("mypy",),)),
    "imports": Part((("lint-imports",),)),
    "translations": Part((("python", "-m", "devtools.translations", "check"),)),
    "unit": Part(((*PYTEST, "--ignore=tests/browser"),)),
    "postgres": Part(((*PYTEST, "--ignore=tests/browser", "--database=postgresql"),), why_no_server),
    "browser": Part(((*PYTEST, "tests/browser"),), why_no_browser),
    "main-job": Part((MAIN_JOB,), lambda: why_no_browser() or why_no_server()),
}


@dataclass(frozen=True)
class Outcome:
    """How a part ended."""

    name: str
    seconds: float = 0.0
    failed: bool = False
    left_out: str = ""

    def __str__(self) -> str:
        state = "FAILED" if self.failed else "left out" if self.left_out else "passed"
        return f"  {self.name:<13} {state:<9} {self.left_out or f'{self.seconds:.0f} s'}"


def main(arguments: Sequence[str]) -> int:
    """Run the parts; answers 0 when all passed."""
    parser = argparse.ArgumentParser(prog="devtools.checks", description="Run the project's checks.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"one of {', '.join(PARTS)}; all when none is named")
    names = parser.parse_args(arguments).parts or list(PARTS)
    if unknown := [name for name in names if name not in PARTS]:
        parser.error(f"there is no part {', '.join(unknown)}; the parts are {', '.join(PARTS)}")
    outcomes = [run(name, PARTS[name]) for name in names]
    return conclude(outcomes)


def run(name: str, part: Part) -> Outcome:
    """Run one part, unless something stands in its way."""
    if reason := part.why_not():
        return Outcome(name, left_out=reason)
    print(f"\n== {name}", flush=True)
    begun = time.monotonic()
    codes = [
        subprocess.run([str(BIN / command[0]), *command[1:]], check=False, cwd=ROOT).returncode
        for command in part.commands
    ]
    return Outcome(name, seconds=time.monotonic() - begun, failed=any(codes))


def conclude(outcomes: Sequence[Outcome]) -> int:
    """Say what came of it; answers the exit code."""
    print("\n== Result", *outcomes, sep="\n")
    failed = [outcome.name for outcome in outcomes if outcome.failed]
    left_out = [outcome.name for outcome in outcomes if outcome.left_out]
    if failed:
        print(f"Failed: {', '.join(failed)}.")
    if left_out:
        print(f"Left out: {', '.join(left_out)} (see above){' - which fails here (CI)' if is_strict() else ''}.")
    if not failed and not left_out:
        print("All passed, nothing was left out.")
    return int(bool(failed or (left_out and is_strict())))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
