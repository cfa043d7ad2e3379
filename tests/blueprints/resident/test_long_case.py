"""The older lines of a long case have pages of their own."""

from __future__ import annotations

import re

from flask import Flask
from sqlalchemy import select

from heka_portal.domain.cases.timeline import ROOM
from heka_portal.domain.casework.operations import write
from heka_portal.extensions import db
from heka_portal.models.defects import Defect
from tests.blueprints.resident.conftest import Act, Report
from tests.support.roles import ClientFor, World


def text_of(client: object, number: int) -> str:
    """The page of a case."""
    response = client.get(f"/matters/{number}")  # type: ignore[attr-defined]
    assert response.status_code == 200
    return str(response.get_data(as_text=True))


def test_long_conversation_has_pages_of_its_own(
    client_for: ClientFor, report: Report, world: World, app: Flask
) -> None:
    number, client = report(), client_for("main_tenant")
    said = [f"It drips, {index} cups an hour." for index in range(25)]
    with app.app_context():
        defect = db.session.scalars(select(Defect).where(Defect.number == number)).one()
        for text in said:
            write(world.actor("main_tenant"), defect, text=text)
        db.session.commit()
    page = text_of(client, number)
    assert "The report was received" in page
    assert [text for text in said if text in page] == said[-ROOM.lines :]
    found: list[str] = []
    while way := re.search(r'href="([^"]+before=\d+)"', page):
        page = client.get(way[1]).text
        found = [text for text in said if text in page] + found
    assert found == said[: -ROOM.lines]
    assert "The report was received" in page


def test_steps_of_a_case_remember_what_is_folded_away(
    client_for: ClientFor, report: Report, act: Act, world: World, app: Flask
) -> None:
    number, client = report(), client_for("main_tenant")
    act(number, "triage")
    act(number, "finish", text="Done.")
    act(number, "not_fixed", text="It drips.")
    act(number, "start")
    before = steps_in(text_of(client, number))
    assert "Received again" in before
    with app.app_context():
        defect = db.session.scalars(select(Defect).where(Defect.number == number)).one()
        for _ in range(25):
            write(world.actor("main_tenant"), defect, text="It drips.")
        db.session.commit()
    page = text_of(client, number)
    assert "Show earlier messages and steps" in page
    assert steps_in(page) == before


def test_neighbour_reads_no_earlier_page(client_for: ClientFor, report: Report) -> None:
    number = report()
    assert client_for("neighbour").get(f"/matters/{number}?before=99").status_code == 404
    page = client_for("main_tenant").get(f"/matters/{number}?before=1")
    assert "There is nothing earlier." in page.text
    assert "What has happened" in client_for("main_tenant").get(f"/matters/{number}?before=1x").text


def steps_in(page: str) -> str:
    """The line of steps."""
    return page.partition('aria-label="Steps of the case"')[2].partition("</section>")[0]
