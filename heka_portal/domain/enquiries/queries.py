"""Read topics and messages, and leave the mark that customer service has seen one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import BigInteger, bindparam, func, select, update

from heka_portal.database import at_most, footprint
from heka_portal.domain.access import Actor, Permission
from heka_portal.domain.cases.handling import HANDLERS
from heka_portal.domain.errors import NotAllowed, NotFound
from heka_portal.domain.homes.management import manager_email
from heka_portal.domain.notices.queries import TOLD
from heka_portal.extensions import db
from heka_portal.models.accounts import Account, StaffMember
from heka_portal.models.cases import Case
from heka_portal.models.enquiries import Enquiry, Topic
from heka_portal.models.homes import Building
from heka_portal.models.notices import Notice

MOST_TOPICS = 100
_OFFERED = select(Topic).where(Topic.is_active.is_(True)).order_by(Topic.position, Topic.id).limit(at_most(MOST_TOPICS))
_ALL = select(Topic).order_by(Topic.position, Topic.id).limit(at_most(MOST_TOPICS))


def list_topics() -> Sequence[Topic]:
    """The topics that are offered to residents, in their order."""
    return db.session.scalars(_OFFERED).all()


def list_all_topics(actor: Actor) -> Sequence[Topic]:
    """Every topic, also those no longer offered; for staff."""
    if not (actor.may(Permission.CASE_WORK) or actor.may(Permission.TOPIC_MANAGE)):
        raise NotAllowed
    return db.session.scalars(_ALL).all()


def get_topic(code: str) -> Topic:
    """A topic by its code, offered or not any more. Raises NotFound."""
    topic = db.session.scalar(select(Topic).where(Topic.code == code))
    if topic is None:
        raise NotFound(f"no topic {code}")
    return topic


def get_topic_by_id(topic_id: int, *, for_update: bool = False) -> Topic:
    """A topic by its id. Raises NotFound."""
    statement = select(Topic).where(Topic.id == topic_id)
    topic = db.session.scalar(statement.with_for_update() if for_update else statement)
    if topic is None:
        raise NotFound
    return topic


_TOPIC_AND_ABOUT = (
    select(Topic, Case.number, Notice.id)
    .select_from(Topic)
    .outerjoin(Case, Case.id == bindparam("about_case_id", type_=BigInteger))
    .outerjoin(Notice, (Notice.id == bindparam("about_notice_id", type_=BigInteger)) & Notice.state.in_(TOLD))
    .where(Topic.id == bindparam("topic_id"))
)


def get_topic_and_about(enquiry: Enquiry) -> tuple[Topic, int | None, int | None]:
    """The topic of a message, the number of the case it is about, and the notice, unless that was taken back."""
    asked = {
        "topic_id": enquiry.topic_id,
        "about_case_id": enquiry.about_case_id,
        "about_notice_id": enquiry.about_notice_id,
    }
    topic, number, notice_id = db.session.execute(_TOPIC_AND_ABOUT, asked).one()
    return topic, number, notice_id


_MANAGER = (
    select(StaffMember.id)
    .join(Account, Account.staff_member_id == StaffMember.id)
    .join(Building, manager_email() == Account.email)
    .where(
        Building.id == bindparam("building_id"),
        StaffMember.role.in_(HANDLERS),
        Account.is_disabled.is_(False),
    )
)


def get_manager_id(building_id: int) -> int | None:
    """The building's manager, where they work in the portal."""
    return db.session.scalar(_MANAGER, {"building_id": building_id})


def leave_seen(case: Case, *, now: datetime) -> None:
    """Customer service has opened a message after the resident's word: a footprint, in a transaction of its own."""
    if not isinstance(case, Enquiry) or not case.unread_by_staff or case.last_event_id is None:
        return
    if (case.seen_event_id or 0) >= case.last_event_id:
        return
    with footprint(db) as connection:
        connection.execute(
            update(Enquiry.__table__)  # type: ignore[arg-type]
            .where(Enquiry.__table__.c.id == case.id)
            .where(func.coalesce(Enquiry.__table__.c.seen_event_id, 0) < case.last_event_id)
            .values(seen_event_id=case.last_event_id, seen_at=now)
        )
