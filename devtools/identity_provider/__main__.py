"""Start the stand-in identity provider: `python -m devtools.identity_provider --client FILE`, with --help for more."""

import argparse
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from werkzeug.serving import WSGIRequestHandler, make_server

from devtools.identity_provider.app import create_provider
from devtools.identity_provider.configuration import (
    Configuration,
    Dialect,
    is_loopback,
    is_loopback_address,
    read_clients,
)
from devtools.identity_provider.keys import ProviderKeys


class _Quiet(WSGIRequestHandler):
    """A server that does not print addresses: they hold codes and request objects."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


def main(arguments: list[str] | None = None) -> int:
    """Serve until the end of the process; 2 where the arguments are wrong."""
    options = _parser().parse_args(arguments)
    issuer = (options.issuer or f"http://{options.host}:{options.port}").rstrip("/")
    if not is_loopback(options.host) or not is_loopback_address(issuer):
        print("The stand-in identity provider serves this machine only: give a loopback address.", file=sys.stderr)
        return 2
    try:
        clients = tuple(client for path in options.client for client in read_clients(path))
    except (OSError, ValueError, KeyError) as error:
        print(f"The client file cannot be read: {error!r}.", file=sys.stderr)
        return 2
    configuration = Configuration(
        issuer=issuer,
        keys=options.keys,
        clients=clients,
        persons_file=options.persons,
        dialect=Dialect(options.dialect),
        slow_seconds=options.slow_seconds,
    )
    if options.only_keys:
        ProviderKeys(configuration.keys, issuer=issuer, now=configuration.now())
        return 0
    _serve(configuration, options)
    return 0


def _parser() -> argparse.ArgumentParser:
    environment = os.environ.get
    parser = argparse.ArgumentParser(
        prog="python -m devtools.identity_provider", description="A TEST identity provider for this machine only."
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=int(environment("IDENTITY_PROVIDER_PORT", "8010")))
    parser.add_argument("--issuer", default="", help="the issuer, if it is not http://HOST:PORT")
    parser.add_argument("--client", type=Path, action="append", default=[], help="a JSON file of registered portals")
    parser.add_argument("--persons", type=Path, default=None, help="a JSON file of people to choose from")
    parser.add_argument("--keys", type=Path, default=Path("instance/identity_provider"), help="folder of its own keys")
    parser.add_argument("--dialect", choices=[dialect.value for dialect in Dialect], default=Dialect.URN.value)
    parser.add_argument("--slow-seconds", type=float, default=30.0, help="how long the slow token endpoint takes")
    parser.add_argument("--only-keys", action="store_true", help="make the keys and the entity statement, then end")
    parser.add_argument("--end-with-stdin", action="store_true", help="end when standard input is closed")
    return parser


def _serve(configuration: Configuration, options: argparse.Namespace) -> None:
    server = make_server(
        options.host, options.port, create_provider(configuration), threaded=True, request_handler=_Quiet
    )
    if options.end_with_stdin:
        threading.Thread(target=_end_with_stdin, args=(server.shutdown,), daemon=True).start()
    print(f"Stand-in identity provider (TEST) at {configuration.issuer}", flush=True)
    server.serve_forever()


def _end_with_stdin(shutdown: Callable[[], None]) -> None:
    sys.stdin.buffer.read()
    shutdown()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(0)
