"""Customer service answers messages with the forms it knows, and keeps their topics."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from heka_portal.extensions import db
from heka_portal.models.cases import CaseEvent
from heka_portal.models.defects import Defect
from heka_portal.models.enquiries import Enquiry, Topic
from heka_portal.vocabulary import CaseQueue, ClosingReason, EnquiryState
from tests.factories.defects import make_defect
from tests.factories.enquiries import make_enquiry
from tests.factories.moves import move
from tests.support.case_page import CasePage, carried_by
from tests.support.forms import submit
from tests.support.roles import ClientFor, World

Write = Callable[..., int]


@pytest.fixture
def write_message(app: Flask, world: World) -> Write:
    """A message of the main tenant's; returns its number."""

    def made(answered: bool = False, **values: Any) -> int:
        with app.app_context():
            case = make_enquiry(world.actor("main_tenant"), **values)
            if answered:
                move(world.actor("clerk"), case, "answer", text="Pay the first one.")
            db.session.commit()
            return case.number

    return made


def state(app: Flask, number: int) -> tuple[str, ClosingReason | None]:
    with app.app_context():
        case = db.session.scalars(select(Enquiry).where(Enquiry.number == number)).one()
        return case.state, case.outcome


def test_a_reply_answers_the_message(app: Flask, client_for: ClientFor, write_message: Write) -> None:
    number = write_message()
    page = CasePage(client_for("clerk"), number)
    assert page.press("reply", text="Pay the first one.").status_code == 303
    assert state(app, number) == (EnquiryState.ANSWERED, None)
    assert "Pay the first one." in client_for("main_tenant").get(f"/matters/{number}").text


@pytest.mark.parametrize(
    ("act", "fields", "after"),
    [
        ("take_up", {}, (EnquiryState.IN_PROGRESS, None)),
        ("ask_more", {"text": "Which one?"}, (EnquiryState.NEEDS_INFORMATION, None)),
        ("settle", {"text": "Pay both."}, (EnquiryState.CLOSED, ClosingReason.ANSWERED)),
        ("close_unneeded", {}, (EnquiryState.CLOSED, ClosingReason.NO_ANSWER_NEEDED)),
    ],
)
def test_moves_are_made_as_those_of_defects(
    app: Flask, client_for: ClientFor, write_message: Write, act: str, fields: dict[str, str], after: object
) -> None:
    number = write_message()
    page = CasePage(client_for("clerk"), number)
    assert page.press(f"move:{act}", do=act if fields else "", **fields).status_code == 303
    assert state(app, number) == after


def test_a_message_is_turned_into_a_defect_and_each_page_leads_to_the_other(
    app: Flask, client_for: ClientFor, write_message: Write
) -> None:
    number = write_message(subject="The tap drips", text="Day and night.")
    page = CasePage(client_for("clerk"), number)
    wrong = page.press("move:to_defect", do="to_defect", place="kitchen", fault="lift")
    assert wrong.status_code == 200
    assert "hp-error" in wrong.text
    assert page.press("move:to_defect", do="to_defect", place="kitchen", fault="tap").status_code == 303
    with app.app_context():
        defect = db.session.scalars(select(Defect)).one().number
    client = client_for("main_tenant")
    assert f'href="/matters/{defect}"' in client.get(f"/matters/{number}").text
    assert f'href="/matters/{number}"' in client.get(f"/matters/{defect}").text
    assert "Day and night." in client.get(f"/matters/{defect}").text


def test_it_is_said_who_reads_the_words_of_a_sensitive_message_in_a_defect(
    client_for: ClientFor, write_message: Write
) -> None:
    page, said = CasePage(client_for("clerk"), write_message()), "the maintenance company that gets the work reads them"
    assert said not in page.read(do="to_defect")
    page.press("mark")
    assert said in page.read(do="to_defect")
    assert said not in page.read(do="topic")


def test_a_second_press_opens_no_second_defect(app: Flask, client_for: ClientFor, write_message: Write) -> None:
    number = write_message()
    page = CasePage(client_for("clerk"), number)
    drawn = page.read(do="to_defect")
    answers = [page.press("move:to_defect", page=drawn, place="kitchen", fault="tap").status_code for _ in range(2)]
    assert answers == [303, 409]
    with app.app_context():
        assert len(db.session.scalars(select(Defect)).all()) == 1


