"""A draft becomes a case once, with its files, for its own session only."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from heka_portal import clock
from heka_portal.domain.access import Actor
from heka_portal.domain.attachments.operations import receive_file
from heka_portal.domain.cases.drafts import (
    LIFE,
    begin_draft,
    end_draft,
    get_draft,
    keep_files,
    list_drafts,
    save_answers,
)
from heka_portal.domain.defects.drafts import send_draft
from heka_portal.domain.errors import AlreadyDone, DetailNeeded, NotFound
from heka_portal.extensions import db
from heka_portal.models.attachments import Attachment
from heka_portal.models.cases import CaseDraft
from heka_portal.vocabulary import CaseKind, FileState
from tests.factories import files
from tests.support.roles import World


def whole(actor: Actor) -> dict[str, object]:
    home = actor.homes[0]
    return {
        "area": "home",
        "apartment_id": home.apartment_id,
        "building_id": home.building_id,
        "place": "kitchen",
        "fault": "tap",
        "title": "It drips",
        "description": "All night",
        "master_key": "refused",
        "has_access": True,
    }


def written(actor: Actor) -> CaseDraft:
    draft = begin_draft(actor, CaseKind.DEFECT)
    save_answers(draft, whole(actor))
    return draft


def put_nowhere(_key: str, _content: bytes, _content_type: str) -> None:
    """A store that forgets."""


def test_sent_draft_is_a_case_with_its_files(app: Flask, world: World) -> None:
    with app.app_context():
        actor = world.actor("main_tenant")
        draft = written(actor)
        received = receive_file(files.jpeg(), name="one.jpg", put=put_nowhere)
        assert keep_files(actor, draft, [received, received], now=clock.now()) == []
        key = draft.key
        defect, event = send_draft(actor, key)
        db.session.commit()
        file = db.session.scalars(select(Attachment)).one()
        assert (file.case_id, file.event_id, file.draft_id) == (defect.id, event.id, None)
        assert event.form_key == key
        assert db.session.scalars(select(CaseDraft)).all() == []
        for again in (lambda: send_draft(actor, key), lambda: get_draft(actor, key)):
            with pytest.raises(AlreadyDone) as done:
                again()
            assert done.value.number == defect.number


def test_incomplete_draft_names_the_page_to_fill_in(app: Flask, world: World) -> None:
    with app.app_context():
        actor = world.actor("main_tenant")
        draft = begin_draft(actor, CaseKind.DEFECT)
        save_answers(draft, {**whole(actor), "title": ""})
        with pytest.raises(DetailNeeded) as needed:
            send_draft(actor, draft.key)
        assert needed.value.need == "what"


def test_home_that_is_not_ones_own_is_not_found(app: Flask, world: World) -> None:
    with app.app_context():
        neighbour = world.actor("neighbour")
        draft = begin_draft(neighbour, CaseKind.DEFECT)
        save_answers(draft, whole(world.actor("main_tenant")))
        with pytest.raises(NotFound):
            send_draft(neighbour, draft.key)


def test_draft_is_its_sessions_own(app: Flask, world: World) -> None:
    with app.app_context():
        actor, elsewhere = world.actor("main_tenant"), world.actor("main_tenant")
        draft = written(actor)
        assert get_draft(actor, draft.key) is draft
        assert list_drafts(actor) == [draft]
        assert list_drafts(elsewhere) == []
        for other in (elsewhere, world.actor("co_tenant")):
            with pytest.raises(NotFound):
                get_draft(other, draft.key)


def test_draft_ends_after_some_hours(app: Flask, world: World) -> None:
    with app.app_context():
        actor = world.actor("main_tenant")
        draft = written(actor)
        assert get_draft(actor, draft.key, now=draft.created_at + LIFE - timedelta(seconds=1)) is draft
        for late in (draft.created_at + LIFE, draft.created_at + LIFE + timedelta(hours=1)):
            assert list_drafts(actor, now=late) == []
            with pytest.raises(NotFound):
                get_draft(actor, draft.key, now=late)


def test_ended_draft_drops_its_files(app: Flask, world: World) -> None:
    with app.app_context():
        actor = world.actor("main_tenant")
        draft = written(actor)
        keep_files(actor, draft, [receive_file(files.jpeg(), name="one.jpg", put=put_nowhere)], now=clock.now())
        end_draft(draft)
        db.session.commit()
        assert db.session.scalars(select(CaseDraft)).all() == []
        assert db.session.scalars(select(Attachment)).one().state is FileState.DROPPED


def test_answers_of_other_pages_stay(app: Flask, world: World) -> None:
    with app.app_context():
        draft = written(world.actor("main_tenant"))
        save_answers(draft, {"title": "Another"})
        db.session.commit()
        db.session.expire_all()
        assert (draft.answers["title"], draft.answers["place"]) == ("Another", "kitchen")
