"""An application on a port of this machine, in the test's own process, for a browser to visit."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server


class Quiet(WSGIRequestHandler):
    """A server that prints nothing between the tests' lines."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 (the library's name)
        """Say nothing."""


@contextmanager
def serving(make_app: Callable[[str], Flask]) -> Iterator[str]:
    """Serve an application that has to know its address; answers the address."""
    server = make_server("127.0.0.1", 0, Flask("not_yet"), threaded=True, request_handler=Quiet)
    address = f"http://127.0.0.1:{server.server_port}"
    server.app = make_app(address)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield address
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve an application; answers its address."""
    with serving(lambda _address: app) as address:
        yield address
