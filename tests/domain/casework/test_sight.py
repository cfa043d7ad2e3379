"""Who sees which case, and what of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from heka_portal import clock
from heka_portal.domain.access import Actor, Permission, Role
from heka_portal.domain.cases import operations
from heka_portal.domain.cases.operations import follow, note, say
from heka_portal.domain.cases.queries import get_case, parts_in
from heka_portal.domain.cases.timeline import list_timeline
from heka_portal.domain.casework.operations import answer_repair, available_moves
from heka_portal.domain.defects.operations import change_access
from heka_portal.domain.errors import IllegalMove, NotAllowed, NotFound
from heka_portal.extensions import db
from heka_portal.models.cases import CaseParticipant, CaseText
from heka_portal.models.homes import Occupancy
from heka_portal.models.leases import Lease, LeaseParty
from heka_portal.models.people import Person
from heka_portal.vocabulary import (
    Audience,
    DefectArea,
    Part,
    ParticipantRole,
    RepairAnswer,
    Verb,
)
from tests.factories.defects import ACCESS, finish, make_defect
from tests.factories.moves import move
from tests.support.roles import ROLES, World
from tests.support.sending import waiting_mails

SEES = {"main_tenant", "clerk", "supervisor", "building_manager", "finance"}


@pytest.mark.parametrize("role", ROLES)
def test_a_personal_case_is_seen_by_its_owner_and_customer_service_only(app: Flask, world: World, role: str) -> None:
    with app.app_context():
        defect = make_defect(world.actor("main_tenant"))
        db.session.commit()
        actor = world.actor(role)
        if role in SEES:
            assert get_case(actor, defect.number).id == defect.id
        else:
            with pytest.raises(NotFound):
                get_case(actor, defect.number)


@pytest.mark.parametrize("role", ROLES)
def test_a_household_case_is_seen_by_the_adults_of_the_home_too(app: Flask, world: World, role: str) -> None:
    with app.app_context():
        defect = make_defect(world.actor("main_tenant"), audience=Audience.HOUSEHOLD)
        db.session.commit()
        assert bool(parts_in(world.actor(role), defect)) is (role in SEES | {"co_tenant", "resident"})


def test_the_home_sees_but_does_not_decide(app: Flask, world: World) -> None:
    with app.app_context():
        owner, co_tenant = world.actor("main_tenant"), world.actor("co_tenant")
        defect = make_defect(owner, audience=Audience.HOUSEHOLD)
        finish(world.actor("clerk"), defect)
        assert available_moves(co_tenant, defect) == ()
        with pytest.raises(IllegalMove):
            answer_repair(co_tenant, defect, answer=RepairAnswer.FIXED, text="", version=None, form_key=None)
        with pytest.raises(NotAllowed):
            change_access(co_tenant, defect, access=ACCESS)
        assert say(co_tenant, defect, text="I was at home.").part is Part.HOUSEHOLD


def test_a_contractor_sees_their_own_jobs_for_fourteen_days_after_closing(app: Flask, world: World) -> None:
    with app.app_context():
        clerk, mine, elsewhere = (world.actor(role) for role in ("clerk", "contractor", "contractor_elsewhere"))
        now = clock.now()
        defect = make_defect(world.actor("main_tenant"), now=now)
        assert not parts_in(mine, defect, now=now)
        move(clerk, defect, "order", contractor_id=world.contractor_id, now=now)
        assert parts_in(mine, defect, now=now) == {Part.CONTRACTOR}
        assert not parts_in(elsewhere, defect, now=now)
        move(clerk, defect, "cancel", text="Done otherwise.", now=now)
        assert parts_in(mine, defect, now=now + timedelta(days=13, hours=23))
        assert not parts_in(mine, defect, now=now + timedelta(days=14))


def test_a_contractor_reads_neither_the_conversation_nor_the_notes(app: Flask, world: World) -> None:
    with app.app_context():
        resident, clerk, contractor = (world.actor(role) for role in ("main_tenant", "clerk", "contractor"))
        defect = make_defect(resident)
        say(resident, defect, text="My code is 1234.")
        say(clerk, defect, text="Thank you, never write codes.")
        note(clerk, defect, text="Call before coming.")
        move(clerk, defect, "order", contractor_id=world.contractor_id, text="Change the seal.")
        seen = list_timeline(contractor, defect, parts_in(contractor, defect)).entries
        assert [entry.verb for entry in seen] == [Verb.OPENED, Verb.MOVED]
        assert [entry.who for entry in seen if entry.part is Part.OWNER] == [None]
        assert seen[-1].text == "Change the seal."


@pytest.mark.parametrize("role", ["main_tenant", "co_tenant", "contractor"])
def test_a_note_is_for_customer_service_only(app: Flask, world: World, role: str) -> None:
    with app.app_context():
        clerk = world.actor("clerk")
        defect = make_defect(world.actor("main_tenant"), audience=Audience.HOUSEHOLD)
        move(clerk, defect, "order", contractor_id=world.contractor_id)
        before = len(waiting_mails())
        note(clerk, defect, text="Secret.")
        assert len(waiting_mails()) == before
        actor = world.actor(role)
        assert not any(entry.is_note for entry in list_timeline(actor, defect, parts_in(actor, defect)).entries)
        assert any(entry.is_note for entry in list_timeline(clerk, defect, parts_in(clerk, defect)).entries)
        with pytest.raises(NotAllowed):
            note(actor, defect, text="x")


def test_common_areas_can_be_followed_by_the_buildings_people_only(app: Flask, world: World) -> None:
    with app.app_context():
        owner, neighbour, former = (world.actor(role) for role in ("main_tenant", "neighbour", "former_tenant"))
        defect = make_defect(owner, DefectArea.COMMON)
        assert not parts_in(neighbour, defect)
        follow(neighbour, defect)
        follow(neighbour, defect)
        assert parts_in(neighbour, defect) == {Part.FOLLOWER}
        with pytest.raises(NotAllowed):
            follow(former, defect)
        private = make_defect(owner)
        with pytest.raises(NotAllowed):
            follow(neighbour, private)


def test_a_former_tenant_whom_the_register_still_lists_sees_nothing_of_the_next(app: Flask, world: World) -> None:
    with app.app_context():
        today = clock.today()
        people = {role: world.account(role).person_id for role in ("main_tenant", "next_tenant")}
        coming = select(LeaseParty.lease_id).where(LeaseParty.person_id == people["next_tenant"]).scalar_subquery()
        db.session.execute(update(Lease).where(Lease.id == world.lease_id).values(ends_on=today))
        db.session.execute(update(Lease).where(Lease.id == coming).values(starts_on=today))
        for role, when in (("main_tenant", {"to_on": None}), ("next_tenant", {"from_on": today})):
            db.session.execute(update(Occupancy).where(Occupancy.person_id == people[role]).values(**when))
        db.session.commit()
        former, present = world.actor("main_tenant"), world.actor("next_tenant")
        defect = make_defect(present, audience=Audience.HOUSEHOLD)
        assert former.roles == {Role.FORMER}
        assert parts_in(present, defect) == {Part.OWNER}
        assert not parts_in(former, defect)


def test_two_presses_at_once_follow_once(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with app.app_context():
        neighbour, defect = world.actor("neighbour"), make_defect(world.actor("main_tenant"), DefectArea.COMMON)
        follow(neighbour, defect)
        monkeypatch.setattr(operations, "_role_in", lambda *_whose: None)  # as one sees it who asked just before
        follow(neighbour, defect)
        db.session.commit()
        followers = (
            select(func.count())
            .select_from(CaseParticipant)
            .where(CaseParticipant.case_id == defect.id, CaseParticipant.role == ParticipantRole.FOLLOWER)
        )
        assert db.session.scalar(followers) == 1
        seen = list_timeline(world.actor("clerk"), defect, parts_in(world.actor("clerk"), defect)).entries
        assert [entry.verb for entry in seen].count(Verb.FOLLOWED) == 1


def moved_within(actor: Actor) -> Actor:
    """The same person, who has left the home and has another one of the landlord's."""
    left = tuple(replace(tie, to_on=actor.on, lease_ends_on=actor.on) for tie in actor.ties)
    new = replace(
        actor.homes[0], apartment_id=10**6, building_id=10**6, lease_id=10**6, from_on=actor.on, to_on=None,
        lease_starts_on=actor.on, lease_ends_on=None,
    )  # fmt: skip
    return replace(actor, ties=(*left, new))


