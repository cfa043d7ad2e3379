"""Messages are opened where they belong, moved, marked, and turned into defects."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from heka_portal import clock
from heka_portal.domain.cases.deadlines import Target
from heka_portal.domain.cases.operations import note
from heka_portal.domain.casework.operations import available_moves, write
from heka_portal.domain.casework.timed import Closings
from heka_portal.domain.enquiries.operations import (
    TopicFacts,
    add_topic,
    change_sensitivity,
    change_topic,
    open_enquiry,
    open_enquiry_for,
    save_topic,
)
from heka_portal.domain.enquiries.queries import get_topic, list_topics
from heka_portal.domain.errors import AlreadyDone, DetailNeeded, IllegalMove, NotAllowed, NotFound
from heka_portal.extensions import db
from heka_portal.models.accounts import Account
from heka_portal.models.attachments import Attachment
from heka_portal.models.cases import CaseEvent
from heka_portal.models.defects import Defect
from heka_portal.models.enquiries import Topic
from heka_portal.models.homes import Building
from heka_portal.vocabulary import (
    Audience,
    CaseKind,
    CaseQueue,
    Channel,
    ClosingReason,
    DefectArea,
    EnquiryState,
    Fault,
    MasterKey,
    Part,
    Party,
    Place,
    Verb,
)
from tests.factories.attachments import add_photo
from tests.factories.enquiries import make_enquiry, message_of
from tests.factories.moves import move
from tests.support.roles import World
from tests.support.sending import waiting_mails

S = EnquiryState


@pytest.fixture(autouse=True)
def context(app: Flask) -> Any:
    with app.app_context():
        yield


def test_the_topic_says_queue_and_target(world: World) -> None:
    now = clock.now()
    for topic in list_topics():
        case = make_enquiry(world.actor("main_tenant"), topic=topic.code, now=now)
        assert (case.queue, case.state, case.awaits) == (topic.queue, S.RECEIVED, Party.STAFF)
        assert case.due_at == case.target_at == Target(working_days=3).due(now)


def test_there_is_a_topic_for_each_of_the_four() -> None:
    assert {topic.code: topic.queue for topic in list_topics()} == {
        "rent_payment": CaseQueue.PAYMENTS,
        "tenant_democracy": CaseQueue.TENANT_DEMOCRACY,
        "building_management": CaseQueue.BUILDING_MANAGEMENT,
        "customer_service": CaseQueue.CUSTOMER_SERVICE,
    }


def test_tenant_democracy_is_the_building_managers(world: World) -> None:
    manager = world.actor("building_manager")
    case = make_enquiry(world.actor("main_tenant"), topic="tenant_democracy")
    assert case.handler_id == manager.staff_id
    assert make_enquiry(world.actor("main_tenant")).handler_id is None


@pytest.mark.parametrize("how", ["no account", "disabled", "none named"])
def test_a_manager_who_does_not_work_here_gets_nothing(world: World, how: str) -> None:
    if how == "disabled":
        db.session.execute(
            update(Account).where(Account.id == world.account_ids["building_manager"]).values(is_disabled=True)
        )
    else:
        email = "elsewhere@example.fi" if how == "no account" else None
        db.session.execute(update(Building).values(manager_email=email))
    assert make_enquiry(world.actor("main_tenant"), topic="tenant_democracy").handler_id is None


def test_the_managers_address_may_be_written_in_capitals_and_with_blanks(world: World) -> None:
    building = db.session.get_one(Building, world.building_id)
    building.manager_email = f" {(building.manager_email or '').upper()} "
    db.session.flush()
    case = make_enquiry(world.actor("main_tenant"), topic="tenant_democracy")
    assert case.handler_id == world.actor("building_manager").staff_id


@pytest.mark.parametrize("role", ["former_tenant", "clerk", "contractor", "administrator"])
def test_who_is_no_resident_opens_none(world: World, role: str) -> None:
    draft = message_of(world.actor("main_tenant"))
    with pytest.raises(NotAllowed):
        open_enquiry(world.actor(role), draft)


def test_a_strangers_home_and_a_strangers_case_are_not_found(world: World) -> None:
    owner, neighbour = world.actor("main_tenant"), world.actor("neighbour")
    with pytest.raises(NotFound):
        open_enquiry(neighbour, message_of(owner))
    with pytest.raises(NotFound):
        open_enquiry(neighbour, message_of(neighbour, about_number=make_enquiry(owner).number))
    with pytest.raises(NotFound):
        open_enquiry(owner, message_of(owner, topic="nothing"))


def test_the_same_form_opens_one(world: World) -> None:
    owner = world.actor("main_tenant")
    draft = message_of(owner)
    first, _event = open_enquiry(owner, draft)
    with pytest.raises(AlreadyDone) as done:
        open_enquiry(owner, draft)
    assert done.value.number == first.number


def test_the_coming_tenants_message_hangs_on_their_own_lease(world: World) -> None:
    """The home is still another's: its present lease is not theirs to share a matter with."""
    coming = world.actor("next_tenant")
    case = make_enquiry(coming, audience=Audience.HOUSEHOLD)
    assert case.lease_id not in {None, world.lease_id}
    assert write(coming, case, text="One more thing.").verb is Verb.SAID
    with pytest.raises(NotAllowed):
        write(world.actor("main_tenant"), case, text="And I?")


