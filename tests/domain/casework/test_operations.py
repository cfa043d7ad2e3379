"""The main job in the domain: every step of a defect, who may take it, who is told, and what is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from heka_portal import clock
from heka_portal.domain.access import Actor, Permission
from heka_portal.domain.cases.operations import assign, say
from heka_portal.domain.cases.queries import get_case
from heka_portal.domain.casework.operations import Details, answer_repair, available_moves, make_move, write
from heka_portal.domain.casework.timed import Closings
from heka_portal.domain.defects.operations import change_access, change_urgency, report_defect
from heka_portal.domain.errors import AlreadyDone, Changed, DetailNeeded, IllegalMove, NotAllowed, NotFound
from heka_portal.extensions import db
from heka_portal.models.accounts import StaffMember
from heka_portal.models.audit import AuditLine
from heka_portal.models.cases import Case, CaseEvent, CaseParticipant
from heka_portal.models.defects import Defect
from heka_portal.models.homes import Occupancy
from heka_portal.models.leases import Lease
from heka_portal.models.outbox import OutboxMail
from heka_portal.models.people import Person
from heka_portal.vocabulary import (
    CaseQueue,
    ClosingReason,
    DefectArea,
    DefectState,
    MailKind,
    MasterKey,
    Part,
    ParticipantRole,
    Party,
    RepairAnswer,
    Urgency,
)
from tests.factories.defects import ACCESS, finish, make_defect, report_of
from tests.factories.homes import make_apartment
from tests.factories.leases import let
from tests.factories.moves import move
from tests.support.roles import World
from tests.support.sending import waiting_mails

HOUR = timedelta(hours=1)


def visit(now, **more):
    return {"visit_from": now + timedelta(days=1), "visit_to": now + timedelta(days=1, hours=2), **more}


def test_a_defect_goes_its_whole_way(app: Flask, world: World) -> None:
    with app.app_context():
        resident, clerk = world.actor("main_tenant"), world.actor("clerk")
        contractor = world.actor("contractor")
        now = clock.now()
        defect = make_defect(resident, now=now)
        assert (defect.state, defect.awaits, defect.urgency) == (DefectState.RECEIVED, Party.STAFF, Urgency.HARM)
        move(clerk, defect, "triage", now=now + HOUR)
        move(clerk, defect, "ask", text="Does it drip when the tap is closed?", now=now + 2 * HOUR)
        assert defect.awaits is Party.RESIDENT
        assert defect.paused_at == now + 2 * HOUR
        promised = defect.target_at
        write(resident, defect, text="Only when it is open.", now=now + 5 * HOUR)
        assert (defect.state, defect.awaits) == (DefectState.TRIAGED, Party.STAFF)
        assert defect.target_at == defect.due_at == promised + 3 * HOUR
        move(clerk, defect, "order", contractor_id=world.contractor_id, now=now + 6 * HOUR)
        move(contractor, defect, "schedule", **visit(now), now=now + 7 * HOUR)
        assert defect.visit_from == now + timedelta(days=1)
        move(contractor, defect, "start", now=now + timedelta(days=1))
        move(contractor, defect, "finish", text="Seal changed.", now=now + timedelta(days=1, hours=1))
        assert (defect.state, defect.awaits) == (DefectState.DONE, Party.RESIDENT)
        later = now + timedelta(days=2)
        answer_repair(
            resident,
            defect,
            answer=RepairAnswer.NOT_FIXED,
            text="It drips again.",
            version=None,
            form_key=None,
            now=later,
        )
        assert (defect.state, defect.reopened_count, defect.queue) == (DefectState.RECEIVED, 1, CaseQueue.DEFECTS)
        assert defect.due_at > later
        assert not any((defect.visit_from, defect.done_at, defect.is_paused))
        finish(clerk, defect, now=later + HOUR)
        answer_repair(
            resident,
            defect,
            answer=RepairAnswer.FIXED,
            text="",
            version=defect.version,
            form_key="k",
            now=later + 2 * HOUR,
        )
        assert (defect.state, defect.outcome) == (DefectState.CLOSED, ClosingReason.FIXED)
        assert str(defect.awaits) == "nobody"
        db.session.commit()
        events = list(
            db.session.scalars(select(CaseEvent).where(CaseEvent.case_id == defect.id).order_by(CaseEvent.id))
        )
        assert [event.move or str(event.verb) for event in events] == [
            "opened", "triage", "ask", "inform", "order", "schedule", "start", "finish",
            "not_fixed", "finish", "confirm",
        ]  # fmt: skip
        audited = db.session.scalar(select(func.count()).where(AuditLine.case_id == defect.id))
        assert audited == len(events)


def test_every_step_is_told_by_mail_to_whom_it_concerns(app: Flask, world: World) -> None:
    with app.app_context():
        resident, clerk = world.actor("main_tenant"), world.actor("clerk")
        mine = resident.account_id
        defect = make_defect(resident)
        assert waiting_mails() == [("case_received", mine)]
        move(clerk, defect, "ask", text="When?")
        write(resident, defect, text="At night.")
        say(clerk, defect, text="Thank you.")
        move(clerk, defect, "order", contractor_id=world.contractor_id)
        finish(clerk, defect)
        answer_repair(resident, defect, answer=RepairAnswer.FIXED, text="", version=None, form_key=None)
        told = waiting_mails()[1:]
        assert [kind for kind, account in told if account == mine] == [
            "case_needs_you", "case_news", "case_news", "case_needs_you",
        ]  # fmt: skip
        assert [account for kind, account in told if kind == "job_assigned"] == [world.account_ids["contractor"]]


def test_mail_holds_nothing_of_the_case(app: Flask, world: World) -> None:
    with app.app_context():
        defect = make_defect(world.actor("main_tenant"))
        move(world.actor("clerk"), defect, "ask", text="A private question?")
        for params in db.session.scalars(select(OutboxMail.params)):
            assert params == {"number": defect.number}


def test_the_second_reopening_is_the_building_managers(app: Flask, world: World) -> None:
    with app.app_context():
        resident, clerk = world.actor("main_tenant"), world.actor("clerk")
        defect = make_defect(resident)
        for count in (1, 2):
            finish(clerk, defect)
            answer_repair(resident, defect, answer=RepairAnswer.PARTLY, text="Still wet.", version=None, form_key=None)
            assert defect.reopened_count == count
        assert defect.queue is CaseQueue.BUILDING_MANAGEMENT


@pytest.mark.parametrize("answer", [RepairAnswer.PARTLY, RepairAnswer.NOT_FIXED])
def test_anything_but_fixed_needs_words(app: Flask, world: World, answer: RepairAnswer) -> None:
    with app.app_context():
        resident, clerk = world.actor("main_tenant"), world.actor("clerk")
        defect = make_defect(resident)
        finish(clerk, defect)
        with pytest.raises(DetailNeeded):
            answer_repair(resident, defect, answer=answer, text="  ", version=None, form_key=None)


@pytest.mark.parametrize(("days", "reopens"), [(1, True), (30, True), (31, False)])
def test_the_same_answer_reopens_for_thirty_days(app: Flask, world: World, days: int, reopens: bool) -> None:
    with app.app_context():
        resident, clerk = world.actor("main_tenant"), world.actor("clerk")
        now = clock.now()
        defect = make_defect(resident, now=now)
        move(clerk, defect, "cancel", text="Reported by mistake.", now=now)
        later = now + timedelta(days=days)
        names = {each.name for each in available_moves(resident, defect, now=later)}
        assert ("not_fixed" in names) is reopens
        if not reopens:
            with pytest.raises(IllegalMove):
                make_move(resident, defect, move="not_fixed", details=Details(text="x"), now=later)
            return
        make_move(resident, defect, move="not_fixed", details=Details(text="It is not."), now=later)
        assert (defect.state, defect.outcome, defect.closed_at) == (DefectState.RECEIVED, None, None)


def test_no_answer_in_fourteen_days_closes_as_unconfirmed(app: Flask, world: World) -> None:
    with app.app_context():
        clerk = world.actor("clerk")
        now = clock.now()
        unanswered, fresh = (make_defect(world.actor("main_tenant"), now=now) for _ in range(2))
        finish(clerk, unanswered, now=now)
        finish(clerk, fresh, now=now + HOUR)
        db.session.commit()
        assert Closings().close_some(now=now + timedelta(days=14) - timedelta(seconds=1)) == 0
        assert Closings().close_some(now=now + timedelta(days=14)) == 1
        assert (unanswered.state, unanswered.outcome) == (DefectState.CLOSED, ClosingReason.FIXED_UNCONFIRMED)
        assert fresh.state == DefectState.DONE
        last = db.session.scalar(
            select(CaseEvent).where(CaseEvent.case_id == unanswered.id).order_by(CaseEvent.id.desc())
        )
        assert last is not None
        assert (last.part, last.actor_id) == (Part.WORKER, None)
        assert Closings().close_some(now=now + timedelta(days=14)) == 0


def test_a_double_click_makes_one_case(app: Flask, world: World) -> None:
    with app.app_context():
        actor = world.actor("main_tenant")
        report = report_of(actor)
        first, _event = report_defect(actor, report)
        db.session.commit()
        with pytest.raises(AlreadyDone) as again:
            report_defect(actor, report)
        assert again.value.number == first.number
        db.session.commit()
        assert db.session.scalar(select(func.count()).select_from(Case)) == 1
        assert len(waiting_mails()) == 1


def test_a_doubled_move_is_made_once(app: Flask, world: World) -> None:
    with app.app_context():
        clerk = world.actor("clerk")
        defect = make_defect(world.actor("main_tenant"))
        db.session.commit()
        version = defect.version
        make_move(clerk, defect, move="triage", details=Details(version=version, form_key="same"))
        db.session.commit()
        with pytest.raises(AlreadyDone):
            make_move(clerk, defect, move="triage", details=Details(version=version, form_key="same"))


def test_who_comes_second_with_an_old_page_is_told(app: Flask, world: World) -> None:
    with app.app_context():
        clerk, other = world.actor("clerk"), world.actor("supervisor")
        defect = make_defect(world.actor("main_tenant"))
        db.session.commit()
        seen = defect.version
        make_move(clerk, defect, move="triage", details=Details(version=seen))
        db.session.commit()
        assert defect.version > seen
        with pytest.raises(Changed):
            make_move(other, defect, move="start", details=Details(version=seen))


def test_the_version_moves_when_only_the_defects_columns_change(app: Flask, world: World) -> None:
    with app.app_context():
        owner = world.actor("main_tenant")
        defect = make_defect(owner)
        db.session.commit()
        seen = defect.version
        change_access(owner, defect, access=replace(ACCESS, pets="A dog"))
        db.session.commit()
        assert defect.version > seen
        assert defect.pets == "A dog"


def test_a_duplicates_people_follow_the_other_of_common_areas(app: Flask, world: World) -> None:
    with app.app_context():
        clerk, owner, neighbour = (world.actor(role) for role in ("clerk", "main_tenant", "neighbour"))
        first, second = make_defect(owner, DefectArea.COMMON), make_defect(neighbour, DefectArea.COMMON)
        move(clerk, second, "close_duplicate", other_number=first.number)
        assert (second.outcome, second.duplicate_of_id) == (ClosingReason.DUPLICATE, first.id)
        role = db.session.scalar(
            select(CaseParticipant.role).where(
                CaseParticipant.case_id == first.id, CaseParticipant.person_id == neighbour.person_id
            )
        )
        assert role is ParticipantRole.FOLLOWER
        for wrong in (second.number, 999999999):
            with pytest.raises(DetailNeeded):
                move(clerk, first, "close_duplicate", other_number=wrong)


@pytest.mark.parametrize(
    ("name", "details", "need"),
    [
        ("ask", {}, "text"),
        ("schedule", {}, "visit"),
        ("order", {}, "contractor"),
        ("order", {"contractor_id": 10**9}, "contractor"),
        ("close_not_landlords", {"text": "Own bulbs."}, "rule"),
        ("close_duplicate", {}, "case"),
        ("cancel", {"text": "   "}, "text"),
    ],
)
def test_a_move_says_what_it_lacks(app: Flask, world: World, name: str, details: dict[str, Any], need: str) -> None:
    with app.app_context():
        defect = make_defect(world.actor("main_tenant"))
        with pytest.raises(DetailNeeded) as missing:
            move(world.actor("clerk"), defect, name, **details)
        assert missing.value.need == need
        assert defect.state == DefectState.RECEIVED


def test_a_visit_must_end_after_it_begins_and_not_be_past(app: Flask, world: World) -> None:
    with app.app_context():
        clerk = world.actor("clerk")
        now = clock.now()
        defect = make_defect(world.actor("main_tenant"), now=now)
        for start, end in ((2, 1), (-48, -46), (3, 3)):
            with pytest.raises(DetailNeeded):
                move(clerk, defect, "schedule", visit_from=now + start * HOUR, visit_to=now + end * HOUR, now=now)


def test_urgency_is_changed_with_a_reason_and_the_target_follows(app: Flask, world: World) -> None:
    with app.app_context():
        clerk, owner = world.actor("clerk"), world.actor("main_tenant")
        defect = make_defect(owner)
        before = defect.target_at
        with pytest.raises(DetailNeeded):
            change_urgency(clerk, defect, urgency=Urgency.ORDINARY, reason="")
        with pytest.raises(NotAllowed):
            change_urgency(owner, defect, urgency=Urgency.DANGER, reason="Me first")
        change_urgency(clerk, defect, urgency=Urgency.ORDINARY, reason="Only drops.")
        assert defect.target_at > before
        assert defect.due_at == defect.target_at


def test_reports_are_about_ones_own_homes_only(app: Flask, world: World) -> None:
    with app.app_context():
        actor, neighbour = world.actor("main_tenant"), world.actor("neighbour")
        theirs = neighbour.homes[0]
        with pytest.raises(NotFound):
            report_defect(actor, report_of(actor, apartment_id=theirs.apartment_id))
        with pytest.raises(NotFound):
            report_defect(actor, report_of(actor, DefectArea.COMMON, building_id=10**6))
        with pytest.raises(NotAllowed):
            report_defect(world.actor("coming_tenant"), report_of(actor))
        with pytest.raises(NotAllowed):
            report_defect(world.actor("former_tenant"), report_of(actor))


def test_assigning_is_customer_services(app: Flask, world: World) -> None:
    with app.app_context():
        clerk, owner = world.actor("clerk"), world.actor("main_tenant")
        defect = make_defect(owner)
        handler = db.session.get(StaffMember, clerk.staff_id)
        assign(clerk, defect, handler=handler)
        assert defect.handler_id == clerk.staff_id
        assign(clerk, defect, handler=None)
        assert defect.handler_id is None
        with pytest.raises(NotAllowed):
            assign(owner, defect, handler=handler)


def test_access_facts_can_be_taken_back_by_their_owner(app: Flask, world: World) -> None:
    with app.app_context():
        owner, clerk = world.actor("main_tenant"), world.actor("clerk")
        defect = make_defect(owner)
        change_access(owner, defect, access=replace(ACCESS, master_key=MasterKey.REFUSED))
        assert defect.master_key is MasterKey.REFUSED
        with pytest.raises(NotAllowed):
            change_access(clerk, defect, access=ACCESS)
        move(owner, defect, "withdraw")
        assert defect.outcome is ClosingReason.WITHDRAWN
        with pytest.raises(NotAllowed):
            change_access(owner, defect, access=ACCESS)


def test_who_has_moved_within_the_house_lets_nobody_into_the_old_home(app: Flask, world: World) -> None:
    with app.app_context():
        defect = make_defect(world.actor("main_tenant"))
        today, person_id = clock.today(), world.account("main_tenant").person_id
        db.session.execute(update(Lease).where(Lease.id == world.lease_id).values(ends_on=today))
        db.session.execute(update(Occupancy).where(Occupancy.person_id == person_id).values(to_on=today))
        let(make_apartment(), db.session.get_one(Person, person_id), starts_on=today)
        db.session.commit()
        owner = world.actor("main_tenant")
        assert owner.may(Permission.MATTER_WRITE)
        with pytest.raises(NotAllowed):
            change_access(owner, defect, access=ACCESS)


def test_kinds_are_loaded_as_themselves(app: Flask, world: World) -> None:
    with app.app_context():
        actor: Actor = world.actor("main_tenant")
        number = make_defect(actor).number
        db.session.commit()
        db.session.expunge_all()
        assert isinstance(get_case(actor, number), Defect)
        assert MailKind.CASE_RECEIVED in {kind for kind, _account in waiting_mails()}
