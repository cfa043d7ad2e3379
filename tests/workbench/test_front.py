"""The front page of each role, and what its headings say."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask

from heka_portal import clock
from heka_portal.domain.cases.figures import Week
from heka_portal.extensions import db
from heka_portal.vocabulary import Fault
from heka_portal.workbench.front import ticks_for, weeks_heading
from tests.factories.defects import finish, make_defect
from tests.factories.moves import move
from tests.support.roles import ClientFor, World


def test_dashboard_counts_what_waits(client_for: ClientFor, app: Flask, world: World) -> None:
    with app.app_context():
        actor, clerk, now = world.actor("main_tenant"), world.actor("clerk"), clock.now()
        for days in (0, 1, 40):
            make_defect(actor, fault=Fault.TAP, now=now - timedelta(days=days))
        done = make_defect(actor, fault=Fault.TAP, now=now - timedelta(days=8))
        finish(clerk, done, now=now - timedelta(days=8))
        move(actor, done, "confirm", now=now - timedelta(days=7))
        db.session.commit()
    page = client_for("clerk").get("/admin/").text
    assert "3 cases are open" in page
    assert "1 open case is older than 30 days" in page
    assert 'href="/admin/cases/?handler=me"' in page
    assert 'href="/admin/cases/?unassigned=1"' in page
    assert 'href="/admin/cases/?overdue=1"' in page
    assert 'role="img"' in page


def test_empty_dashboard_says_so(client_for: ClientFor) -> None:
    page = client_for("clerk").get("/admin/").text
    assert "No cases in the last 12 weeks" in page
    assert "0 cases are open" in page


def test_figures_are_counted_once_a_minute(client_for: ClientFor, app: Flask, world: World) -> None:
    clerk = client_for("clerk")
    assert "0 cases are open" in clerk.get("/admin/").text
    with app.app_context():
        make_defect(world.actor("main_tenant"), title="A case that came meanwhile")
        db.session.commit()
    assert "0 cases are open" in clerk.get("/admin/").text
    with time_machine.travel(clock.now() + timedelta(seconds=61), tick=False):
        assert "1 case is open" in clerk.get("/admin/").text


def test_contractor_begins_with_the_jobs(client_for: ClientFor, app: Flask, world: World, number: int) -> None:
    assert "No open jobs" in client_for("contractor").get("/admin/").text
    with app.app_context():
        case = make_defect(world.actor("main_tenant"), title="A job of ours")
        move(world.actor("clerk"), case, "order", contractor_id=world.contractor_id)
        db.session.commit()
    page = client_for("contractor").get("/admin/").text
    assert "A job of ours" in page
    assert "The sink cupboard gets wet" not in page
    assert "A job of ours" not in client_for("contractor_elsewhere").get("/admin/").text
    assert "A job of ours" not in client_for("contractor").get("/admin/?closed=1").text


@pytest.mark.parametrize(
    ("role", "seen", "unseen"),
    [
        ("clerk", ["Cases", "Registers"], ["Administration"]),
        ("supervisor", ["Cases", "Registers", "Administration"], []),
        ("administrator", ["Administration"], ["Cases", "Registers"]),
        ("contractor", [], ["Cases", "Registers", "Administration"]),
    ],
)
def test_menu_is_what_the_role_may_use(client_for: ClientFor, role: str, seen: list[str], unseen: list[str]) -> None:
    page = client_for(role).get("/admin/").text
    menu = page.partition('class="hp-top__nav"')[2].partition("</ul>")[0]
    assert [word for word in seen if f">{word}</a>" not in menu] == []
    assert [word for word in unseen if f">{word}</a>" in menu] == []


@pytest.mark.parametrize(
    ("role", "paths"),
    [
        ("administrator", ["mails", "audit", "staff", "topics", "texts"]),
        ("communications", ["notices", "texts"]),
    ],
)
def test_who_works_no_cases_is_led_to_what_is_theirs(client_for: ClientFor, role: str, paths: list[str]) -> None:
    page = client_for(role).get("/admin/").text.partition("<main")[2]
    assert [path for path in paths if f'href="/admin/{path}/"' not in page] == []


@pytest.mark.parametrize(
    ("peak", "ticks"), [(0, [0, 1, 2, 3]), (3, [0, 1, 2, 3]), (4, [0, 2, 4, 6]), (301, [0, 200, 400, 600])]
)
def test_chart_has_round_lines(peak: int, ticks: list[int]) -> None:
    assert ticks_for(peak) == ticks


@pytest.mark.parametrize(
    ("arrived", "closed", "said"),
    [
        (5, 3, "In week 47 2 cases more came than were closed"),
        (3, 4, "In week 47 1 case more was closed than came"),
        (4, 4, "In week 47 as many cases were closed as came"),
    ],
)
def test_heading_says_what_the_picture_says(app: Flask, arrived: int, closed: int, said: str) -> None:
    monday = date(2026, 11, 16)
    weeks = [Week(monday, arrived, closed), Week(monday + timedelta(weeks=1), 0, 0)]
    with app.test_request_context("/?lang=en"):
        assert weeks_heading(weeks) == said
