"""Write a message, take it back, read the answer: each step as a browser takes it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from heka_portal import clock
from heka_portal.domain.casework.operations import write
from heka_portal.domain.casework.sending import send_next
from heka_portal.domain.notices.rules import Place
from heka_portal.extensions import db
from heka_portal.models.accounts import Account, LoginSession
from heka_portal.models.attachments import Attachment
from heka_portal.models.cases import Case, CaseDraft, CaseEvent
from heka_portal.models.enquiries import Enquiry
from heka_portal.models.notices import Notice
from heka_portal.vocabulary import Audience, CaseQueue, EnquiryState, MailKind, NoticeState
from tests.factories.enquiries import make_enquiry
from tests.factories.files import jpeg
from tests.factories.homes import make_building
from tests.factories.moves import move
from tests.factories.notices import ALL, told
from tests.support.forms import find_form, submit
from tests.support.roles import ClientFor, World
from tests.support.sending import received

SendDue = Callable[..., int]
LATER = timedelta(seconds=31)


@pytest.fixture
def send_due(app: Flask) -> SendDue:
    """The worker at a moment; returns how much it tried."""

    def run(after: timedelta = LATER) -> int:
        with app.app_context():
            return send_next(now=clock.now() + after, former_days=365)

    return run


GIVEN = {"topic": "rent_payment", "title": "Two invoices", "text": "Which one do I pay?"}


def written(client: FlaskClient, path: str = "/messages/new", **values: Any) -> str:
    """A message that was sent; returns the address where it waits."""
    answer = submit(client, path, **{**GIVEN, **values})
    assert answer.status_code == 303
    assert answer.location.endswith("/sending")
    return answer.location


def press_undo(client: FlaskClient, waits: str) -> str:
    answer = submit(client, waits, "/undo")
    assert answer.status_code == 303
    return answer.location


def only_case(app: Flask) -> Enquiry:
    with app.app_context():
        return db.session.scalars(select(Enquiry)).one()


def test_a_message_goes_half_a_minute_after_it_was_sent(app: Flask, client_for: ClientFor, send_due: SendDue) -> None:
    client = client_for("main_tenant")
    waits = written(client)
    assert "Undo" in client.get(f"{waits}?lang=en").text
    assert send_due(timedelta(seconds=29)) == 0
    assert send_due() == 1
    assert send_due() == 0
    case = only_case(app)
    assert (case.subject, case.queue, case.state) == ("Two invoices", CaseQueue.PAYMENTS, EnquiryState.RECEIVED)
    assert [mail.kind for mail in received(app)] == [MailKind.CASE_RECEIVED]
    answer = client.get(waits)
    assert (answer.status_code, answer.location) == (303, f"/matters/{case.number}")
    assert "Which one do I pay?" in client.get(answer.location).text


def test_a_message_taken_back_is_in_the_form_with_its_files(
    app: Flask, client_for: ClientFor, send_due: SendDue
) -> None:
    client = client_for("main_tenant")
    back = press_undo(client, written(client, audience="household", files=(io.BytesIO(jpeg()), "invoice.jpg")))
    page = client.get(back).text
    assert "Two invoices" in page
    assert "Which one do I pay?" in page
    assert "invoice.jpg" in page
    assert re.search(r'value="household"[^>]*checked|checked[^>]*value="household"', page)
    assert re.search(r'value="rent_payment"[^>]*checked|checked[^>]*value="rent_payment"', page)
    assert send_due() == 0
    # and sent again, changed
    assert submit(client, back, text="Only the second one?").status_code == 303
    assert send_due() == 1
    with app.app_context():
        event = db.session.scalars(select(CaseEvent)).one()
        assert event.text == "Only the second one?"
        assert db.session.scalars(select(Attachment.event_id)).one() == event.id
        assert db.session.scalars(select(Case.audience)).one() is Audience.HOUSEHOLD
        assert db.session.scalar(select(func.count()).select_from(CaseDraft)) == 0


def test_a_double_press_sends_once(app: Flask, client_for: ClientFor, send_due: SendDue) -> None:
    client = client_for("main_tenant")
    page = client.get("/messages/new")
    first, second = (submit(client, page, **GIVEN) for _ in range(2))
    assert first.location == second.location
    assert [send_due() for _ in range(3)] == [1, 0, 0]
    third = submit(client, page, **GIVEN)
    assert third.location == f"/matters/{only_case(app).number}"


def test_a_second_press_of_undo_leads_to_the_form(client_for: ClientFor) -> None:
    client = client_for("main_tenant")
    waits = written(client)
    action, fields = find_form(client.get(waits), "/undo")
    form = waits.removesuffix("/sending")
    for _ in range(2):
        answer = client.post(action, data=fields)
        assert (answer.status_code, answer.location) == (303, form)
        assert "Which one do I pay?" in client.get(form).text


def test_what_has_gone_is_not_taken_back(app: Flask, client_for: ClientFor, send_due: SendDue) -> None:
    client = client_for("main_tenant")
    waits = written(client)
    action, fields = find_form(client.get(waits), "/undo")
    assert send_due() == 1
    answer = client.post(action, data=fields)
    assert (answer.status_code, answer.location) == (303, f"/matters/{only_case(app).number}")
    assert "had gone already" in client.get(f"{answer.location}?lang=en").text


def test_what_still_waits_after_its_time_can_be_taken_back(
    app: Flask, client_for: ClientFor, send_due: SendDue
) -> None:
    client = client_for("main_tenant")
    waits = written(client)
    with app.app_context():
        db.session.execute(update(CaseDraft).values(sends_at=clock.now() - timedelta(minutes=5)))
        db.session.commit()
    back = press_undo(client, waits)
    assert "Which one do I pay?" in client.get(back).text
    assert send_due(timedelta(hours=1)) == 0


def test_a_message_goes_after_its_writer_signed_out(app: Flask, client_for: ClientFor, send_due: SendDue) -> None:
    written(client_for("main_tenant"))
    with app.app_context():
        db.session.execute(update(LoginSession).values(ended_at=clock.now()))
        db.session.commit()
    assert send_due() == 1
    assert only_case(app).subject == "Two invoices"


def test_the_worker_sends_on_the_rights_of_that_moment(app: Flask, client_for: ClientFor, send_due: SendDue) -> None:
    client = client_for("coming_tenant")
    waits = written(client, topic="customer_service")
    with app.app_context():
        account = db.session.scalars(select(Account).join(CaseDraft, CaseDraft.account_id == Account.id)).one()
        account.is_disabled = True
        db.session.commit()
    assert send_due() == 1
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Case)) == 0
        db.session.execute(update(Account).values(is_disabled=False))
        db.session.commit()
    back = client.get(waits).location
    assert "Two invoices" in client.get(back).text


@pytest.mark.parametrize("role", ["neighbour", "co_tenant", "coming_tenant"])
def test_a_waiting_message_is_its_writers_alone(client_for: ClientFor, role: str) -> None:
    waits = written(client_for("main_tenant"))
    stranger = client_for(role)
    assert stranger.get(waits).status_code == 404
    assert stranger.get(waits.removesuffix("/sending")).status_code == 404


def test_nothing_typed_is_lost_where_something_is_missing(app: Flask, client_for: ClientFor) -> None:
    client = client_for("main_tenant")
    answer = submit(client, "/messages/new", **{**GIVEN, "text": "", "files": (io.BytesIO(jpeg()), "invoice.jpg")})
    assert answer.status_code == 200
    assert "Two invoices" in answer.text
    assert "invoice.jpg" in answer.text
    with app.app_context():
        assert db.session.scalars(select(CaseDraft.sends_at)).one() is None


def test_a_former_tenant_writes_nothing(client_for: ClientFor) -> None:
    assert client_for("former_tenant").get("/messages/new").status_code == 403


def test_the_coming_tenant_writes_and_goes_on_writing(app: Flask, client_for: ClientFor, send_due: SendDue) -> None:
    client = client_for("coming_tenant")
    written(client, topic="customer_service")
    send_due()
    page = f"/matters/{only_case(app).number}"
    assert submit(client, page, "/messages", text="One more thing.").location.endswith("/sending")
    assert send_due() == 1
    assert "One more thing." in client.get(page).text


def test_an_answer_is_read_and_another_word_opens_it_again(
    app: Flask, world: World, client_for: ClientFor, send_due: SendDue
) -> None:
    with app.app_context():
        case = make_enquiry(world.actor("main_tenant"))
        move(world.actor("clerk"), case, "answer", text="Pay the first one.")
        db.session.commit()
        number = case.number
    client = client_for("main_tenant")
    home = client.get("/home").text
    assert str(number) in home
    page = f"/matters/{number}"
    assert "Pay the first one." in client.get(page).text
    assert submit(client, page, "/close").status_code == 303
    assert only_case(app).state == EnquiryState.CLOSED
    waits = submit(client, page, "/messages", text="And the second?").location
    # the page of the case says what is still on its way
    assert waits.removesuffix("/sending") in client.get(page).text
    send_due()
    case = only_case(app)
    assert (case.state, case.reopened_count, case.outcome) == (EnquiryState.RECEIVED, 1, None)


def test_a_reply_taken_back_is_in_its_form(app: Flask, world: World, client_for: ClientFor, send_due: SendDue) -> None:
    with app.app_context():
        number = make_enquiry(world.actor("main_tenant")).number
        db.session.commit()
    client = client_for("main_tenant")
    back = press_undo(client, submit(client, f"/matters/{number}", "/messages", text="One more thing.").location)
    assert "One more thing." in client.get(back).text
    assert send_due() == 0
    submit(client, back)
    assert send_due() == 1
    with app.app_context():
        texts = list(db.session.scalars(select(CaseEvent.text).order_by(CaseEvent.id)))
    assert texts[-1] == "One more thing."


def test_a_message_may_be_about_a_matter_of_ones_own(
    app: Flask, world: World, client_for: ClientFor, send_due: SendDue, report: Callable[..., int]
) -> None:
    number = report()
    client = client_for("main_tenant")
    assert f"/messages/new?about={number}" in client.get(f"/matters/{number}").text
    page = client.get(f"/messages/new?about={number}")
    fields = {**dict(find_form(page)[1]), **GIVEN}
    assert client.post(f"/messages/new?about={number}", data=fields).status_code == 303
    send_due()
    assert f"/matters/{number}" in client.get(f"/matters/{only_case(app).number}").text
    assert client_for("neighbour").get(f"/messages/new?about={number}").status_code == 404


@pytest.fixture
def notice(app: Flask, world: World) -> int:
    """A notice to the main tenant's building, in three languages."""
    with app.app_context():
        return told(world.actor("building_manager"), Place(building_id=world.building_id), words=ALL).id


