"""A resident's notices: what is new, what stands, what is over, and the page of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import starmap
from typing import Any

from sqlalchemy import BigInteger, Integer, String, and_, bindparam, case, func, literal_column, or_, select, tuple_
from sqlalchemy.orm import aliased, selectinload

from heka_portal import clock
from heka_portal.clock import END_OF_TIME
from heka_portal.database import UtcDateTime, as_said, at_most, footprint, insert_into
from heka_portal.domain.access import Actor
from heka_portal.domain.errors import NotFound
from heka_portal.domain.notices.reach import home_values, homes_of, reaching
from heka_portal.domain.notices.rules import ARCHIVE, LONGEST
from heka_portal.extensions import db
from heka_portal.models.attachments import Attachment
from heka_portal.models.homes import Building, Region
from heka_portal.models.notices import Notice, NoticeAudience, NoticeFile, NoticeReading, NoticeText
from heka_portal.vocabulary import Language, NoticeKind, NoticeState

PAGE = 20
#: so much of the words is read for the first lines of a list
BEGINNING = 500
TOLD = (NoticeState.SCHEDULED, NoticeState.PUBLISHED, NoticeState.ENDED)


@dataclass(frozen=True)
class NoticeLine:
    """A line of the list of notices, in the reader's language or in the one there is."""

    id: int
    kind: NoticeKind
    visible_from: datetime
    visible_to: datetime
    happens_from: datetime | None
    is_pinned: bool
    is_urgent: bool
    asks_acknowledgement: bool
    is_correction: bool
    read_at: datetime | None
    acknowledged_at: datetime | None
    language: Language
    title: str
    #: how the words begin, in markdown
    beginning: str
    rank: int

    @property
    def is_unread(self) -> bool:
        """Whether the reader has not opened it."""
        return self.read_at is None

    @property
    def waits(self) -> bool:
        """Whether the reader is still to say that they have read it."""
        return self.asks_acknowledgement and self.acknowledged_at is None


@dataclass(frozen=True)
class Cursor:
    """Where a page of the list begins: after this line."""

    rank: int
    at: datetime
    id: int


@dataclass(frozen=True)
class NoticePage:
    """A page of the list, and where the next one begins."""

    lines: tuple[NoticeLine, ...]
    next: Cursor | None


_BEST = aliased(NoticeText)
#: the reader's language, else Finnish, Swedish, English: the page says which one it is
BEST_LANGUAGE = (
    select(_BEST.language)
    .where(_BEST.notice_id == Notice.id)
    .order_by(
        case(
            (_BEST.language == bindparam("language", type_=String), 0),
            (_BEST.language == Language.FINNISH, 1),
            (_BEST.language == Language.SWEDISH, 2),
            else_=3,
        )
    )
    .limit(at_most(1))
    .correlate(Notice)
    .scalar_subquery()
)
#: unread before read; of each, the urgent and the pinned before the others
_RANK = case((NoticeReading.read_at.is_(None), 0), else_=2) + case(
    (or_(Notice.is_urgent, Notice.is_pinned), 0), else_=1
)
_OWN_READING = and_(
    NoticeReading.notice_id == Notice.id, NoticeReading.account_id == bindparam("account_id", type_=BigInteger)
)


def _lines(rank: Any) -> Any:
    return (
        select(
            Notice.id,
            Notice.kind,
            Notice.visible_from,
            Notice.visible_to,
            Notice.happens_from,
            Notice.is_pinned,
            Notice.is_urgent,
            Notice.asks_acknowledgement,
            Notice.correction_of_id.is_not(None).label("is_correction"),
            NoticeReading.read_at,
            NoticeReading.acknowledged_at,
            NoticeText.language,
            NoticeText.title,
            func.substr(NoticeText.body, 1, BEGINNING).label("beginning"),
            rank.label("rank"),
        )
        .select_from(Notice)
        .join(NoticeText, and_(NoticeText.notice_id == Notice.id, NoticeText.language == BEST_LANGUAGE))
        .outerjoin(NoticeReading, _OWN_READING)
    )


def from_to() -> tuple[Any, ...]:
    """The part of the audiences' indexes that is looked at."""
    at = NoticeAudience.visible_from
    return at > bindparam("earliest", type_=UtcDateTime), at <= bindparam("latest", type_=UtcDateTime)


