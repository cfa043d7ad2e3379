"""`make run`: the portal, the stand-in identity provider and the worker, until Ctrl-C.

Heard from the environment: PORT (8000), DEMO=0 (no demo data), DATABASE_URL (the SQLite file of instance/).
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import FrameType

from devtools.runner.identification import provider_command, register_portal
from devtools.runner.instance import INSTANCE, prepare_instance
from devtools.runner.processes import Died, Together

ROOT = Path(__file__).resolve().parent.parent.parent
BIN = Path(sys.executable).parent
HOST = "127.0.0.1"
READY_WITHIN_SECONDS = 60


class CannotRun(Exception):
    """The portal cannot be started; the message is one sentence that says what to do."""


def main(environ: Mapping[str, str]) -> int:
    """Run everything until Ctrl-C; answers the exit code."""
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGHUP, _stop)
    try:
        port = chosen_port(environ)
        prepare_instance(INSTANCE)
        environment = portal_environment(environ, port)
        demo_people = prepare_database(environment, with_demo=environ.get("DEMO") != "0")
        with Together() as programs:
            start(programs, environment, port)
            print(welcome(port), demo_people, sep="\n", flush=True)
            programs.watch()
    except KeyboardInterrupt:
        print("\nStopped.", flush=True)
        return 0
    except (CannotRun, Died) as problem:
        print(problem, file=sys.stderr, flush=True)
    return 1


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def chosen_port(environ: Mapping[str, str]) -> int:
    """The portal's port; the stand-in has the next one. Raises CannotRun."""
    text = environ.get("PORT") or "8000"
    if not text.isdecimal() or not 1 <= int(text) < 65535:
        raise CannotRun(f"PORT is {text!r}, and must be a number from 1 to 65534.")
    for port in (int(text), int(text) + 1):
        if not is_free(port):
            raise CannotRun(f"Port {port} is taken: stop what runs there, or choose another: `make run PORT=8100`.")
    return int(text)


def is_free(port: int) -> bool:
    """Whether we could listen there."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError:
            return False
    return True


def portal_environment(environ: Mapping[str, str], port: int) -> dict[str, str]:
    """What the portal's programs are told beyond instance/config.py: addresses depend on the port."""
    return {
        **environ,
        "HEKA_BASE_URL": f"http://{HOST}:{port}",
        # The portal and the stand-in talk to each other, whatever proxy the developer sits behind.
        "NO_PROXY": ",".join(filter(None, (environ.get("NO_PROXY"), HOST))),
        **register_portal(INSTANCE, base_url=f"http://{HOST}:{port}", issuer=f"http://{HOST}:{port + 1}"),
    }


def prepare_database(environment: Mapping[str, str], *, with_demo: bool) -> str:
    """Bring the database to this version, with demo data if it is empty; who can sign in. Raises CannotRun."""
    command = [sys.executable, "-m", "devtools.runner.preparation", *(["--demo"] if with_demo else [])]
    try:
        ran = subprocess.run(command, check=True, cwd=ROOT, env=dict(environment), stdout=subprocess.PIPE, text=True)
    except subprocess.CalledProcessError as problem:
        raise CannotRun("The database could not be prepared (see above).") from problem
    return ran.stdout


def start(programs: Together, environment: Mapping[str, str], port: int) -> None:
    """Start the three programs and wait until the portal is ready. Raises Died, CannotRun."""
    programs.start("stand-in identity provider", provider_command(INSTANCE, port=port + 1), environment)
    programs.start("portal", portal_command(port), environment)
    programs.start("worker", [str(BIN / "flask"), "--app", "wsgi", "worker", "run"], environment)
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while not is_ready(port):
        programs.look()
        if time.monotonic() > deadline:
            raise CannotRun(f"The portal was not ready within {READY_WITHIN_SECONDS} seconds (see above).")
        time.sleep(0.1)


def portal_command(port: int) -> list[str]:
    """The portal under gunicorn. No proxy stands before it here: threads keep an idle connection from blocking it."""
    gunicorn = [str(BIN / "gunicorn"), "--config", "python:heka_portal.serving", "--log-level", "warning"]
    return [*gunicorn, "--worker-class", "gthread", "--threads", "8", "--bind", f"{HOST}:{port}", "wsgi:app"]


def is_ready(port: int) -> bool:
    """Whether the portal can serve: database, migrations and storage are there."""
    connection = HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def welcome(port: int) -> str:
    """Where everything is."""
    return f"""
Residents         http://{HOST}:{port}/
Customer service  http://{HOST}:{port}/admin/
Identification    http://{HOST}:{port + 1}/ (stand-in: choose a demo person there)
Mail              {INSTANCE.relative_to(ROOT)}/mail/ (unless HEKA_MAIL_URL sends it elsewhere)
"""


if __name__ == "__main__":
    sys.exit(main(os.environ))
