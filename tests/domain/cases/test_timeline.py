"""A timeline a page at a time: what each part sees of it, and that nothing is lost between two pages."""

from __future__ import annotations

from itertools import product

import pytest
from flask import Flask
from sqlalchemy import insert, select

from heka_portal import clock
from heka_portal.domain.access import Actor
from heka_portal.domain.cases import timeline
from heka_portal.domain.cases.operations import note, say
from heka_portal.domain.cases.rules import shows_event, sight_of
from heka_portal.domain.cases.timeline import Room, Timeline, list_timeline
from heka_portal.extensions import db
from heka_portal.models.cases import CaseEvent
from heka_portal.models.defects import Defect
from heka_portal.vocabulary import Part, Verb, Visibility
from tests.factories.defects import finish, make_defect
from tests.factories.moves import move
from tests.support.roles import World

CLERK = frozenset({Part.CLERK})


def pages_of(actor: Actor, case: Defect, room: Room) -> list[Timeline]:
    """Every page of a timeline, the newest first."""
    found = [list_timeline(actor, case, CLERK, room=room)]
    while found[-1].before is not None:
        found.append(list_timeline(actor, case, CLERK, room=room, before=found[-1].before))
    return found


@pytest.mark.parametrize("part", [Part.OWNER, Part.HOUSEHOLD, Part.FOLLOWER, Part.CLERK, Part.CONTRACTOR])
def test_statement_and_rule_agree_on_what_is_seen(app: Flask, world: World, part: Part) -> None:
    parts = frozenset({part})
    with app.app_context():
        actor = world.actor("contractor")
        case = make_defect(world.actor("main_tenant"))
        every = [
            {"case_id": case.id, "at": clock.now(), "actor_id": whose, "part": Part.CLERK, "verb": verb, "data": {}}
            | {"visibility": visibility}
            for verb, visibility, whose in product(Verb, Visibility, (actor.account_id, None))
        ]
        db.session.execute(insert(CaseEvent), every)
        rows = db.session.execute(select(CaseEvent).where(CaseEvent.case_id == case.id)).scalars().all()
        by_rule = {
            row.id
            for row in rows
            if shows_event(parts, verb=row.verb, visibility=row.visibility, is_own=row.actor_id == actor.account_id)
        }
        given = {"case_id": case.id, "account_id": actor.account_id, "before": timeline.AFTER_ALL, "limit": 999}
        found = {row.id for row in db.session.execute(timeline._EARLIER[sight_of(parts)], given)}
        assert found == by_rule
        assert {row.id for row in db.session.execute(timeline._LATEST[sight_of(parts)], given)} == by_rule


@pytest.mark.parametrize("lines", [1, 3, 11, 12, 13, 40])
def test_pages_hold_every_line_once(app: Flask, world: World, lines: int) -> None:
    with app.app_context():
        owner, clerk = world.actor("main_tenant"), world.actor("clerk")
        case = make_defect(owner)
        for number in range(11):
            say(owner, case, text=f"Line {number}")
        [first, *others] = pages_of(clerk, case, Room(lines, 10_000))
        texts = [entry.text for page in reversed([first, *others]) for entry in page.entries]
        assert texts[-11:] == [f"Line {number}" for number in range(11)]
        assert all(len(page.entries) <= lines for page in (first, *others))
        whole = [entry.verb for page in (*reversed(others), first) for entry in page.entries]
        assert whole.count(Verb.OPENED) + (first.opening is not None and first.before is None) == 1


def test_long_texts_leave_room_for_fewer_lines(app: Flask, world: World) -> None:
    with app.app_context():
        owner, clerk = world.actor("main_tenant"), world.actor("clerk")
        case = make_defect(owner)
        for _ in range(6):
            say(owner, case, text="x" * 1000)
        page = list_timeline(clerk, case, CLERK, room=Room(10, 4000))
        assert [len(entry.text or "") for entry in page.entries] == [1000] * 3
        assert page.opening is not None
        assert page.before == page.entries[0].id
        tight = list_timeline(clerk, case, CLERK, room=Room(10, 10))
        assert len(tight.entries) == 1


def test_nothing_is_said_to_be_earlier_than_the_beginning(app: Flask, world: World) -> None:
    with app.app_context():
        owner, clerk = world.actor("main_tenant"), world.actor("clerk")
        case = make_defect(owner)
        for _ in range(3):
            note(clerk, case, text="Called.")
        page = list_timeline(clerk, case, CLERK, room=Room(3, 1000))
        assert [entry.verb for entry in page.shown] == [Verb.OPENED, *[Verb.NOTED] * 3]
        assert page.before is None


def test_turns_reach_behind_the_page(app: Flask, world: World) -> None:
    with app.app_context():
        owner, clerk = world.actor("main_tenant"), world.actor("clerk")
        case = make_defect(owner)
        finish(clerk, case)
        move(owner, case, "not_fixed", text="Still.")
        move(clerk, case, "start")
        finish(clerk, case)
        move(owner, case, "confirm")
        for _ in range(5):
            note(clerk, case, text="Called.")
        page = list_timeline(clerk, case, CLERK, room=Room(2, 1000))
        made = [entry.move for entry in page.turns if entry.move]
        assert made == ["not_fixed", "start", "finish", "confirm"]
        assert [entry.verb for entry in page.entries] == [Verb.NOTED] * 2
