"""How long an answer to feedback on accessibility may take."""

from __future__ import annotations

from datetime import datetime, timedelta

#: Act 306/2019, section 8: feedback on accessibility is answered within 14 days
ANSWER_WITHIN = timedelta(days=14)
MAX_TEXT = 4000
MAX_PAGE = 300


def answer_due(created_at: datetime) -> datetime:
    """By when the writer has an answer."""
    return created_at + ANSWER_WITHIN
