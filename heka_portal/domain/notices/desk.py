"""Notices as those who write them see them: their own, those of their buildings, or all; and who has read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import starmap
from typing import Any

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import selectinload

from heka_portal.database import at_most
from heka_portal.domain.access import Actor, Permission
from heka_portal.domain.errors import NotAllowed, NotFound
from heka_portal.domain.homes.management import list_managed
from heka_portal.domain.notices.rules import Content, Place, Words
from heka_portal.extensions import db
from heka_portal.models.accounts import Account, StaffMember
from heka_portal.models.notices import (
    IS_ACKNOWLEDGED,
    Notice,
    NoticeAudience,
    NoticeMailing,
    NoticeReading,
    NoticeText,
)
from heka_portal.models.people import Person
from heka_portal.vocabulary import Language, NoticeKind, NoticeState

PAGE = 25
NAMES = 50
#: readers are counted so far: more than the landlord has residents
MOST_COUNTED = 150_000


def check_may_write(actor: Actor) -> None:
    """Raises NotAllowed where the actor writes no notices."""
    if not actor.may(Permission.NOTICE_WRITE):
        raise NotAllowed


@dataclass(frozen=True)
class WrittenLine:
    """A line of the list of those who write notices."""

    id: int
    kind: NoticeKind
    state: NoticeState
    is_urgent: bool
    is_correction: bool
    visible_from: datetime | None
    visible_to: datetime | None
    created_at: datetime
    author_name: str | None
    title: str | None


#: in the first of the service's languages that there is, as on the notice's page
TITLE = (
    select(NoticeText.title)
    .where(NoticeText.notice_id == Notice.id)
    .order_by(case({language: place for place, language in enumerate(Language)}, value=NoticeText.language))
    .limit(at_most(1))
    .correlate(Notice)
    .scalar_subquery()
    .label("title")
)


def _lines() -> Any:
    return (
        select(
            Notice.id,
            Notice.kind,
            Notice.state,
            Notice.is_urgent,
            Notice.correction_of_id.is_not(None).label("is_correction"),
            Notice.visible_from,
            Notice.visible_to,
            Notice.created_at,
            StaffMember.name,
            TITLE,
        )
        .join(Account, Account.id == Notice.author_id)
        .outerjoin(StaffMember, StaffMember.id == Account.staff_member_id)
    )


def list_written(
    actor: Actor, *, is_own: bool, state: NoticeState | None = None, before_id: int | None = None, limit: int = PAGE
) -> list[WrittenLine]:
    """The actor's own notices, or those of their buildings (all, where they may write to all); the newest first.

    Raises NotAllowed.
    """
    check_may_write(actor)
    ids = select(Notice.id)
    if is_own:
        ids = ids.where(Notice.author_id == actor.account_id)
    elif not actor.may(Permission.NOTICE_WRITE_ALL):
        of_buildings = select(NoticeAudience.notice_id).where(
            NoticeAudience.building_id.in_(each.id for each in list_managed(actor))
        )
        ids = ids.where(Notice.id.in_(of_buildings))
    if state is not None:
        ids = ids.where(Notice.state == state)
    if before_id is not None:
        ids = ids.where(Notice.id < before_id)
    page = ids.order_by(Notice.id.desc()).limit(at_most(limit)).subquery()
    rows = db.session.execute(_lines().where(Notice.id.in_(page.select())).order_by(Notice.id.desc()))
    return list(starmap(WrittenLine, rows))


def get_written(actor: Actor, notice_id: int, *, for_update: bool = False) -> Notice:
    """A notice that the actor may work on: their own, one to buildings they manage, or any. Raises NotFound."""
    check_may_write(actor)
    asked = (
        select(Notice)
        .where(Notice.id == notice_id)
        .options(selectinload(Notice.texts), selectinload(Notice.files), selectinload(Notice.audiences))
        .execution_options(populate_existing=True)
    )
    notice = db.session.scalar(asked.with_for_update() if for_update else asked)
    if notice is None or not _may_see(actor, notice):
        raise NotFound
    return notice


def _may_see(actor: Actor, notice: Notice) -> bool:
    if actor.may(Permission.NOTICE_WRITE_ALL) or notice.author_id == actor.account_id:
        return True
    managed = {each.id for each in list_managed(actor)}
    return bool(notice.audiences) and all(each.building_id in managed for each in notice.audiences)


def content_of(notice: Notice, *, for_correction_at: datetime | None = None) -> Content:
    """What its writer decided; for a correction without the times that are over."""
    times = (notice.visible_from, notice.visible_to)
    if for_correction_at is not None:
        ends = notice.visible_to
        times = (None, ends if ends is not None and ends > for_correction_at else None)
    return Content(
        kind=notice.kind,
        words={each.language: Words(each.title, each.body) for each in notice.texts},
        places=tuple(Place(each.region_id, each.building_id, each.staircase) for each in notice.audiences),
        visible_from=times[0],
        visible_to=times[1],
        happens_from=notice.happens_from,
        happens_to=notice.happens_to,
        is_pinned=notice.is_pinned,
        is_urgent=notice.is_urgent,
        asks_acknowledgement=notice.asks_acknowledgement,
        lease_term=notice.lease_term,
        main_tenants_only=notice.main_tenants_only,
    )


@dataclass(frozen=True)
class ReaderFigures:
    """How many have got mail of a notice, have read it, and have said so."""

    queued: int
    is_mailing_done: bool
    read: int
    acknowledged: int


def count_readers(notice: Notice) -> ReaderFigures:
    """The figures of one notice, from its own part of an index."""
    mailing = db.session.get(NoticeMailing, notice.id)
    some = (
        select(NoticeReading.acknowledged_at)
        .where(NoticeReading.notice_id == notice.id)
        .limit(at_most(MOST_COUNTED))
        .subquery()
    )
    read, acknowledged = db.session.execute(
        select(func.count(), func.count(some.c.acknowledged_at)).select_from(some)
    ).one()
    return ReaderFigures(
        queued=mailing.queued if mailing else 0,
        is_mailing_done=mailing is None or mailing.finished_at is not None,
        read=read,
        acknowledged=acknowledged,
    )


@dataclass(frozen=True)
class Acknowledgement:
    """Who has said that they have read a notice, and when."""

    account_id: int
    last_name: str
    first_names: str
    is_protected: bool
    at: datetime


def list_acknowledged(
    notice: Notice, *, before: tuple[datetime, int] | None = None, limit: int = NAMES
) -> list[Acknowledgement]:
    """Names, only where they were asked for; the latest first. Whose notice it is, the caller has settled."""
    if not notice.asks_acknowledgement:
        raise NotFound
    R = NoticeReading  # noqa: N806 - it stands for the class
    asked = (
        select(R.account_id, Person.last_name, Person.first_names, Person.is_protected, R.acknowledged_at)
        .join(Account, Account.id == R.account_id)
        .join(Person, Person.id == Account.person_id)
        .where(R.notice_id == notice.id, IS_ACKNOWLEDGED)
        .order_by(R.acknowledged_at.desc(), R.account_id.desc())
        .limit(at_most(limit))
    )
    if before is not None:
        at, account_id = before
        asked = asked.where(or_(R.acknowledged_at < at, (R.acknowledged_at == at) & (R.account_id < account_id)))
    return list(starmap(Acknowledgement, db.session.execute(asked)))
