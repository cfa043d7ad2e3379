"""The page of a case: what each part in it sees and does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from heka_portal import clock
from heka_portal.extensions import db
from heka_portal.models.accounts import LoginSession
from heka_portal.models.cases import CaseEvent
from heka_portal.models.defects import Defect
from heka_portal.vocabulary import Audience, DefectArea, MasterKey
from tests.blueprints.resident.conftest import Act, Report
from tests.support.forms import NoSuchForm, find_form, submit
from tests.support.roles import ClientFor, World

StateOf = Callable[[int], str]


def text_of(client: object, number: int) -> str:
    """The page of a case."""
    response = client.get(f"/matters/{number}")  # type: ignore[attr-defined]
    assert response.status_code == 200
    return str(response.get_data(as_text=True))


def defect_of(app: Flask, number: int) -> Defect:
    with app.app_context():
        return db.session.scalars(select(Defect).where(Defect.number == number)).one()


def count_events(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(CaseEvent)) or 0


# ---------------------------------------------------------------- where it stands


def test_page_says_what_happens_next_and_by_when(client_for: ClientFor, report: Report, act: Act) -> None:
    client, number = client_for("main_tenant"), report()
    assert "Customer service reads the report by" in text_of(client, number)
    begins = clock.now() + timedelta(days=2)
    act(number, "schedule", visit_from=begins, visit_to=begins + timedelta(hours=2))
    page = text_of(client, number)
    assert "Maintenance comes" in page
    assert "The mechanic shows an identity card" in page


def test_page_says_why_it_waits(client_for: ClientFor, report: Report, act: Act) -> None:
    client, number = client_for("main_tenant"), report()
    act(number, "triage")
    act(number, "await_part", text="The pump was ordered", look_again_on=clock.today() + timedelta(days=9))
    page = text_of(client, number)
    assert "Waits for a part. We look at it again by" in page
    assert "The time stands still since" in page
    assert "The pump was ordered" in page


def test_late_case_says_so(app: Flask, client_for: ClientFor, report: Report) -> None:
    number = report(now=clock.now() - timedelta(days=30))
    assert "We are late" in text_of(client_for("main_tenant"), number)


def test_closing_says_the_rule_it_rests_on(client_for: ClientFor, report: Report, act: Act, app: Flask) -> None:
    client, number = client_for("main_tenant"), report()
    with app.app_context():
        rule_id = db.session.execute(db.text("SELECT id FROM upkeep_rules WHERE code = 'bulbs'")).scalar_one()
    act(number, "close_not_landlords", text="It is the bulb", rule_id=rule_id)
    page = text_of(client, number)
    assert "You change the bulbs" in page
    assert "It is the bulb" in page


# ---------------------------------------------------------------- write


def test_message_is_written_once(app: Flask, client_for: ClientFor, report: Report) -> None:
    client, number = client_for("main_tenant"), report()
    page = client.get(f"/matters/{number}")
    before = count_events(app)
    first = submit(client, page, "/messages", text="It got worse")
    second = submit(client, page, "/messages", text="It got worse")
    assert first.status_code == second.status_code == 303
    assert count_events(app) == before + 1
    assert "It got worse" in text_of(client, number)


def test_empty_message_is_asked_for(client_for: ClientFor, report: Report) -> None:
    client, number = client_for("main_tenant"), report()
    page = submit(client, f"/matters/{number}", "/messages", text="  ").get_data(as_text=True)
    assert "<title>Error:" in page
    assert "Write your message" in page


def test_answer_to_a_question_moves_the_case_on(
    client_for: ClientFor, report: Report, act: Act, state_of: StateOf
) -> None:
    client, number = client_for("main_tenant"), report()
    act(number, "ask", text="Since when?")
    assert "Answer the question" in text_of(client, number)
    submit(client, f"/matters/{number}", "/messages", text="Since Monday")
    assert state_of(number) == "triaged"


def test_address_of_a_form_leads_to_the_page(client_for: ClientFor, report: Report) -> None:
    client, number = client_for("main_tenant"), report()
    for form in ("messages", "answer"):
        assert client.get(f"/matters/{number}/{form}").location == f"/matters/{number}"


# ---------------------------------------------------------------- is it fixed?


@pytest.mark.parametrize(
    ("answer", "text", "state"),
    [("fixed", "", "closed"), ("partly", "The door still sticks", "received"), ("not_fixed", "It drips", "received")],
)
def test_answer_closes_or_opens_again(
    client_for: ClientFor, report: Report, act: Act, state_of: StateOf, answer: str, text: str, state: str
) -> None:
    client, number = client_for("main_tenant"), report()
    act(number, "finish", text="Changed the seal")
    assert "Is the defect fixed?" in text_of(client, number)
    assert submit(client, f"/matters/{number}", "/answer", answer=answer, text=text).status_code == 303
    assert state_of(number) == state


def test_answer_needs_a_choice_and_words_for_what_is_wrong(
    client_for: ClientFor, report: Report, act: Act, state_of: StateOf
) -> None:
    client, number = client_for("main_tenant"), report()
    act(number, "finish", text="Changed the seal")
    unchosen = submit(client, f"/matters/{number}", "/answer", text="Something").get_data(as_text=True)
    assert "Choose how the repair went" in unchosen
    assert "Something" in unchosen
    wordless = submit(client, f"/matters/{number}", "/answer", answer="partly").get_data(as_text=True)
    assert "Tell in a few words what is still wrong" in wordless
    assert state_of(number) == "done"


def test_answer_sent_twice_is_one(app: Flask, client_for: ClientFor, report: Report, act: Act) -> None:
    client, number = client_for("main_tenant"), report()
    act(number, "finish", text="Changed the seal")
    page = client.get(f"/matters/{number}")
    answers = [submit(client, page, "/answer", answer="not_fixed", text="It drips") for _ in range(2)]
    assert [answer.location for answer in answers] == [f"/matters/{number}"] * 2
    assert defect_of(app, number).reopened_count == 1


def test_answer_to_what_has_moved_meanwhile_keeps_the_text(
    client_for: ClientFor, report: Report, act: Act, state_of: StateOf
) -> None:
    client, number = client_for("main_tenant"), report()
    act(number, "finish", text="Changed the seal")
    page = client.get(f"/matters/{number}")
    act(number, "not_fixed", text="The resident called")
    answer = submit(client, page, "/answer", answer="partly", text="My long explanation")
    assert answer.status_code == 409
    assert "My long explanation" in answer.get_data(as_text=True)
    assert state_of(number) == "received"


def test_closed_case_can_be_opened_again_for_30_days(
    app: Flask, client_for: ClientFor, report: Report, act: Act, state_of: StateOf
) -> None:
    client, number = client_for("main_tenant"), report()
    act(number, "finish", text="Changed the seal")
    act(number, "confirm", role="main_tenant")
    page = client.get(f"/matters/{number}")
    assert "Is something still wrong?" in page.get_data(as_text=True)
    assert submit(client, page, "/answer", answer="not_fixed", text="It drips again").status_code == 303
    assert state_of(number) == "received"


def test_case_closed_for_longer_stays_closed(app: Flask, client_for: ClientFor, report: Report, act: Act) -> None:
    client, number = client_for("main_tenant"), report()
    act(number, "finish", text="Changed the seal")
    act(number, "confirm", role="main_tenant")
    page = client.get(f"/matters/{number}")
    with app.app_context():
        defect = db.session.scalars(select(Defect).where(Defect.number == number)).one()
        defect.closed_at = clock.now() - timedelta(days=31)
        db.session.commit()
    assert "Is something still wrong?" not in text_of(client, number)
    assert submit(client, page, "/answer", answer="not_fixed", text="It drips again").status_code == 409


# ---------------------------------------------------------------- access and withdrawing


def test_access_can_be_changed_while_it_is_open(app: Flask, client_for: ClientFor, report: Report, act: Act) -> None:
    client, number = client_for("main_tenant"), report()
    page = client.get(f"/matters/{number}/access")
    answers = [submit(client, page, master_key="refused", has_pets=None, phone="050 123 4567") for _ in range(2)]
    assert [answer.location for answer in answers] == [f"/matters/{number}"] * 2
    defect = defect_of(app, number)
    assert (defect.master_key, defect.pets, defect.phone) == (MasterKey.REFUSED, None, "+358501234567")
    assert "The facts about access to the home were changed" in text_of(client, number)
    act(number, "cancel", text="A mistake")
    assert client.get(f"/matters/{number}/access").location == f"/matters/{number}"
    assert submit(client, page, master_key="allowed", form_key="another-key-of-a-form").status_code == 403


def test_access_of_a_case_that_moved_is_not_overwritten(client_for: ClientFor, report: Report, act: Act) -> None:
    client, number = client_for("main_tenant"), report()
    page = client.get(f"/matters/{number}/access")
    act(number, "triage")
    assert submit(client, page, master_key="refused").status_code == 409


def test_withdrawing_says_what_follows_and_closes(
    client_for: ClientFor, report: Report, act: Act, state_of: StateOf
) -> None:
    client, number = client_for("main_tenant"), report()
    begins = clock.now() + timedelta(days=2)
    act(number, "schedule", visit_from=begins, visit_to=begins + timedelta(hours=2))
    page = client.get(f"/matters/{number}/withdraw")
    assert "is cancelled" in page.get_data(as_text=True)
    answers = [submit(client, page, text="It stopped") for _ in range(2)]
    assert [answer.location for answer in answers] == [f"/matters/{number}"] * 2
    assert state_of(number) == "closed"
    text = text_of(client, number)
    assert "You withdrew the notification" in text
    assert "Withdrawn" in text
    assert client.get(f"/matters/{number}/withdraw").location == f"/matters/{number}"


def test_withdrawing_what_has_moved_is_refused(
    client_for: ClientFor, report: Report, act: Act, state_of: StateOf
) -> None:
    client, number = client_for("main_tenant"), report()
    page = client.get(f"/matters/{number}/withdraw")
    act(number, "start")
    answer = submit(client, page, text="It stopped by itself")
    assert answer.status_code == 409
    assert "It stopped by itself" in answer.get_data(as_text=True)
    assert state_of(number) == "in_progress"


@pytest.mark.parametrize("version", ["", "x", "9" * 40])
def test_broken_version_is_a_changed_case(client_for: ClientFor, report: Report, version: str) -> None:
    client, number = client_for("main_tenant"), report()
    assert submit(client, f"/matters/{number}/withdraw", version=version).status_code == 409


@pytest.mark.parametrize("key", ["short", "x" * 65, "spaces in a key, which none of ours has"])
def test_form_key_that_we_did_not_draw_is_refused(client_for: ClientFor, report: Report, key: str) -> None:
    client, number = client_for("main_tenant"), report()
    answer = submit(client, f"/matters/{number}", "/messages", text="Hello", form_key=key)
    assert "The page was open for too long" in answer.get_data(as_text=True)


# ---------------------------------------------------------------- others who take part


def test_household_reads_and_writes_but_decides_nothing(
    app: Flask, client_for: ClientFor, report: Report, act: Act, state_of: StateOf
) -> None:
    number = report(audience=Audience.HOUSEHOLD)
    act(number, "finish", text="Changed the seal")
    for role in ("co_tenant", "resident"):
        client = client_for(role)
        page = client.get(f"/matters/{number}")
        text = page.get_data(as_text=True)
        assert "Water drips from the pipe" in text
        assert "Is the defect fixed?" not in text
        assert "Withdraw" not in text
        assert "040" not in text.split("<main", 1)[1].split("<footer", 1)[0], "the owner's phone"
        assert submit(client, page, "/messages", text=f"Written by {role}").status_code == 303
        token = find_form(page)[1]["csrf_token"]
        answered = client.post(f"/matters/{number}/answer", data={"csrf_token": token, "answer": "fixed"})
        assert answered.status_code == 403
        for own in ("access", "withdraw", "sent"):
            assert client.get(f"/matters/{number}/{own}").status_code == 403
        for own in ("access", "withdraw"):
            assert client.post(f"/matters/{number}/{own}", data={"csrf_token": token}).status_code == 403
    assert state_of(number) == "done"
    assert "Written by resident" in text_of(client_for("main_tenant"), number)


def test_follower_sees_the_steps_only(client_for: ClientFor, report: Report, act: Act) -> None:
    number = report("neighbour", DefectArea.COMMON)
    act(number, "ask", text="Who saw it?")
    client = client_for("resident")
    assert client.get(f"/matters/{number}").status_code == 404
    token = find_form(client.get("/defects/report"))[1]["csrf_token"]
    assert client.post(f"/matters/{number}/follow", data={"csrf_token": token}).status_code == 303
    page = client.get(f"/matters/{number}")
    text = page.get_data(as_text=True)
    assert "Waits for an answer" in text
    for private in ("Stairs are not cleaned", "Water drips", "Who saw it?", "Virtanen", "Withdraw"):
        assert private not in text.split("<main", 1)[1]
    with pytest.raises(NoSuchForm):
        find_form(page, "/messages")
    assert client.post(f"/matters/{number}/messages", data={"csrf_token": token, "text": "x"}).status_code == 403
    assert submit(client, page, "/unfollow").location == "/matters"
    assert client.get(f"/matters/{number}").status_code == 404


def test_former_tenant_reads_only(app: Flask, world: World, client_for: ClientFor, report: Report) -> None:
    number = report()
    with app.app_context():
        defect = db.session.scalars(select(Defect).where(Defect.number == number)).one()
        former = world.account("former_tenant")
        assert former.person_id is not None
        defect.owner_id = former.person_id
        db.session.commit()
    client = client_for("former_tenant")
    text = text_of(client, number)
    assert "Your lease has ended" in text
    assert "Withdraw" not in text
    for address in ("messages", "answer", "access", "withdraw", "follow"):
        answer = client.post(f"/matters/{number}/{address}", data={"csrf_token": token_for(client), "text": "x"})
        assert answer.status_code == 403
    assert client.get(f"/matters/{number}/withdraw").status_code == 403


ADDRESSES = ("", "/sent", "/access", "/withdraw", "/messages", "/answer")
POSTS = ("/access", "/withdraw", "/messages", "/answer", "/follow", "/unfollow")


@pytest.mark.parametrize("role", ["co_tenant", "resident", "neighbour", "next_tenant", "coming_tenant"])
@pytest.mark.parametrize("area", list(DefectArea))
def test_stranger_finds_no_address_of_a_case(
    app: Flask, client_for: ClientFor, report: Report, role: str, area: DefectArea
) -> None:
    number = report(area=area)
    before = count_events(app)
    client = client_for(role)
    for address in ADDRESSES:
        assert client.get(f"/matters/{number}{address}").status_code == 404, address
    token = token_for(client)
    for address in POSTS:
        if (address, area) == ("/follow", DefectArea.COMMON):
            continue
        data = {"csrf_token": token, "text": "x", "answer": "fixed", "master_key": "allowed"}
        assert client.post(f"/matters/{number}{address}", data=data).status_code == 404, address
    assert count_events(app) == before


def token_for(client: object) -> str:
    """A token of this client, from the form that signs it out."""
    text = client.get("/home").get_data(as_text=True)  # type: ignore[attr-defined]
    return str(text.split('name="csrf_token" value="')[1].split('"')[0])


@pytest.mark.parametrize("role", ["clerk", "supervisor", "contractor", "administrator"])
def test_staff_use_the_workbench(client_for: ClientFor, report: Report, role: str) -> None:
    number = report()
    assert client_for(role).get(f"/matters/{number}").status_code == 403


def test_anonymous_is_led_to_the_door_and_back(client: object, report: Report) -> None:
    number = report()
    answer = client.get(f"/matters/{number}")  # type: ignore[attr-defined]
    assert answer.status_code == 303
    assert answer.location.endswith(f"next=/matters/{number}")


def test_session_that_ended_meanwhile_costs_no_words(app: Flask, client_for: ClientFor, report: Report) -> None:
    client, number = client_for("main_tenant"), report()
    page = client.get(f"/matters/{number}?lang=en")
    with app.app_context():
        db.session.execute(update(LoginSession).values(last_seen_at=clock.now() - timedelta(hours=1)))
        db.session.commit()
    answer = submit(client, page, "/messages", text="A long and careful explanation")
    assert answer.status_code == 403
    text = answer.get_data(as_text=True)
    assert "You have been signed out" in text
    assert "A long and careful explanation" in text
    assert submit(client, page, "/messages", text="").location == "/sign-in"


# ---------------------------------------------------------------- a long one
