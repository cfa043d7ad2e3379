"""Programs that run together: one that ends takes the others with it, and nothing is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

GUARD = Path(__file__).with_name("guard.py")
LOOK_EVERY_SECONDS = 0.1
#: Longer than a worker's grace for the requests it still answers.
GRACE_SECONDS = 25.0


class Died(Exception):
    """A program ended that should have gone on."""

    def __init__(self, name: str, code: int) -> None:
        super().__init__(f"The {name} ended with code {code}.")


class Program:
    """One program and all that it started, in a session of its own."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self.name = name
        self._guard = subprocess.Popen(
            [sys.executable, str(GUARD), *command],
            stdin=subprocess.PIPE,
            env={**environment, "PYTHONUNBUFFERED": "1"},
            start_new_session=True,
        )

    def exit_code(self) -> int | None:
        """The code it ended with; None while it runs. Its number stays taken until `reap`."""
        found = os.waitid(os.P_PID, self._guard.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if found is None:
            return None
        return found.si_status if found.si_code == os.CLD_EXITED else -found.si_status

    def signal_group(self, number: signal.Signals) -> None:
        """Signal every process of the session, also those whose parent is gone."""
        with suppress(ProcessLookupError):
            os.killpg(self._guard.pid, number)

    def reap(self) -> None:
        """Let go of the process and its lifeline."""
        self._guard.wait()
        if self._guard.stdin:
            self._guard.stdin.close()


class Together:
    """Programs that live and end together: `with Together() as programs: programs.start(...)`."""

    def __init__(self, *, grace_seconds: float = GRACE_SECONDS) -> None:
        self._grace_seconds = grace_seconds
        self._programs: list[Program] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start one more program."""
        self._programs.append(Program(name, command, environment))

    def look(self) -> None:
        """Make sure that all still run. Raises Died."""
        for program in self._programs:
            code = program.exit_code()
            if code is not None:
                raise Died(program.name, code)

    def watch(self) -> None:
        """Wait until one of them ends. Raises Died."""
        while True:
            self.look()
            time.sleep(LOOK_EVERY_SECONDS)

    def stop(self) -> None:
        """End all of them: first asked, the groups of dead ones too, after a grace forced."""
        for program in self._programs:
            program.signal_group(signal.SIGTERM)
        deadline = time.monotonic() + self._grace_seconds
        while time.monotonic() < deadline and any(program.exit_code() is None for program in self._programs):
            time.sleep(LOOK_EVERY_SECONDS)
        for program in self._programs:
            program.signal_group(signal.SIGKILL)
            program.reap()
        self._programs.clear()
