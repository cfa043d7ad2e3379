"""The codes of resident notices."""

from enum import StrEnum


class NoticeKind(StrEnum):
    SERVICE_BREAK = "service_break"
    WORKS = "works"
    SAFETY = "safety"
    RENT_CHANGE = "rent_change"
    MEETING = "meeting"
    GENERAL = "general"


class NoticeState(StrEnum):
    """Where a notice stands; what a resident sees follows from its times too."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"
