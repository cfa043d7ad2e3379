"""Queries and bytes of the residents' pages: few, and as many for 20 rows as for 2 (docs/architecture.md)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from devtools.statements import counted
from heka_portal.extensions import db
from heka_portal.models.defects import Defect
from heka_portal.vocabulary import Audience, DefectArea
from tests.blueprints.resident.conftest import Act, Report
from tests.blueprints.resident.reports import fill_common, fill_home
from tests.factories.moves import move
from tests.support.forms import find_form
from tests.support.roles import ClientFor, World

#: the home page also tells of new notices and of a bank account that waits
MOST_QUERIES = {"/home": 7, "/matters": 6, "/matters/closed": 6}
MOST_FOR_A_CASE = 6
MOST_BYTES = 20_000
MOST_TO_SEND = 18


def sizes(app: Flask, client: object, address: str) -> tuple[int, int]:
    """Queries and bytes of a page; the second look, when the read mark is where it belongs."""
    client.get(address)  # type: ignore[attr-defined]
    with counted(app) as statements:
        page = client.get(address)  # type: ignore[attr-defined]
    assert page.status_code == 200
    return len(statements), len(page.data)


@pytest.mark.parametrize("address", MOST_QUERIES)
def test_list_costs_the_same_for_2_rows_and_20(
    app: Flask, client_for: ClientFor, report: Report, act: Act, address: str
) -> None:
    client = client_for("main_tenant")
    found: list[int] = []
    for target in (2, 20):
        while len(found) < target:
            number = report(title=f"The sink cupboard gets wet {len(found)}")
            if address == "/matters/closed":
                act(number, "cancel", text="A mistake")
            elif len(found) % 2:
                act(number, "ask", text="Since when?")
            found.append(number)
        queries, size = sizes(app, client, address)
        assert queries <= MOST_QUERIES[address]
        assert size <= MOST_BYTES
        if target == 2:
            at_two = queries
    assert queries == at_two


@pytest.fixture
def talk(app: Flask, world: World) -> Callable[[int, int], None]:
    """Customer service asks and the resident answers, so many times."""

    def talked(number: int, times: int) -> None:
        with app.app_context():
            clerk, owner = world.actor("clerk"), world.actor("main_tenant")
            defect = db.session.query(Defect).filter_by(number=number).one()
            for _ in range(times):
                move(clerk, defect, "ask", text="Since when does it drip, and how much water comes?")
                move(owner, defect, "inform", text="Since Monday, a cup an hour.")
            db.session.commit()

    return talked


@pytest.mark.parametrize("role", ["main_tenant", "co_tenant"])
def test_case_costs_the_same_for_few_lines_and_many(
    app: Flask, client_for: ClientFor, report: Report, talk: Callable[[int, int], None], role: str
) -> None:
    number, client = report(audience=Audience.HOUSEHOLD), client_for(role)
    at_one, _size = sizes(app, client, f"/matters/{number}")
    talk(number, 10)
    with counted(app) as first_look:
        client.get(f"/matters/{number}")
    queries, _size = sizes(app, client, f"/matters/{number}")
    assert queries == at_one
    assert max(queries, len(first_look)) <= MOST_FOR_A_CASE


def test_case_that_asks_for_an_answer_is_small(
    app: Flask, client_for: ClientFor, report: Report, act: Act, talk: Callable[[int, int], None]
) -> None:
    number = report()
    talk(number, 2)
    act(number, "finish", text="The seal of the trap was changed and the cupboard dried.")
    _queries, size = sizes(app, client_for("main_tenant"), f"/matters/{number}")
    assert size <= MOST_BYTES


def test_followed_case_costs_no_more(app: Flask, client_for: ClientFor, report: Report) -> None:
    number, client = report("neighbour", DefectArea.COMMON), client_for("main_tenant")
    token = find_form(client.get("/defects/report"))[1]["csrf_token"]
    client.post(f"/matters/{number}/follow", data={"csrf_token": token})
    queries, _size = sizes(app, client, f"/matters/{number}")
    assert queries <= MOST_FOR_A_CASE


@pytest.mark.parametrize("fill", [fill_home, fill_common])
def test_sending_costs_few_queries(app: Flask, client_for: ClientFor, fill: object) -> None:
    client = client_for("main_tenant")
    address, fields = find_form(client.get(f"{fill(client)}/check"), "/send")  # type: ignore[operator]
    with counted(app) as statements:
        assert client.post(address, data=fields).status_code == 303
    assert len(statements) <= MOST_TO_SEND, "\n".join(statements)