def test_customer_service_opens_one_for_a_person(world: World) -> None:
    owner, clerk = world.actor("main_tenant"), world.actor("clerk")
    assert owner.person_id is not None
    case, event = open_enquiry_for(
        clerk, owner.person_id, message_of(owner, topic="customer_service"), channel=Channel.PHONE
    )
    assert (case.owner_id, case.lease_id, event.part) == (owner.person_id, world.lease_id, Part.CLERK)
    assert not case.unread_by_staff
    assert ("case_received", owner.account_id) in waiting_mails()
    assert write(owner, case, text="Thank you.").part is Part.OWNER
    neighbour = world.actor("neighbour")
    assert neighbour.person_id is not None
    with pytest.raises(NotFound):
        open_enquiry_for(clerk, neighbour.person_id, message_of(owner), channel=Channel.PHONE)
    with pytest.raises(NotAllowed):
        open_enquiry_for(owner, owner.person_id, message_of(owner), channel=Channel.PHONE)


def test_an_answer_gives_the_turn_and_a_word_takes_it_back(world: World) -> None:
    owner, clerk, now = world.actor("main_tenant"), world.actor("clerk"), clock.now()
    case = make_enquiry(owner, now=now)
    write(clerk, case, text="Pay the first one.", now=now + timedelta(hours=1))
    assert (case.state, case.awaits, case.paused_at) == (S.ANSWERED, Party.RESIDENT, now + timedelta(hours=1))
    assert ("case_news", owner.account_id) in waiting_mails()
    later = now + timedelta(days=2)
    write(owner, case, text="And the second?", now=later)
    assert (case.state, case.awaits, case.paused_at) == (S.IN_PROGRESS, Party.STAFF, None)
    assert case.due_at == Target(working_days=3).due(later)


def test_a_word_opens_a_closed_message_again(world: World) -> None:
    owner, clerk = world.actor("main_tenant"), world.actor("clerk")
    case = make_enquiry(owner)
    move(owner, case, "close_unneeded")
    assert case.outcome is ClosingReason.NO_ANSWER_NEEDED
    note(clerk, case, text="Called.")
    assert case.is_closed
    write(clerk, case, text="You were right.")
    assert case.is_closed
    write(owner, case, text="I still wonder.")
    assert [case.state, case.reopened_count, case.outcome] == [S.RECEIVED, 1, None]


def test_another_adult_writes_into_a_household_message_only(world: World) -> None:
    owner, other, clerk = world.actor("main_tenant"), world.actor("resident"), world.actor("clerk")
    shared = make_enquiry(owner, audience=Audience.HOUSEHOLD)
    write(clerk, shared, text="Pay the first one.")
    write(other, shared, text="Paid.")
    assert shared.state == S.IN_PROGRESS
    assert not [move for move in available_moves(other, shared) if move.closes]
    with pytest.raises(NotAllowed):
        write(other, make_enquiry(owner), text="Mine?")


def test_an_answered_message_rests_after_14_days(world: World) -> None:
    now = clock.now()
    case = make_enquiry(world.actor("main_tenant"), now=now)
    move(world.actor("clerk"), case, "answer", text="Pay the first one.", now=now)
    db.session.commit()
    closings = Closings(kind=CaseKind.ENQUIRY)
    assert closings.close_some(now=now + timedelta(days=13)) == 0
    assert closings.close_some(now=now + timedelta(days=15)) == 1
    assert (case.state, case.outcome) == (S.CLOSED, ClosingReason.ANSWERED)
    assert Closings().close_some(now=now + timedelta(days=15)) == 0


def test_another_topic_brings_queue_target_and_handler(world: World) -> None:
    now, clerk = clock.now(), world.actor("clerk")
    topic = get_topic("tenant_democracy")
    topic.working_days = 10
    case = make_enquiry(world.actor("main_tenant"), now=now)
    event = change_topic(clerk, case, topic_id=topic.id, now=now + timedelta(hours=2))
    assert (case.queue, case.handler_id) == (CaseQueue.TENANT_DEMOCRACY, world.actor("building_manager").staff_id)
    assert case.due_at == Target(working_days=10).due(now)
    assert event.data["topic"]["fi"] == topic.name_fi
    with pytest.raises(DetailNeeded):
        change_topic(clerk, case, topic_id=topic.id)
    with pytest.raises(DetailNeeded):
        change_topic(clerk, case, topic_id=0)
    with pytest.raises(NotAllowed):
        change_topic(world.actor("main_tenant"), case, topic_id=get_topic("rent_payment").id)