@lru_cache(maxsize=64)
def _list(homes: int, is_over: bool, has_kind: bool) -> Any:
    """The statement for so many homes: of what stands by rank and time, of what is over by time."""
    now = bindparam("now", type_=UtcDateTime)
    is_wanted = Notice.visible_to <= now if is_over else Notice.visible_to > now
    kind = (Notice.kind == bindparam("kind", type_=Notice.kind.type),) if has_kind else ()
    rank: Any = literal_column("0") if is_over else _RANK
    after = (bindparam("at", type_=UtcDateTime), bindparam("id", type_=BigInteger))
    place = tuple_(Notice.visible_from, Notice.id) < tuple_(*after)
    if not is_over:
        at_rank = bindparam("rank", type_=Integer)
        place = or_(rank > at_rank, and_(rank == at_rank, place))
    return (
        _lines(rank)
        .where(Notice.id.in_(reaching(homes, *from_to(), is_wanted, *kind)), place)
        .order_by(*(() if is_over else (rank,)), Notice.visible_from.desc(), Notice.id.desc())
        .limit(at_most("limit"))
    )


def list_notices(
    actor: Actor,
    *,
    language: str,
    now: datetime,
    is_over: bool = False,
    kind: NoticeKind | None = None,
    after: Cursor | None = None,
    limit: int = PAGE,
) -> NoticePage:
    """The actor's notices that stand, unread first; or those that are over, the latest first."""
    homes = homes_of(actor, now=now)
    if not homes:
        return NoticePage((), None)
    asked: dict[str, Any] = {
        **home_values(homes),
        "account_id": actor.account_id,
        "language": language,
        "now": now,
        "earliest": now - (ARCHIVE if is_over else LONGEST),
        "latest": min(after.at, now) if is_over and after else now,
        "at": after.at if after else END_OF_TIME,
        "id": after.id if after else 0,
        "limit": limit + 1,
    }
    if not is_over:
        asked["rank"] = after.rank if after else 0
    if kind is not None:
        asked["kind"] = kind
    rows = db.session.execute(_list(len(homes), is_over, kind is not None), asked).all()
    lines = tuple(starmap(NoticeLine, rows[:limit]))
    last = lines[-1] if len(rows) > limit else None
    return NoticePage(lines, Cursor(last.rank, last.visible_from, last.id) if last else None)


@lru_cache(maxsize=16)
def _new(homes: int) -> Any:
    is_live = Notice.visible_to > bindparam("now", type_=UtcDateTime)
    is_new = or_(
        NoticeReading.read_at.is_(None),
        and_(Notice.asks_acknowledgement, NoticeReading.acknowledged_at.is_(None)),
    )
    return (
        _lines(_RANK)
        .where(Notice.id.in_(reaching(homes, *from_to(), is_live)), is_new)
        .order_by(Notice.is_urgent.desc(), _RANK, Notice.visible_from.desc(), Notice.id.desc())
        .limit(at_most("limit"))
    )


def list_new_notices(actor: Actor, limit: int, *, language: str, now: datetime | None = None) -> list[NoticeLine]:
    """What stands and the actor has not read, or not acknowledged where that is asked; the urgent first."""
    now = now or clock.now()
    homes = homes_of(actor, now=now)
    if not homes:
        return []
    asked = home_values(homes) | {
        "account_id": actor.account_id,
        "language": language,
        "now": now,
        "earliest": now - LONGEST,
        "latest": now,
        "limit": limit,
    }
    return list(starmap(NoticeLine, db.session.execute(_new(len(homes)), asked)))


@lru_cache(maxsize=16)
def _seen(homes: int) -> Any:
    """A notice told by now, of those that reach so many homes; a withdrawn one is seen to be withdrawn."""
    asked = bindparam("id", type_=BigInteger)
    was_told = or_(
        Notice.state.in_([as_said(Notice.state, each) for each in TOLD]),
        and_(Notice.state == as_said(Notice.state, NoticeState.WITHDRAWN), Notice.published_at.is_not(None)),
    )
    return (
        select(Notice, NoticeReading.read_at, NoticeReading.acknowledged_at)
        .outerjoin(NoticeReading, _OWN_READING)
        .where(
            Notice.id.in_(reaching(homes, NoticeAudience.notice_id == asked)),
            Notice.id == asked,
            Notice.visible_from <= bindparam("now", type_=UtcDateTime),
            was_told,
        )
        .options(selectinload(Notice.texts), selectinload(Notice.files))
    )


