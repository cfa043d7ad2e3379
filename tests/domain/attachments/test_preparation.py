"""The worker re-makes each file once, gives up on none too early and on no one's account, and tidies up."""

from __future__ import annotations

import hashlib
import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from heka_portal.domain.attachments import preparation
from heka_portal.domain.attachments.operations import add_files, drop_file, keep_file, receive_file
from heka_portal.domain.attachments.pictures import RemadeFile
from heka_portal.domain.attachments.preparation import (
    LEASE,
    STORE_PATIENCE,
    STRAY_AGE,
    WAITS,
    prepare_due,
    prepare_next,
    remove_dropped,
    sweep_strays,
)
from heka_portal.domain.attachments.remaking import remake_file
from heka_portal.domain.errors import FileRefused
from heka_portal.extensions import db
from heka_portal.models.attachments import Attachment
from heka_portal.vocabulary import FileRefusal, FileState, FileType
from tests.factories import files
from tests.factories.attachments import Scene, Shelf


class Killed(BaseException):
    """Stands for kill -9: nothing of ours runs after it."""


def send(scene: Scene, shelf: Shelf, content: bytes, name: str = "kuva") -> int:
    received = receive_file(content, name=name, put=shelf.put)
    (file,) = add_files(scene.actor, [received], case_id=scene.case_id, event_id=scene.event_id, now=shelf.now)
    db.session.commit()
    return file.id


def row(file_id: int) -> Attachment:
    db.session.rollback()
    return db.session.scalars(
        select(Attachment).where(Attachment.id == file_id).execution_options(populate_existing=True)
    ).one()


def break_down(_content: bytes, _type: FileType) -> RemadeFile:
    raise RuntimeError("the sandbox ended")


def be_killed(_content: bytes, _type: FileType) -> RemadeFile:
    raise Killed


