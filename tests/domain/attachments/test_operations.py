"""Files come in, are counted, belong to somebody, and go with their draft or to their event."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from heka_portal.domain.attachments.operations import (
    ReceivedFile,
    add_files,
    drop_drafts,
    drop_ended_drafts,
    drop_file,
    hand_over,
    keep_file,
    receive_file,
)
from heka_portal.domain.attachments.queries import get_draft_file, get_file, list_draft_files, list_files
from heka_portal.domain.attachments.rules import MAX_FILES
from heka_portal.domain.errors import FileRefused, NotFound
from heka_portal.extensions import db
from heka_portal.models.accounts import LoginSession
from heka_portal.models.attachments import Attachment
from heka_portal.models.cases import CaseDraft
from heka_portal.vocabulary import FileRefusal, FileState, FileType
from tests.factories import files
from tests.factories.attachments import NOW, Scene, Shelf


def received(shelf: Shelf, name: str = "IMG_1.HEIC", content: bytes = b"") -> ReceivedFile:
    return receive_file(content or files.heic(), name=name, put=shelf.put)


def states() -> list[FileState]:
    return list(db.session.scalars(select(Attachment.state).order_by(Attachment.id)))


def test_a_received_file_lies_in_quarantine_under_an_unguessable_key(shelf: Shelf) -> None:
    one, other = received(shelf), received(shelf)
    assert (one.type, one.name, one.width, one.height) == (FileType.HEIC, "IMG_1.heic", 640, 480)
    assert one.size == len(files.heic())
    assert shelf.folders == ["quarantine", "quarantine"]
    assert one.raw_key != other.raw_key
    assert len(one.raw_key) > 50


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", FileRefusal.EMPTY),
        (b"x" * (15 * 1024 * 1024 + 1), FileRefusal.TOO_LARGE),
        (b"MZ\x90\x00", FileRefusal.WRONG_TYPE),
        (files.png_of_size(60_000, 60_000), FileRefusal.TOO_MANY_PIXELS),
        (files.jpeg()[:20], FileRefusal.DAMAGED),
        (files.pdf(password="secret"), FileRefusal.LOCKED),
    ],
    ids=["empty", "too large", "program", "bomb", "header cut off", "locked"],
)
def test_a_refused_file_is_named_and_not_stored(shelf: Shelf, content: bytes, refusal: FileRefusal) -> None:
    with pytest.raises(FileRefused) as refused:
        receive_file(content, name="../kuva.jpg", put=shelf.put)
    assert (refused.value.refusal, refused.value.name) == (refusal, "../kuva.jpg")
    assert shelf.keys == set()


def test_a_kept_file_is_listed_and_the_owners_own(shelf: Shelf, scene: Scene) -> None:
    kept = keep_file(scene.actor, received(shelf), draft_id=scene.draft_id, now=NOW)
    db.session.commit()
    (line,) = list_draft_files(scene.draft_id)
    assert (line.key, line.name, line.state, line.is_ready) == (kept.key, "IMG_1.heic", FileState.QUARANTINE, False)
    assert line.is_picture
    assert not line.has_preview
    assert get_draft_file(scene.actor, kept.key).id == kept.id
    with pytest.raises(NotFound):
        get_draft_file(scene.stranger, kept.key)
    # The file of a draft is nobody's but its writer's: not even its case could be asked.
    with pytest.raises(NotFound):
        get_file(kept.key)


def test_a_strangers_draft_takes_no_file(shelf: Shelf, scene: Scene) -> None:
    with pytest.raises(NotFound):
        keep_file(scene.stranger, received(shelf), draft_id=scene.draft_id, now=NOW)
    with pytest.raises(NotFound):
        keep_file(scene.actor, received(shelf), draft_id=scene.draft_id + 1, now=NOW)


def test_the_ninth_file_is_refused(shelf: Shelf, scene: Scene) -> None:
    for _ in range(MAX_FILES):
        keep_file(scene.actor, received(shelf), draft_id=scene.draft_id, now=NOW)
    with pytest.raises(FileRefused) as refused:
        keep_file(scene.actor, received(shelf, "ninth.heic"), draft_id=scene.draft_id, now=NOW)
    assert (refused.value.refusal, refused.value.name) == (FileRefusal.TOO_MANY, "ninth.heic")
    with pytest.raises(FileRefused):
        nine = [received(shelf) for _ in range(MAX_FILES + 1)]
        add_files(scene.actor, nine, case_id=scene.case_id, event_id=scene.event_id, now=NOW)


def test_all_files_go_from_the_draft_to_the_event(shelf: Shelf, scene: Scene) -> None:
    for name in ("a.heic", "b.heic"):
        keep_file(scene.actor, received(shelf, name), draft_id=scene.draft_id, now=NOW)
    hand_over(scene.draft_id, case_id=scene.case_id, event_id=scene.event_id)
    db.session.delete(db.session.get_one(CaseDraft, scene.draft_id))
    db.session.commit()
    listed = list_files([scene.event_id, 12345])
    assert [line.name for line in listed[scene.event_id]] == ["a.heic", "b.heic"]
    assert get_file(listed[scene.event_id][0].key).case_id == scene.case_id
    assert list_draft_files(scene.draft_id) == []


def test_files_are_added_to_an_event(shelf: Shelf, scene: Scene) -> None:
    add_files(scene.actor, [], case_id=scene.case_id, event_id=scene.event_id, now=NOW)
    add_files(scene.actor, [received(shelf)], case_id=scene.case_id, event_id=scene.event_id, now=NOW)
    db.session.commit()
    assert len(list_files([scene.event_id])[scene.event_id]) == 1
    assert list_files([]) == {}


def test_one_drops_only_ones_own_file_and_only_from_a_draft(shelf: Shelf, scene: Scene) -> None:
    kept = keep_file(scene.actor, received(shelf), draft_id=scene.draft_id, now=NOW)
    (sent,) = add_files(scene.actor, [received(shelf)], case_id=scene.case_id, event_id=scene.event_id, now=NOW)
    with pytest.raises(NotFound):
        drop_file(scene.stranger, kept.key)
    with pytest.raises(NotFound):
        drop_file(scene.actor, sent.key)
    drop_file(scene.actor, kept.key)
    db.session.commit()
    assert states() == [FileState.DROPPED, FileState.QUARANTINE]
    assert list_draft_files(scene.draft_id) == []


def test_a_draft_and_its_files_end_together(shelf: Shelf, scene: Scene) -> None:
    keep_file(scene.actor, received(shelf), draft_id=scene.draft_id, now=NOW)
    drop_drafts([scene.draft_id])
    db.session.commit()
    assert states() == [FileState.DROPPED]
    assert db.session.scalar(select(func.count()).select_from(CaseDraft)) == 0


def test_a_draft_ends_when_its_time_is_over(shelf: Shelf, scene: Scene) -> None:
    keep_file(scene.actor, received(shelf), draft_id=scene.draft_id, now=NOW)
    ends = db.session.get_one(CaseDraft, scene.draft_id).expires_at
    assert drop_ended_drafts(now=ends - timedelta(seconds=1)) == 0
    assert drop_ended_drafts(now=ends) == 1
    db.session.commit()
    assert states() == [FileState.DROPPED]


def test_a_draft_ends_with_its_session_however_that_ended(scene: Scene) -> None:
    session = db.session.get_one(LoginSession, db.session.get_one(CaseDraft, scene.draft_id).login_session_id)
    assert drop_ended_drafts(now=NOW) == 0
    session.ended_at = NOW
    db.session.commit()
    assert drop_ended_drafts(now=NOW) == 1
    assert db.session.scalar(select(func.count()).select_from(CaseDraft)) == 0
