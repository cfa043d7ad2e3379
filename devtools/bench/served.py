"""An application under gunicorn, as it is served to people: two plain processes of the portal's own configuration."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException

from devtools.bench.instance import BIN, INSTANCE, ROOT
from devtools.bench.meters import children_of, megabytes_of
from devtools.machine import free_port

HOST = "127.0.0.1"
WORKERS = 2
#: gunicorn's options for the portal, and for an application that knows nothing of it
PORTAL = ("--config", "python:heka_portal.serving")
BARE = ("--preload", "--worker-class", "sync", "--no-control-socket")
#: what the servers say: a line for each request
LOG = INSTANCE / "server.log"
READY_WITHIN_SECONDS = 60


@dataclass(frozen=True)
class Served:
    """A server that runs."""

    pid: int
    port: int

    @property
    def workers(self) -> list[int]:
        """The processes that answer requests."""
        return children_of(self.pid)

    def megabytes(self) -> float:
        """The memory of the largest worker in MB (PSS)."""
        return max(map(megabytes_of, self.workers))


@contextmanager
def serving(
    target: str, environment: Mapping[str, str], *, ready: str, options: Sequence[str] = PORTAL, workers: int = WORKERS
) -> Iterator[Served]:
    """Serve `module:application` until the block ends; `ready` is the path that answers when it is up."""
    port = free_port()
    command = [str(BIN / "gunicorn"), "--log-level", "error", *options]
    with LOG.open("ab") as log:
        process = subprocess.Popen(
            [*command, "--workers", str(workers), "--bind", f"{HOST}:{port}", target],
            cwd=ROOT,
            env=dict(environment),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        _await(process, port, ready)
        yield Served(process.pid, port)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _await(process: subprocess.Popen[bytes], port: int, path: str) -> None:
    until = time.monotonic() + READY_WITHIN_SECONDS
    while process.poll() is None and time.monotonic() < until:
        connection = HTTPConnection(HOST, port, timeout=5)
        try:
            connection.request("GET", path)
            if connection.getresponse().status == 200:
                return
        except (OSError, HTTPException):
            time.sleep(0.1)
        finally:
            connection.close()
    raise RuntimeError(f"the server on port {port} does not come up")
