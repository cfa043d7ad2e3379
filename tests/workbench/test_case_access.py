"""Who sees what of a case: contractors the job, clerks without a right no protected name, others nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from heka_portal import clock
from heka_portal.extensions import db
from heka_portal.models.defects import Defect
from heka_portal.models.leases import Lease
from heka_portal.models.people import Person
from heka_portal.vocabulary import DefectArea, DefectState
from tests.factories.defects import ACCESS, make_defect
from tests.factories.moves import move
from tests.support.case_page import CasePage, carried_by
from tests.support.roles import ClientFor, World

CaseOf = Callable[[int], Defect]


@pytest.fixture
def job(app: Flask, world: World, number: int) -> int:
    """The same defect, ordered from the contractor."""
    with app.app_context():
        case = db.session.scalars(db.select(Defect).where(Defect.number == number)).one()
        move(world.actor("clerk"), case, "order", contractor_id=world.contractor_id)
        db.session.commit()
    return number


@pytest.fixture
def protected_name(app: Flask, world: World, number: int) -> str:
    """The main tenant comes under a non-disclosure order; their last name."""
    with app.app_context():
        person = db.session.get_one(Person, world.account("main_tenant").person_id)
        person.is_protected, person.phone = True, "+358405550123"
        db.session.commit()
        return person.last_name


def test_contractor_sees_the_job_and_nothing_of_the_person(
    client_for: ClientFor, app: Flask, world: World, job: int, common_number: int
) -> None:
    page = CasePage(client_for("contractor"), job).read()
    with app.app_context():
        account = world.account("main_tenant")
        person = db.session.get_one(Person, account.person_id)
        name = person.last_name
    assert "The sink cupboard gets wet" in page
    assert "Water leak" in page
    assert "A cat" in page
    assert name not in page
    assert "6225" not in page
    assert "/admin/people/" not in page
    assert str(common_number) not in page.replace("\u00a0", "")
    assert "/admin/search/" not in page
    assert 'name="act" value="note"' not in page
    assert "do=cancel" not in page


def test_contractor_sees_the_phone_that_the_resident_shares(client_for: ClientFor, app: Flask, world: World) -> None:
    with app.app_context():
        case = make_defect(world.actor("main_tenant"), access=replace(ACCESS, is_phone_shared=True))
        move(world.actor("clerk"), case, "order", contractor_id=world.contractor_id)
        db.session.commit()
        number = case.number
    assert "040\u00a0297\u00a06225" in CasePage(client_for("contractor"), number).read()


def test_contractor_never_sees_a_protected_persons_phone(
    client_for: ClientFor, app: Flask, world: World, protected_name: str
) -> None:
    with app.app_context():
        case = make_defect(world.actor("main_tenant"), access=replace(ACCESS, is_phone_shared=True))
        move(world.actor("clerk"), case, "order", contractor_id=world.contractor_id)
        db.session.commit()
        number = case.number
    page = CasePage(client_for("contractor"), number).read()
    assert "6225" not in page
    assert "A cat" in page


def test_contractor_schedules_starts_and_finishes(client_for: ClientFor, case_of: CaseOf, job: int) -> None:
    page = CasePage(client_for("contractor"), job)
    day = (clock.today() + timedelta(days=1)).isoformat()
    page.press("move:schedule", do="schedule", visit_on=day, visit_from="08:00", visit_to="10:00")
    assert case_of(job).state == DefectState.SCHEDULED
    page.press("move:start")
    assert case_of(job).state == DefectState.IN_PROGRESS
    page.press("move:finish", do="finish", text="The seal was changed.")
    assert case_of(job).state == DefectState.DONE
    assert "The seal was changed." in page.read()


def test_contractor_does_not_read_what_resident_and_staff_write_to_each_other(client_for: ClientFor, job: int) -> None:
    CasePage(client_for("clerk"), job).press("reply", text="Your neighbour complained.")
    assert "Your neighbour complained." not in CasePage(client_for("contractor"), job).read()


def test_contractors_reply_is_read_by_customer_service(client_for: ClientFor, job: int) -> None:
    CasePage(client_for("contractor"), job).press("reply", text="Nobody was at home.")
    assert "Nobody was at home." in CasePage(client_for("clerk"), job).read()


@pytest.mark.parametrize("act", ["note", "take", "assign", "urgency", "move:cancel", "move:order"])
def test_contractor_cannot_do_what_customer_service_does(
    client_for: ClientFor, case_of: CaseOf, job: int, act: str
) -> None:
    page = CasePage(client_for("contractor"), job)
    before = case_of(job).version
    carried = carried_by(page.read(), "reply")
    fields = {"text": "x", "handler": "", "urgency": "danger", "contractor": "1"}
    answer = page.client.post(page.path, data={**carried, **fields, "act": act})
    assert answer.status_code in {403, 409}
    assert case_of(job).version == before


@pytest.mark.parametrize("role", ["contractor_elsewhere", "administrator"])
def test_another_company_and_an_administrator_find_nothing(client_for: ClientFor, job: int, role: str) -> None:
    client = client_for(role)
    assert client.get(f"/admin/cases/{job}/").status_code == 404
    carried = carried_by(client_for("clerk").get(f"/admin/cases/{job}/").text, "reply")
    assert client.post(f"/admin/cases/{job}/", data={**carried, "act": "reply"}).status_code in {400, 404}


@pytest.mark.parametrize(("days", "status"), [(13, 200), (15, 404)])
def test_closed_job_is_the_contractors_for_14_days(
    client_for: ClientFor, app: Flask, world: World, job: int, days: int, status: int
) -> None:
    with app.app_context():
        case = db.session.scalars(db.select(Defect).where(Defect.number == job)).one()
        move(world.actor("clerk"), case, "cancel", text="Wrong flat", now=clock.now() - timedelta(days=days))
        db.session.commit()
    client = client_for("contractor")
    assert client.get(f"/admin/cases/{job}/").status_code == status
    assert ("The sink cupboard" in client.get("/admin/?closed=1").text) == (status == 200)


@pytest.mark.parametrize("role", ["main_tenant", "neighbour", "former_tenant"])
def test_residents_have_no_workbench(client_for: ClientFor, number: int, role: str) -> None:
    client = client_for(role)
    for path in ("/admin/", "/admin/cases/", f"/admin/cases/{number}/", "/admin/people/"):
        assert client.get(path).status_code == 403


def test_someone_not_signed_in_is_led_to_the_staffs_door(client_for: ClientFor, app: Flask, number: int) -> None:
    answer = app.test_client().get(f"/admin/cases/{number}/")
    assert answer.status_code == 303
    assert answer.location.startswith("/staff/sign-in")


def test_protected_name_and_phone_are_for_named_roles(client_for: ClientFor, number: int, protected_name: str) -> None:
    clerk, supervisor = client_for("clerk"), client_for("supervisor")
    for path in (f"/admin/cases/{number}/", "/admin/cases/"):
        hidden, shown = clerk.get(path).text, supervisor.get(path).text
        assert protected_name not in hidden
        assert "Name protected" in hidden
        assert protected_name in shown
    page = clerk.get(f"/admin/cases/{number}/").text
    assert "6225" not in page
    assert "0123" not in page
    assert "/admin/people/" not in page.partition("<main")[2]
    assert "Kontulankaari" in page


def test_protected_follower_is_not_named_in_the_timeline(
    client_for: ClientFor, app: Flask, world: World, protected_name: str
) -> None:
    with app.app_context():
        case = make_defect(world.actor("neighbour"), DefectArea.COMMON)
        from heka_portal.domain.cases.operations import follow

        follow(world.actor("main_tenant"), case)
        db.session.commit()
        number = case.number
    page = CasePage(client_for("clerk"), number).read()
    assert "Follows this case" in page
    assert protected_name not in page
    assert protected_name in CasePage(client_for("supervisor"), number).read()


def test_number_that_is_no_case_is_not_found(client_for: ClientFor) -> None:
    client = client_for("clerk")
    for number in ("100000000", "99999999999999999999", "0"):
        assert client.get(f"/admin/cases/{number}/").status_code == 404


def test_error_page_of_staff_is_the_workbenchs(client_for: ClientFor) -> None:
    page = client_for("clerk").get("/admin/cases/100000000/").text
    assert 'class="hp-top"' in page


@pytest.mark.parametrize("role", ["contractor", "clerk"])
def test_permission_to_enter_ends_with_the_lease(
    client_for: ClientFor, app: Flask, world: World, job: int, role: str
) -> None:
    assert "May be used because of this defect" in CasePage(client_for(role), job).read()
    with app.app_context():
        lease = db.session.get_one(Lease, world.lease_id)
        lease.ends_on = clock.today()
        db.session.commit()
    page = CasePage(client_for(role), job).read()
    assert "The lease has ended, and the permission to enter with it" in page
    assert "May be used because of this defect" not in page
    assert "A cat" not in page
