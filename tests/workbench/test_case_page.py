"""The page of a case: what it shows, what its forms do, and two clerks at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask

from heka_portal import clock
from heka_portal.extensions import db
from heka_portal.models.accounts import Contractor
from heka_portal.models.audit import AuditLine
from heka_portal.models.cases import CaseEvent
from heka_portal.models.defects import Defect, UpkeepRule
from heka_portal.models.outbox import OutboxMail
from heka_portal.vocabulary import AuditAction, ClosingReason, DefectState, Upkeep, Urgency, Verb
from tests.support.case_page import HIDDEN, CasePage, carried_by
from tests.support.roles import ClientFor, World

CaseOf = Callable[[int], Defect]


def count_events(app: Flask, number: int, verb: Verb) -> int:
    with app.app_context():
        found = db.select(CaseEvent).join(Defect, Defect.id == CaseEvent.case_id)
        return len(db.session.scalars(found.where(Defect.number == number, CaseEvent.verb == verb)).all())


def test_page_shows_who_where_and_how_to_get_in(client_for: ClientFor, app: Flask, world: World, number: int) -> None:
    page = CasePage(client_for("clerk"), number).read()
    with app.app_context():
        person = world.account("main_tenant").person_id
    assert "The sink cupboard gets wet" in page
    assert "Water drips from the pipe." in page
    assert "A cat" in page
    assert "040\u00a0297\u00a06225" in page
    assert f"/admin/people/{person}/" in page
    assert "Signatory of the lease" in page


def test_move_without_needs_is_one_press(client_for: ClientFor, case_of: CaseOf, number: int) -> None:
    answer = CasePage(client_for("clerk"), number).press("move:triage")
    assert answer.status_code == 303
    assert "#e" in answer.location
    assert case_of(number).state == DefectState.TRIAGED


def test_visit_is_agreed_on(client_for: ClientFor, case_of: CaseOf, number: int) -> None:
    day = clock.today() + timedelta(days=3)
    answer = CasePage(client_for("clerk"), number).press(
        "move:schedule",
        do="schedule",
        visit_on=f"{day.day}.{day.month}.{day.year}",
        visit_from="8",
        visit_to="10.30",
        text="We come on Friday.",
    )
    assert answer.status_code == 303
    case = case_of(number)
    assert case.state == DefectState.SCHEDULED
    assert case.visit_from is not None
    assert case.visit_to is not None
    assert clock.helsinki(case.visit_from).strftime("%d.%m. %H:%M") == day.strftime("%d.%m. 08:00")
    assert case.visit_to - case.visit_from == timedelta(hours=2, minutes=30)


@pytest.mark.parametrize(
    ("move", "fields", "said"),
    [
        ("ask", {"text": " "}, "Write what the resident needs to know"),
        ("schedule", {"visit_on": "31.2.2027", "visit_from": "8", "visit_to": "9"}, "Check the date"),
        ("schedule", {"visit_on": "2.3.2099", "visit_from": "8", "visit_to": "25"}, "Check the time"),
        ("schedule", {"visit_on": "2.3.2099", "visit_from": "10", "visit_to": "9"}, "ends after it begins"),
        ("schedule", {"visit_on": "2.3.2020", "visit_from": "8", "visit_to": "9"}, "does not lie in the past"),
        ("order", {"contractor": ""}, "Choose a maintenance company"),
        ("close_duplicate", {"other_number": "12"}, "nine digits"),
        ("close_duplicate", {"other_number": "100 000 001"}, "There is no such case"),
        ("close_not_landlords", {"rule": "", "text": "Not ours"}, "Choose the rule"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    client_for: ClientFor, case_of: CaseOf, number: int, move: str, fields: dict[str, str], said: str
) -> None:
    answer = CasePage(client_for("clerk"), number).press(f"move:{move}", do=move, **{"text": "Kept text", **fields})
    assert answer.status_code == 200
    assert said in answer.text
    assert "<title>Error:" in answer.text
    if fields.get("text", "Kept text").strip():
        assert fields.get("text", "Kept text") in answer.text
    for value in fields.values():
        assert not value.strip() or value in answer.text
    assert case_of(number).state == DefectState.RECEIVED


def test_job_is_ordered_and_the_company_told(client_for: ClientFor, world: World, app: Flask, number: int) -> None:
    page = CasePage(client_for("clerk"), number)
    assert page.press("move:order", do="order", contractor=str(world.contractor_id)).status_code == 303
    with app.app_context():
        mails = db.session.scalars(db.select(OutboxMail).where(OutboxMail.kind == "job_assigned")).all()
        assert [mail.account_id for mail in mails] == [world.account_ids["contractor"]]
        name = db.session.get_one(Contractor, world.contractor_id).name
    assert f"Ordered from maintenance: {name}" in page.read()


def test_resident_pays_the_price_of_the_rule_unless_another_is_typed(
    client_for: ClientFor, app: Flask, number: int, common_number: int
) -> None:
    with app.app_context():
        rule = db.session.scalars(db.select(UpkeepRule).where(UpkeepRule.price_cents.is_not(None))).first()
        assert rule is not None
        rule_id, price = rule.id, rule.price_cents
    clerk = client_for("clerk")
    for case, typed, expected in ((number, "", price), (common_number, "120,5", 12050)):
        CasePage(clerk, case).press(
            "move:close_resident_pays", do="close_resident_pays", rule=str(rule_id), price=typed, text="Damage"
        )
        with app.app_context():
            event = db.session.scalars(
                db.select(CaseEvent)
                .join(Defect, Defect.id == CaseEvent.case_id)
                .where(Defect.number == case, CaseEvent.move == "close_resident_pays")
            ).one()
            assert event.data["price_cents"] == expected


def test_duplicate_leads_to_the_other_case(
    client_for: ClientFor, case_of: CaseOf, number: int, common_number: int
) -> None:
    page = CasePage(client_for("clerk"), number)
    page.press("move:close_duplicate", do="close_duplicate", other_number=str(common_number))
    assert case_of(number).outcome is ClosingReason.DUPLICATE
    assert f"/admin/cases/{common_number}/" in page.read()


def test_reply_reaches_the_resident_by_mail(client_for: ClientFor, app: Flask, number: int, world: World) -> None:
    page = CasePage(client_for("clerk"), number)
    assert page.press("reply", text="We come tomorrow.").status_code == 303
    assert "We come tomorrow." in page.read()
    with app.app_context():
        kinds = db.session.scalars(
            db.select(OutboxMail.kind).where(OutboxMail.account_id == world.account_ids["main_tenant"])
        ).all()
    assert "case_news" in kinds


def test_note_is_for_customer_service_only(client_for: ClientFor, app: Flask, number: int, world: World) -> None:
    page = CasePage(client_for("clerk"), number)
    page.press("move:order", do="order", contractor=str(world.contractor_id))
    assert page.press("note", text="Same pipe as C 44.").status_code == 303
    assert 'class="hp-note"' in page.read()
    assert "Same pipe" in page.read()
    assert "Same pipe" not in CasePage(client_for("contractor"), number).read()
    assert "Same pipe" not in client_for("main_tenant").get(f"/matters/{number}").text
    assert count_events(app, number, Verb.NOTED) == 1


def test_urgency_changes_with_a_reason(client_for: ClientFor, case_of: CaseOf, number: int) -> None:
    page = CasePage(client_for("clerk"), number)
    refused = page.press("urgency", do="urgency", urgency="danger", text="")
    assert "Write why it is changed" in refused.text
    assert page.press("urgency", do="urgency", urgency="danger", text="Water on electrics").status_code == 303
    assert case_of(number).urgency is Urgency.DANGER
    assert "Water on electrics" not in page.client.get("/matters").text


def test_clerk_takes_a_case_but_cannot_give_it_to_another(
    client_for: ClientFor, app: Flask, case_of: CaseOf, number: int, world: World
) -> None:
    page = CasePage(client_for("clerk"), number)
    assert page.press("take").status_code == 303
    with app.app_context():
        me, boss = (world.account(role).staff_member_id for role in ("clerk", "supervisor"))
    assert case_of(number).handler_id == me
    assert "do=assign" not in page.read()
    carried = carried_by(page.read(), "reply")
    answer = page.client.post(page.path, data={**carried, "act": "assign", "handler": str(boss)})
    assert answer.status_code == 403
    assert case_of(number).handler_id == me


def test_supervisor_gives_a_case_to_another_and_to_nobody(
    client_for: ClientFor, app: Flask, case_of: CaseOf, number: int, world: World
) -> None:
    page = CasePage(client_for("supervisor"), number)
    with app.app_context():
        clerk, worker = (world.account(role).staff_member_id for role in ("clerk", "contractor"))
    assert page.press("assign", do="assign", handler=str(clerk)).status_code == 303
    assert case_of(number).handler_id == clerk
    assert page.press("assign", do="assign", handler="").status_code == 303
    assert case_of(number).handler_id is None
    assert page.press("assign", do="assign", handler=str(worker)).status_code == 200
    assert case_of(number).handler_id is None


def test_second_clerk_reads_what_happened_and_keeps_the_text(
    client_for: ClientFor, case_of: CaseOf, number: int
) -> None:
    first, second = CasePage(client_for("clerk"), number), CasePage(client_for("supervisor"), number)
    drawn = second.read(do="ask")
    first.press("reply", text="I have called the plumber.")
    answer = second.press("move:ask", page=drawn, text="Is it dripping at night too?")
    assert answer.status_code == 409
    assert "Somebody was faster" in answer.text
    assert answer.text.count("I have called the plumber.") == 2
    assert "Is it dripping at night too?</textarea>" in answer.text
    assert case_of(number).state == DefectState.RECEIVED
    again = second.press("move:ask", page=answer.text, text="Is it dripping at night too?")
    assert again.status_code == 303
    assert case_of(number).state == DefectState.NEEDS_INFORMATION


def test_move_that_is_no_longer_possible_shows_the_text_to_copy(client_for: ClientFor, number: int) -> None:
    first, second = CasePage(client_for("clerk"), number), CasePage(client_for("supervisor"), number)
    drawn = second.read(do="ask")
    first.press("move:cancel", do="cancel", text="Reported twice by phone")
    answer = second.press("move:ask", page=drawn, text="Is it dripping?")
    assert answer.status_code == 409
    assert "readonly>Is it dripping?</textarea>" in answer.text
    assert "Closed: cancelled" in answer.text


def test_second_reply_meets_the_first(client_for: ClientFor, app: Flask, number: int) -> None:
    first, second = CasePage(client_for("clerk"), number), CasePage(client_for("supervisor"), number)
    drawn = second.read()
    first.press("reply", text="Tomorrow.")
    answer = second.press("reply", page=drawn, text="On Friday.")
    assert answer.status_code == 409
    assert "On Friday.</textarea>" in answer.text
    assert count_events(app, number, Verb.SAID) == 1


@pytest.mark.parametrize("act", ["reply", "note", "take"])
def test_double_press_does_it_once(client_for: ClientFor, app: Flask, number: int, act: str) -> None:
    page = CasePage(client_for("clerk"), number)
    drawn = page.read()
    verbs = {"reply": Verb.SAID, "note": Verb.NOTED, "take": Verb.ASSIGNED}
    answers = [page.press(act, page=drawn, text="Once") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert count_events(app, number, verbs[act]) == 1


def test_unknown_act_does_nothing(client_for: ClientFor, case_of: CaseOf, number: int) -> None:
    page = CasePage(client_for("clerk"), number)
    before = case_of(number).version
    carried = carried_by(page.read(), "reply")
    for act in ("", "lapse", "move:lapse", "move:withdraw", "state"):
        answer = page.client.post(page.path, data={**carried, "act": act, "state": "closed", "text": "x"})
        assert answer.status_code == 409
    assert case_of(number).version == before


def test_looks_within_ten_minutes_count_as_one(client_for: ClientFor, app: Flask, number: int, world: World) -> None:
    page = CasePage(client_for("clerk"), number)
    page.read()
    page.read()
    with app.app_context():
        lines = db.session.scalars(db.select(AuditLine).where(AuditLine.action == AuditAction.CASE_VIEWED)).all()
        assert [(line.account_id, line.person_id) for line in lines] == [
            (world.account_ids["clerk"], world.account("main_tenant").person_id)
        ]


@pytest.mark.parametrize(
    ("form", "status"), [({"act": "reply"}, 200), ({"act": "move:triage", "version": "99"}, 409), ({"act": "x"}, 409)]
)
def test_page_that_answers_a_form_is_a_look_too(
    client_for: ClientFor, app: Flask, number: int, world: World, form: dict[str, str], status: int
) -> None:
    client = client_for("clerk")
    token = dict(HIDDEN.findall(client.get("/admin/people/").text))["csrf_token"]
    answer = client.post(f"/admin/cases/{number}/", data={"csrf_token": token, **form})
    assert answer.status_code == status
    assert "The sink cupboard gets wet" in answer.text
    with app.app_context():
        lines = db.session.scalars(db.select(AuditLine).where(AuditLine.action == AuditAction.CASE_VIEWED)).all()
        assert [line.account_id for line in lines] == [world.account_ids["clerk"]]


def test_long_history_has_pages_of_its_own(client_for: ClientFor, number: int) -> None:
    client = client_for("clerk")
    page = CasePage(client, number)
    for index in range(30):
        page.press("note", text=f"Note {index}.")
    html = page.read()
    assert "Water drips from the pipe." in html
    notes = [f"Note {index}." for index in range(30)]
    assert [note for note in notes if note in html] == notes[18:]
    found: list[str] = []
    while way := re.search(r'hp-timeline__gap"><a [^>]*href="([^"]+)"', html):
        html = client.get(unescape(way[1])).text
        found = [note for note in notes if note in html] + found
    assert found == notes[:18]
    assert "Water drips from the pipe." in html


def test_earlier_pages_keep_the_list_and_are_looks_too(client_for: ClientFor, app: Flask, number: int) -> None:
    client = client_for("clerk")
    path = f"/admin/cases/{number}/?beginning=mine&before=1"
    assert "There is nothing earlier." in client.get(path).text
    with app.app_context():
        assert db.session.scalars(db.select(AuditLine.action)).all().count(AuditAction.CASE_VIEWED) == 1
    assert client.get(f"/admin/cases/{number}/?before=x").text.count("Water drips") == 1


def test_rule_of_another_side_is_offered(client_for: ClientFor, app: Flask, number: int) -> None:
    with app.app_context():
        rule = db.session.scalars(db.select(UpkeepRule).where(UpkeepRule.upkeep == Upkeep.RESIDENT)).first()
        assert rule is not None
        text = rule.text_en
    assert text in CasePage(client_for("clerk"), number).read(do="close_not_landlords").replace("&#39;", "'")
