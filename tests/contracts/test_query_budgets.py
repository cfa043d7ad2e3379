"""What every page of the table costs: as many queries for 2,000 rows as for 2, and no more than its budget."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from devtools.statements import counted
from heka_portal import clock
from heka_portal.domain.casework.sending import send_next
from heka_portal.web import sessions
from tests.contracts.crowding import crowd
from tests.contracts.pages import CLERK, OWNER, PAGES, Page
from tests.contracts.scenery import Scenery
from tests.support.case_page import CasePage
from tests.support.forms import find_form
from tests.support.roles import ClientFor, World

#: rows of everything there is, beside what the scenery has; more than a page of any list in the end
ROWS = (2, 2000)
#: what a first look may leave beside a page's own queries: a line of the log (head, line, head), a read mark
FOOTPRINTS = 3
#: the press that sends a report; the page of a case and the press that moves it
MOST_TO_REPORT, MOST_TO_MOVE = 18, 20
#: the press that keeps a message to be sent, and what the worker does to send it; a search in one's own matters
MOST_TO_WRITE, MOST_TO_SEND, MOST_TO_SEARCH_OWN = 10, 24, 2
#: a search of cases or people, with the line of the log that names who was found
MOST_TO_FIND, MOST_FOUND_KILOBYTES = 8, 40
SEARCHES = (
    ("/admin/search/", {"q": "sink cupboard"}),
    ("/admin/search/", {"q": "drips", "before": "999999999"}),
    ("/admin/search/", {"q": "nothingofthesort"}),
    ("/admin/people/", {"who": "Virtanen"}),
    ("/admin/people/", {"who": "nobody@example.fi"}),
)


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


def test_every_page_keeps_its_budget(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    # "Last seen" is written once a minute: on a slow machine the looks at a page may lie on both sides of one.
    monkeypatch.setattr(sessions, "SEEN_EVERY", timedelta(days=1))
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


def test_every_page_has_a_budget() -> None:
    """A page may be small or big, but never of any size: the rest of the table's use rests on its limits."""
    assert [page for page in PAGES if not (0 <= page.queries <= 10 and 0 < page.kilobytes <= 65)] == []


def test_every_search_keeps_its_budget(app: Flask, world: World) -> None:
    scenery = Scenery(app, world)
    client = scenery.open(Page("admin_search.index", 0, 0, CLERK)).client
    token = find_form(client.get("/admin/people/"), "/people/")[1]["csrf_token"]
    before: dict[str, int] = {}
    for rows in ROWS:
        crowd(scenery, rows)
        for path, asked in SEARCHES:
            client.post(path, data={"csrf_token": token, **asked})
            with counted(app) as statements:
                answer = client.post(path, data={"csrf_token": token, **asked})
            assert answer.status_code == 200
            assert len(answer.data) <= MOST_FOUND_KILOBYTES * 1000
            assert len(statements) <= MOST_TO_FIND, "\n".join(statements)
            # one that finds a page among the newest need not look further
            assert len(statements) <= before.setdefault(f"{path} {asked}", len(statements))


def test_search_in_own_matters_keeps_its_budget(app: Flask, world: World) -> None:
    scenery = Scenery(app, world)
    opened = scenery.open(Page("resident.matters.search", 0, 0, OWNER))
    crowd(scenery, 200)
    for asked in ("invoices", "sink cupboard", "nothingofthesort", str(scenery.cases["message"])):
        target, fields = find_form(opened.client.get(opened.path), "/search")
        with counted(app) as statements:
            answer = opened.client.post(target, data={**fields, "q": asked})
        assert len(statements) <= MOST_TO_SEARCH_OWN, "\n".join(statements)
        assert len(answer.data) <= MOST_FOUND_KILOBYTES * 1000


def test_sending_a_message_keeps_its_budget(app: Flask, world: World) -> None:
    scenery = Scenery(app, world)
    opened = scenery.open(Page("resident.messages.edit", 0, 0, OWNER, "message draft"))
    target, fields = find_form(opened.client.get(opened.path))
    with counted(app) as statements:
        answer = opened.client.post(target, data=fields)
    assert answer.status_code == 303
    assert answer.location.endswith("/sending")
    assert len(statements) <= MOST_TO_WRITE, "\n".join(statements)
    with app.app_context(), counted(app) as statements:
        assert send_next(now=clock.now() + timedelta(minutes=1), former_days=365) == 1
    assert len(statements) <= MOST_TO_SEND, "\n".join(statements)


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