def write_about(client: FlaskClient, notice: int) -> TestResponse:
    path = f"/messages/new?notice={notice}"
    return client.post(path, data={**dict(find_form(client.get(path))[1]), **GIVEN})


def test_a_message_may_ask_about_a_notice(app: Flask, client_for: ClientFor, send_due: SendDue, notice: int) -> None:
    client, title = client_for("main_tenant"), "Water cut on Thursday"
    client.set_cookie("lang", "en")
    assert f"/messages/new?notice={notice}" in client.get(f"/notices/{notice}").text
    assert title in client.get(f"/messages/new?notice={notice}").text
    waits = write_about(client, notice).location
    # taken back and sent again, it still knows
    back = press_undo(client, waits)
    assert title in client.get(back).text
    submit(client, back)
    send_due()
    case = only_case(app)
    assert case.about_notice_id == notice
    page = client.get(f"/matters/{case.number}").text
    assert f'href="/notices/{notice}"' in page
    assert title in page
    assert f'href="/admin/posted-notices/{notice}/"' in client_for("clerk").get(f"/admin/cases/{case.number}/").text


def test_a_notice_that_one_does_not_see_is_as_if_none_were_asked(
    app: Flask, world: World, client_for: ClientFor, send_due: SendDue, notice: int
) -> None:
    with app.app_context():
        elsewhere = told(world.actor("supervisor"), Place(building_id=make_building().id)).id
    client = client_for("main_tenant")
    for asked in (elsewhere, 999999, "x"):
        page = client.get(f"/messages/new?notice={asked}")
        assert page.status_code == 200
        assert "/notices/" not in page.text.split("<main")[1].split("</main")[0]
    assert write_about(client, elsewhere).status_code == 303
    send_due()
    assert only_case(app).about_notice_id is None


