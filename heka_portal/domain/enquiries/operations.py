"""Open a message, move it to another topic, mark it as sensitive; and keep the topics themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from heka_portal import clock
from heka_portal.domain.access import Actor, Permission, Tie
from heka_portal.domain.accounts.ties import list_homes_today
from heka_portal.domain.audit.operations import record_audit
from heka_portal.domain.cases.deadlines import Deadline, Target
from heka_portal.domain.cases.operations import check_version, once, open_case, record
from heka_portal.domain.cases.queries import get_case, parts_in
from heka_portal.domain.cases.workflows.enquiries import ENQUIRIES
from heka_portal.domain.enquiries.queries import get_manager_id, get_topic, get_topic_by_id
from heka_portal.domain.enquiries.rules import EnquiryDraft, is_code
from heka_portal.domain.errors import DetailNeeded, NotAllowed, NotFound
from heka_portal.domain.notices.queries import find_notice
from heka_portal.domain.people.sheets import get_person
from heka_portal.extensions import db
from heka_portal.models.cases import CaseEvent
from heka_portal.models.enquiries import Enquiry, Topic
from heka_portal.vocabulary import (
    Audience,
    AuditAction,
    CaseQueue,
    Channel,
    Language,
    Part,
    Party,
    Urgency,
    Verb,
    Visibility,
)

__all__ = ["EnquiryDraft", "TopicFacts", "change_sensitivity", "change_topic", "open_enquiry", "open_enquiry_for"]


def open_enquiry(actor: Actor, draft: EnquiryDraft, *, now: datetime | None = None) -> tuple[Enquiry, CaseEvent]:
    """Open a message of the actor's own. Raises NotAllowed, NotFound, AlreadyDone."""
    if actor.person_id is None or not actor.may(Permission.MATTER_WRITE):
        raise NotAllowed
    home = _home_among(actor.own_homes, draft.apartment_id)
    if not home.is_party and home not in actor.homes:
        home = replace(home, lease_id=None)  # the lease that still runs in a home to come is another's
    return _open(actor, draft, actor.person_id, home, now or clock.now())


def open_enquiry_for(
    actor: Actor, person_id: int, draft: EnquiryDraft, *, channel: Channel, now: datetime | None = None
) -> tuple[Enquiry, CaseEvent]:
    """Open a message on behalf of a person, as customer service. Raises NotAllowed, NotFound, AlreadyDone."""
    now = now or clock.now()
    if not actor.may(Permission.CASE_WORK):
        raise NotAllowed
    get_person(actor, person_id)  # who may not see a protected person opens nothing for them
    home = _home_among(list_homes_today(person_id, on=clock.date_in_helsinki(now)), draft.apartment_id)
    return _open(actor, replace(draft, audience=Audience.OWN), person_id, home, now, channel=channel)


def _home_among(homes: Iterable[Tie], apartment_id: int) -> Tie:
    for home in homes:
        if home.apartment_id == apartment_id:
            return home
    raise NotFound


def _open(
    actor: Actor, draft: EnquiryDraft, person_id: int, home: Tie, now: datetime, channel: Channel | None = None
) -> tuple[Enquiry, CaseEvent]:
    topic = get_topic(draft.topic)
    due_at = Target(working_days=topic.working_days).due(now)
    about = get_case(actor, draft.about_number) if draft.about_number is not None else None
    enquiry = Enquiry(
        state=ENQUIRIES.initial,
        subject=draft.subject,
        owner_id=person_id,
        opened_by_id=actor.account_id,
        audience=draft.audience if home.lease_id is not None else Audience.OWN,
        lease_id=home.lease_id,
        apartment_id=home.apartment_id,
        building_id=home.building_id,
        region_id=home.region_id,
        queue=topic.queue,
        handler_id=get_manager_id(home.building_id) if topic.is_for_manager else None,
        urgency=Urgency.ORDINARY,
        awaits=Party.STAFF,
        due_at=due_at,
        target_at=due_at,
        topic_id=topic.id,
        about_case_id=about.id if about else None,
        about_notice_id=_seen_notice(actor, draft.about_notice, now),
        is_sensitive=False,
    )
    with once(draft.form_key):
        event = open_case(actor, enquiry, text=draft.text, form_key=draft.form_key, now=now, channel=channel)
    return enquiry, event


def _seen_notice(actor: Actor, notice_id: int | None, now: datetime) -> int | None:
    """The notice that is asked about; none where the actor does not see it: the question stands all the same."""
    notice = find_notice(actor, notice_id, now=now) if notice_id is not None else None
    return notice.id if notice else None


