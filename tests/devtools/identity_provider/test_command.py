import json
import socket
import subprocess
import sys
import time

import pytest
import requests

from devtools.identity_provider.__main__ import main
from devtools.identity_provider.configuration import is_loopback, read_clients


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "[::1]", "localhost"])
def test_loopback(host):
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.1", "example.test", "", "localhost.example.test"])  # noqa: S104 - to be refused
def test_not_loopback(host):
    assert not is_loopback(host)


@pytest.mark.parametrize(
    "arguments",
    [["--host", "0.0.0.0"], ["--host", "192.168.1.1"], ["--issuer", "https://broker.test"]],  # noqa: S104
)
def test_only_this_machine_is_served(arguments, capsys):
    assert main(arguments) == 2
    assert "this machine only" in capsys.readouterr().err


def test_broken_client_file(tmp_path, capsys):
    path = tmp_path / "client.json"
    path.write_text("{}")
    assert main(["--client", str(path)]) == 2
    assert "client file" in capsys.readouterr().err


def test_one_client_or_many_in_a_file(tmp_path):
    path = tmp_path / "client.json"
    entry = {"client_id": "heka", "redirect_uris": ["http://127.0.0.1:8000/callback"], "jwks_file": "keys.json"}
    path.write_text(json.dumps(entry))
    [client] = read_clients(path)
    assert (client.client_id, str(client.jwks_file)) == ("heka", "keys.json")
    path.write_text(json.dumps([entry, entry]))
    assert len(read_clients(path)) == 2


def test_keys_alone(tmp_path):
    assert main(["--keys", str(tmp_path), "--only-keys"]) == 0
    assert (tmp_path / "entity-statement.jwt").read_text().count(".") == 2


def test_process_serves_and_ends_with_its_standard_input(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "devtools.identity_provider", "--port", str(port), "--keys", str(tmp_path)]
    with subprocess.Popen([*command, "--end-with-stdin"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert b"TEST" in process.stdout.readline()
        found = requests.get(f"http://127.0.0.1:{port}/.well-known/openid-configuration", timeout=5).json()
        assert found["issuer"] == f"http://127.0.0.1:{port}"
        process.stdin.close()
        started = time.monotonic()
        assert process.wait(timeout=10) == 0
        assert time.monotonic() - started < 5
