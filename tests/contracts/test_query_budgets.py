"""What every page of the table costs: as many queries for 120 rows as for 2, and no more than its budget."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.contracts.crowding import crowd
from tests.contracts.pages import CLERK, OWNER, PAGES, Page
from tests.contracts.scenery import Scenery
from tests.support.case_page import CasePage
from tests.support.forms import find_form
from tests.support.queries import counted
from tests.support.roles import ClientFor, World

#: rows of everything there is, beside what the scenery has; more than a page of any list in the end
ROWS = (2, 20, 120)
#: what a first look may leave beside a page's own queries: a line of the log (head, line, head), a read mark
FOOTPRINTS = 3
#: the press that sends a report; the page of a case and the press that moves it
MOST_TO_REPORT, MOST_TO_MOVE = 18, 20


def cost(app: Flask, scenery: Scenery, page: Page) -> tuple[int, int, int]:
    """Queries of the first look at a page, of a later one, and its bytes."""
    opened = scenery.open(page)
    opened.client.set_cookie("lang", "fi")
    with counted(app) as first:
        opened.client.get(opened.path)
    with counted(app) as later:
        answer = opened.client.get(opened.path)
    assert answer.status_code == 200, page
    return len(first), len(later), len(answer.data)


def test_every_page_keeps_its_budget(app: Flask, world: World) -> None:
    scenery = Scenery(app, world)
    wrong: list[str] = []
    before: dict[Page, int] = {}
    for there_are, rows in zip((0, *ROWS), ROWS, strict=False):
        crowd(scenery, rows - there_are)
        for page in PAGES:
            first, later, size = cost(app, scenery, page)
            if before.setdefault(page, later) != later:
                wrong.append(f"{page}: {later} queries with {rows} rows, {before[page]} with {ROWS[0]}")
            if later > page.queries or first > page.queries + FOOTPRINTS:
                wrong.append(f"{page}: {first} queries, then {later}; the budget is {page.queries}")
            if size > page.kilobytes * 1000:
                wrong.append(f"{page}: {size} bytes with {rows} rows; the budget is {page.kilobytes} kB")
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("draft", ["draft", "common draft"])
def test_sending_a_report_keeps_its_budget(app: Flask, world: World, draft: str) -> None:
    scenery = Scenery(app, world)
    opened = scenery.open(Page("resident.defects.check", 0, 0, OWNER, draft))
    target, fields = find_form(opened.client.get(opened.path), "/send")
    with counted(app) as statements:
        assert opened.client.post(target, data=fields).status_code == 303
    assert len(statements) <= MOST_TO_REPORT, "\n".join(statements)


@pytest.mark.parametrize("act", ["move:triage", "reply"])
def test_moving_a_case_keeps_its_budget(app: Flask, world: World, client_for: ClientFor, act: str) -> None:
    scenery, client = Scenery(app, world), client_for(CLERK)
    page = CasePage(client, scenery.cases["received"])
    page.read()
    with counted(app) as statements:
        assert page.press(act, text="We come tomorrow.").status_code == 303
    assert len(statements) <= MOST_TO_MOVE, "\n".join(statements)
