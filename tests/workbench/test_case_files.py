"""Files that staff and contractors send with what they write, and who sees them."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from heka_portal.extensions import db
from heka_portal.models.attachments import Attachment
from heka_portal.models.audit import AuditLine
from heka_portal.models.cases import CaseEvent
from heka_portal.models.defects import Defect
from heka_portal.vocabulary import AuditAction, FileState, FileType, Verb
from tests.factories.files import jpeg, photo
from tests.factories.moves import move
from tests.support.case_page import CasePage, carried_by
from tests.support.roles import ClientFor, World


def send(page: CasePage, act: str, *files: tuple[bytes, str], do: str = "", **fields: str) -> TestResponse:
    data = {**carried_by(page.read(do=do), act), "act": act, **fields}
    uploads = [(io.BytesIO(content), name) for content, name in files]
    return page.client.post(page.path, data={**data, "files": uploads}, content_type="multipart/form-data")


@pytest.fixture
def job(app: Flask, world: World, number: int) -> int:
    """The defect, ordered from the contractor."""
    with app.app_context():
        case = db.session.scalars(db.select(Defect).where(Defect.number == number)).one()
        move(world.actor("clerk"), case, "order", contractor_id=world.contractor_id)
        db.session.commit()
    return number


def stored(app: Flask) -> list[tuple[str, FileState]]:
    with app.app_context():
        return [(file.name, file.state) for file in db.session.scalars(db.select(Attachment).order_by(Attachment.id))]


def test_contractor_finishes_with_a_photo(client_for: ClientFor, app: Flask, job: int) -> None:
    answer = send(
        CasePage(client_for("contractor"), job),
        "move:finish",
        (jpeg(photo()), "seal.jpg"),
        do="finish",
        text="The seal was changed.",
    )
    assert answer.status_code == 303
    assert stored(app) == [("seal.jpg", FileState.QUARANTINE)]
    page = CasePage(client_for("clerk"), job).read()
    assert "Being prepared" in page
    assert "seal.jpg" in page


def test_refused_file_saves_nothing_and_keeps_the_text(client_for: ClientFor, app: Flask, number: int) -> None:
    answer = send(CasePage(client_for("clerk"), number), "reply", (b"MZ\x90", "tool.exe"), text="Look at this.")
    assert answer.status_code == 200
    assert "tool.exe is not a photo or a PDF" in answer.text
    assert "Look at this.</textarea>" in answer.text
    assert stored(app) == []
    with app.app_context():
        verbs = db.session.scalars(db.select(CaseEvent.verb)).all()
    assert Verb.SAID not in verbs


def test_too_many_files_save_nothing(client_for: ClientFor, app: Flask, number: int) -> None:
    files = [(jpeg(photo(8, 8)), f"{index}.jpg") for index in range(9)]
    answer = send(CasePage(client_for("clerk"), number), "reply", *files, text="All of it.")
    assert "There can be 8 files at most" in answer.text
    assert stored(app) == []


def test_file_is_seen_by_those_who_see_its_line(client_for: ClientFor, app: Flask, world: World, job: int) -> None:
    send(CasePage(client_for("clerk"), job), "reply", (jpeg(photo()), "letter.jpg"), text="For you only.")
    with app.app_context():
        file = db.session.scalars(db.select(Attachment)).one()
        key = file.key
    for role, status in (
        ("contractor", 404),
        ("contractor_elsewhere", 404),
        ("administrator", 404),
        ("neighbour", 403),
    ):
        assert client_for(role).get(f"/admin/files/{key}/").status_code == status
        assert client_for(role).get(f"/admin/files/{key}/preview/").status_code == status
    assert client_for("clerk").get("/admin/files/nosuchkey/").status_code == 404
    assert client_for("clerk").get("/admin/files/").location == "/admin/"


def test_look_at_a_file_is_written_down(client_for: ClientFor, app: Flask, world: World, number: int) -> None:
    from heka_portal.web.files import storage

    send(CasePage(client_for("clerk"), number), "reply", (jpeg(photo()), "seal.jpg"), text="Here.")
    with app.app_context():
        file = db.session.scalars(db.select(Attachment)).one()
        content = jpeg(photo())
        storage().put("ready/seal", content, FileType.JPEG)
        storage().put("ready/small", content, FileType.JPEG)
        file.state, file.storage_key, file.preview_key = FileState.READY, "ready/seal", "ready/small"
        file.size = len(content)
        db.session.commit()
        key = file.key
    client = client_for("clerk")
    page = client.get(f"/admin/cases/{number}/").text
    assert re.search(rf'href="/admin/files/{re.escape(key)}/"><img src="/admin/files/{re.escape(key)}/preview/"', page)
    shown = client.get(f"/admin/files/{key}/")
    assert shown.data == content
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert client.get(f"/admin/files/{key}/preview/").data == content
    with app.app_context():
        lines = db.session.scalars(db.select(AuditLine).where(AuditLine.action == AuditAction.FILE_VIEWED)).all()
        assert [(line.account_id, line.person_id) for line in lines] == [
            (world.account_ids["clerk"], world.account("main_tenant").person_id)
        ]
