"""What runs in a sandbox cannot take more than it is given, and cannot take the caller along."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

import pytest

from heka_portal.integrations.sandboxes import NICER, Sandbox, SandboxFailed


class Complaint(Exception):
    """An error of the function itself."""


def double(number: int) -> int:
    return 2 * number


def own_process(_ignored: int) -> int:
    return os.getpid()


def own_niceness(_ignored: int) -> int:
    return os.getpriority(os.PRIO_PROCESS, 0)


def complain(_ignored: int) -> int:
    raise Complaint("so it is")


def hang(_ignored: int) -> int:
    time.sleep(60)
    return 0


def burn(_ignored: int) -> int:
    while True:
        pass


def grow(_ignored: int) -> int:
    return len(bytearray(4 * 1024**3))


def crash(_ignored: int) -> int:
    os.kill(os.getpid(), signal.SIGSEGV)
    return 0


def stop(_ignored: int) -> int:
    os.kill(os.getpid(), signal.SIGTERM)
    return 1


def test_gives_the_result_of_another_process() -> None:
    assert Sandbox(double)(21) == 42
    assert Sandbox(own_process)(0) != os.getpid()


def test_raises_what_the_function_raised() -> None:
    with pytest.raises(Complaint, match="so it is"):
        Sandbox(complain)(0)


@pytest.mark.parametrize("function", [hang, burn, grow, crash])
def test_a_function_that_hangs_grows_or_crashes_fails_alone(function: Callable[[int], int]) -> None:
    begun = time.monotonic()
    with pytest.raises(SandboxFailed):
        Sandbox(function, seconds=1.5)(0)
    assert time.monotonic() - begun < 45


def test_a_large_file_goes_through() -> None:
    content = os.urandom(16 * 1024 * 1024)
    assert Sandbox(bytes)(content) == content


def test_the_signal_to_stop_the_worker_does_not_cut_a_file_short() -> None:
    assert Sandbox(stop)(0) == 1


def test_it_stands_back_behind_its_caller() -> None:
    assert Sandbox(own_niceness)(0) == os.getpriority(os.PRIO_PROCESS, 0) + NICER
