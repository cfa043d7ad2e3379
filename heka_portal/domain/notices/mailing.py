"""From a notice to its people: how many they are, and a mail to each, put into the outbox home after home.

The worker takes some hundred homes at a time, in a transaction that puts in their people's mails and notes how far it
is: a worker that is killed has done such a part whole or not at all, and another one goes on there. Each mail has the
Message-ID of its notice and account, which the outbox takes once: not even two homes bring a person two mails.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, tuple_, union
from sqlalchemy.orm import aliased, selectinload

from heka_portal.clock import date_in_helsinki
from heka_portal.database import at_most
from heka_portal.domain.notices.rules import Place, estimate_people, mail_name
from heka_portal.domain.outbox.operations import NewMail, enqueue_bulk
from heka_portal.domain.outbox.rules import OPTIONAL
from heka_portal.domain.people.rules import latest_adult_birth
from heka_portal.extensions import db
from heka_portal.models.accounts import Account
from heka_portal.models.homes import Apartment, Building, Occupancy
from heka_portal.models.leases import Lease, LeaseParty
from heka_portal.models.notices import IS_UNFINISHED, Notice, NoticeMailing
from heka_portal.models.outbox import MailRefusal
from heka_portal.models.people import Person
from heka_portal.vocabulary import Language, LeaseTerm, MailKind, NoticeState

#: homes of one batch: some thousand people, a transaction of a few tenths of a second
HOMES_AT_ONCE = 400
#: homes whose people are counted before a notice is told; of a larger audience these stand for all
HOMES_COUNTED = 1_000


@dataclass(frozen=True)
class Audience:
    """Whom a notice is for, as it is asked of the register."""

    places: tuple[Place, ...]
    lease_term: LeaseTerm | None = None
    main_tenants_only: bool = False


def audience_of(notice: Notice) -> Audience:
    """The audience of a notice that was loaded with it."""
    places = tuple(Place(each.region_id, each.building_id, each.staircase) for each in notice.audiences)
    return Audience(places, notice.lease_term, notice.main_tenants_only)


def _homes_in(audience: Audience) -> ColumnElement[bool] | None:
    """The condition on apartments; none: all of them. Regions become their buildings, which are some hundred."""
    if any(place.is_everywhere for place in audience.places):
        return None
    regions = [place.region_id for place in audience.places if place.region_id is not None]
    whole = [place.building_id for place in audience.places if place.building_id and place.staircase is None]
    parts = [(place.building_id, place.staircase) for place in audience.places if place.staircase is not None]
    if regions:
        whole += db.session.scalars(select(Building.id).where(Building.region_id.in_(regions)).order_by(Building.id))
    found: list[ColumnElement[bool]] = []
    if whole:
        found.append(Apartment.building_id.in_(whole))
    if parts:
        found.append(tuple_(Apartment.building_id, Apartment.staircase).in_(parts))
    return or_(*found)


def _people_in(homes: Any, audience: Audience, on: date) -> Select[Any]:
    """The adults with an account whose home is, or will be, among the homes: each account once.

    It says in SQL what `Tie.standing`, `without_left_homes` and `reach.homes_of` say of one person.
    """
    last = latest_adult_birth(on)
    columns = (Account.id, Account.email, Account.language)

    def runs(end: Any) -> ColumnElement[bool]:
        return or_(end.is_(None), end > on)

    reader = and_(Account.is_disabled.is_(False), Person.birth_on <= last)
    as_party = (
        select(*columns)
        .join(Person, Person.id == Account.person_id)
        .join(LeaseParty, LeaseParty.person_id == Account.person_id)
        .join(Lease, Lease.id == LeaseParty.lease_id)
        .where(reader, Lease.apartment_id.in_(homes), runs(LeaseParty.to_on), runs(Lease.ends_on))
    )
    present, earlier, part = aliased(Lease), aliased(Lease), aliased(LeaseParty)
    has_left = exists().where(
        part.person_id == Occupancy.person_id,
        earlier.id == part.lease_id,
        earlier.apartment_id == Occupancy.apartment_id,
        or_(part.to_on <= on, earlier.ends_on <= on),
    )
    is_stale = and_(present.id.is_not(None), Occupancy.from_on < present.starts_on, has_left)
    as_occupant = (
        select(*columns)
        .join(Person, Person.id == Account.person_id)
        .join(Occupancy, Occupancy.person_id == Account.person_id)
        .outerjoin(
            present,
            and_(present.apartment_id == Occupancy.apartment_id, present.starts_on <= on, runs(present.ends_on)),
        )
        .where(reader, Occupancy.apartment_id.in_(homes), runs(Occupancy.to_on), ~is_stale)
    )
    if audience.lease_term is not None:
        as_party = as_party.where(Lease.term == audience.lease_term)
        as_occupant = as_occupant.where(present.term == audience.lease_term, Occupancy.from_on <= on)
    people = as_party.distinct() if audience.main_tenants_only else union(as_party, as_occupant)
    found = people.subquery("people")
    return select(found.c.id, found.c.email, found.c.language)


def people_in_places(audience: Audience, *, on: date) -> Sequence[Any]:
    """Everybody an audience holds on a day: id, email and language of their accounts."""
    condition = _homes_in(audience)
    homes = select(Apartment.id)
    return db.session.execute(_people_in(homes if condition is None else homes.where(condition), audience, on)).all()


@dataclass(frozen=True)
class Size:
    """How large an audience is: buildings, homes in them, and people who read it here and get a mail."""

    buildings: int
    homes: int
    people: int
    #: judged by a part of the homes, and round
    is_estimate: bool = False


def measure(audience: Audience, *, now: datetime) -> Size:
    """The size of an audience; the people of a large one are judged by those of its first homes, never all counted."""
    condition = _homes_in(audience)
    if condition is not None:
        counted = select(func.count(Apartment.building_id.distinct()), func.count()).where(condition)
    else:
        # Summed up by the register: nothing is counted that everybody's size is known of.
        counted = select(func.count(), func.coalesce(func.sum(Building.apartment_count), 0))
    buildings, rooms = db.session.execute(counted).one()
    homes = _homes_after(condition, 0, HOMES_COUNTED)
    people = _people_in(homes, audience, date_in_helsinki(now)).subquery()
    found = db.session.scalar(select(func.count()).select_from(people)) or 0
    if rooms <= len(homes) or len(homes) < HOMES_COUNTED:
        return Size(buildings, rooms, found)
    return Size(buildings, rooms, estimate_people(found, counted=len(homes), homes=rooms), is_estimate=True)


def queue_some(*, now: datetime, limit: int = HOMES_AT_ONCE) -> int:
    """Put the mails of some more homes of one notice into the outbox; returns how much was done. The caller commits."""
    unfinished = select(NoticeMailing.notice_id).where(IS_UNFINISHED).order_by(NoticeMailing.notice_id)
    if db.session.scalar(unfinished.limit(at_most(1))) is None:
        return 0
    mailing = db.session.scalar(
        select(NoticeMailing)
        .where(IS_UNFINISHED)
        .order_by(NoticeMailing.notice_id)
        .limit(at_most(1))
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if mailing is None:
        return 0  # another worker has it
    notice = db.session.scalars(
        select(Notice)
        .where(Notice.id == mailing.notice_id)
        .options(selectinload(Notice.texts), selectinload(Notice.audiences))
    ).one()
    if notice.state is not NoticeState.PUBLISHED:
        mailing.finished_at = now
        db.session.flush()
        return 1
    audience = audience_of(notice)
    homes = _homes_after(_homes_in(audience), mailing.after_apartment_id, limit)
    if homes:
        mailing.queued += _enqueue(mailing, notice, _people_in(homes, audience, date_in_helsinki(now)))
        mailing.after_apartment_id = homes[-1]
    if len(homes) < limit:
        mailing.finished_at = now
    db.session.flush()
    return max(1, len(homes))


def _homes_after(condition: ColumnElement[bool] | None, after: int, limit: int) -> Sequence[int]:
    asked = select(Apartment.id).where(Apartment.id > after).order_by(Apartment.id).limit(at_most(limit))
    return db.session.scalars(asked if condition is None else asked.where(condition)).all()


def _enqueue(mailing: NoticeMailing, notice: Notice, people: Select[Any]) -> int:
    titles = titles_for(notice)
    return enqueue_bulk(
        {
            f"{mail_name(notice.id)}-{row.id}": NewMail(
                mailing.kind, row.email, row.language, {"notice": notice.id, "title": titles[row.language]}, row.id
            )
            for row in _who_want(mailing.kind, db.session.execute(people).all())
        }
    )


def _who_want(kind: MailKind, people: Sequence[Any]) -> Iterable[Any]:
    """Without those who do without such mail; an urgent one cannot be refused."""
    if kind not in OPTIONAL:
        return people
    asked = select(MailRefusal.account_id).where(
        MailRefusal.kind == kind, MailRefusal.account_id.in_([row.id for row in people])
    )
    refused = set(db.session.scalars(asked))
    return (row for row in people if row.id not in refused)


def titles_for(notice: Notice) -> Mapping[Language, str]:
    """The title for a reader of each language, in one that there is where theirs is missing."""
    written = {each.language: each.title for each in notice.texts}
    fallback = next(written[language] for language in Language if language in written)
    return {language: written.get(language, fallback) for language in Language}