def test_a_standing_clock_keeps_its_day_when_the_topic_changes(world: World) -> None:
    clerk = world.actor("clerk")
    case = make_enquiry(world.actor("main_tenant"))
    write(clerk, case, text="Pay the first one.")
    looked_at = case.due_at
    change_topic(clerk, case, topic_id=get_topic("customer_service").id)
    assert case.due_at == looked_at


def test_a_sensitive_mark_is_staffs_and_tells_nobody(world: World) -> None:
    clerk, owner = world.actor("clerk"), world.actor("main_tenant")
    case = make_enquiry(owner)
    before = waiting_mails()
    assert change_sensitivity(clerk, case, is_sensitive=True) is not None
    assert change_sensitivity(clerk, case, is_sensitive=True) is None
    assert case.is_sensitive
    assert waiting_mails() == before
    with pytest.raises(NotAllowed):
        change_sensitivity(owner, case, is_sensitive=False)


def test_a_message_becomes_a_defect_of_the_same_home(world: World) -> None:
    owner, clerk = world.actor("main_tenant"), world.actor("clerk")
    case = make_enquiry(owner, subject="The tap drips", text="Day and night.", audience=Audience.HOUSEHOLD)
    opening = db.session.scalars(select(CaseEvent.id).where(CaseEvent.case_id == case.id)).one()
    add_photo(case.id, opening, owner.account_id)
    event = move(clerk, case, "to_defect", place=Place.KITCHEN, fault=Fault.TAP)
    defect = db.session.scalars(select(Defect)).one()
    assert (case.outcome, event.data["other_number"]) == (ClosingReason.MOVED_TO_DEFECT, defect.number)
    assert (defect.owner_id, defect.lease_id, defect.apartment_id) == (case.owner_id, case.lease_id, case.apartment_id)
    assert (defect.subject, defect.description, defect.audience) == (
        "The tap drips",
        "Day and night.",
        Audience.HOUSEHOLD,
    )
    assert (defect.area, defect.master_key) == (DefectArea.HOME, MasterKey.REFUSED)
    began = db.session.scalars(select(CaseEvent).where(CaseEvent.case_id == defect.id)).one()
    assert began.data["from_number"] == case.number
    copies = db.session.execute(
        select(Attachment.case_id, Attachment.storage_key, Attachment.key).order_by(Attachment.id)
    ).all()
    assert [row.case_id for row in copies] == [case.id, defect.id]
    assert copies[0].storage_key == copies[1].storage_key
    assert copies[0].key != copies[1].key


def test_a_fault_and_a_place_that_do_not_go_together_open_nothing(world: World) -> None:
    case = make_enquiry(world.actor("main_tenant"))
    with pytest.raises(DetailNeeded) as needed:
        move(world.actor("clerk"), case, "to_defect", place=Place.KITCHEN, fault=Fault.LIFT)
    assert needed.value.need == "defect"
    with pytest.raises(IllegalMove):
        move(world.actor("main_tenant"), case, "to_defect", place=Place.KITCHEN, fault=Fault.TAP)
    assert db.session.scalars(select(Defect)).all() == []
    assert case.state == S.RECEIVED


def test_a_defect_of_the_common_areas_hangs_on_the_building(world: World) -> None:
    case = make_enquiry(world.actor("main_tenant"))
    move(world.actor("clerk"), case, "to_defect", place=Place.LIFT, fault=Fault.LIFT)
    defect = db.session.scalars(select(Defect)).one()
    assert (defect.area, defect.lease_id, defect.apartment_id) == (DefectArea.COMMON, None, None)
    assert (defect.audience, defect.master_key) == (Audience.OWN, None)


FACTS = TopicFacts("Pysäköinti", "Parkering", "Parking", "a", "b", "c", CaseQueue.PAYMENTS, 5, False, False, True, 50)


def test_topics_are_added_and_changed_by_who_may(world: World) -> None:
    supervisor = world.actor("supervisor")
    topic = add_topic(supervisor, code="parking", facts=FACTS)
    case = make_enquiry(world.actor("main_tenant"), topic="parking")
    save_topic(supervisor, topic, facts=replace(FACTS, queue=CaseQueue.CUSTOMER_SERVICE, is_active=False))
    assert case.queue is CaseQueue.PAYMENTS
    assert "parking" not in [topic.code for topic in list_topics()]
    for code in ("parking", "Two words", "x", ""):
        with pytest.raises(DetailNeeded):
            add_topic(supervisor, code=code, facts=FACTS)
    for role in ("clerk", "main_tenant"):
        with pytest.raises(NotAllowed):
            save_topic(world.actor(role), topic, facts=FACTS)
    assert db.session.scalars(select(Topic.code).order_by(Topic.position.desc())).first() == "parking"
