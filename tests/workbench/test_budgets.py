"""Queries and bytes of the hot pages: the same for 2 rows as for 20, and within what was promised."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from heka_portal import clock
from heka_portal.extensions import db
from heka_portal.models.defects import Defect
from heka_portal.vocabulary import DefectArea
from tests.factories.defects import make_defect
from tests.factories.moves import move
from tests.support.case_page import CasePage
from tests.support.roles import ClientFor, World

Count = Callable[[Callable[[], object]], int]


def make_rows(app: Flask, world: World, count: int) -> int:
    """Cases of the home and of the building with a history of that length; the number of one of them."""
    with app.app_context():
        actor, clerk = world.actor("main_tenant"), world.actor("clerk")
        for index in range(count):
            at = clock.now() - timedelta(days=20, minutes=index)
            make_defect(actor, title="A defect whose title is as long as people write them, up to eighty signs", now=at)
            make_defect(world.actor("neighbour"), DefectArea.COMMON, now=at)
        case: Defect = db.session.scalars(db.select(Defect).where(Defect.lease_id.is_not(None)).limit(1)).one()
        for _ in range(count):
            move(clerk, case, "order", contractor_id=world.contractor_id)
        db.session.commit()
        return case.number


def cost(client_for: ClientFor, count_queries: Count, path: str, role: str = "supervisor") -> tuple[int, int]:
    client = client_for(role)
    size = len(client.get(path).data)
    return count_queries(lambda: client.get(path)), size


@pytest.mark.parametrize(
    ("path", "queries", "kilobytes"),
    [
        ("/admin/cases/", 8, 65),
        ("/admin/cases/?state=received&overdue=1&region=1", 8, 65),
        ("/admin/cases/?closed=30", 8, 65),
        ("/admin/", 6, 40),
        ("/admin/cases/{number}/", 10, 40),
        ("/admin/cases/{number}/?do=close_not_landlords", 11, 45),
        ("/admin/registrations/", 3, 30),
        ("/admin/audit/", 3, 65),
        ("/admin/staff/", 4, 30),
    ],
)
def test_page_costs_the_same_for_more_rows(
    client_for: ClientFor, app: Flask, world: World, count_queries: Count, path: str, queries: int, kilobytes: int
) -> None:
    few = cost(client_for, count_queries, path.format(number=make_rows(app, world, 2)))
    many = cost(client_for, count_queries, path.format(number=make_rows(app, world, 20)))
    assert few[0] == many[0] <= queries
    assert many[1] <= kilobytes * 1000


def test_first_look_at_a_case_is_within_the_budget(
    client_for: ClientFor, app: Flask, world: World, count_queries: Count
) -> None:
    """With the line of the audit log, which later looks leave out."""
    number = make_rows(app, world, 20)
    client = client_for("clerk")
    assert count_queries(lambda: client.get(f"/admin/cases/{number}/")) <= 10


def test_answer_and_move_are_within_the_budget(
    client_for: ClientFor, app: Flask, world: World, count_queries: Count
) -> None:
    number = make_rows(app, world, 5)
    page = CasePage(client_for("clerk"), number)
    drawn = page.read(do="ask")
    assert count_queries(lambda: page.press("reply", page=drawn, text="Soon.")) <= 20
    drawn = page.read(do="ask")
    assert count_queries(lambda: page.press("move:ask", page=drawn, text="When?")) <= 20


def test_contractors_pages_are_within_the_budget(
    client_for: ClientFor, app: Flask, world: World, count_queries: Count
) -> None:
    number = make_rows(app, world, 20)
    for path in ("/admin/", f"/admin/cases/{number}/"):
        queries, size = cost(client_for, count_queries, path, role="contractor")
        assert queries <= 8
        assert size <= 40_000
