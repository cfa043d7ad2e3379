"""The last lines tell what failed and what was left out; what is left out fails only where nothing may be."""

from __future__ import annotations

import pytest

from devtools.checks.__main__ import Outcome, conclude

PASSED = Outcome("types", seconds=2)
FAILED = Outcome("unit", failed=True)
LEFT_OUT = Outcome("browser", left_out="none of chromium is installed")


@pytest.mark.parametrize(
    ("outcomes", "strict", "code", "said"),
    [
        ([PASSED], "", 0, "All passed, nothing was left out."),
        ([PASSED], "true", 0, "All passed, nothing was left out."),
        ([PASSED, FAILED], "", 1, "Failed: unit."),
        ([PASSED, LEFT_OUT], "", 0, "Left out: browser (see above)."),
        ([PASSED, LEFT_OUT], "true", 1, "which fails here (CI)"),
    ],
)
def test_conclusion(
    outcomes: list[Outcome],
    strict: str,
    code: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("CI", strict)
    assert conclude(outcomes) == code
    assert said in capsys.readouterr().out


def test_reason_stands_beside_what_was_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    conclude([LEFT_OUT])
    assert "browser       left out  none of chromium is installed" in capsys.readouterr().out
