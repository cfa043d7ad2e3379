"""How long a mail is tried."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from heka_portal.domain.outbox.rules import LINK_LIFE, UNDO_LIFE, WAITS, has_expired, wait_after
from heka_portal.vocabulary import MailKind

SENT_AT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def test_waits_grow_from_a_minute_to_hours_and_end_after_three_days() -> None:
    waits = [wait_after(attempt) for attempt in range(1, len(WAITS) + 1)]
    assert waits[:5] == [
        timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4),
    ]  # fmt: skip
    assert timedelta(days=3) < sum(WAITS, timedelta(0)) < timedelta(days=4)
    assert wait_after(len(WAITS) + 1) is None


@pytest.mark.parametrize(("kind", "life"), [(MailKind.RESET_PASSWORD, LINK_LIFE), (MailKind.EMAIL_CHANGED, UNDO_LIFE)])
def test_only_a_mail_with_a_link_that_lapses_can_come_too_late(kind: MailKind, life: timedelta) -> None:
    late = SENT_AT + life
    assert has_expired(kind, {"token": "x"}, created_at=SENT_AT, now=late)
    assert not has_expired(kind, {"token": "x"}, created_at=SENT_AT, now=late - timedelta(seconds=1))
    assert not has_expired(kind, {"number": 1}, created_at=SENT_AT, now=late + timedelta(days=30))
