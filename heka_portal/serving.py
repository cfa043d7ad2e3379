"""How gunicorn serves the portal: `gunicorn --config python:heka_portal.serving wsgi:app`.

What differs from place to place comes from the environment or the command line: `--bind`, `WEB_CONCURRENCY`.
"""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import Any

from heka_portal.extensions import db

bind = "127.0.0.1:8000"
workers = int(os.environ.get("WEB_CONCURRENCY") or os.cpu_count() or 1)
# Behind a proxy that reads slow phones to the end, plain processes answer fastest; threads queue for the interpreter.
worker_class = "sync"
# Forks share what was imported and built once.
preload_app = True
# The control socket of newer versions lies in a home folder, which a service account has not.
control_socket_disable = True
# The heartbeat of a worker; in memory where the system has it, for a slow disk would look like a hung worker.
MEMORY = Path("/dev/shm")  # noqa: S108 (gunicorn makes a file without a name there)
worker_tmp_dir = str(MEMORY) if MEMORY.is_dir() else None
timeout = 60
graceful_timeout = 20
# The portal writes its own lines about requests, without personal data.
accesslog = None


def when_ready(arbiter: Any) -> None:
    """Compile the templates once for all workers, and leave what was imported out of every later collection.

    A look at it would make each worker copy it.
    """
    environment = arbiter.app.wsgi().jinja_env
    for name in environment.list_templates(extensions=["html"]):
        environment.get_template(name)
    gc.collect()
    gc.freeze()


def post_fork(_arbiter: Any, worker: Any) -> None:
    """Give the worker connections of its own: one that is shared with the parent would mix two conversations."""
    app = worker.app.wsgi()
    with app.app_context():
        db.engine.dispose(close=False)
