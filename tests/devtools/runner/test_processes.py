"""Programs that run together end together, whatever happens to one of them or to their runner."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from devtools.runner.processes import Died, Together

ENVIRONMENT = dict(os.environ)
#: Writes its number into the file named first, then sleeps; with a second word it does not listen to SIGTERM.
SLEEPER = """
import os, pathlib, signal, sys, time
if len(sys.argv) > 2: signal.signal(signal.SIGTERM, signal.SIG_IGN)
file = pathlib.Path(sys.argv[1])
file.with_suffix(".part").write_text(str(os.getpid()))
file.with_suffix(".part").replace(file)
time.sleep(60)
"""
#: Starts a sleeper, waits until it is there, and leaves it behind.
LEAVER = """
import pathlib, subprocess, sys, time
subprocess.Popen([sys.executable, "-c", sys.argv[1], sys.argv[2]])
while not pathlib.Path(sys.argv[2]).exists(): time.sleep(0.01)
sys.exit(3)
"""
RUNNER = """
import os, sys, time
from devtools.runner.processes import Together
with Together() as programs:
    programs.start("sleeper", [sys.executable, "-c", sys.argv[1], sys.argv[2]], dict(os.environ))
    programs.watch()
"""


def wait_until(condition: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def is_alive(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def number_file(tmp_path: Path) -> Iterator[Path]:
    file = tmp_path / "number"
    yield file
    if file.exists() and is_alive(int(file.read_text())):
        os.kill(int(file.read_text()), signal.SIGKILL)


def sleeper(file: Path, *more: str) -> list[str]:
    return [sys.executable, "-c", SLEEPER, str(file), *more]


def test_program_ends_with_the_others(number_file: Path) -> None:
    with Together() as programs:
        programs.start("sleeper", sleeper(number_file), ENVIRONMENT)
        wait_until(number_file.exists)
    assert not is_alive(int(number_file.read_text()))


def test_program_that_does_not_listen_is_ended_after_the_grace(number_file: Path) -> None:
    with Together(grace_seconds=0.2) as programs:
        programs.start("sleeper", sleeper(number_file, "stubborn"), ENVIRONMENT)
        wait_until(number_file.exists)
    wait_until(lambda: not is_alive(int(number_file.read_text())))


def test_program_that_dies_is_named_and_stops_the_others(number_file: Path) -> None:
    with pytest.raises(Died, match="worker ended with code 7"), Together() as programs:
        programs.start("portal", sleeper(number_file), ENVIRONMENT)
        wait_until(number_file.exists)
        programs.start("worker", [sys.executable, "-c", "raise SystemExit(7)"], ENVIRONMENT)
        programs.watch()
    assert not is_alive(int(number_file.read_text()))


def test_what_a_dead_program_left_behind_is_ended(number_file: Path) -> None:
    with pytest.raises(Died, match="code 3"), Together() as programs:
        programs.start("leaver", [sys.executable, "-c", LEAVER, SLEEPER, str(number_file)], ENVIRONMENT)
        programs.watch()
    wait_until(lambda: not is_alive(int(number_file.read_text())))


def test_programs_end_when_their_runner_is_killed(number_file: Path) -> None:
    runner = subprocess.Popen([sys.executable, "-c", RUNNER, SLEEPER, str(number_file)])
    try:
        wait_until(number_file.exists)
    finally:
        runner.kill()
        runner.wait()
    wait_until(lambda: not is_alive(int(number_file.read_text())))