def test_a_photo_is_ready_and_its_raw_file_gone(scene: Scene, shelf: Shelf) -> None:
    file_id = send(scene, shelf, files.heic(exif=files.exif()), "IMG_1.HEIC")
    assert prepare_due(shelf.store, remake_file, clock=shelf.clock) == 1
    file = row(file_id)
    assert (file.state, file.type, file.name, file.raw_key) == (FileState.READY, FileType.JPEG, "IMG_1.jpg", None)
    assert shelf.keys == {f"files/{file.key}", f"previews/{file.key}"}
    content = shelf.get(str(file.storage_key))
    assert (file.size, file.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert (file.width, file.height) == (640, 480)
    assert prepare_due(shelf.store, remake_file, clock=shelf.clock) == 0


def test_a_document_has_no_preview(scene: Scene, shelf: Shelf) -> None:
    file_id = send(scene, shelf, files.pdf_with_everything(), "lasku.pdf")
    prepare_due(shelf.store, remake_file, clock=shelf.clock)
    file = row(file_id)
    assert (file.state, file.preview_key, file.name) == (FileState.READY, None, "lasku.pdf")
    assert shelf.folders == ["files"]


def test_a_broken_file_is_refused_at_once_with_its_reason(scene: Scene, shelf: Shelf) -> None:
    file_id = send(scene, shelf, files.jpeg()[:2000])
    prepare_due(shelf.store, remake_file, clock=shelf.clock)
    file = row(file_id)
    assert (file.state, file.refusal, file.raw_key) == (FileState.REFUSED, FileRefusal.DAMAGED, None)
    assert shelf.keys == set()


def test_one_broken_file_does_not_stop_the_others(scene: Scene, shelf: Shelf) -> None:
    first, second = send(scene, shelf, files.jpeg()[:2000]), send(scene, shelf, files.png())
    assert prepare_due(shelf.store, remake_file, clock=shelf.clock) == 2
    assert [row(first).state, row(second).state] == [FileState.REFUSED, FileState.READY]


def test_a_breakdown_is_tried_again_with_growing_waits_and_then_refused(scene: Scene, shelf: Shelf) -> None:
    file_id = send(scene, shelf, files.jpeg())
    for wait in WAITS:
        assert prepare_next(shelf.store, break_down, clock=shelf.clock)
        assert row(file_id).next_try_at == shelf.now + wait
        assert not prepare_next(shelf.store, break_down, clock=shelf.clock)
        shelf.pass_time(seconds=wait.total_seconds())
    assert prepare_next(shelf.store, break_down, clock=shelf.clock)
    file = row(file_id)
    assert (file.state, file.refusal) == (FileState.REFUSED, FileRefusal.NOT_PREPARED)
    assert shelf.keys == set()


def test_a_breakdown_does_not_count_once_it_works_again(scene: Scene, shelf: Shelf) -> None:
    file_id = send(scene, shelf, files.jpeg())
    prepare_next(shelf.store, break_down, clock=shelf.clock)
    shelf.pass_time(minutes=1)
    prepare_next(shelf.store, remake_file, clock=shelf.clock)
    assert row(file_id).state is FileState.READY


def test_a_store_that_is_away_costs_no_tries(scene: Scene, shelf: Shelf) -> None:
    file_id = send(scene, shelf, files.jpeg())
    shelf.is_away = True
    for _ in range(10):
        assert prepare_next(shelf.store, remake_file, clock=shelf.clock)
        shelf.pass_time(minutes=2)
    shelf.is_away = False
    assert row(file_id).attempts == 0
    assert prepare_next(shelf.store, remake_file, clock=shelf.clock)
    assert row(file_id).state is FileState.READY


def test_a_raw_file_that_never_comes_back_is_given_up_after_days(scene: Scene, shelf: Shelf) -> None:
    file_id = send(scene, shelf, files.jpeg())
    shelf.delete(str(row(file_id).raw_key))
    prepare_next(shelf.store, remake_file, clock=shelf.clock)
    assert row(file_id).state is FileState.QUARANTINE
    shelf.pass_time(seconds=STORE_PATIENCE.total_seconds() + 60)
    prepare_next(shelf.store, remake_file, clock=shelf.clock)
    assert row(file_id).refusal is FileRefusal.NOT_PREPARED


def test_a_killed_workers_file_comes_back_when_the_lease_ends(scene: Scene, shelf: Shelf) -> None:
    file_id = send(scene, shelf, files.jpeg())
    with pytest.raises(Killed):
        prepare_next(shelf.store, be_killed, clock=shelf.clock)
    assert not prepare_next(shelf.store, remake_file, clock=shelf.clock)
    shelf.pass_time(seconds=LEASE.total_seconds())
    assert prepare_next(shelf.store, remake_file, clock=shelf.clock)
    assert row(file_id).state is FileState.READY


def test_a_file_that_kills_each_worker_is_refused_in_the_end(scene: Scene, shelf: Shelf) -> None:
    file_id = send(scene, shelf, files.jpeg())
    for _ in range(len(WAITS) + 1):
        with pytest.raises(Killed):
            prepare_next(shelf.store, be_killed, clock=shelf.clock)
        db.session.remove()
        shelf.pass_time(seconds=LEASE.total_seconds())
    assert prepare_next(shelf.store, be_killed, clock=shelf.clock)
    assert row(file_id).refusal is FileRefusal.NOT_PREPARED


def test_a_file_dropped_meanwhile_leaves_nothing_behind(scene: Scene, shelf: Shelf) -> None:
    received = receive_file(files.jpeg(), name="a.jpg", put=shelf.put)
    key = keep_file(scene.actor, received, draft_id=scene.draft_id, now=shelf.now).key
    db.session.commit()

    def drop_while_working(content: bytes, file_type: FileType) -> RemadeFile:
        drop_file(scene.actor, key)
        db.session.commit()
        return remake_file(content, file_type)

    prepare_next(shelf.store, drop_while_working, clock=shelf.clock)
    assert shelf.folders == ["quarantine"]
    assert remove_dropped(shelf.delete) == 1
    assert shelf.keys == set()
    assert db.session.scalars(select(Attachment)).all() == []


def test_a_dropped_file_waits_for_a_store_that_is_away(scene: Scene, shelf: Shelf) -> None:
    received = receive_file(files.jpeg(), name="a.jpg", put=shelf.put)
    drop_file(scene.actor, keep_file(scene.actor, received, draft_id=scene.draft_id, now=shelf.now).key)
    db.session.commit()
    shelf.is_away = True
    with pytest.raises(ConnectionError):
        remove_dropped(shelf.delete)
    shelf.is_away = False
    assert remove_dropped(shelf.delete) == 1
    assert remove_dropped(shelf.delete) == 0
    assert shelf.keys == set()


def test_only_old_strays_are_swept(scene: Scene, shelf: Shelf) -> None:
    send(scene, shelf, files.jpeg())
    kept = set(shelf.keys)
    stray = receive_file(files.jpeg(), name="a.jpg", put=shelf.put).raw_key

    def sweep(age: timedelta) -> int:
        stored = [(file.key, file.changed_at) for file in shelf.storage.list_files("quarantine")]
        newest = max(changed_at for _, changed_at in stored)
        return sweep_strays(stored, shelf.delete, now=newest + age)

    assert sweep(STRAY_AGE) == 0
    assert sweep(STRAY_AGE + timedelta(seconds=1)) == 1
    assert shelf.keys == kept
    assert stray not in kept


def test_two_workers_at_once_do_nothing_twice(app: Flask, scene: Scene, shelf: Shelf) -> None:
    sent = [send(scene, shelf, files.jpeg(files.photo(60 + number, 40))) for number in range(12)]
    done: list[int] = []
    begin = threading.Barrier(3)

    def work() -> None:
        with app.app_context():
            begin.wait()
            done.append(prepare_due(shelf.store, remake_file, clock=shelf.clock, limit=100))
            db.session.remove()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert {row(file_id).state for file_id in sent} == {FileState.READY}
    assert {row(file_id).attempts for file_id in sent} == {1}
    assert sum(done) == len(sent) == len(shelf.reads) == len(set(shelf.reads))


def test_a_slow_worker_does_not_undo_what_a_faster_one_did(
    scene: Scene, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_id = send(scene, shelf, files.jpeg())

    def outlive_the_lease(_content: bytes, _type: FileType) -> RemadeFile:
        shelf.pass_time(seconds=LEASE.total_seconds())
        assert prepare_next(shelf.store, remake_file, clock=shelf.clock)
        raise FileRefused(FileRefusal.DAMAGED)

    prepare_next(shelf.store, outlive_the_lease, clock=shelf.clock)
    assert row(file_id).state is FileState.READY


def test_a_raw_file_that_cannot_be_removed_is_no_reason_to_fail(
    scene: Scene, shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    file_id = send(scene, shelf, files.jpeg())

    def refuse(_key: str) -> None:
        raise ConnectionError("away")

    store = preparation.Store(get=shelf.get, put=shelf.put, delete=refuse)
    prepare_next(store, remake_file, clock=shelf.clock)
    assert row(file_id).state is FileState.READY
    assert "could not be removed" in caplog.text