def test_who_moved_to_another_home_only_reads_of_the_old_one(app: Flask, world: World) -> None:
    with app.app_context():
        owner, clerk = world.actor("main_tenant"), world.actor("clerk")
        defect, common = make_defect(owner), make_defect(owner, DefectArea.COMMON)
        for each in (defect, common):
            finish(clerk, each)
        moved = moved_within(owner)
        assert moved.may(Permission.MATTER_WRITE)
        for each in (defect, common):
            assert parts_in(moved, each) == {Part.OWNER}
            assert available_moves(moved, each) == ()
            with pytest.raises(NotAllowed):
                say(moved, each, text="Hello")
            with pytest.raises(NotAllowed):
                answer_repair(moved, each, answer=RepairAnswer.NOT_FIXED, text="x", version=None, form_key=None)


def test_a_follower_who_moved_away_follows_no_longer(app: Flask, world: World) -> None:
    with app.app_context():
        neighbour, defect = world.actor("neighbour"), make_defect(world.actor("main_tenant"), DefectArea.COMMON)
        follow(neighbour, defect)
        assert parts_in(neighbour, defect) == {Part.FOLLOWER}
        assert not parts_in(moved_within(neighbour), defect)


def test_a_follower_sees_the_steps_and_no_words(app: Flask, world: World) -> None:
    with app.app_context():
        owner, neighbour, clerk = (world.actor(role) for role in ("main_tenant", "neighbour", "clerk"))
        defect = make_defect(owner, DefectArea.COMMON)
        follow(neighbour, defect)
        say(owner, defect, text="I live on the ground floor.")
        before = len(waiting_mails())
        say(clerk, defect, text="Thank you.")
        assert [account for _kind, account in waiting_mails()[before:]] == [owner.account_id]
        move(clerk, defect, "ask", text="Which stairs do you use?")
        seen = list_timeline(neighbour, defect, parts_in(neighbour, defect)).entries
        assert [(entry.move, entry.text) for entry in seen] == [("ask", None)]
        assert ("case_news", neighbour.account_id) in waiting_mails()


