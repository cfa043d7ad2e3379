"""The private links by which residents have a building's calendar in their own.

Only the link holds its secret. What it opens is settled anew each time it is read, by the rights of that moment: who
has moved out, or whose account is closed, has a link that leads nowhere.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, and_, bindparam, delete, or_, select, update

from heka_portal import clock
from heka_portal.database import UtcDateTime, footprint, insert_into
from heka_portal.domain.access import Actor
from heka_portal.domain.accounts.queries import hash_key
from heka_portal.domain.accounts.ties import resident_later
from heka_portal.domain.audit.operations import record_audit
from heka_portal.domain.buildings.sight import check_sees_building
from heka_portal.domain.calendars.rules import LINK_LIVES, NOTED_EVERY
from heka_portal.domain.errors import NotFound
from heka_portal.extensions import db
from heka_portal.models.accounts import Account
from heka_portal.models.calendars import CalendarLink
from heka_portal.models.people import Person
from heka_portal.vocabulary import AuditAction, Language

TOKEN_BYTES = 32


@dataclass(frozen=True)
class OwnLink:
    """The reader's link to a building's calendar, as the page shows it; and whether their address is protected."""

    is_protected: bool
    created_at: datetime | None
    last_used_at: datetime | None

    @property
    def is_there(self) -> bool:
        """Whether there is a link."""
        return self.created_at is not None


_OWN = (
    select(Person.is_protected, CalendarLink.created_at, CalendarLink.last_used_at)
    .select_from(Account)
    .join(Person, Person.id == Account.person_id)
    .outerjoin(
        CalendarLink,
        and_(
            CalendarLink.account_id == Account.id,
            CalendarLink.building_id == bindparam("building_id", type_=BigInteger),
            CalendarLink.expires_at > bindparam("now", type_=UtcDateTime),
        ),
    )
    .where(Account.id == bindparam("account_id", type_=BigInteger))
)


def get_own_link(actor: Actor, building_id: int, *, now: datetime) -> OwnLink:
    """The actor's link, if there is one. Raises NotFound for another's building."""
    check_sees_building(actor, building_id)
    asked = {"building_id": building_id, "account_id": actor.account_id, "now": now}
    row = db.session.execute(_OWN, asked).one()
    return OwnLink(row.is_protected, row.created_at, row.last_used_at)


def make_link(actor: Actor, building_id: int, *, language: Language, now: datetime) -> str:
    """A new link in place of the one there was; returns its secret, which nobody can read later. Raises NotFound."""
    check_sees_building(actor, building_id)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    values = {
        "language": language,
        "token_hash": hash_key(token),
        "created_at": now,
        "last_used_at": None,
        "expires_at": now + LINK_LIVES,
    }
    connection = db.session.connection()
    made = insert_into(CalendarLink, connection).values(account_id=actor.account_id, building_id=building_id, **values)
    connection.execute(made.on_conflict_do_update(index_elements=["account_id", "building_id"], set_=values))
    _record(actor, AuditAction.CALENDAR_LINK_MADE, building_id)
    return token


def end_link(actor: Actor, building_id: int) -> None:
    """End the actor's link; there may be none any more. Raises NotFound for another's building."""
    check_sees_building(actor, building_id)
    own = (CalendarLink.account_id == actor.account_id, CalendarLink.building_id == building_id)
    if db.session.scalar(delete(CalendarLink).where(*own).returning(CalendarLink.id)) is not None:
        _record(actor, AuditAction.CALENDAR_LINK_ENDED, building_id)


def _record(actor: Actor, action: AuditAction, building_id: int) -> None:
    record_audit(action, account_id=actor.account_id, person_id=actor.person_id, data={"building": building_id})


@dataclass(frozen=True)
class FoundLink:
    """A link that a calendar has come by."""

    id: int
    account_id: int
    person_id: int
    building_id: int
    language: Language
    last_used_at: datetime | None
    is_protected: bool


_BY_TOKEN = (
    select(
        CalendarLink.id,
        CalendarLink.account_id,
        Person.id.label("person_id"),
        CalendarLink.building_id,
        CalendarLink.language,
        CalendarLink.last_used_at,
        Person.is_protected,
    )
    .join(Account, Account.id == CalendarLink.account_id)
    .join(Person, Person.id == Account.person_id)
    .where(
        CalendarLink.token_hash == bindparam("token_hash"),
        CalendarLink.expires_at > bindparam("now", type_=UtcDateTime),
        Account.is_disabled.is_(False),
    )
)


def find_link(token: str, *, now: datetime) -> FoundLink:
    """The link of a secret. Raises NotFound."""
    row = db.session.execute(_BY_TOKEN, {"token_hash": hash_key(token), "now": now}).one_or_none()
    if row is None:
        raise NotFound
    return FoundLink(*row)


def follow_link(link: FoundLink, *, now: datetime) -> Actor:
    """Who a link was made for, with the rights of now. Raises NotFound when the building is no longer theirs."""
    on = clock.date_in_helsinki(now)
    actor = resident_later(link.account_id, link.person_id, language=link.language, on=on)
    check_sees_building(actor, link.building_id)
    return actor


def note_use(link: FoundLink, *, now: datetime) -> None:
    """Leave the mark that a calendar has read it, once a day: a footprint, in a transaction of its own."""
    if link.last_used_at is not None and now - link.last_used_at < NOTED_EVERY:
        return
    with footprint(db) as connection:
        connection.execute(
            update(CalendarLink)
            .where(
                CalendarLink.id == link.id,
                or_(CalendarLink.last_used_at.is_(None), CalendarLink.last_used_at <= now - NOTED_EVERY),
            )
            .values(last_used_at=now, expires_at=now + LINK_LIVES)
        )
