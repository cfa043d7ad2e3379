"""Files from a form into quarantine, and out of the store so that nothing in them can run."""

from __future__ import annotations

import io

import pytest
from flask import Flask, Response
from werkzeug.datastructures import FileStorage

from heka_portal import clock
from heka_portal.cli.jobs import store_of_worker
from heka_portal.domain.attachments.operations import add_files
from heka_portal.domain.attachments.preparation import prepare_due
from heka_portal.domain.attachments.queries import get_file
from heka_portal.domain.attachments.remaking import remake_file
from heka_portal.domain.attachments.rules import MAX_BYTES
from heka_portal.domain.errors import NotFound
from heka_portal.extensions import db
from heka_portal.integrations.storage import StorageError
from heka_portal.models.attachments import Attachment
from heka_portal.vocabulary import FileRefusal, Language
from heka_portal.web.files import REFUSALS, receive_files, refusal_sentence, send_stored, storage
from heka_portal.web.i18n import in_language
from tests.factories import files
from tests.factories.attachments import set_scene


def upload(content: bytes, name: str | None) -> FileStorage:
    return FileStorage(io.BytesIO(content), filename=name)


def sent(app: Flask, content: bytes, name: str, *, prepared: bool = True) -> Attachment:
    with app.app_context():
        scene = set_scene()
        received = receive_files([upload(content, name)]).files
        (file,) = add_files(scene.actor, received, case_id=scene.case_id, event_id=scene.event_id, now=clock.now())
        db.session.commit()
        if prepared:
            prepare_due(store_of_worker(), remake_file, clock=clock.now)
        return get_file(file.key)


def body_of(response: Response) -> bytes:
    return b"".join(response.response if not isinstance(response.response, str) else ())  # type: ignore[arg-type]  # bytes


def test_a_refused_file_costs_neither_the_others_nor_the_form(app: Flask) -> None:
    with app.test_request_context(), in_language("en"):
        received = receive_files(
            [
                upload(files.jpeg(), "one.jpg"),
                upload(b"MZ a program", "virus.exe"),
                upload(b"x" * (MAX_BYTES + 5), "huge.jpg"),
                upload(files.pdf(), "two.pdf"),
            ]
        )
        assert [file.name for file in received.files] == ["one.jpg", "two.pdf"]
        assert received.refusals == (
            "virus.exe is not a photo or a PDF. Choose a JPEG, PNG, HEIC or PDF file.",
            "huge.jpg is larger than 15 MB. Choose a smaller file or take a new photo.",
        )
        assert all(storage().exists(file.raw_key) for file in received.files)


def test_a_file_without_a_name_is_named(app: Flask) -> None:
    with app.test_request_context():
        assert receive_files([upload(files.png(), None)]).files[0].name == "file.png"


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("refusal", FileRefusal)
def test_each_refusal_has_a_sentence_that_names_the_file(app: Flask, refusal: FileRefusal, language: Language) -> None:
    with app.test_request_context(), in_language(language):
        sentence = refusal_sentence(refusal, "100% <b>.jpg")
    assert set(REFUSALS) == set(FileRefusal)
    assert "100% <b>.jpg" in sentence
    assert "%(" not in sentence


def test_a_download_is_an_attachment_that_nothing_can_run_in(app: Flask) -> None:
    file = sent(app, files.jpeg(), "Vuoto keittiössä \U0001f6bf.jpg")
    with app.test_request_context():
        response = send_stored(file)
        headers = response.headers
        assert headers["Content-Type"] == "image/jpeg"
        assert headers["Content-Disposition"].startswith("attachment; filename")
        assert 'filename="Vuoto keittiossa .jpg"' in headers["Content-Disposition"]
        assert "filename*=UTF-8''Vuoto%20keitti%C3%B6ss%C3%A4%20%F0%9F%9A%BF.jpg" in headers["Content-Disposition"]
        assert headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "private, no-store"
        content = body_of(response)
        assert len(content) == response.content_length == file.size
        assert content == storage().get(str(file.storage_key))


def test_a_preview_is_shown_in_the_page_and_is_a_jpeg(app: Flask) -> None:
    file = sent(app, files.png(), "kaavio.png")
    with app.test_request_context():
        response = send_stored(file, preview=True)
        assert response.headers["Content-Disposition"] == "inline"
        assert response.headers["Content-Type"] == "image/jpeg"
        assert response.headers["Content-Security-Policy"].startswith("sandbox")
        assert body_of(response).startswith(b"\xff\xd8\xff")


def test_a_document_is_never_shown_inline(app: Flask) -> None:
    file = sent(app, files.pdf(), "lasku.pdf")
    with app.test_request_context():
        assert send_stored(file).headers["Content-Disposition"] == "attachment; filename=lasku.pdf"
        with pytest.raises(NotFound):
            send_stored(file, preview=True)


def test_what_the_worker_has_not_remade_is_not_there(app: Flask) -> None:
    file = sent(app, files.jpeg(), "a.jpg", prepared=False)
    with app.test_request_context():
        for preview in (False, True):
            with pytest.raises(NotFound):
                send_stored(file, preview=preview)


def test_what_was_refused_is_not_there(app: Flask) -> None:
    file = sent(app, files.jpeg()[:2000], "a.jpg")
    with app.test_request_context():
        assert file.refusal is FileRefusal.DAMAGED
        with pytest.raises(NotFound):
            send_stored(file)


def test_a_file_the_store_has_lost_is_no_empty_download(app: Flask) -> None:
    file = sent(app, files.jpeg(), "a.jpg")
    with app.test_request_context():
        storage().delete(str(file.storage_key))
        with pytest.raises(StorageError):
            send_stored(file)


def test_a_question_for_the_headers_costs_no_read(app: Flask) -> None:
    file = sent(app, files.jpeg(), "a.jpg")
    with app.test_request_context(method="HEAD"):
        storage().delete(str(file.storage_key))
        assert send_stored(file).content_length == file.size


def test_a_store_that_is_away_is_a_page_that_asks_to_come_again(app: Flask) -> None:
    from heka_portal.web.errors import storage_page

    with app.test_request_context():
        answer = app.make_response(storage_page(StorageError("away")))
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
