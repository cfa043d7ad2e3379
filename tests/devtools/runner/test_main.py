"""A port that cannot be had is told in one sentence, before anything is started."""

from __future__ import annotations

import socket

import pytest

from devtools.runner.__main__ import CannotRun, chosen_port


def test_taken_port_is_told() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        with pytest.raises(CannotRun, match=rf"^Port {port} is taken: .*PORT=8100`\.$"):
            chosen_port({"PORT": str(port)})


@pytest.mark.parametrize("text", ["http", "0", "65535", "-1", "80 80"])
def test_what_is_no_port_is_told(text: str) -> None:
    with pytest.raises(CannotRun, match="must be a number"):
        chosen_port({"PORT": text})
