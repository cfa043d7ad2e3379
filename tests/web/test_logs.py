"""Nothing personal reaches a log."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest

from heka_portal.web import logs


@pytest.mark.parametrize(
    "personal",
    [
        "010190-999W",
        "010190Y999W",
        "241108a904k",
        "FI21 1234 5600 0007 85",
        "FI2112345600000785",
        "EE38 2200 2210 2014 5685",
        "aino.virtanen@resident.example",
    ],
)
def test_personal_data_is_taken_out(personal: str) -> None:
    assert logs.redact(f"said {personal} here") == f"said {logs.REDACTED} here"


def test_a_links_secret_is_taken_out() -> None:
    secret = "Zk3" * 14
    assert logs.redact(f"GET /confirm/{secret} 200") == f"GET /confirm/{logs.REDACTED} 200"


@pytest.mark.parametrize("plain", ["case 482719306 moved", "/matters/482719306", "2026-11-24", "09 5767 3100"])
def test_what_is_not_personal_stays(plain: str) -> None:
    assert logs.redact(plain) == plain


@pytest.fixture
def kept_handlers() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers, root.level = handlers, level


def test_a_line_is_json_and_an_exception_is_filtered_too(
    capsys: pytest.CaptureFixture[str], kept_handlers: None
) -> None:
    logs.configure(as_json=True)
    try:
        raise ValueError("code 010190-999W")
    except ValueError:
        logging.getLogger("tests").exception("failed for %s", "aino@resident.example")
    line = json.loads(capsys.readouterr().err)
    assert line["event"] == f"failed for {logs.REDACTED}"
    assert "010190" not in line["exception"]
    assert line["level"] == "error"