def test_a_homes_duplicate_shows_nobody_elses_matter(app: Flask, world: World) -> None:
    with app.app_context():
        clerk, owner, neighbour = (world.actor(role) for role in ("clerk", "main_tenant", "neighbour"))
        theirs, mine = make_defect(owner), make_defect(neighbour)
        move(clerk, mine, "close_duplicate", other_number=theirs.number)
        assert not parts_in(neighbour, theirs)


def test_a_former_tenant_reads_and_moves_nothing(app: Flask, world: World) -> None:
    with app.app_context():
        owner, clerk = world.actor("main_tenant"), world.actor("clerk")
        defect = make_defect(owner)
        finish(clerk, defect)
        moved_out = replace(owner, on=owner.on + timedelta(days=90))
        assert parts_in(moved_out, defect) == {Part.OWNER}
        with pytest.raises(NotAllowed):
            say(moved_out, defect, text="Hello")
        with pytest.raises(NotAllowed):
            answer_repair(moved_out, defect, answer=RepairAnswer.FIXED, text="", version=None, form_key=None)


def test_a_protected_persons_name_and_address_stay_out_of_the_words(app: Flask, world: World) -> None:
    with app.app_context():
        account = world.account("main_tenant")
        person = db.session.get(Person, account.person_id)
        assert person is not None
        person.is_protected = True
        db.session.commit()
        defect = make_defect(world.actor("main_tenant"))
        db.session.commit()
        words = db.session.scalar(select(CaseText.body).where(CaseText.case_id == defect.id))
        assert words is not None
        assert person.last_name not in words
        assert defect.subject in words
