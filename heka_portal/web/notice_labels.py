"""The words of the codes of resident notices; `labels.py` takes them in."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from heka_portal.vocabulary import NoticeKind, NoticeState

NOTICE_KINDS: Mapping[StrEnum, Any] = {
    NoticeKind.SERVICE_BREAK: _l("Service break"),
    NoticeKind.WORKS: _l("Works"),
    NoticeKind.SAFETY: _l("Safety"),
    NoticeKind.RENT_CHANGE: _l("Rent"),
    NoticeKind.MEETING: _l("Meeting"),
    NoticeKind.GENERAL: _l("General"),
}
NOTICE_STATES: Mapping[StrEnum, Any] = {
    NoticeState.DRAFT: _l("Draft"),
    NoticeState.SCHEDULED: _l("Scheduled"),
    NoticeState.PUBLISHED: _l("Published"),
    NoticeState.WITHDRAWN: _l("Taken back"),
    NoticeState.ENDED: _l("Over"),
}
TABLES: Mapping[type[StrEnum], Mapping[StrEnum, Any]] = {NoticeKind: NOTICE_KINDS, NoticeState: NOTICE_STATES}
