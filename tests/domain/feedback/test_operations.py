"""Feedback on accessibility: kept once, due in 14 days, answered once."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from heka_portal import clock
from heka_portal.domain.errors import NotAllowed, NotFound
from heka_portal.domain.feedback.operations import Feedback, give_feedback, mark_answered
from heka_portal.domain.feedback.queries import FeedbackLine, list_feedback
from heka_portal.domain.feedback.rules import answer_due
from heka_portal.extensions import db
from heka_portal.vocabulary import AuditAction, Language
from tests.support.roles import World
from tests.support.sending import audited


def give(text: str = "The button has no name.", *, now: datetime | None = None, key: str = "") -> None:
    feedback = Feedback(text, "My matters", "reader@example.fi", Language.ENGLISH, key or secrets.token_urlsafe(24))
    give_feedback(feedback, now=now)
    db.session.commit()


def waiting(world: World) -> tuple[FeedbackLine, ...]:
    return list_feedback(world.actor("clerk"), is_answered=False).lines


def test_an_answer_is_due_in_14_days() -> None:
    assert answer_due(datetime(2026, 12, 20, 8, tzinfo=UTC)) == datetime(2027, 1, 3, 8, tzinfo=UTC)


def test_the_same_form_is_kept_once(app: Flask, world: World) -> None:
    with app.app_context():
        give(key="k" * 30)
        give("Something else", key="k" * 30)
        [line] = waiting(world)
        assert line.text == "The button has no name."
        assert line.due_at - line.created_at == timedelta(days=14)


def test_what_is_due_first_is_listed_first_a_page_at_a_time(app: Flask, world: World) -> None:
    with app.app_context():
        for days in (3, 9, 1):
            give(f"{days} days old", now=clock.now() - timedelta(days=days))
        clerk = world.actor("clerk")
        first = list_feedback(clerk, is_answered=False, limit=2)
        assert [line.text for line in first.lines] == ["9 days old", "3 days old"]
        rest = list_feedback(clerk, is_answered=False, limit=2, after=first.next)
        assert [line.text for line in rest.lines] == ["1 days old"]
        assert rest.next is None


def test_what_is_answered_leaves_the_list_and_says_who(app: Flask, world: World) -> None:
    with app.app_context():
        give()
        [line] = waiting(world)
        assert mark_answered(world.actor("clerk"), line.id, answer="The name was added.")
        db.session.commit()
        assert waiting(world) == ()
        [answered] = list_feedback(world.actor("supervisor"), is_answered=True).lines
        assert answered.answer == "The name was added."
        assert answered.answered_by is not None
        assert not mark_answered(world.actor("supervisor"), line.id, answer="Again")
        db.session.commit()
        assert list_feedback(world.actor("clerk"), is_answered=True).lines[0].answer == "The name was added."
    assert audited(app) == [AuditAction.FEEDBACK_ANSWERED]


def test_answered_feedback_is_listed_latest_first_a_page_at_a_time(app: Flask, world: World) -> None:
    with app.app_context():
        clerk, now = world.actor("clerk"), clock.now()
        for minute in range(3):
            give(str(minute))
            mark_answered(clerk, waiting(world)[0].id, answer="Done", now=now + timedelta(minutes=minute))
        first = list_feedback(clerk, is_answered=True, limit=2)
        assert [line.text for line in first.lines] == ["2", "1"]
        assert [line.text for line in list_feedback(clerk, is_answered=True, limit=2, after=first.next).lines] == ["0"]


@pytest.mark.parametrize("role", ["main_tenant", "contractor", "communications", "administrator"])
def test_others_neither_see_nor_answer(app: Flask, world: World, role: str) -> None:
    with app.app_context():
        with pytest.raises(NotAllowed):
            list_feedback(world.actor(role), is_answered=False)
        with pytest.raises(NotAllowed):
            mark_answered(world.actor(role), 1, answer="x")


def test_what_is_not_there_is_not_found(app: Flask, world: World) -> None:
    with app.app_context(), pytest.raises(NotFound):
        mark_answered(world.actor("clerk"), 999, answer="x")
