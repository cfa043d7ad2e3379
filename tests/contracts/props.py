"""What stands in the scenery of the pages: cases in every state, drafts, messages, notices, plans, links."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from heka_portal import clock
from heka_portal.domain.accounts.queries import hash_key
from heka_portal.domain.defects.queries import list_upkeep_rules
from heka_portal.domain.notices.operations import (
    acknowledge_notice,
    begin_correction,
    publish_notice,
    withdraw_notice,
)
from heka_portal.domain.notices.queries import get_notice
from heka_portal.domain.notices.rules import Place as Whither
from heka_portal.domain.notices.rules import Words
from heka_portal.extensions import db
from heka_portal.models.buildings import RescuePlanText
from heka_portal.models.cases import Case, CaseDraft
from heka_portal.models.email_changes import EmailChange
from heka_portal.models.people import Person
from heka_portal.vocabulary import (
    Audience,
    BuildingEventKind,
    BuildingTextKind,
    CaseKind,
    DefectArea,
    DocumentAudience,
    Fault,
    Language,
    NoticeKind,
    Place,
    PlanPart,
)
from tests.contracts.pages import NEIGHBOUR, OWNER
from tests.factories.buildings import make_document, make_pdf_file, make_plan, make_text
from tests.factories.calendars import make_event
from tests.factories.defects import finish, make_defect, make_on_behalf, report_of
from tests.factories.details import make_bank_account
from tests.factories.enquiries import make_enquiry
from tests.factories.homes import make_apartment, make_building
from tests.factories.leases import let
from tests.factories.moves import move
from tests.factories.notices import ALL, draft, told
from tests.support.roles import World

#: words that do not break, as long as the forms let them be
LONG_TITLE = "Huoneistokohtaisenlämpimänkäyttövedenkiertojohdonsulkuventtiilinkahva irti"
LONG_WORD = "Lämminvesijohdonkorvausilmaventtiilinsäätöruuvinkiinnityslevy" * 3

LONG_PARTS = dict.fromkeys(PlanPart, f"{LONG_WORD}\n\n- {LONG_TITLE}\n- {LONG_WORD}")


def name_at_length(world: World) -> None:
    """The owner has the longest of usual names."""
    person = world.account(OWNER).person_id
    assert person is not None
    named = db.session.get_one(Person, person)
    named.first_names, named.last_name = "Maria-Margaretha Wilhelmiina", "Hyvönen-Kaartoaho-Längström"


def make_cases(world: World) -> dict[str, int]:
    """A case in every state that looks different, by the name of the state."""
    owner, clerk = world.actor(OWNER), world.actor("clerk")
    [rule, *_] = list_upkeep_rules(on=clock.today())
    begins = clock.now() + timedelta(days=1)
    made = {name: make_defect(owner) for name in ("received", "asked", "visit", "done", "closed", "closed by a rule")}
    made["withdrawn"] = make_defect(owner)
    made["of the household"] = make_defect(owner, audience=Audience.HOUSEHOLD)
    made["common"] = make_defect(world.actor(NEIGHBOUR), DefectArea.COMMON)
    made["told on the phone"] = make_on_behalf(clerk, owner)
    made["long"] = make_defect(
        owner, title=LONG_TITLE, description=f"{LONG_WORD}\n\n{LONG_WORD} https://{LONG_WORD}.fi"
    )
    move(clerk, made["asked"], "ask", text="Since when does it drip?")
    move(clerk, made["visit"], "schedule", visit_from=begins, visit_to=begins + timedelta(hours=2))
    finish(clerk, made["done"])
    finish(clerk, made["closed"])
    move(owner, made["closed"], "confirm")
    move(
        clerk, made["closed by a rule"], "close_resident_pays", text="See the rule.", rule_id=rule.id, price_cents=4500
    )
    move(owner, made["withdrawn"], "withdraw")
    for _ in range(8):
        move(clerk, made["long"], "ask", text=LONG_WORD)
        move(owner, made["long"], "inform", text=LONG_WORD)
    move(clerk, made["long"], "await_part", text=LONG_WORD, look_again_on=clock.today() + timedelta(days=9))
    return {name: case.number for name, case in made.items()}


def make_messages(world: World) -> dict[str, int]:
    """A message in every state that looks different, by the name of the state."""
    owner, clerk = world.actor(OWNER), world.actor("clerk")
    states = ("message", "message asked", "message answered", "message closed", "message to defect")
    made = {name: make_enquiry(owner, subject=LONG_TITLE, text=f"{LONG_WORD}\n\n{LONG_WORD}") for name in states}
    made["message of the household"] = make_enquiry(owner, audience=Audience.HOUSEHOLD)
    made["message about"] = make_enquiry(owner, about_number=make_defect(owner).number)
    notice = told(world.actor("building_manager"), Whither(building_id=world.building_id), words=ALL)
    made["message about notice"] = make_enquiry(owner, about_notice=notice.id)
    move(clerk, made["message asked"], "ask_more", text="Which invoice do you mean?")
    for name in ("message answered", "message closed"):
        move(clerk, made[name], "answer", text=LONG_WORD)
    move(owner, made["message closed"], "settle")
    move(clerk, made["message to defect"], "to_defect", place=Place.KITCHEN, fault=Fault.TAP)
    return {name: case.number for name, case in made.items()}


def make_written(world: World, session_id: int, number: int) -> dict[str, str]:
    """Messages of the owner that are being written or wait to go, and a word into one that is there."""
    owner, now = world.actor(OWNER), clock.now()
    case_id = db.session.scalars(select(Case.id).where(Case.number == number)).one()
    keys = {}
    for name, into, sends_at in (
        ("message draft", None, None),
        ("reply draft", case_id, None),
        ("waiting message", None, now + timedelta(hours=1)),
    ):
        keys[name] = secrets.token_urlsafe(24)
        db.session.add(
            CaseDraft(
                key=keys[name],
                kind=CaseKind.ENQUIRY,
                case_id=into,
                account_id=owner.account_id,
                login_session_id=session_id,
                answers={"topic": "rent_payment", "title": LONG_TITLE, "text": LONG_WORD},
                sends_at=sends_at,
                created_at=now,
                saved_at=now - timedelta(seconds=1),
                expires_at=now + timedelta(hours=1),
            )
        )
    return keys


def make_buildings(world: World) -> dict[str, int]:
    """Buildings where the neighbour gets a home: one lacks a rescue plan, and one is too small to need one."""
    person_id = world.actor(NEIGHBOUR).person_id
    made = {"no plan": make_building(), "no plan needed": make_building(apartment_count=2)}
    for building in made.values():
        let(
            make_apartment(building), db.session.get_one(Person, person_id), starts_on=clock.today() + timedelta(days=9)
        )
    return {name: building.id for name, building in made.items()}


def make_plans(world: World) -> dict[str, tuple[int, int]]:
    """Versions of the building's rescue plan that look different: id and version by the name of the state."""
    manager, building_id = world.account_ids["building_manager"], world.building_id
    published = make_plan(
        building_id, manager, version=90, languages=(Language.FINNISH, Language.SWEDISH), parts=LONG_PARTS
    )
    file_only = make_plan(building_id, manager, version=91, parts=dict.fromkeys(PlanPart, ""))
    text = db.session.scalars(select(RescuePlanText).where(RescuePlanText.plan_id == file_only.id)).one()
    text.attachment_id = make_pdf_file(manager)
    for kind in BuildingTextKind:
        if kind is not BuildingTextKind.WASTE:
            make_text(building_id, manager, kind=kind, text=LONG_WORD)
    make_document(building_id, manager, audience=DocumentAudience.MAIN_TENANTS, title=LONG_TITLE)
    make_document(None, manager, title="Muutto-opas")
    make_calendar(building_id, manager)
    return {"published plan": (published.id, published.version), "PDF only": (file_only.id, file_only.version)}


