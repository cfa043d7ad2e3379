"""More and more rows on every page of the table: what a page costs must not grow with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from operator import add

from heka_portal import clock
from heka_portal.domain.audit.operations import append_lines, make_line
from heka_portal.domain.cases.views import get_whole_case
from heka_portal.domain.casework.operations import write
from heka_portal.domain.notices.rules import Place
from heka_portal.extensions import db
from heka_portal.models.accounts import Account, Identification, LoginSession, StaffMember
from heka_portal.models.attachments import Attachment
from heka_portal.models.buildings import BuildingDocument, RescuePlan
from heka_portal.models.calendars import BuildingEvent
from heka_portal.models.cases import Case, CaseDraft, CaseEvent, CaseParticipant, CaseText
from heka_portal.models.feedback import AccessibilityFeedback
from heka_portal.models.homes import Apartment, Building, Occupancy, Region
from heka_portal.models.landlord_texts import LandlordText
from heka_portal.models.leases import Lease, LeaseParty
from heka_portal.models.notices import Notice, NoticeAudience, NoticeReading, NoticeText
from heka_portal.models.outbox import OutboxMail
from heka_portal.models.people import Person
from heka_portal.vocabulary import (
    Audience,
    AuditAction,
    DefectArea,
    Language,
    MailKind,
    MailState,
    ParticipantRole,
    PlanState,
    RegistrationObstacle,
)
from tests.contracts.pages import NEIGHBOUR, OWNER
from tests.contracts.scenery import Scenery
from tests.factories.accounts import make_account, make_session, make_staff
from tests.factories.buildings import make_document, make_plan
from tests.factories.calendars import make_event
from tests.factories.defects import make_defect
from tests.factories.enquiries import make_enquiry
from tests.factories.homes import make_apartment, make_building
from tests.factories.identifications import make_identification
from tests.factories.leases import let
from tests.factories.moves import move
from tests.factories.notices import draft, told
from tests.factories.people import make_person
from tests.support.copies import add_rows, copy_row

TALKED = ("received", "ordered", "closed", "of the household", "common", "message", "message of the household")


def crowd(scenery: Scenery, rows: int) -> None:
    """Add so many rows of everything that a page lists: one of each as people make it, the others as its copies."""
    with scenery.app.app_context():
        for add_rows in ROWS:
            add_rows(scenery, rows)
        db.session.commit()


def _matters(scenery: Scenery, rows: int) -> None:
    """Cases and messages of the owner's home, open, waiting and closed; of the common areas; of a contractor."""
    world = scenery.world
    owner, neighbour, clerk = world.actor(OWNER), world.actor(NEIGHBOUR), world.actor("clerk")
    made: list[Case] = [make_defect(owner) for _ in range(4)]
    move(clerk, made[1], "finish", text="The seal was changed.")
    move(clerk, made[2], "order", contractor_id=world.contractor_id)
    move(clerk, made[3], "cancel", text="A mistake")
    made.append(make_defect(owner, audience=Audience.HOUSEHOLD))
    made.append(make_defect(neighbour, DefectArea.COMMON))
    made += [make_enquiry(owner), make_enquiry(owner, audience=Audience.HOUSEHOLD)]
    move(clerk, made[-1], "answer", text="Pay the first one.")
    db.session.flush()
    for case in made:
        _copy_case(case, rows // len(made) + 1)


def _copy_case(case: Case, copies: int) -> None:
    """The same case over and over, each a minute older than the one before, with its first line and its owner."""

    def earlier(moment: datetime | None) -> Callable[[int], datetime | None]:
        return lambda place: moment and moment - timedelta(minutes=place)

    event = db.session.scalar(db.select(CaseEvent.id).where(CaseEvent.case_id == case.id).order_by(CaseEvent.id))
    first_event = (db.session.scalar(db.select(db.func.max(CaseEvent.id))) or 0) + 1
    ids = copy_row(
        Case,
        case.id,
        copies,
        due_at=earlier(case.due_at),
        closed_at=earlier(case.closed_at),
        last_event_at=earlier(case.last_event_at),
        last_public_event_id=lambda place: first_event + place,
        last_event_id=lambda place: first_event + place,
    )
    copy_row(type(case), case.id, copies, id=lambda place: ids[place])
    copy_row(CaseText, case.id, copies, case_id=lambda place: ids[place])
    copy_row(CaseEvent, event, copies, case_id=lambda place: ids[place])
    part = {"person_id": case.owner_id, "role": ParticipantRole.OWNER, "created_at": case.created_at}
    add_rows(CaseParticipant, (part | {"case_id": case_id, "seen_event_id": None} for case_id in ids))


def _conversation(scenery: Scenery, rows: int) -> None:
    """Lines in the cases whose pages are opened."""
    for state in TALKED:
        owner = scenery.world.actor(NEIGHBOUR if state == "common" else OWNER)
        case = get_whole_case(owner, scenery.cases[state])
        event = write(owner, case, text="It drips still, a cup in an hour.", form_key=None)
        last = copy_row(CaseEvent, event.id, rows)[-1]
        case.last_event_id = case.last_public_event_id = last
    db.session.flush()


def _register(scenery: Scenery, rows: int) -> None:
    """Apartments of the building, buildings of the region, staff."""
    building = db.session.get_one(Building, scenery.world.building_id)
    copy_row(Building, make_building(db.session.get_one(Region, scenery.world.region_id)).id, rows)
    copy_row(Apartment, make_apartment(building).id, rows, number=str)
    member = make_staff()
    account = make_account(member)
    members = copy_row(StaffMember, member.id, rows)
    copy_row(Account, account.id, rows, staff_member_id=lambda place: members[place])


def _household(scenery: Scenery, rows: int) -> None:
    """Occupants and past leases of the home, people of one name, browsers that are signed in."""
    world, today = scenery.world, clock.today()
    home = db.session.get_one(Apartment, world.apartment_id)
    person, past = make_person(), today - timedelta(days=4000)
    lease = let(home, person, starts_on=past - timedelta(days=9), ends_on=past)
    people = copy_row(Person, person.id, rows)
    leases = copy_row(Lease, lease.id, rows, starts_on=lambda place: past - timedelta(days=9 + place))
    owner_id = world.actor(OWNER).person_id
    parties = db.session.scalar(db.select(LeaseParty.id).where(LeaseParty.lease_id == lease.id))
    copy_row(LeaseParty, parties, rows, lease_id=lambda place: leases[place], person_id=lambda place: people[place])
    copy_row(LeaseParty, parties, rows, lease_id=lambda place: leases[place], person_id=lambda _place: owner_id)
    line = db.session.scalar(db.select(Occupancy.id).where(Occupancy.person_id == person.id))
    living = {"from_on": lambda _place: today - timedelta(days=10), "to_on": lambda _place: None}
    copy_row(Occupancy, line, rows, person_id=lambda place: people[place], **living)
    for role in (OWNER, "clerk"):
        make_session(world.account(role))
        session = db.session.scalar(db.select(db.func.max(LoginSession.id)))
        copy_row(LoginSession, session, rows)


def _office(scenery: Scenery, rows: int) -> None:
    """Refused registrations, dead mail, lines of the audit log, drafts."""
    now = clock.now()
    refused = make_identification(None, obstacle=RegistrationObstacle.NOT_IN_REGISTER)
    copy_row(Identification, refused.id, rows)
    mail = OutboxMail(
        message_id="<crowd@tests>" if not rows else f"<crowd{rows}@tests>",
        kind=MailKind.CASE_NEWS,
        to_email="lost@example.fi",
        language=Language.FINNISH,
        params={"number": scenery.cases["received"]},
        state=MailState.DEAD,
        attempts=9,
        created_at=now,
        next_try_at=now,
    )
    db.session.add(mail)
    db.session.flush()
    copy_row(OutboxMail, mail.id, rows)
    owner = scenery.world.actor(OWNER)
    looks = [make_line(AuditAction.PERSON_VIEWED, account_id=1, person_id=owner.person_id) for _ in range(rows)]
    append_lines(db.session.connection(), looks)
    draft = db.session.scalar(db.select(CaseDraft.id).where(CaseDraft.key == scenery.drafts["draft"]))
    copy_row(CaseDraft, draft, rows)


def _shelf(scenery: Scenery, rows: int) -> None:
    """Versions of the building's rescue plan, in force, earlier and withdrawn; documents of it and of all; events."""
    manager, building_id = scenery.world.account_ids["building_manager"], scenery.world.building_id
    last = db.session.scalar(db.select(db.func.max(RescuePlan.version))) or 0
    for state in (PlanState.WITHDRAWN, PlanState.PUBLISHED):
        plan = make_plan(building_id, manager, version=last + 1, state=state)
        copy_row(RescuePlan, plan.id, rows // 2, version=partial(add, last + 2))
        last += rows // 2 + 1
    for owner_id in (building_id, None):
        document = make_document(owner_id, manager)
        files = copy_row(Attachment, document.attachment_id, rows)
        copy_row(BuildingDocument, document.id, rows, attachment_id=files.__getitem__)
    copy_row(BuildingEvent, make_event(building_id, manager).id, rows)


def _public(scenery: Scenery, rows: int) -> None:
    """Feedback that waits and that was answered, versions of the landlord's texts."""
    now = clock.now()
    for answered_at in (None, now):
        feedback = AccessibilityFeedback(
            text="It cannot be read.",
            language=Language.FINNISH,
            created_at=now,
            due_at=now,
            answered_at=answered_at,
            form_key=f"crowd {rows} {answered_at}",
        )
        db.session.add(feedback)
        db.session.flush()
        copy_row(AccessibilityFeedback, feedback.id, rows)
    latest = db.session.scalars(
        db.select(LandlordText).where(LandlordText.language == Language.FINNISH).order_by(LandlordText.version.desc())
    ).first()
    assert latest is not None
    copy_row(LandlordText, latest.id, min(rows, 60), version=lambda place: latest.version + 1 + place)


def _notices(scenery: Scenery, rows: int) -> None:
    """Notices to the building and to everybody, that stand and that are over, and readers of one."""
    world, now = scenery.world, clock.now()
    manager, here = world.actor("building_manager"), Place(building_id=world.building_id)
    early, yesterday = now - timedelta(days=9), now - timedelta(days=1)
    soon = now + timedelta(days=2)
    made = [told(manager, here, happens_from=soon), told(manager, here, at=early, visible_to=yesterday)]
    made += [told(world.actor("supervisor")), draft(manager, here)]
    for notice in made:
        text = db.session.scalars(db.select(NoticeText).where(NoticeText.notice_id == notice.id)).one()
        ids = copy_row(Notice, notice.id, rows // len(made) + 1)
        copy_row(NoticeAudience, notice.audiences[0].id, len(ids), notice_id=lambda place, ids=ids: ids[place])  # type: ignore[misc]
        words = {"language": text.language, "title": text.title, "body": text.body}
        add_rows(NoticeText, (words | {"notice_id": notice_id} for notice_id in ids))
    last = db.session.scalar(db.select(Account.id).order_by(Account.id.desc())) or 0
    accounts = db.session.scalars(db.select(Account.id).where(Account.id > last - rows))
    read = {"notice_id": scenery.notices["asked"], "read_at": now, "acknowledged_at": now}
    known = set(db.session.scalars(db.select(NoticeReading.account_id)))
    add_rows(NoticeReading, (read | {"account_id": each} for each in accounts if each not in known))


ROWS: tuple[Callable[[Scenery, int], None], ...] = (
    _matters,
    _conversation,
    _register,
    _household,
    _office,
    _shelf,
    _public,
    _notices,
)