@dataclass(frozen=True)
class NoticeView:
    """A notice as one reader has it."""

    notice: Notice
    read_at: datetime | None
    acknowledged_at: datetime | None

    @property
    def is_withdrawn(self) -> bool:
        """Whether it has been taken back: its words are not shown any more."""
        return self.notice.state is NoticeState.WITHDRAWN


def get_notice(actor: Actor, notice_id: int, *, now: datetime) -> NoticeView:
    """A notice that reaches the actor. Raises NotFound."""
    homes = homes_of(actor, now=now)
    if not homes:
        raise NotFound
    asked = home_values(homes) | {"account_id": actor.account_id, "now": now, "id": notice_id}
    row = db.session.execute(_seen(len(homes)), asked).first()
    if row is None:
        raise NotFound
    return NoticeView(*row)


def find_notice(actor: Actor, notice_id: int, *, now: datetime) -> Notice | None:
    """A notice whose words the actor may read; none where it does not reach them, or was taken back."""
    try:
        view = get_notice(actor, notice_id, now=now)
    except NotFound:
        return None
    return None if view.is_withdrawn else view.notice


def get_correction(notice_id: int, *, now: datetime) -> int | None:
    """The notice that was told in place of another one, the latest there is."""
    return db.session.scalar(
        select(Notice.id)
        .where(Notice.correction_of_id == notice_id, Notice.state.in_(TOLD), Notice.visible_from <= now)
        .order_by(Notice.id.desc())
        .limit(at_most(1))
    )


@dataclass(frozen=True)
class NamedPlace:
    """A place of an audience by its name; all none: everywhere."""

    street_address: str | None
    staircase: str | None
    region_fi: str | None
    region_sv: str | None
    region_en: str | None

    def region(self, language: str) -> str | None:
        """The region's name in a language, in Finnish where the register has no other."""
        return {"sv": self.region_sv, "en": self.region_en}.get(language) or self.region_fi


_PLACES = (
    select(Building.street_address, NoticeAudience.staircase, Region.name_fi, Region.name_sv, Region.name_en)
    .select_from(NoticeAudience)
    .outerjoin(Building, Building.id == NoticeAudience.building_id)
    .outerjoin(Region, Region.id == NoticeAudience.region_id)
    .where(NoticeAudience.notice_id == bindparam("notice_id", type_=BigInteger))
    .order_by(Building.street_address, NoticeAudience.staircase, NoticeAudience.id)
)


def list_places(notice_id: int) -> list[NamedPlace]:
    """The places a notice is for, by their names; whether the actor may see it, the caller has settled."""
    return list(starmap(NamedPlace, db.session.execute(_PLACES, {"notice_id": notice_id})))


def get_notice_file(actor: Actor, notice_id: int, key: str, *, now: datetime) -> Attachment:
    """A file of a notice that reaches the actor. Raises NotFound."""
    view = get_notice(actor, notice_id, now=now)
    if view.is_withdrawn:
        raise NotFound
    return find_file(view.notice, key)


def find_file(notice: Notice, key: str) -> Attachment:
    """A file of a notice by its key. Raises NotFound."""
    file = db.session.scalar(
        select(Attachment)
        .join(NoticeFile, NoticeFile.attachment_id == Attachment.id)
        .where(NoticeFile.notice_id == notice.id, Attachment.key == key)
    )
    if file is None:
        raise NotFound
    return file


def mark_read(actor: Actor, notice_id: int, *, now: datetime) -> None:
    """Leave the read mark of a resident: a footprint, in a transaction of its own."""
    with footprint(db) as connection:
        connection.execute(
            insert_into(NoticeReading, connection)
            .values(notice_id=notice_id, account_id=actor.account_id, read_at=now)
            .on_conflict_do_nothing()
        )
