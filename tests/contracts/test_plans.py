"""No statement of a page, a search, a badge, a figure or the worker reads a big table as a whole, at full size.

The statements are taken down while every page of the table is opened, and planned in a database that has the statistics
of the full size (55,000 apartments, 100,000 people, a million cases, five million events).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from itertools import chain, combinations, product
from pathlib import Path
from typing import Any

import flask_migrate
import psycopg
import pytest
from flask import Flask

from devtools.machine import plain_url, server_url
from heka_portal import clock, create_app
from heka_portal.cli.jobs import store_of_copies, store_of_worker
from heka_portal.config import Settings
from heka_portal.domain.accounts.operations.cleaning import drop_expired
from heka_portal.domain.accounts.operations.email_changes import forget_email_changes
from heka_portal.domain.accounts.operations.second_factor import remove_second_factor
from heka_portal.domain.attachments.operations import drop_ended_drafts
from heka_portal.domain.attachments.preparation import prepare_due, remove_dropped, sweep_strays
from heka_portal.domain.attachments.remaking import remake_file
from heka_portal.domain.buildings.telling import tell_next
from heka_portal.domain.cases.inbox import Cursor, Filters, list_inbox
from heka_portal.domain.casework.sending import send_next
from heka_portal.domain.casework.timed import Closings
from heka_portal.domain.details.operations.bank_accounts import drop_unconfirmed
from heka_portal.domain.exports.operations import make_next, remove_expired
from heka_portal.domain.notices.mailing import queue_some
from heka_portal.domain.notices.operations import end_due, tell_due
from heka_portal.domain.outbox.delivery import deliver_due
from heka_portal.domain.outbox.operations import forget_sent
from heka_portal.extensions import db
from heka_portal.models.accounts import Account
from heka_portal.vocabulary import CaseKind, CaseQueue, Party, Urgency
from heka_portal.web.copies import render_copy
from heka_portal.web.mails import render_letter
from tests.blueprints.auth.door import give_password
from tests.blueprints.second_factor.steps import STEP, add_app, add_passkey, halfway, use_alone, use_second
from tests.contracts.crowding import crowd
from tests.contracts.pages import CLERK, NEIGHBOUR, NOON, OWNER, PAGES, SUPERVISOR, Page
from tests.contracts.scenery import Scenery
from tests.contracts.test_query_budgets import SEARCHES
from tests.factories.buildings import make_plan
from tests.factories.calendars import subscribe
from tests.support.authenticator import Authenticator
from tests.support.case_page import CasePage
from tests.support.databases import postgres_database
from tests.support.forms import find_form
from tests.support.plans import Sent, faults_of, plan_of, recorded
from tests.support.roles import World, signed_in_client
from tests.support.sending import send
from tests.support.statistics import make_full_size, rows_at_full_size

pytestmark = pytest.mark.postgresql

Plan = Callable[[Sent], set[str]]

#: what may be as it is: a fault, a piece of the statement, and why
ALLOWED: tuple[tuple[str, str, str], ...] = (
    (
        "sorts too many rows",
        "FROM staff_members JOIN accounts",
        "staff are some hundred; how few accounts are theirs the planner misjudges",
    ),
)

#: with so many sets of values each statement is planned
SAMPLES = 3
FILTERS: Mapping[str, Any] = {
    "kind": CaseKind.DEFECT,
    "state": "received",
    "urgency": Urgency.ORDINARY,
    "region_id": 1,
    "building_id": 1,
    "apartment_id": 1,
    "owner_id": 1,
    "queue": CaseQueue.DEFECTS,
    "topic_id": 1,
    "handler_id": 1,
    "awaits": Party.RESIDENT,
    "is_unassigned": True,
    "is_overdue": True,
    "is_today": True,
    "is_unread": True,
    "is_reopened": True,
}


@pytest.fixture(scope="module")
def planner(settings: Settings, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Plan]:
    """The faults of a statement in a database of full size."""
    sizes = rows_at_full_size()
    with postgres_database(server_url(), f"{Path(settings.database).name}_full_{worker_id}") as made:
        instance = tmp_path_factory.mktemp("full")
        app = create_app(settings.model_copy(update={"database_url": made.url, "instance_path": instance}))
        with app.app_context():
            flask_migrate.upgrade()
            db.engine.dispose()
        with psycopg.connect(plain_url(made.url), autocommit=True) as connection:
            make_full_size(connection)

            def plan(sent: Sent) -> set[str]:
                return set(faults_of(plan_of(connection, sent), sizes))

            yield plan


def test_every_table_and_index_is_of_full_size(app: Flask) -> None:
    tables = db.metadata.tables.values()
    named = {table.name for table in tables} | {str(index.name) for table in tables for index in table.indexes}
    assert named - set(rows_at_full_size()) == set()


def wrong_among(sent: list[Sent], plan: Plan) -> str:
    """The faults that no line of the table allows, each with its statement."""
    by_text: dict[str, list[Sent]] = {}
    for each in sent:
        if each.is_planned and len(same := by_text.setdefault(each.text, [])) < SAMPLES:
            same.append(each)
    asked = chain.from_iterable(by_text.values())
    wrong = {
        f"{fault}:\n{each.text}"
        for each in asked
        for fault in sorted(plan(each))
        if not any(fault == allowed and piece in each.text for allowed, piece, _why in ALLOWED)
    }
    return "\n\n".join(sorted(wrong))


def test_no_page_and_no_search_reads_a_big_table(app: Flask, world: World, planner: Plan) -> None:
    scenery = Scenery(app, world)
    crowd(scenery, 30)
    client = scenery.open(next(page for page in PAGES if page.endpoint == "admin_search.index")).client
    token = find_form(client.get("/admin/people/"), "/people/")[1]["csrf_token"]
    with recorded(app) as sent:
        for page in PAGES:
            opened = scenery.open(page)
            assert opened.client.get(opened.path).status_code == 200
        for path, asked in SEARCHES:
            assert client.post(path, data={"csrf_token": token, **asked}).status_code == 200
    wrong = wrong_among(sent, planner)
    assert not wrong, wrong


def test_no_submission_and_no_way_through_a_list_reads_a_big_table(app: Flask, world: World, planner: Plan) -> None:
    scenery = Scenery(app, world)
    crowd(scenery, 30)
    sends = scenery.open(Page("resident.defects.check", 0, 0, OWNER, "draft"))
    clerk = scenery.open(Page("admin_search.index", 0, 0, CLERK)).client
    case, message = (CasePage(clerk, scenery.cases[name]) for name in ("received", "message"))
    writes = scenery.open(Page("resident.messages.edit", 0, 0, OWNER, "message draft"))
    searches = scenery.open(Page("resident.matters.search", 0, 0, OWNER))
    with app.app_context():
        calendar = subscribe(world.actor(OWNER), world.building_id)
    with recorded(app) as sent:
        assert app.test_client().get(f"/calendar/{calendar}.ics").status_code == 200
        target, fields = find_form(sends.client.get(sends.path), "/send")
        assert sends.client.post(target, data=fields).status_code == 303
        for act in ("reply", "note", "move:triage"):
            assert case.press(act, text="We come tomorrow.").status_code == 303
        target, fields = find_form(writes.client.get(writes.path))
        assert writes.client.post(target, data=fields).status_code == 303
        target, fields = find_form(searches.client.get(searches.path), "/search")
        for asked in ("invoices", "sink cupboard"):
            assert searches.client.post(target, data={**fields, "q": asked}).status_code == 200
        assert message.press("reply", text="Pay the first one.").status_code == 303
        assert message.press("topic", do="topic", topic="2").status_code == 303
        assert message.press("mark").status_code == 303
        with app.app_context():
            assert send_next(now=clock.now() + timedelta(minutes=1), former_days=365) == 1
        for way in ("next", "previous"):
            assert clerk.get(f"{case.path}{way}/?at={NOON}").status_code == 303
        assert clerk.get("/admin/cases/buildings/?q=Kontula").status_code == 200
        assert clerk.get("/readyz").status_code == 200
    wrong = wrong_among(sent, planner)
    assert not wrong, wrong


def test_no_step_of_a_sign_in_reads_a_big_table(app: Flask, world: World, planner: Plan) -> None:
    Scenery(app, world)
    email, phone = give_password(app, world, NEIGHBOUR), Authenticator()
    mine = signed_in_client(app, world.account_ids[NEIGHBOUR])
    with recorded(app) as sent:
        _, codes = add_app(mine)
        assert add_passkey(mine, phone).status_code == 303
        assert use_alone(app.test_client(), phone).location == "/home"
        client = halfway(app, email)
        assert send(client, STEP, code="000000").status_code == 200
        assert send(client, STEP, code=codes[0]).location == "/home"
        assert use_second(halfway(app, email), phone).location == "/home"
        with app.app_context():
            account = db.session.get_one(Account, world.account_ids[NEIGHBOUR])
            assert remove_second_factor(account)
            db.session.rollback()
    wrong = wrong_among(sent, planner)
    assert not wrong, wrong


def test_no_narrowed_inbox_reads_a_big_table(app: Flask, world: World, planner: Plan) -> None:
    now = clock.now()
    deep = Cursor(now - timedelta(days=40), 500_000)
    some = [{}, *({name: FILTERS[name]} for name in FILTERS)]
    some += [{first: FILTERS[first], second: FILTERS[second]} for first, second in combinations(FILTERS, 2)]
    ways: list[dict[str, Cursor]] = [{}, {"after": deep}, {"before": deep}, {"before": Cursor(clock.END_OF_TIME, 0)}]
    with app.app_context():
        actor = world.actor(SUPERVISOR)
        with recorded(app) as sent:
            for narrowing, closed, way in product(some, (None, 365), ways):
                list_inbox(actor, Filters(**narrowing, closed_days=closed), now=now, **way)
    wrong = wrong_among(sent, planner)
    assert not wrong, wrong


def test_no_job_of_the_worker_reads_a_big_table(app: Flask, world: World, planner: Plan) -> None:
    crowd(Scenery(app, world), 30)
    later = clock.now() + timedelta(days=400)
    with app.app_context():
        make_plan(world.building_id, world.account_ids["supervisor"], version=99_999).told_to_id = 0
        db.session.commit()
    with app.app_context(), recorded(app) as sent:
        store = store_of_worker()
        assert all(Closings(kind=kind).close_some(now=later) for kind in CaseKind)
        assert tell_next(on=clock.today())
        assert queue_some(now=clock.now())
        tell_due(now=clock.now() + timedelta(days=3))
        end_due(now=later)
        assert deliver_due(lambda _letter: None, render_letter, clock=clock.now)
        prepare_due(store, remake_file, clock=clock.now)
        assert drop_ended_drafts(now=later)
        drop_expired(now=later)
        assert forget_sent(now=later)
        assert drop_unconfirmed(now=later)
        assert forget_email_changes(now=later)
        assert make_next(store_of_copies(), render_copy, clock=clock.now)
        assert remove_expired(store_of_copies(), now=later)
        remove_dropped(store.delete)
        sweep_strays([("none", clock.now() - timedelta(days=9))], store.delete, now=clock.now())
        db.session.rollback()
    wrong = wrong_among(sent, planner)
    assert not wrong, wrong


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("SELECT id FROM cases WHERE subject LIKE '%x%'", "reads all of cases"),
        ("SELECT id FROM cases WHERE subject LIKE '%x%' ORDER BY id DESC LIMIT 20", "walks all of pk_cases"),
        ("SELECT count(*) FROM case_events", "walks all of pk_case_events"),
        ("SELECT count(*) FROM case_events", "takes too many rows of case_events"),
        ("SELECT id FROM people WHERE phone = %(phone)s", "reads all of people"),
        ("SELECT * FROM cases WHERE closed_at IS NULL ORDER BY subject LIMIT 25", "sorts too many rows"),
        ("UPDATE outbox_mails SET attempts = 0 WHERE last_error IS NOT NULL", "reads all of outbox_mails"),
    ],
)
def test_statement_that_grows_is_found(planner: Plan, statement: str, fault: str) -> None:
    assert fault in planner(Sent(statement, {"phone": "+358401234567"}))


def test_statement_that_does_not_grow_is_not(planner: Plan) -> None:
    assert planner(Sent("SELECT id FROM cases WHERE number = %(number)s", {"number": 123})) == set()
    assert planner(Sent("SELECT id FROM cases ORDER BY id DESC LIMIT 20", {})) == set()
    assert planner(Sent("SELECT name FROM contractors", {})) == set()
