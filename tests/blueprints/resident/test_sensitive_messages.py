"""Sensitive messages, and the search in one's own matters, which leaves them out."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from heka_portal.extensions import db
from heka_portal.models.cases import Case, CaseEvent
from heka_portal.models.enquiries import Topic
from heka_portal.vocabulary import Audience, FileType
from heka_portal.web.files import storage
from tests.factories.attachments import add_photo as make_photo
from tests.factories.enquiries import make_enquiry
from tests.factories.files import jpeg
from tests.support.forms import submit
from tests.support.roles import ClientFor, World, strengthen


def make_sensitive(app: Flask, world: World, *, by_topic: bool) -> int:
    with app.app_context():
        case = make_enquiry(world.actor("main_tenant"))
        if by_topic:
            db.session.execute(update(Topic).values(is_sensitive=True))
        else:
            case.is_sensitive = True
        db.session.commit()
        return case.number


@pytest.mark.parametrize("by_topic", [False, True])
def test_sensitive_words_are_hidden_until_the_reader_is_identified(
    app: Flask, world: World, client_for: ClientFor, by_topic: bool
) -> None:
    number = make_sensitive(app, world, by_topic=by_topic)
    client = client_for("main_tenant")
    page = f"/matters/{number}"
    answer = client.get(page)
    assert answer.status_code == 303
    assert answer.location == f"/identify?next=/matters/{number}"
    for path in ("/home", "/matters"):
        text = client.get(path).text
        assert "Two invoices" not in text
        assert str(number) in text
    assert find(client, "invoices") == []
    strengthen(app)
    assert "Which one do I pay?" in client.get(page).text
    assert "Two invoices" in client.get("/matters").text
    assert find(client, "invoices") == [number]
    strengthen(app, ago=timedelta(minutes=11))
    assert client.get(page).status_code == 303
    assert find(client, "invoices") == []


def test_files_of_a_sensitive_message_are_hidden_too(app: Flask, world: World, client_for: ClientFor) -> None:
    number = make_sensitive(app, world, by_topic=False)
    key = add_photo(app, number)
    client = client_for("main_tenant")
    assert client.get(f"/files/{key}").location == f"/identify?next=/files/{key}"
    strengthen(app)
    assert client.get(f"/files/{key}").status_code == 200


def add_photo(app: Flask, number: int) -> str:
    """A prepared picture at the first line of a case; returns its key."""
    with app.app_context():
        case = db.session.scalars(select(Case).where(Case.number == number)).one()
        event_id = db.session.scalars(select(CaseEvent.id).where(CaseEvent.case_id == case.id)).first()
        storage().put("tests/photo", jpeg(), FileType.JPEG)
        assert event_id is not None
        assert case.opened_by_id is not None
        key = make_photo(case.id, event_id, case.opened_by_id).key
        db.session.commit()
        return key


def find(client: FlaskClient, words: str) -> list[int]:
    """The numbers of the matters that a search finds."""
    answer = submit(client, "/matters/search", "/search", q=words)
    assert answer.status_code == 200
    return [int(found) for found in re.findall(r'href="/matters/(\d+)"', answer.text)]


def test_search_finds_own_and_household_matters_only(
    app: Flask, world: World, client_for: ClientFor, report: Callable[..., int]
) -> None:
    with app.app_context():
        actor = world.actor("main_tenant")
        own = make_enquiry(actor).number
        shared = make_enquiry(actor, audience=Audience.HOUSEHOLD, subject="Invoices of the sauna").number
        make_enquiry(world.actor("neighbour"))
        db.session.commit()
    defect = report(description="The invoice holder fell off the wall.")
    client = client_for("main_tenant")
    assert find(client, "sauna invoices") == [shared]
    assert find(client, "invoice") == [defect, shared, own]
    assert find(client, str(own)) == [own]
    assert find(client, f"{own} {shared}") == []
    assert find(client_for("co_tenant"), "invoice") == [shared]
    assert find(client, "nothingofthesort") == []


def test_search_asks_for_a_word(client_for: ClientFor) -> None:
    answer = submit(client_for("former_tenant"), "/matters/search", "/search", q=" ")
    assert answer.status_code == 200
    assert "hp-errors" in answer.text
