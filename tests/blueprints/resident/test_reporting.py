"""Report a defect: every page, every way back, and one case whatever the browser does."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from heka_portal.clock import today
from heka_portal.extensions import db
from heka_portal.models.cases import Case, CaseDraft
from heka_portal.models.defects import Defect
from heka_portal.models.people import Person
from heka_portal.vocabulary import Audience, DefectArea, DefectState, Fault, MasterKey, Place
from tests.blueprints.resident.reports import (
    WHAT,
    begin,
    common_area,
    fill_common,
    fill_home,
    first_home,
    number_of,
    send,
)
from tests.factories.defects import make_defect
from tests.factories.homes import make_apartment
from tests.factories.leases import let
from tests.support.forms import find_form, submit
from tests.support.roles import ClientFor, World

NBSP = "\u00a0"


def count(app: Flask, model: type[Case | CaseDraft]) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def only_defect(app: Flask) -> Defect:
    with app.app_context():
        return db.session.scalars(select(Defect)).one()


def test_report_in_a_home_becomes_a_case(app: Flask, world: World, client_for: ClientFor) -> None:
    client = client_for("main_tenant")
    noticed = {"noticed_on__day": "1", "noticed_on__month": "11", "noticed_on__year": "2026"}
    draft = fill_home(client, has_pets="y", pets="A cat", audience="household", **noticed)
    number = number_of(send(client, draft))
    defect = only_defect(app)
    assert (defect.number, defect.state, defect.lease_id) == (number, DefectState.RECEIVED, world.lease_id)
    assert (defect.area, defect.place, defect.fault) == (DefectArea.HOME, Place.KITCHEN, Fault.WATER_LEAK)
    assert (defect.master_key, defect.pets, defect.phone) == (MasterKey.ALLOWED, "A cat", "+358402976225")
    assert defect.noticed_on is not None
    assert defect.noticed_on.isoformat() == "2026-11-01"
    assert defect.audience is Audience.HOUSEHOLD
    assert not defect.is_phone_shared
    assert count(app, CaseDraft) == 0


def test_sent_page_tells_the_number_and_what_happens_next(client_for: ClientFor) -> None:
    client = client_for("main_tenant")
    number = number_of(send(client, fill_home(client)))
    page = client.get(f"/matters/{number}/sent").get_data(as_text=True)
    assert f"{number:,}".replace(",", NBSP) in page
    assert "Customer service reads the report by" in page
    assert "Repaired by" in page
    assert "The sink cupboard gets wet" in client.get("/matters").get_data(as_text=True)
    assert "The sink cupboard gets wet" in client.get("/home").get_data(as_text=True)


def test_report_in_common_areas_asks_nothing_of_the_home(app: Flask, world: World, client_for: ClientFor) -> None:
    client = client_for("resident")
    draft = fill_common(client)
    assert client.get(f"{draft}/access").location == f"{draft}/check"
    assert "Master key" not in client.get(f"{draft}/check").get_data(as_text=True)
    number_of(send(client, draft))
    defect = only_defect(app)
    assert (defect.area, defect.place, defect.lease_id) == (DefectArea.COMMON, Place.STAIRWELL, None)
    assert (defect.building_id, defect.master_key, defect.audience) == (world.building_id, None, Audience.OWN)


def test_pages_come_in_order(client_for: ClientFor) -> None:
    client = client_for("main_tenant")
    draft = begin(client)
    for page in ("what", "access", "check"):
        assert client.get(f"{draft}/{page}").location == f"{draft}/place"
    submit(client, f"{draft}/place", where=first_home(client, draft), room="kitchen")
    for page in ("access", "check"):
        assert client.get(f"{draft}/{page}").location == f"{draft}/what"
    assert client.get(draft).location == f"{draft}/what"


def test_incomplete_report_is_not_sent(app: Flask, client_for: ClientFor) -> None:
    client = client_for("main_tenant")
    draft = begin(client)
    _address, fields = find_form(client.get(f"{draft}/place"))
    answer = client.post(f"{draft}/send", data={"csrf_token": fields["csrf_token"]})
    assert answer.location == f"{draft}/place"
    assert count(app, Case) == 0


def test_going_back_keeps_everything(client_for: ClientFor) -> None:
    client = client_for("main_tenant")
    draft = fill_home(client, has_pets="y", pets="A cat")
    for page, kept in (
        ("place", {"room": "kitchen"}),
        ("what", WHAT),
        ("access", {"master_key": "allowed", "pets": "A cat", "phone": "040 2976225", "audience": "own"}),
    ):
        _address, fields = find_form(client.get(f"{draft}/{page}"))
        assert {name: fields[name] for name in kept} == kept


def test_change_leads_back_to_the_answers(client_for: ClientFor) -> None:
    client = client_for("main_tenant")
    draft = fill_home(client)
    assert submit(client, f"{draft}/place", room="bathroom").location == f"{draft}/check"
    assert submit(client, f"{draft}/what", title="Another title").location == f"{draft}/check"
    page = client.get(f"{draft}/check").get_data(as_text=True)
    assert ", bathroom or WC" in page
    assert "Another title" in page


def test_change_to_common_areas_asks_for_a_fault_that_is_possible_there(client_for: ClientFor) -> None:
    client = client_for("main_tenant")
    draft = fill_home(client, fault="appliance")
    answer = submit(client, f"{draft}/place", where=common_area(client, draft), spot="laundry")
    assert answer.location == f"{draft}/what"
    assert "step 2/2" in client.get(f"{draft}/what").get_data(as_text=True)


@pytest.mark.parametrize(
    ("step", "given", "said"),
    [
        ("place", {"room": "laundry"}, "Choose one of the options"),
        ("place", {"where": "home-999"}, "Choose one of the options"),
        ("what", {"fault": ""}, "Choose the kind of defect"),
        ("what", {"title": " "}, "Write what is broken"),
        ("what", {"title": "x" * 81}, "Shorten this to 80"),
        ("what", {"description": ""}, "Tell in a few words"),
        ("what", {"noticed_on__day": "31", "noticed_on__month": "2", "noticed_on__year": "2026"}, "no such date"),
        ("what", {"noticed_on__day": "1", "noticed_on__month": "1", "noticed_on__year": "2099"}, "in the future"),
        ("what", {"noticed_on__day": "1", "noticed_on__month": "1", "noticed_on__year": "1899"}, "Check the year"),
        ("access", {"has_pets": "y", "pets": ""}, "Write which pet it is"),
        ("access", {"phone": "12"}, "Check the phone number"),
        ("access", {"audience": "everyone"}, "Choose one of the options"),
    ],
)
def test_answer_that_cannot_be_is_explained(client_for: ClientFor, step: str, given: dict[str, str], said: str) -> None:
    client = client_for("main_tenant")
    answer = submit(client, f"{fill_home(client)}/{step}", **given)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "<title>Error:" in text
    assert said in text


def test_answers_that_nobody_chose_are_asked_for(client_for: ClientFor) -> None:
    client = client_for("main_tenant")
    draft = begin(client)
    home = first_home(client, draft)
    assert "Choose where the defect is" in submit(client, f"{draft}/place").get_data(as_text=True)
    assert "Choose the room or place" in submit(client, f"{draft}/place", where=home).get_data(as_text=True)
    submit(client, f"{draft}/place", where=home, room="kitchen")
    submit(client, f"{draft}/what", **WHAT)
    assert "Choose whether maintenance may" in submit(client, f"{draft}/access").get_data(as_text=True)


def test_other_answers_of_a_page_with_an_error_are_kept(client_for: ClientFor) -> None:
    client = client_for("main_tenant")
    draft = begin(client)
    submit(client, f"{draft}/place", where=first_home(client, draft), room="kitchen")
    submit(client, f"{draft}/what", title="It drips", description="")
    _address, fields = find_form(client.get(f"{draft}/what"))
    assert fields["title"] == "It drips"


def test_radios_are_unchosen_at_first(client_for: ClientFor) -> None:
    client = client_for("main_tenant")
    draft = begin(client)
    _address, fields = find_form(client.get(f"{draft}/place"))
    assert "where" not in fields
    submit(client, f"{draft}/place", where=first_home(client, draft), room="kitchen")
    submit(client, f"{draft}/what", **WHAT)
    _address, fields = find_form(client.get(f"{draft}/access"))
    assert "master_key" not in fields
    assert fields["audience"] == "own"


def test_own_phone_is_offered_and_can_be_left_out(app: Flask, world: World, client_for: ClientFor) -> None:
    with app.app_context():
        person = db.session.get(Person, world.account("main_tenant").person_id)
        assert person is not None
        person.register_phone = "+358401112222"
        db.session.commit()
    client = client_for("main_tenant")
    draft = begin(client)
    submit(client, f"{draft}/place", where=first_home(client, draft), room="kitchen")
    submit(client, f"{draft}/what", **WHAT)
    _address, fields = find_form(client.get(f"{draft}/access"))
    assert fields["phone"] == "040 1112222"
    submit(client, f"{draft}/access", master_key="refused", phone="", is_phone_shared="y")
    _address, fields = find_form(client.get(f"{draft}/access"))
    assert fields["phone"] == ""
    send(client, draft)
    defect = only_defect(app)
    assert (defect.phone, defect.is_phone_shared) == (None, False)


# ---------------------------------------------------------------- once


def test_double_press_makes_one_case(app: Flask, client_for: ClientFor) -> None:
    client = client_for("main_tenant")
    draft = fill_home(client)
    page = client.get(f"{draft}/check")
    first, second = (submit(client, page, "/send") for _ in range(2))
    assert number_of(first) == number_of(second)
    assert count(app, Case) == 1


def test_two_presses_at_the_same_moment_make_one_case(app: Flask, client_for: ClientFor) -> None:
    client = client_for("main_tenant")
    address, fields = find_form(client.get(f"{fill_home(client)}/check"), "/send")
    with client.session_transaction() as visit:
        signed_in = dict(visit)

    def press(_: int) -> int:
        other = app.test_client()
        with other.session_transaction() as own:
            own.update(signed_in)
        return number_of(other.post(address, data=fields))

    with ThreadPoolExecutor(4) as pool:
        numbers = set(pool.map(press, range(4)))
    assert len(numbers) == 1
    assert count(app, Case) == 1


@pytest.mark.parametrize("step", ["", "/place", "/what", "/access", "/check"])
def test_pages_of_a_sent_report_lead_to_what_it_became(client_for: ClientFor, step: str) -> None:
    client = client_for("main_tenant")
    draft = fill_home(client)
    number = number_of(send(client, draft))
    assert number_of(client.get(f"{draft}{step}")) == number


# ---------------------------------------------------------------- drafts


def test_draft_can_be_resumed_and_deleted(app: Flask, client_for: ClientFor) -> None:
    client = client_for("main_tenant")
    draft = fill_home(client)
    page = client.get("/matters")
    assert f'href="{draft}"' in page.get_data(as_text=True)
    assert f'href="{draft}"' in client.get("/home").get_data(as_text=True)
    assert client.get(draft).location == f"{draft}/check"
    assert submit(client, page, "/discard").location == "/matters"
    assert "Not sent yet" not in client.get("/matters").get_data(as_text=True)
    gone = client.get(f"{draft}/place")
    assert gone.status_code == 404
    assert "A draft is kept until you sign out" in gone.get_data(as_text=True)


def test_untouched_draft_is_used_again(app: Flask, client_for: ClientFor) -> None:
    client = client_for("main_tenant")
    assert begin(client) == begin(client)
    assert count(app, CaseDraft) == 1
    assert "Not sent yet" not in client.get("/matters").get_data(as_text=True)


@pytest.mark.parametrize("role", ["co_tenant", "neighbour", "main_tenant"])
def test_draft_is_for_its_own_session_only(app: Flask, client_for: ClientFor, role: str) -> None:
    owner = client_for("main_tenant")
    draft = fill_home(owner)
    other = client_for(role)
    for page in ("", "/place", "/what", "/access", "/check"):
        assert other.get(f"{draft}{page}").status_code == 404
    token = find_form(other.get("/defects/report"))[1]["csrf_token"]
    for page in ("/place", "/what", "/access", "/send", "/discard"):
        assert other.post(f"{draft}{page}", data={"csrf_token": token}).status_code == 404
    assert count(app, Case) == 0
    number_of(send(owner, draft))


def test_expired_draft_is_gone(app: Flask, client_for: ClientFor) -> None:
    client = client_for("main_tenant")
    draft = fill_home(client)
    with app.app_context():
        kept = db.session.scalars(select(CaseDraft)).one()
        kept.expires_at = kept.created_at - timedelta(seconds=1)
        db.session.commit()
    assert client.get(f"{draft}/check").status_code == 404


# ---------------------------------------------------------------- who may, and where


@pytest.mark.parametrize("role", ["coming_tenant", "next_tenant", "former_tenant", "clerk", "contractor"])
def test_who_has_no_home_today_cannot_report(app: Flask, client_for: ClientFor, role: str) -> None:
    client = client_for(role)
    assert client.get("/defects/report").status_code == 403
    assert client.get("/defects/report/no-such-draft/check").status_code == 403


def test_home_of_another_cannot_be_reported(app: Flask, world: World, client_for: ClientFor) -> None:
    client = client_for("neighbour")
    draft = begin(client)
    answer = submit(client, f"{draft}/place", where=f"home-{world.apartment_id}", room="kitchen")
    assert "Choose one of the options" in answer.get_data(as_text=True)


def test_extra_fields_change_nothing(app: Flask, world: World, client_for: ClientFor) -> None:
    client = client_for("main_tenant")
    draft = begin(client)
    extra = {"owner_id": "4", "state": "closed", "urgency": "danger", "apartment_id": "2", "number": "111111111"}
    submit(client, f"{draft}/place", where=first_home(client, draft), room="kitchen", **extra)
    submit(client, f"{draft}/what", **WHAT, **extra)
    submit(client, f"{draft}/access", master_key="refused", **extra)
    send(client, draft)
    defect = only_defect(app)
    with app.app_context():
        assert defect.owner_id == world.account("main_tenant").person_id
    assert (defect.state, defect.urgency, defect.apartment_id) == ("received", "harm", world.apartment_id)


def test_all_homes_can_be_chosen(app: Flask, world: World, client_for: ClientFor) -> None:
    with app.app_context():
        person = db.session.get(Person, world.account("main_tenant").person_id)
        assert person is not None
        other = make_apartment()
        lease_id = let(other, person, starts_on=today() - timedelta(days=3)).id
        other_id = other.id
        db.session.commit()
    client = client_for("main_tenant")
    draft = begin(client)
    page = client.get(f"{draft}/place").get_data(as_text=True)
    assert f'value="home-{world.apartment_id}"' in page
    assert page.count('value="common-') == 2
    submit(client, f"{draft}/place", where=f"home-{other_id}", room="kitchen")
    submit(client, f"{draft}/what", **WHAT)
    submit(client, f"{draft}/access", master_key="allowed")
    send(client, draft)
    assert only_defect(app).lease_id == lease_id


# ---------------------------------------------------------------- before sending


def test_own_to_mend_is_said_and_sending_stays_possible(client_for: ClientFor) -> None:
    client = client_for("main_tenant")
    draft = fill_home(client, fault="electricity")
    assert "You change the bulbs" in client.get(f"{draft}/check").get_data(as_text=True)
    number_of(send(client, draft))


def test_what_a_neighbour_reported_can_be_followed_instead(app: Flask, world: World, client_for: ClientFor) -> None:
    with app.app_context():
        number = make_defect(
            world.actor("neighbour"), DefectArea.COMMON, title="Vomit of my drunk uncle", description="Sorry for him"
        ).number
        db.session.commit()
    client = client_for("main_tenant")
    draft = fill_common(client)
    check = client.get(f"{draft}/check")
    text = check.get_data(as_text=True)
    assert "Is it one of these?" in text
    assert "uncle" not in text
    assert "Virtanen" not in text.split("<main", 1)[1]
    answer = submit(client, check, f"/follow/{number}")
    assert answer.location == f"/matters/{number}"
    assert count(app, Case) == 1
    assert count(app, CaseDraft) == 0
    page = client.get(f"/matters/{number}").get_data(as_text=True)
    assert "You follow this matter now" in page
    assert "uncle" not in page
    assert "Sorry for him" not in page


@pytest.mark.parametrize("area", list(DefectArea))
def test_defect_that_is_no_lookalike_cannot_be_followed(
    app: Flask, world: World, client_for: ClientFor, area: DefectArea
) -> None:
    with app.app_context():
        neighbour = world.actor("neighbour")
        defect = make_defect(neighbour, area)
        if area is DefectArea.COMMON:
            other = make_apartment()
            defect.building_id = other.building_id
        number = defect.number
        db.session.commit()
    client = client_for("main_tenant")
    draft = fill_common(client)
    token = find_form(client.get(f"{draft}/check"))[1]["csrf_token"]
    assert client.post(f"{draft}/follow/{number}", data={"csrf_token": token}).status_code == 404
    assert client.get(f"/matters/{number}").status_code == 404
