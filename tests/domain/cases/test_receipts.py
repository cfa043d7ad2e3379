"""What a receipt says: what was told, never an identity code, and no address of a protected person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from heka_portal.domain.cases.receipts import Receipt, get_receipt
from heka_portal.domain.errors import NotAllowed, NotFound
from heka_portal.extensions import db
from heka_portal.models.people import Person
from heka_portal.vocabulary import Channel, DefectArea, Language
from heka_portal.web.receipts import Paper, write_receipt
from tests.factories.defects import finish, make_defect, make_on_behalf
from tests.factories.moves import move
from tests.support.roles import World

CODE = "131052-308T"


@pytest.fixture
def number(app: Flask, world: World) -> int:
    """A case told on the phone, of an owner whose identity code is known."""
    with app.app_context():
        owner = world.actor("main_tenant")
        person = db.session.get_one(Person, owner.person_id)
        person.identity_code, person.identity_mark = CODE, "mark"
        number = make_on_behalf(world.actor("clerk"), owner).number
        db.session.commit()
        return number


def protect(app: Flask, world: World) -> None:
    with app.app_context():
        db.session.get_one(Person, world.account("main_tenant").person_id).is_protected = True
        db.session.commit()


def all_of(paper: Paper) -> str:
    """Every word on it; numbers and their parts stay together on paper, here they are plain."""
    said = [paper.title, *(" ".join(fact) for fact in paper.facts), *paper.told.lines]
    said += [line for part in paper.parts for line in (part.heading, *part.lines)]
    return "\n".join(said).replace("\u00a0", " ")


def paper_of(app: Flask, world: World, number: int, role: str = "clerk") -> tuple[Receipt, Paper]:
    with app.test_request_context(method="POST"):
        receipt = get_receipt(world.actor(role), number)
        return receipt, write_receipt(receipt)


def test_it_says_what_was_told(app: Flask, world: World, number: int) -> None:
    receipt, paper = paper_of(app, world, number)
    assert receipt.channel is Channel.PHONE
    assert receipt.text == "Water drips from the pipe.\nThe bottom is wet every morning."
    said = all_of(paper)
    assert receipt.address is not None
    number_words = paper.number.replace("\u00a0", " ")
    told = (number_words, receipt.owner, receipt.address, "Kitchen", "The sink cupboard gets wet", "by phone")
    for words in (*told, "09 5767 3100"):
        assert words in said, words
    assert CODE not in said


def test_it_is_in_the_residents_language(app: Flask, world: World, number: int) -> None:
    with app.app_context():
        world.account("main_tenant").language = Language.SWEDISH
        db.session.commit()
    _receipt, paper = paper_of(app, world, number)
    assert paper.language == "sv"
    assert paper.title == "Kvitto: vi har tagit emot ditt ärende"
    assert "Per telefon".lower() in all_of(paper)


def test_a_protected_persons_holds_no_address(app: Flask, world: World, number: int) -> None:
    before, _paper = paper_of(app, world, number)
    assert before.address is not None
    protect(app, world)
    receipt, paper = paper_of(app, world, number, "supervisor")
    assert receipt.address is None
    street = before.address.split(",")[0].rsplit(" ", 2)[0]
    assert street not in all_of(paper)
    assert "00940" not in all_of(paper)


def test_a_protected_persons_is_not_there_for_others(app: Flask, world: World, number: int) -> None:
    protect(app, world)
    with app.app_context(), pytest.raises(NotFound):
        get_receipt(world.actor("clerk"), number)


@pytest.mark.parametrize("role", ["main_tenant", "contractor", "communications", "administrator"])
def test_it_is_customer_services_to_print(app: Flask, world: World, number: int, role: str) -> None:
    with app.app_context(), pytest.raises(NotAllowed):
        get_receipt(world.actor(role), number)


def test_a_number_there_is_not_is_not_found(app: Flask, world: World) -> None:
    with app.app_context(), pytest.raises(NotFound):
        get_receipt(world.actor("clerk"), 999_999_999)


def test_a_case_from_the_portal_has_one_too(app: Flask, world: World) -> None:
    with app.app_context():
        case = make_defect(world.actor("neighbour"), DefectArea.COMMON)
        db.session.commit()
        number = case.number
    receipt, paper = paper_of(app, world, number)
    assert receipt.channel is None
    assert "by phone" not in all_of(paper)


def test_it_says_where_a_closed_case_ended(app: Flask, world: World, number: int) -> None:
    with app.app_context():
        clerk, owner = world.actor("clerk"), world.actor("main_tenant")
        case = make_defect(owner)
        finish(clerk, case)
        move(owner, case, "confirm")
        db.session.commit()
        closed = case.number
    _receipt, paper = paper_of(app, world, closed)
    assert paper.parts[0].lines == ("The case is closed: Fixed",)


def test_what_is_past_is_not_promised(app: Flask, world: World, number: int) -> None:
    with app.test_request_context(method="POST"):
        receipt = get_receipt(world.actor("clerk"), number)
        now = write_receipt(receipt).parts[0].lines
        later = write_receipt(receipt, now=receipt.created_at + timedelta(days=30)).parts[0].lines
    assert len(now) == len(later) + 1
