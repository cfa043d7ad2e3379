"""A case that customer service opens for a resident: the resident's own, whoever wrote it down."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select

from heka_portal.domain.access import Actor
from heka_portal.domain.accounts.ties import list_homes_today
from heka_portal.domain.cases.queries import get_case
from heka_portal.domain.defects.operations import DefectReport, report_on_behalf
from heka_portal.domain.errors import AlreadyDone, DetailNeeded, NotAllowed, NotFound
from heka_portal.extensions import db
from heka_portal.models.audit import AuditLine
from heka_portal.models.cases import Case, CaseEvent, CaseParticipant
from heka_portal.models.people import Person
from heka_portal.vocabulary import (
    Audience,
    AuditAction,
    Channel,
    DefectArea,
    Fault,
    MailKind,
    Part,
    ParticipantRole,
    Place,
    Verb,
)
from tests.factories.accounts import make_account, sign_in
from tests.factories.defects import ACCESS, make_on_behalf, report_of
from tests.factories.homes import make_apartment
from tests.factories.leases import let
from tests.factories.people import make_person
from tests.support.roles import World
from tests.support.sending import received


def resident_without_account() -> Person:
    person = make_person()
    let(make_apartment(), person)
    return person


def told_by(person: Person, world: World, **values: object) -> DefectReport:
    """What a person without an account tells of their home."""
    owner = world.actor("main_tenant")
    [home] = list_homes_today(person.id, on=owner.on)
    report = replace(report_of(owner), apartment_id=home.apartment_id, building_id=home.building_id)
    return replace(report, **values)  # type: ignore[arg-type] # fields of the report


@pytest.mark.parametrize("channel", Channel)
def test_it_is_the_residents_own_case(app: Flask, world: World, channel: Channel) -> None:
    with app.app_context():
        clerk, owner = world.actor("clerk"), world.actor("main_tenant")
        case = make_on_behalf(clerk, owner, channel=channel)
        db.session.commit()
        assert case.owner_id == owner.person_id
        assert case.opened_by_id == clerk.account_id
        assert (case.lease_id, case.apartment_id) == (world.lease_id, world.apartment_id)
        assert not case.unread_by_staff
        event = db.session.scalars(select(CaseEvent).where(CaseEvent.case_id == case.id)).one()
        assert (event.verb, event.part, event.data) == (Verb.OPENED, Part.CLERK, {"channel": str(channel)})
        part = db.session.scalars(select(CaseParticipant).where(CaseParticipant.case_id == case.id)).one()
        assert (part.person_id, part.role, part.seen_event_id) == (owner.person_id, ParticipantRole.OWNER, None)
        line = db.session.scalars(select(AuditLine).where(AuditLine.action == AuditAction.CASE_OPENED)).one()
        assert (line.account_id, line.person_id, line.case_id) == (clerk.account_id, owner.person_id, case.id)
        assert line.data["channel"] == str(channel)
        email = world.account("main_tenant").email
    assert [(mail.kind, mail.to) for mail in received(app)] == [(MailKind.CASE_RECEIVED, email)]


def test_it_is_shown_to_nobody_else_of_the_home(app: Flask, world: World) -> None:
    with app.app_context():
        case = make_on_behalf(world.actor("clerk"), world.actor("main_tenant"), audience=Audience.HOUSEHOLD)
        assert case.audience is Audience.OWN
        with pytest.raises(NotFound):
            get_case(world.actor("co_tenant"), case.number)


def test_a_person_without_an_account_finds_it_once_they_have_one(app: Flask, world: World) -> None:
    with app.app_context():
        person = resident_without_account()
        case, _event = report_on_behalf(
            world.actor("clerk"), told_by(person, world), owner_id=person.id, channel=Channel.LETTER
        )
        db.session.commit()
        assert received(app) == []
        later = sign_in(make_account(person))
        assert get_case(later, case.number).id == case.id


def test_common_areas_ask_for_no_access(app: Flask, world: World) -> None:
    with app.app_context():
        case = make_on_behalf(world.actor("clerk"), world.actor("main_tenant"), area=DefectArea.COMMON, access=None)
        assert (case.lease_id, case.master_key) == (None, None)


@pytest.mark.parametrize(
    ("values", "need"),
    [
        ({"place": Place.STAIRWELL}, "place"),
        ({"fault": Fault.LIFT}, "fault"),
        ({"access": None}, "access"),
    ],
)
def test_what_does_not_go_together_is_named(app: Flask, world: World, values: dict[str, object], need: str) -> None:
    with app.app_context():
        clerk, owner = world.actor("clerk"), world.actor("main_tenant")
        report = replace(report_of(owner), **values)  # type: ignore[arg-type] # fields of the report
        with pytest.raises(DetailNeeded) as refused:
            report_on_behalf(clerk, report, owner_id=_person(owner), channel=Channel.PHONE)
        assert refused.value.need == need
        assert db.session.scalar(select(func.count()).select_from(Case)) == 0


def _person(actor: Actor) -> int:
    assert actor.person_id is not None
    return actor.person_id


def test_the_home_is_the_residents_and_not_a_neighbours(app: Flask, world: World) -> None:
    with app.app_context():
        clerk, owner, neighbour = (world.actor(role) for role in ("clerk", "main_tenant", "neighbour"))
        with pytest.raises(NotFound):
            report_on_behalf(clerk, report_of(neighbour), owner_id=_person(owner), channel=Channel.PHONE)


@pytest.mark.parametrize("role", ["next_tenant", "former_tenant", "coming_tenant"])
def test_who_has_no_home_today_has_none_to_report(app: Flask, world: World, role: str) -> None:
    with app.app_context():
        clerk, person = world.actor("clerk"), world.actor(role)
        report = report_of(world.actor("main_tenant"))
        with pytest.raises(NotFound):
            report_on_behalf(clerk, report, owner_id=_person(person), channel=Channel.DESK)


@pytest.mark.parametrize("role", ["main_tenant", "co_tenant", "contractor", "communications", "administrator"])
def test_only_customer_service_opens_for_others(app: Flask, world: World, role: str) -> None:
    with app.app_context():
        owner = world.actor("main_tenant")
        with pytest.raises(NotAllowed):
            report_on_behalf(world.actor(role), report_of(owner), owner_id=_person(owner), channel=Channel.PHONE)


def test_for_a_protected_person_only_who_may_see_them(app: Flask, world: World) -> None:
    with app.app_context():
        owner = world.actor("main_tenant")
        db.session.get_one(Person, owner.person_id).is_protected = True
        db.session.commit()
        report = report_of(owner, access=ACCESS)
        with pytest.raises(NotFound):
            report_on_behalf(world.actor("clerk"), report, owner_id=_person(owner), channel=Channel.PHONE)
        case, _event = report_on_behalf(
            world.actor("supervisor"), report, owner_id=_person(owner), channel=Channel.PHONE
        )
        assert case.owner_id == owner.person_id


def test_a_second_press_opens_nothing_more(app: Flask, world: World) -> None:
    with app.app_context():
        clerk, owner = world.actor("clerk"), world.actor("main_tenant")
        report = report_of(owner)
        case, _event = report_on_behalf(clerk, report, owner_id=_person(owner), channel=Channel.PHONE)
        db.session.commit()
        with pytest.raises(AlreadyDone) as again:
            report_on_behalf(clerk, report, owner_id=_person(owner), channel=Channel.PHONE)
        assert again.value.number == case.number
        db.session.rollback()
        assert db.session.scalar(select(func.count()).select_from(Case)) == 1