def test_moving_to_another_topic_is_told_to_the_resident(
    app: Flask, client_for: ClientFor, write_message: Write
) -> None:
    number = write_message()
    with app.app_context():
        topic = db.session.scalars(select(Topic).where(Topic.code == "tenant_democracy")).one()
        topic_id, name = topic.id, topic.name_fi
    page = CasePage(client_for("clerk"), number)
    assert page.press("topic", do="topic", topic=str(topic_id)).status_code == 303
    text = client_for("main_tenant").get(f"/matters/{number}?lang=fi").text
    assert name in text
    again = page.press("topic", do="topic", topic="999999")
    assert again.status_code == 200
    assert "hp-error" in again.text


def test_a_sensitive_mark_is_put_and_taken_away(app: Flask, client_for: ClientFor, write_message: Write) -> None:
    number = write_message()
    page, resident = CasePage(client_for("clerk"), number), client_for("main_tenant")
    assert page.press("mark").status_code == 303
    assert resident.get(f"/matters/{number}").status_code == 303
    # staff, who have a second factor, read on
    assert "Which one do I pay?" in page.read()
    assert page.press("unmark").status_code == 303
    assert resident.get(f"/matters/{number}").status_code == 200


def test_a_defects_forms_are_not_a_messages_and_the_other_way_round(
    app: Flask, world: World, client_for: ClientFor, write_message: Write
) -> None:
    with app.app_context():
        defect = make_defect(world.actor("main_tenant"))
        db.session.commit()
    clerk = client_for("clerk")
    for number, act, fields in (
        (write_message(), "urgency", {"urgency": "harm", "text": "x"}),
        (defect.number, "topic", {"topic": "1", "text": "x"}),
    ):
        page = CasePage(clerk, number)
        assert f'value="{act}"' not in page.read(do=act)
        with app.app_context():
            before = db.session.scalar(select(func.count()).select_from(CaseEvent))
        answer = clerk.post(page.path, data={**carried_by(page.read(), "note"), "act": act, **fields})
        assert answer.status_code == 409
        with app.app_context():
            assert db.session.scalar(select(func.count()).select_from(CaseEvent)) == before


def test_a_contractor_sees_no_message(client_for: ClientFor, write_message: Write) -> None:
    assert client_for("contractor").get(f"/admin/cases/{write_message()}/").status_code == 404


def test_the_inbox_is_narrowed_by_topic_and_queue(app: Flask, client_for: ClientFor, write_message: Write) -> None:
    invoice = write_message(subject="Two invoices")
    other = write_message(subject="A flatmate", topic="customer_service")
    with app.app_context():
        topic_id = db.session.scalars(select(Topic.id).where(Topic.code == "rent_payment")).one()
    client = client_for("clerk")
    for query in (f"topic={topic_id}", "queue=payments", f"topic={topic_id}&state=received&kind=enquiry"):
        text = client.get(f"/admin/cases/?{query}").text
        assert f"c{invoice}" in text
        assert f"c{other}" not in text


def test_topics_are_added_and_changed(app: Flask, client_for: ClientFor) -> None:
    client = client_for("supervisor")
    names = {f"{part}_{language}": f"{part} {language}" for part in ("name", "hint") for language in ("fi", "sv", "en")}
    given = {**names, "code": "bicycles", "queue": "customer_service", "working_days": "5", "position": "50"}
    assert submit(client, "/admin/topics/new/", "/new/", **given).status_code == 303
    taken = submit(client, "/admin/topics/new/", "/new/", **given)
    assert 'class="hp-errors"' in taken.text
    assert taken.status_code == 200
    assert "hp-error" in taken.text
    with app.app_context():
        topic = db.session.scalars(select(Topic).where(Topic.code == "bicycles")).one()
        assert (topic.queue, topic.working_days, topic.is_active) == (CaseQueue.CUSTOMER_SERVICE, 5, True)
        topic_id = topic.id
    path = f"/admin/topics/{topic_id}/"
    assert submit(client, path, path, working_days="0").status_code == 200
    assert submit(client, path, path, is_active=None, name_fi="Pyörät").status_code == 303
    assert "Pyörät" in client.get("/admin/topics/?lang=fi").text
    assert "bicycles" not in client_for("main_tenant").get("/messages/new").text
    assert client.get("/admin/topics/999999/").status_code == 404
