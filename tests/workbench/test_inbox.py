"""The inbox: its groups, its filters, both ways through its pages, and cases taken and handed over."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from heka_portal import clock
from heka_portal.domain.cases.badges import BEGINNINGS, count_badges
from heka_portal.domain.cases.handling import take_next
from heka_portal.domain.cases.inbox import Filters, list_inbox
from heka_portal.domain.errors import NotAllowed
from heka_portal.extensions import db
from heka_portal.models.cases import Case
from heka_portal.models.defects import Defect
from heka_portal.models.homes import Building
from heka_portal.vocabulary import Fault
from heka_portal.web.cursors import read_cursor, write_cursor
from tests.factories.defects import finish, make_defect
from tests.factories.moves import move
from tests.support.case_page import carried_by
from tests.support.roles import ClientFor, World

CaseOf = Callable[[int], Defect]
SUBJECT = re.compile(r'class="hp-inbox__subject" href="([^"]+)">([^<]+)')
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def subjects(page: str) -> list[str]:
    return [word for _url, word in SUBJECT.findall(page)]


def case_urls(page: str) -> list[str]:
    return [unescape(url) for url, _word in SUBJECT.findall(page)]


def make_many(app: Flask, world: World, count: int) -> None:
    """Cases of one person, each reported an hour after the one before: due in the same order."""
    with app.app_context():
        actor = world.actor("main_tenant")
        for index in range(count):
            at = clock.now() - timedelta(hours=count - index)
            make_defect(actor, title=f"Defect {index:02}", fault=Fault.TAP, now=at)
        db.session.commit()


def test_overdue_come_first(client_for: ClientFor, app: Flask, world: World) -> None:
    with app.app_context():
        actor, now = world.actor("main_tenant"), clock.now()
        make_defect(actor, title="Later", fault=Fault.TAP, now=now)
        overdue = make_defect(actor, title="Overdue", fault=Fault.TAP, now=now - timedelta(days=30))
        days = (now - overdue.due_at) // timedelta(days=1)
        db.session.commit()
    page = client_for("clerk").get("/admin/cases/").text
    assert subjects(page) == ["Overdue", "Later"]
    assert page.index("Overdue</th>") < page.index("Later</th>")
    assert f"{days} days late" in page


def test_pages_turn_both_ways(client_for: ClientFor, app: Flask, world: World) -> None:
    make_many(app, world, 53)
    client, forward, url = client_for("clerk"), [], "/admin/cases/"
    pages = []
    while url:
        page = client.get(url).text
        pages.append(subjects(page))
        forward += pages[-1]
        found = re.search(r'rel="next" href="([^"]+)"', page)
        url = unescape(found[1]) if found else ""
    assert forward == [f"Defect {index:02}" for index in range(53)]
    assert [len(each) for each in pages] == [25, 25, 3]
    back = []
    while found := re.search(r'rel="prev" href="([^"]+)"', page):
        page = client.get(unescape(found[1])).text
        back.append(subjects(page))
    assert back == [pages[1], pages[0]]


def test_closed_cases_come_latest_first_and_turn_back_too(app: Flask, world: World) -> None:
    make_many(app, world, 7)
    with app.app_context():
        clerk, now = world.actor("clerk"), clock.now()
        for index, case in enumerate(db.session.scalars(db.select(Defect).order_by(Defect.id))):
            move(clerk, case, "cancel", text="x", now=now - timedelta(days=index * 10))
        db.session.commit()
        filters = Filters(closed_days=45)
        first = list_inbox(clerk, filters, now=now, limit=3)
        second = list_inbox(clerk, filters, now=now, after=first.next, limit=3)
        back = list_inbox(clerk, filters, now=now, before=second.previous, limit=3)
        assert [line.subject for line in (*first.lines, *second.lines)] == [f"Defect {n:02}" for n in range(5)]
        assert second.next is None
        assert back.lines == first.lines
        assert back.previous is None


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("state=triaged", ["Triaged"]),
        ("urgency=harm", ["Leak"]),
        ("unassigned=1", ["Leak", "Done"]),
        ("handler=me", ["Triaged"]),
        ("awaits=resident", ["Done"]),
        ("unread=1", ["Leak"]),
        ("closed=30", ["Closed"]),
        ("queue=building_management", []),
        ("state=nonsense&building=abc&handler=x", ["Leak", "Triaged", "Done"]),
        ("building=999999999999999", []),
    ],
)
def test_list_is_narrowed(client_for: ClientFor, app: Flask, world: World, query: str, expected: list[str]) -> None:
    with app.app_context():
        actor, clerk, now = world.actor("main_tenant"), world.actor("clerk"), clock.now()
        make_defect(actor, title="Leak", fault=Fault.WATER_LEAK, now=now - timedelta(minutes=5))
        triaged = make_defect(actor, title="Triaged", fault=Fault.TAP, now=now - timedelta(minutes=4))
        move(clerk, triaged, "triage")
        triaged.handler_id = clerk.staff_id
        finish(clerk, make_defect(actor, title="Done", fault=Fault.TAP))
        move(clerk, make_defect(actor, title="Closed", fault=Fault.TAP), "cancel", text="x")
        db.session.commit()
    assert sorted(subjects(client_for("clerk").get(f"/admin/cases/?{query}").text)) == sorted(expected)


def test_building_is_found_by_what_one_types(client_for: ClientFor, app: Flask, world: World, number: int) -> None:
    client = client_for("clerk")
    with app.app_context():
        address = db.session.get_one(Building, world.building_id).street_address
    found = client.get("/admin/cases/", query_string={"building_text": address.lower(), "state": "received"})
    assert found.status_code == 303
    assert f"building={world.building_id}" in found.location
    assert "state=received" in found.location
    assert subjects(client.get(found.location).text) == ["The sink cupboard gets wet"]
    assert "No building is called" in client.get("/admin/cases/?building_text=Nowhere%25").text
    assert client.get("/admin/cases/buildings/?q=kontulan").json == [address]
    assert client.get("/admin/cases/buildings/?q=").json == []


def test_several_buildings_are_offered(client_for: ClientFor, app: Flask, world: World) -> None:
    from tests.factories.homes import make_building

    with app.app_context():
        other = make_building()
        db.session.commit()
        name = other.street_address
    page = client_for("clerk").get("/admin/cases/?building_text=Kontulankaari").text
    assert "Which building do you mean?" in page
    assert name in page


def press(client: FlaskClient, path: str, **fields: object) -> TestResponse:
    token = TOKEN.search(client.get("/admin/cases/").text)
    assert token
    return client.post(path, data={"csrf_token": token[1], **fields})


def test_cases_are_taken_in_bulk(client_for: ClientFor, app: Flask, world: World, case_of: CaseOf) -> None:
    make_many(app, world, 3)
    with app.app_context():
        numbers = list(db.session.scalars(db.select(Case.number)))
        me = world.account("clerk").staff_member_id
    client = client_for("clerk")
    answer = press(
        client, "/admin/cases/assign/?unassigned=1", number=[*map(str, numbers[:2]), "123", "x"], handler="me"
    )
    assert answer.status_code == 303
    assert answer.location == "/admin/cases/?unassigned=1"
    assert [case_of(number).handler_id for number in numbers] == [me, me, None]
    assert "2 cases were handed over" in client.get(answer.location).text


def test_clerk_cannot_give_cases_to_another(
    client_for: ClientFor, app: Flask, world: World, case_of: CaseOf, number: int
) -> None:
    with app.app_context():
        boss = world.account("supervisor").staff_member_id
    for chosen in (str(boss), "nobody"):
        answer = press(client_for("clerk"), "/admin/cases/assign/", number=str(number), handler="chosen", to=chosen)
        assert answer.status_code == 403
    assert case_of(number).handler_id is None


def test_supervisor_gives_cases_to_another(
    client_for: ClientFor, app: Flask, world: World, case_of: CaseOf, number: int
) -> None:
    with app.app_context():
        clerk = world.account("clerk").staff_member_id
    client = client_for("supervisor")
    press(client, "/admin/cases/assign/", number=str(number), handler="chosen", to=str(clerk))
    assert case_of(number).handler_id == clerk
    press(client, "/admin/cases/assign/", number=str(number), handler="chosen", to="nobody")
    assert case_of(number).handler_id is None
    press(client, "/admin/cases/assign/", number=str(number), handler="chosen", to="")
    assert "Choose who takes the cases" in client.get("/admin/cases/").text


def test_next_one_is_the_most_urgent_that_nobody_has(
    client_for: ClientFor, app: Flask, world: World, case_of: CaseOf
) -> None:
    make_many(app, world, 3)
    client = client_for("clerk")
    taken = []
    for _ in range(3):
        answer = press(client, "/admin/cases/take-next/")
        taken.append(int(re.findall(r"\d+", answer.location)[0]))
    assert [case_of(number).subject for number in taken] == ["Defect 00", "Defect 01", "Defect 02"]
    answer = press(client, "/admin/cases/take-next/")
    assert "Nothing in this list waits" in client.get(answer.location).text


def test_take_next_keeps_to_the_list(app: Flask, world: World) -> None:
    make_many(app, world, 2)
    with app.app_context():
        clerk, now = world.actor("clerk"), clock.now()
        assert take_next(clerk, Filters(building_id=world.building_id + 1), now=now) is None
        assert take_next(clerk, Filters(building_id=world.building_id, is_overdue=False), now=now) is not None
        with pytest.raises(NotAllowed):
            take_next(world.actor("contractor"), Filters(), now=now)


def test_next_and_previous_follow_the_list(client_for: ClientFor, app: Flask, world: World) -> None:
    make_many(app, world, 3)
    client = client_for("clerk")
    urls = case_urls(client.get("/admin/cases/?state=received").text)
    page = client.get(urls[1]).text
    ways = dict(re.findall(r'href="([^"]+)" data-key="([jk])"', page))
    ways = {key: unescape(url) for url, key in ways.items()}
    assert client.get(ways["j"]).location == urls[2]
    assert client.get(ways["k"]).location == urls[0]
    assert "All open cases" not in page
    last = client.get(urls[2]).text
    beyond = re.search(r'href="([^"]+)" data-key="j"', last)
    assert beyond
    answer = client.get(unescape(beyond[1]))
    assert answer.location.startswith("/admin/cases/?state=received")
    assert "no more cases that way" in client.get(answer.location).text


def test_next_one_is_found_after_a_move_changed_the_due_date(client_for: ClientFor, app: Flask, world: World) -> None:
    make_many(app, world, 3)
    client = client_for("clerk")
    urls = case_urls(client.get("/admin/cases/").text)
    page = client.get(urls[0] + "&do=ask").text
    answer = client.post(urls[0], data={**carried_by(page, "move:ask"), "text": "When?"})
    assert answer.status_code == 303
    after = client.get(answer.location).text
    way = re.search(r'href="([^"]+)" data-key="j"', after)
    assert way
    assert client.get(unescape(way[1])).location == urls[1]


def test_badges_are_the_lengths_of_their_lists(app: Flask, world: World) -> None:
    make_many(app, world, 4)
    with app.app_context():
        clerk, now = world.actor("clerk"), clock.now()
        cases = list(db.session.scalars(db.select(Defect).order_by(Defect.id)))
        take_next(clerk, Filters(), now=now)
        move(clerk, cases[1], "ask", text="When?")
        finish(clerk, cases[2])
        db.session.commit()
        badges = count_badges(clerk, now=now)
        for beginning in BEGINNINGS:
            page = list_inbox(clerk, beginning.filters_of(clerk), now=now)
            assert badges[beginning.name] == len(page.lines), beginning.name
        assert badges["all"] == 4
        assert badges["mine"] == 1
        with pytest.raises(NotAllowed):
            count_badges(world.actor("contractor"), now=now)


def test_team_counts_its_own_region(app: Flask, world: World) -> None:
    from tests.factories.accounts import make_account, make_staff, sign_in
    from tests.factories.homes import make_region

    make_many(app, world, 2)
    with app.app_context():
        elsewhere = sign_in(make_account(make_staff(region=make_region())))
        assert count_badges(elsewhere, now=clock.now())["all"] == 0


@pytest.mark.parametrize(
    "word", ["", "x", "1-", "-1", "1-x", "99999999999999999999-1", "9" * 17 + "-1", "1-" + "9" * 40, "²-1"]
)
def test_broken_cursor_is_none(client_for: ClientFor, word: str) -> None:
    assert read_cursor(word) is None
    assert client_for("clerk").get("/admin/cases/", query_string={"after": word, "before": word}).status_code == 200


def test_cursor_comes_back_as_it_was(app: Flask, world: World, number: int) -> None:
    with app.app_context():
        line = list_inbox(world.actor("clerk"), Filters(), now=clock.now()).lines[0]
    assert read_cursor(write_cursor(line.cursor)) == line.cursor
