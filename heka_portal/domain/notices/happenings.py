"""What notices tell of that happens at a time: for a building's calendar, by the same reach as the notices' list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import starmap
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, select
from sqlalchemy.orm import aliased

from heka_portal.database import UtcDateTime, as_said, at_most
from heka_portal.domain.notices.queries import BEST_LANGUAGE, TOLD, from_to
from heka_portal.domain.notices.reach import home_values, reaching
from heka_portal.domain.notices.rules import ARCHIVE, Home
from heka_portal.extensions import db
from heka_portal.models.notices import Notice, NoticeText
from heka_portal.vocabulary import Language, NoticeKind


@dataclass(frozen=True)
class ToldHappening:
    """What a notice says to happen, its title in the reader's language or in the one there is."""

    id: int
    kind: NoticeKind
    happens_from: datetime
    happens_to: datetime | None
    changed_at: datetime
    version: int
    language: Language
    title: str


@lru_cache(maxsize=16)
def _happening(homes: int) -> Any:
    """The statement for so many homes. What a told correction has taken the place of happens no more as it says."""
    correction = aliased(Notice)
    is_corrected = exists().where(correction.correction_of_id == Notice.id, correction.published_at.is_not(None))
    is_within = (
        Notice.happens_from < bindparam("to", type_=UtcDateTime),
        func.coalesce(Notice.happens_to, Notice.happens_from) > bindparam("since", type_=UtcDateTime),
        Notice.state.in_([as_said(Notice.state, each) for each in TOLD]),
    )
    return (
        select(
            Notice.id,
            Notice.kind,
            Notice.happens_from,
            Notice.happens_to,
            Notice.changed_at,
            Notice.version,
            NoticeText.language,
            NoticeText.title,
        )
        .join(NoticeText, and_(NoticeText.notice_id == Notice.id, NoticeText.language == BEST_LANGUAGE))
        .where(Notice.id.in_(reaching(homes, *from_to(), *is_within)), ~is_corrected)
        .order_by(Notice.happens_from, Notice.id)
        .limit(at_most("limit"))
    )


def list_told_happenings(
    homes: Sequence[Home], *, language: str, now: datetime, since: datetime, to: datetime, limit: int
) -> list[ToldHappening]:
    """What happens between two moments by the notices that reach one of the homes, the earliest first."""
    if not homes:
        return []
    asked: dict[str, Any] = {
        **home_values(homes),
        "language": language,
        "earliest": now - ARCHIVE,
        "latest": now,
        "since": since,
        "to": to,
        "limit": limit,
    }
    return list(starmap(ToldHappening, db.session.execute(_happening(len(homes)), asked)))