def test_a_notice_taken_back_is_linked_no_more(app: Flask, world: World, client_for: ClientFor, notice: int) -> None:
    with app.app_context():
        number = make_enquiry(world.actor("main_tenant"), about_notice=notice).number
        db.session.get_one(Notice, notice).state = NoticeState.WITHDRAWN
        late = make_enquiry(world.actor("main_tenant"), about_notice=notice)
        assert late.about_notice_id is None
        db.session.commit()
    assert f'href="/notices/{notice}"' not in client_for("main_tenant").get(f"/matters/{number}").text
    assert f"posted-notices/{notice}" not in client_for("clerk").get(f"/admin/cases/{number}/").text


def test_a_closed_message_leads_to_a_new_one_about_it(app: Flask, world: World, client_for: ClientFor) -> None:
    with app.app_context():
        case = make_enquiry(world.actor("main_tenant"))
        db.session.commit()
        number = case.number
    client = client_for("main_tenant")
    link = f"/messages/new?about={number}"
    assert link not in client.get(f"/matters/{number}").text
    submit(client, f"/matters/{number}", "/close")
    assert link in client.get(f"/matters/{number}").text


def test_seen_by_heka_stands_after_the_residents_word(app: Flask, world: World, client_for: ClientFor) -> None:
    with app.app_context():
        case = make_enquiry(world.actor("main_tenant"))
        db.session.commit()
        number = case.number
    client, clerk = client_for("main_tenant"), client_for("clerk")
    client.set_cookie("lang", "en")
    assert "Seen by Heka" not in client.get(f"/matters/{number}").text
    assert clerk.get(f"/admin/cases/{number}/").status_code == 200
    assert "Seen by Heka" in client.get(f"/matters/{number}").text
    with app.app_context():
        case = db.session.scalars(select(Enquiry)).one()
        write(world.actor("main_tenant"), case, text="One more thing.")
        db.session.commit()
    assert "Seen by Heka" not in client.get(f"/matters/{number}").text