def make_calendar(building_id: int, manager: int) -> None:
    """Events that look different: long words, whole days, over, cancelled, in one staircase."""
    now, today = clock.now(), clock.today()
    make_event(building_id, manager, title_fi=LONG_TITLE, details_fi=LONG_WORD, place=LONG_TITLE[:120])
    make_event(
        building_id,
        manager,
        starts_at=clock.start_of_day(today + timedelta(days=40)),
        ends_at=clock.end_of_day(today + timedelta(days=44)),
        is_all_day=True,
        kind=BuildingEventKind.WORKS,
        title_sv="Stambyte",
    )
    make_event(building_id, manager, starts_at=now - timedelta(days=9), kind=BuildingEventKind.INSPECTION)
    make_event(building_id, manager, starts_at=now + timedelta(days=5), cancelled_at=now, details_sv="Bara på svenska.")
    make_event(building_id, manager, starts_at=now + timedelta(days=6), staircase="C", hours=40)


def make_notices(world: World) -> dict[str, int]:
    """Notices in every state that looks different, by the name of the state."""
    manager, here, now = world.actor("building_manager"), Whither(building_id=world.building_id), clock.now()
    stair, soon = Whither(building_id=world.building_id, staircase="C"), now + timedelta(days=2)
    happens: dict[str, Any] = {"happens_from": soon, "happens_to": soon + timedelta(hours=2)}
    long = {
        Language.FINNISH: Words(LONG_TITLE, f"# {LONG_WORD}\n\n{LONG_WORD}\n\n| a | b |\n|-|-|\n| {LONG_WORD} | b |")
    }
    early = now - timedelta(days=9)
    made = {
        "told": told(manager, here, words=ALL, **happens),
        "urgent": told(manager, stair, is_urgent=True, **happens),
        "asked": told(manager, here, asks_acknowledgement=True, is_pinned=True, kind=NoticeKind.SAFETY),
        "over": told(manager, here, at=early, visible_to=now - timedelta(days=1), kind=NoticeKind.WORKS),
        "corrected": told(manager, here, at=early),
        "withdrawn": told(manager, here),
        "long": told(manager, here, words=long),
        "draft": draft(manager, here, stair, words=ALL, **happens),
        "scheduled": draft(manager, here, visible_from=soon),
        "late meeting": draft(manager, here, kind=NoticeKind.MEETING, **happens),
        "draft to all": draft(world.actor("supervisor"), words=ALL),
    }
    publish_notice(manager, made["scheduled"], version=made["scheduled"].version, now=now)
    correction = begin_correction(manager, made["corrected"], now=now)
    publish_notice(manager, correction, version=correction.version, now=now)
    withdraw_notice(manager, made["withdrawn"], version=made["withdrawn"].version, now=now)
    for reader in (world.actor(OWNER), world.actor(NEIGHBOUR)):
        acknowledge_notice(reader, get_notice(reader, made["asked"].id, now=now), now=now)
    return {name: notice.id for name, notice in made.items()}


