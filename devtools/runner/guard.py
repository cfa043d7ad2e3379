"""Stands between the runner and one program, in a session of their own: `python guard.py COMMAND ...`.

Standard input is the lifeline: when the runner ends, however it ends, it closes, and the whole group is ended. So no
program outlives its runner, not even one that was killed. The exit code is the program's.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

GRACE_SECONDS = 10.0


def main(command: list[str]) -> int:
    """Run the command until it ends or the lifeline breaks."""
    program = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    # The runner signals the group: the program ends by itself, and its code is what counts.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    broken = threading.Event()
    ending = threading.Thread(target=end_with_the_runner, args=(broken,), daemon=True)
    ending.start()
    code = program.wait()
    if broken.is_set():
        # What the program had started may still run.
        ending.join()
    return code


def end_with_the_runner(broken: threading.Event) -> None:
    """Wait for the end of standard input, then end the group: first asked, after a grace forced."""
    while os.read(sys.stdin.fileno(), 1024):
        pass
    broken.set()
    os.killpg(0, signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