def change_topic(
    actor: Actor,
    enquiry: Enquiry,
    *,
    topic_id: int,
    version: int | None = None,
    form_key: str | None = None,
    now: datetime | None = None,
) -> CaseEvent:
    """Move a message to another topic: queue, target and handler follow, and the resident sees it.

    Raises NotAllowed, DetailNeeded, Changed, AlreadyDone.
    """
    now = now or clock.now()
    _check_clerk(actor, enquiry, now)
    try:
        topic = get_topic_by_id(topic_id)
    except NotFound as error:
        raise DetailNeeded("topic") from error
    with once(form_key):
        check_version(enquiry, version)
        if topic.id == enquiry.topic_id or not topic.is_active:
            raise DetailNeeded("topic")
        before, enquiry.topic_id = enquiry.topic_id, topic.id
        enquiry.queue = topic.queue
        enquiry.handler_id = get_manager_id(enquiry.building_id) if topic.is_for_manager else None
        _keep_target(enquiry, topic, now)
        return record(
            actor,
            enquiry,
            Verb.TOPIC_CHANGED,
            part=Part.CLERK,
            data={
                "from_topic_id": before,
                "topic_id": topic.id,
                "topic": {str(language): topic.name(language) for language in Language},
            },
            form_key=form_key,
            now=now,
        )


def _keep_target(enquiry: Enquiry, topic: Topic, now: datetime) -> None:
    """The new topic's target counts from the opening of the present round; a standing clock keeps its day."""
    since = enquiry.created_at if not enquiry.reopened_count else now
    due = Target(working_days=topic.working_days).due(since)
    turned = Deadline(due if enquiry.paused_at is None else enquiry.due_at, due, enquiry.paused_at)
    enquiry.due_at, enquiry.target_at = turned.due_at, turned.target_at


def change_sensitivity(
    actor: Actor,
    enquiry: Enquiry,
    *,
    is_sensitive: bool,
    version: int | None = None,
    form_key: str | None = None,
    now: datetime | None = None,
) -> CaseEvent | None:
    """Mark a message as sensitive, or take the mark away; none: it was so already.

    Raises NotAllowed, Changed, AlreadyDone.
    """
    now = now or clock.now()
    if Part.CLERK not in parts_in(actor, enquiry, now=now):
        raise NotAllowed
    with once(form_key):
        check_version(enquiry, version)
        if enquiry.is_sensitive == is_sensitive:
            return None
        enquiry.is_sensitive = is_sensitive
        return record(
            actor,
            enquiry,
            Verb.SENSITIVITY_CHANGED,
            part=Part.CLERK,
            visibility=Visibility.STAFF,
            data={"is_sensitive": is_sensitive},
            form_key=form_key,
            now=now,
        )


def _check_clerk(actor: Actor, enquiry: Enquiry, now: datetime) -> None:
    if Part.CLERK not in parts_in(actor, enquiry, now=now) or enquiry.is_closed:
        raise NotAllowed


def keep_reopened(enquiry: Enquiry) -> None:
    """Effect of a reopening: counted."""
    enquiry.reopened_count += 1


@dataclass(frozen=True)
class TopicFacts:
    """What staff keep of a topic."""

    name_fi: str
    name_sv: str
    name_en: str
    hint_fi: str
    hint_sv: str
    hint_en: str
    queue: CaseQueue
    working_days: int
    is_for_manager: bool
    is_sensitive: bool
    is_active: bool
    position: int


def add_topic(actor: Actor, *, code: str, facts: TopicFacts) -> Topic:
    """Add a topic; its code stays. Raises NotAllowed, DetailNeeded where the code is none or is taken."""
    _check_manages(actor)
    if not is_code(code) or db.session.scalar(select(Topic.id).where(Topic.code == code)) is not None:
        raise DetailNeeded("code")
    topic = Topic(code=code)
    _keep(topic, facts)
    db.session.add(topic)
    db.session.flush()
    record_audit(AuditAction.TOPIC_SAVED, account_id=actor.account_id, data={"topic": code})
    return topic


def save_topic(actor: Actor, topic: Topic, *, facts: TopicFacts) -> None:
    """Change a topic: messages to come follow it, those under way keep their queue and target. Raises NotAllowed."""
    _check_manages(actor)
    _keep(topic, facts)
    db.session.flush()
    record_audit(AuditAction.TOPIC_SAVED, account_id=actor.account_id, data={"topic": topic.code})


def _check_manages(actor: Actor) -> None:
    if not actor.may(Permission.TOPIC_MANAGE):
        raise NotAllowed


def _keep(topic: Topic, facts: TopicFacts) -> None:
    for name, value in vars(facts).items():
        setattr(topic, name, value)