def make_drafts(world: World, session_id: int) -> dict[str, str]:
    """Drafts of the owner with every page answered, of the home and of the common areas."""
    owner = world.actor(OWNER)
    keys = {}
    for name, area in (("draft", DefectArea.HOME), ("common draft", DefectArea.COMMON)):
        report = report_of(owner, area)
        answers = {
            "area": area,
            "apartment_id": report.apartment_id,
            "building_id": report.building_id,
            "place": report.place,
            "fault": report.fault,
            "title": LONG_TITLE,
            "description": LONG_WORD,
            "master_key": "allowed",
            "phone": "+358402976225",
            "call_when": LONG_WORD[:60],
            "has_access": True,
        }
        now = clock.now()
        keys[name] = secrets.token_urlsafe(24)
        db.session.add(
            CaseDraft(
                key=keys[name],
                kind=CaseKind.DEFECT,
                account_id=owner.account_id,
                login_session_id=session_id,
                answers=answers,
                created_at=now,
                saved_at=now + timedelta(seconds=1),
                expires_at=now + timedelta(hours=1),
            )
        )
    return keys


def make_email_tokens(world: World) -> dict[str, str]:
    """The links that a change of the co-tenant's email is confirmed and undone by."""
    account = world.account("co_tenant")
    tokens = {state: secrets.token_urlsafe(32) for state in ("old mailbox", "new mailbox", "undo")}
    now = clock.now()
    for is_done in (False, True):
        db.session.add(
            EmailChange(
                account_id=account.id,
                old_email=account.email,
                new_email="uusi.osoite@example.fi",
                old_token_hash=None if is_done else hash_key(tokens["old mailbox"]),
                new_token_hash=secrets.token_hex(32) if is_done else hash_key(tokens["new mailbox"]),
                undo_token_hash=hash_key(tokens["undo"]) if is_done else None,
                by_identification=False,
                created_at=now,
                expires_at=now + timedelta(hours=24),
                done_at=now if is_done else None,
                undo_until=now + timedelta(days=7) if is_done else None,
            )
        )
    return tokens


def make_bank_accounts(world: World, session_id: int) -> None:
    """The owner's number in use, one that waits, and one that is to be confirmed in their browser."""
    owner = world.actor(OWNER)
    make_bank_account(owner, age=timedelta(days=30))
    make_bank_account(owner, iban="DE89370400440532013000")
    make_bank_account(owner, login_session_id=session_id, confirmed_at=None, takes_effect_at=None)
