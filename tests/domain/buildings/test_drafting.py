"""Drafts are written, published and withdrawn by who manages the building; a published version never changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from heka_portal import clock
from heka_portal.domain.access import Actor
from heka_portal.domain.attachments.operations import ReceivedFile
from heka_portal.domain.attachments.preparation import sweep_strays
from heka_portal.domain.buildings.drafting import (
    discard,
    plan_fingerprint,
    publish,
    start_draft,
    text_fingerprint,
    withdraw,
    write_plan_text,
)
from heka_portal.domain.buildings.plans import list_published, read_plan_texts
from heka_portal.domain.buildings.rules import Incomplete
from heka_portal.domain.errors import Changed, IllegalMove, NotAllowed, NotFound
from heka_portal.extensions import db
from heka_portal.models.attachments import Attachment
from heka_portal.models.buildings import RescuePlan
from heka_portal.vocabulary import FileState, FileType, Language, PlanPart, PlanState
from tests.factories.buildings import PARTS, make_plan
from tests.factories.homes import make_building
from tests.support.roles import World

NOW = clock.now()
FILE = ReceivedFile("quarantine/plan", "suunnitelma.pdf", FileType.PDF, 7, "0" * 64)


def write(actor: Actor, plan: RescuePlan, language: Language = Language.FINNISH, **more: Any) -> None:
    """Write a language as somebody who has just read it."""
    seen = text_fingerprint(read_plan_texts(plan.id).get(language))
    write_plan_text(actor, plan.id, language, **{"parts": PARTS, "drawn_from": seen, "now": NOW, **more})


def publish_seen(actor: Actor, plan: RescuePlan, **more: Any) -> RescuePlan:
    """Publish what one has just read."""
    seen = plan_fingerprint(read_plan_texts(plan.id))
    return publish(actor, plan.id, **{"valid_from": clock.today(), "drawn_from": seen, "now": NOW, **more})


def test_from_a_draft_to_the_version_that_residents_read(app: Flask, world: World) -> None:
    with app.app_context():
        manager = world.actor("building_manager")
        draft = start_draft(manager, world.building_id, now=NOW)
        write(manager, draft)
        publish_seen(manager, draft)
        shelf = list_published(world.actor("resident"), world.building_id, on=clock.today())
        assert shelf.in_force is not None
        assert (shelf.in_force.id, shelf.in_force.version) == (draft.id, 1)
        assert read_plan_texts(draft.id)[Language.FINNISH].parts == PARTS


def test_there_is_one_draft_at_a_time_and_it_begins_from_the_last_version(app: Flask, world: World) -> None:
    with app.app_context():
        manager = world.actor("building_manager")
        make_plan(world.building_id, manager.account_id, version=4, languages=(Language.FINNISH, Language.SWEDISH))
        draft = start_draft(manager, world.building_id, now=NOW)
        assert draft.version == 5
        assert start_draft(manager, world.building_id, now=NOW).id == draft.id
        assert set(read_plan_texts(draft.id)) == {Language.FINNISH, Language.SWEDISH}


@pytest.mark.parametrize("role", ["clerk", "communications", "finance", "main_tenant"])
def test_others_write_nothing(app: Flask, world: World, role: str) -> None:
    with app.app_context():
        manager, actor = world.actor("building_manager"), world.actor(role)
        draft = make_plan(world.building_id, manager.account_id, state=PlanState.DRAFT)
        published = make_plan(world.building_id, manager.account_id, version=2)
        acts: list[Callable[[], Any]] = [
            lambda: start_draft(actor, world.building_id, now=NOW),
            lambda: write(actor, draft),
            lambda: publish_seen(actor, draft),
            lambda: discard(actor, draft.id),
            lambda: withdraw(actor, published.id, now=NOW),
        ]
        for act in acts:
            with pytest.raises(NotAllowed):
                act()


def test_manager_of_another_building_writes_nothing_and_a_supervisor_everywhere(app: Flask, world: World) -> None:
    with app.app_context():
        elsewhere = make_building(manager_email="other@example.fi").id
        with pytest.raises(NotAllowed):
            start_draft(world.actor("building_manager"), elsewhere, now=NOW)
        assert start_draft(world.actor("supervisor"), elsewhere, now=NOW).version == 1


@pytest.mark.parametrize("state", [PlanState.PUBLISHED, PlanState.WITHDRAWN])
def test_published_version_never_changes(app: Flask, world: World, state: PlanState) -> None:
    with app.app_context():
        manager = world.actor("building_manager")
        plan = make_plan(world.building_id, manager.account_id, state=state)
        acts: list[Callable[[], Any]] = [
            lambda: write(manager, plan),
            lambda: publish_seen(manager, plan),
            lambda: discard(manager, plan.id),
        ]
        for act in acts:
            with pytest.raises(IllegalMove):
                act()


def test_who_was_slower_writes_over_nothing(app: Flask, world: World) -> None:
    with app.app_context():
        manager, other = world.actor("building_manager"), world.actor("supervisor")
        draft = start_draft(manager, world.building_id, now=NOW)
        seen = text_fingerprint(None)
        write(manager, draft)
        with pytest.raises(Changed):
            write(other, draft, parts={PlanPart.RISKS: "Toinen"}, drawn_from=seen)
        with pytest.raises(Changed):
            publish(other, draft.id, valid_from=clock.today(), drawn_from=plan_fingerprint({}), now=NOW)


def test_half_a_draft_is_not_published(app: Flask, world: World) -> None:
    with app.app_context():
        manager = world.actor("building_manager")
        draft = start_draft(manager, world.building_id, now=NOW)
        write(manager, draft, parts={PlanPart.RISKS: "Vain riskit"})
        with pytest.raises(Incomplete):
            publish_seen(manager, draft)


def test_language_with_nothing_in_it_is_taken_away(app: Flask, world: World) -> None:
    with app.app_context():
        manager = world.actor("building_manager")
        draft = start_draft(manager, world.building_id, now=NOW)
        write(manager, draft, Language.SWEDISH)
        write(manager, draft, Language.SWEDISH, parts={})
        assert read_plan_texts(draft.id) == {}


def test_file_is_kept_by_its_plan_replaced_and_dropped_with_the_draft(app: Flask, world: World) -> None:
    with app.app_context():
        manager = world.actor("building_manager")
        draft = start_draft(manager, world.building_id, now=NOW)
        write(manager, draft, parts={}, file=FILE)
        first = db.session.scalars(db.select(Attachment)).one()
        with pytest.raises(Incomplete, match="file"):
            publish_seen(manager, draft)
        swept: list[str] = []
        sweep_strays([(FILE.raw_key, NOW - timedelta(days=9))], swept.append, now=NOW)
        assert swept == []
        write(manager, draft, parts={}, file=ReceivedFile("quarantine/2", "b.pdf", FileType.PDF, 7, "1" * 64))
        db.session.refresh(first)
        assert first.state is FileState.DROPPED
        second = db.session.scalars(db.select(Attachment).where(Attachment.id != first.id)).one()
        second.state = FileState.READY
        db.session.flush()
        discard(manager, draft.id)
        db.session.refresh(second)
        assert second.state is FileState.DROPPED
        with pytest.raises(NotFound):
            publish(manager, draft.id, valid_from=clock.today(), drawn_from="", now=NOW)


def test_withdrawn_version_gives_way_to_the_one_before(app: Flask, world: World) -> None:
    with app.app_context():
        manager, resident = world.actor("building_manager"), world.actor("resident")
        first = make_plan(world.building_id, manager.account_id)
        second = make_plan(world.building_id, manager.account_id, version=2)
        withdraw(manager, second.id, now=NOW)
        shelf = list_published(resident, world.building_id, on=clock.today())
        assert shelf.in_force is not None
        assert shelf.in_force.id == first.id
        with pytest.raises(IllegalMove):
            withdraw(manager, second.id, now=NOW)


def test_version_for_a_day_to_come_waits_for_it(app: Flask, world: World) -> None:
    with app.app_context():
        manager, resident = world.actor("building_manager"), world.actor("resident")
        make_plan(world.building_id, manager.account_id)
        tomorrow = clock.today() + timedelta(days=1)
        publish_seen(manager, _whole(manager, world), valid_from=tomorrow)
        today, next_day = (list_published(resident, world.building_id, on=day) for day in (clock.today(), tomorrow))
        assert today.in_force is not None
        assert next_day.in_force is not None
        assert (today.in_force.version, [line.version for line in today.coming]) == (1, [2])
        assert (next_day.in_force.version, [line.version for line in next_day.earlier]) == (2, [1])


def _whole(manager: Actor, world: World) -> RescuePlan:
    draft = start_draft(manager, world.building_id, now=NOW)
    write(manager, draft)
    return draft
