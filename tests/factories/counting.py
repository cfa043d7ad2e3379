"""Numbers that never come twice, for what must be unique."""

from __future__ import annotations

from itertools import count

_numbers = count(1)


def fresh() -> int:
    """The next number."""
    return next(_numbers)
