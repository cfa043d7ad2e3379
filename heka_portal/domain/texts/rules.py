"""Decisions about the landlord's texts: which version counts, and when a new one may come into force."""

from __future__ import annotations

from datetime import date

MAX_TEXT = 40_000


def earliest_day(*, on: date, latest: date | None) -> date:
    """The first day a new version may come into force: not in the past, and not before the version it follows."""
    return on if latest is None else max(on, latest)
