"""A module that can be read in one sitting: under 300 lines, and the build stops at 400."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
AIM = 300
LIMIT = 400
#: What a tool writes grows by its own laws.
GENERATED = ("heka_portal/migrations/versions",)

MODULES = sorted(
    path.relative_to(ROOT).as_posix()
    for folder in ("heka_portal", "devtools", "tests")
    for path in (ROOT / folder).rglob("*.py")
)


class LongModule(UserWarning):
    """A module over the aim: split it by noun when it is next touched."""


@pytest.mark.parametrize("module", [module for module in MODULES if not module.startswith(GENERATED)])
@pytest.mark.filterwarnings("default::tests.contracts.test_module_size.LongModule")
def test_module_is_short(module: str) -> None:
    lines = len((ROOT / module).read_text(encoding="utf-8").splitlines())
    assert lines < LIMIT, f"{module} has {lines} lines: split it by noun"
    if lines >= AIM:
        warnings.warn(f"{module} has {lines} lines, and should stay under {AIM}", LongModule, stacklevel=1)
