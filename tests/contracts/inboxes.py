"""Every way to narrow the inbox of customer service."""

from __future__ import annotations

from collections.abc import Mapping

#: each way to narrow the inbox, and some together
INBOXES: tuple[Mapping[str, str], ...] = (
    {"kind": "defect"},
    {"kind": "enquiry", "state": "being_answered"},
    {"topic": "1"},
    {"topic": "1", "overdue": "1"},
    {"state": "received"},
    {"urgency": "ordinary"},
    {"queue": "defects"},
    {"queue": "payments"},
    {"awaits": "resident"},
    {"region": "1"},
    {"building": "1"},
    {"apartment": "1"},
    {"owner": "1"},
    {"handler": "1"},
    {"unassigned": "1"},
    {"today": "1"},
    {"unread": "1"},
    {"reopened": "1"},
    {"state": "received", "overdue": "1", "region": "1"},
    {"closed": "365", "region": "1"},
    {"closed": "365", "building": "1"},
    {"closed": "365", "apartment": "1"},
    {"closed": "365", "handler": "me"},
    # nothing is found
    {"state": "waiting_season", "handler": "999"},
)
