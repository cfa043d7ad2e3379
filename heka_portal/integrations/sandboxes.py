"""Runs a function in a process of its own, with limits of time and memory.

What strangers sent is unpacked there: a decoder that hangs, crashes or grows takes only its own process along. The
process begins as a copy of a small server that has imported the function once, so it starts in milliseconds.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Generic, ParamSpec, TypeVar

#: of the clock as of the processor: long, for a nice process on a busy machine waits more than it works
SECONDS = 120
#: how far it stands back behind the process that calls it: it holds no lock that anybody could wait for
NICER = 5
MEMORY_BYTES = 1024**3

P = ParamSpec("P")
R = TypeVar("R")


class SandboxFailed(Exception):
    """The function ran out of time or memory, or its process was killed."""


class Sandbox(Generic[P, R]):
    """A function that is called in a process of its own; it, its arguments, results and errors must be picklable."""

    def __init__(self, function: Callable[P, R], *, seconds: float = SECONDS, memory_bytes: int = MEMORY_BYTES) -> None:
        self.function = function
        self.seconds = seconds
        self.memory_bytes = memory_bytes
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([function.__module__])

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """The function's result, or its error. Raises SandboxFailed."""
        ours, theirs = self._context.Pipe(duplex=False)
        process = self._context.Process(
            target=_run, args=(theirs, self.memory_bytes, self.seconds, self.function, args, kwargs), daemon=True
        )
        with ours:
            process.start()
            theirs.close()
            try:
                return self._answer(ours)
            finally:
                process.kill()
                process.join()
                process.close()

    def _answer(self, ours: Connection) -> R:
        try:
            if not ours.poll(self.seconds):
                raise SandboxFailed(f"it took more than {self.seconds} s")
            error, result = ours.recv()
        except EOFError as ended:
            raise SandboxFailed("its process ended without an answer") from ended
        if error is not None:
            raise error
        answer: R = result
        return answer


def _run(
    theirs: Connection,
    memory_bytes: int,
    seconds: float,
    function: Callable[..., object],
    args: tuple[object, ...],
    kwargs: dict[str, object],
) -> None:
    """In the new process: limit it, run the function, send what came of it."""
    # Who stops the worker signals its whole group; the worker still finishes the present file.
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, signal.SIG_IGN)
    os.nice(NICER)
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 2))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answer: tuple[BaseException | None, object]
    try:
        answer = (None, function(*args, **kwargs))
    except MemoryError:
        answer = (SandboxFailed("it needed too much memory"), None)
    except Exception as error:  # noqa: BLE001 - the caller raises it again
        answer = (error, None)
    with suppress(BrokenPipeError):
        theirs.send(answer)
