"""Notices as residents see them, for customer service, who are asked about them by phone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import starmap

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from heka_portal.database import at_most
from heka_portal.domain.access import Actor, Permission
from heka_portal.domain.errors import NotAllowed, NotFound
from heka_portal.domain.notices.desk import TITLE
from heka_portal.domain.notices.queries import TOLD
from heka_portal.domain.notices.rules import LONGEST
from heka_portal.extensions import db
from heka_portal.models.homes import Building
from heka_portal.models.notices import Notice, NoticeAudience
from heka_portal.vocabulary import NoticeKind

PAGE = 25


@dataclass(frozen=True)
class PostedLine:
    """A notice that stands."""

    id: int
    kind: NoticeKind
    is_urgent: bool
    visible_from: datetime
    visible_to: datetime
    title: str


def _check(actor: Actor) -> None:
    if not actor.may(Permission.REGISTER_LOOK):
        raise NotAllowed


def list_posted(
    actor: Actor, *, now: datetime, building_id: int | None = None, before_id: int | None = None, limit: int = PAGE
) -> list[PostedLine]:
    """What stands everywhere, or for the people of a building; the newest first. Raises NotAllowed."""
    _check(actor)
    asked = select(Notice.id, Notice.kind, Notice.is_urgent, Notice.visible_from, Notice.visible_to, TITLE).where(
        Notice.state.in_(TOLD), Notice.visible_from <= now, Notice.visible_to > now
    )
    if building_id is not None:
        region_id = select(Building.region_id).where(Building.id == building_id).scalar_subquery()
        A = NoticeAudience  # noqa: N806 - it stands for the class
        reaching = select(A.notice_id).where(
            A.visible_from > now - LONGEST,
            or_(
                A.building_id == building_id,
                A.region_id == region_id,
                A.region_id.is_(None) & A.building_id.is_(None),
            ),
        )
        asked = asked.where(Notice.id.in_(reaching))
    if before_id is not None:
        asked = asked.where(Notice.id < before_id)
    return list(starmap(PostedLine, db.session.execute(asked.order_by(Notice.id.desc()).limit(at_most(limit)))))


def get_posted(actor: Actor, notice_id: int, *, now: datetime) -> Notice:
    """A notice that was told, also one that is over. Raises NotAllowed, NotFound."""
    _check(actor)
    notice = db.session.scalar(
        select(Notice)
        .where(Notice.id == notice_id, Notice.state.in_(TOLD), Notice.visible_from <= now)
        .options(selectinload(Notice.texts), selectinload(Notice.files))
    )
    if notice is None:
        raise NotFound
    return notice
