"""Files in a report and in a case: taken, refused with a sentence, prepared, and seen by whom they are for."""

from __future__ import annotations

import io
from typing import Any

import pytest
import time_machine
from flask import Flask
from PIL import Image, ImageFile
from sqlalchemy import select

from heka_portal import clock
from heka_portal.domain.attachments.preparation import Store, prepare_due
from heka_portal.domain.attachments.remaking import remake_file
from heka_portal.domain.attachments.rules import MAX_BYTES
from heka_portal.domain.cases.operations import follow
from heka_portal.domain.defects.queries import get_lookalike
from heka_portal.extensions import db
from heka_portal.models.attachments import Attachment
from heka_portal.vocabulary import Audience, AuditAction, DefectArea, FileState
from heka_portal.web.files import storage
from heka_portal.web.limits import LIMITS
from tests.blueprints.resident.conftest import Act, Report
from tests.blueprints.resident.reports import WHAT, begin, fill_home, first_home, number_of, send
from tests.factories import files
from tests.support.forms import submit
from tests.support.roles import STAFF, ClientFor, World
from tests.support.sending import audited

PHOTO = files.jpeg()


def upload(content: bytes, name: str) -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def kept(app: Flask) -> list[Attachment]:
    with app.app_context():
        return list(db.session.scalars(select(Attachment).order_by(Attachment.id)))


def prepare(app: Flask) -> None:
    """What the worker does."""
    with app.app_context():
        store = Store(get=storage().get, put=storage().put, delete=storage().delete)
        prepare_due(store, remake_file, clock=clock.now)


def drafted(client: Any) -> str:
    draft = begin(client)
    submit(client, f"{draft}/place", where=first_home(client, draft), room="kitchen")
    return draft


def test_photos_of_a_report_are_prepared_and_shown(app: Flask, client_for: ClientFor) -> None:
    client = client_for("main_tenant")
    photos = [upload(PHOTO, "IMG_1.jpg"), upload(files.heic(), "IMG_2.HEIC"), upload(files.png(), "IMG_3.png")]
    number = number_of(send(client, fill_home(client, files=photos)))
    assert client.get(f"/matters/{number}").get_data(as_text=True).count("Being prepared") == 3
    assert client.get(f"/files/{kept(app)[0].key}").status_code == 404
    prepare(app)
    page = client.get(f"/matters/{number}").get_data(as_text=True)
    assert "Being prepared" not in page
    for file in kept(app):
        assert f'src="/files/{file.key}/preview"' in page
        shown, small = client.get(f"/files/{file.key}"), client.get(f"/files/{file.key}/preview")
        assert shown.headers["Content-Disposition"].startswith("attachment")
        assert small.mimetype == "image/jpeg"
        for answer in (shown, small):
            assert answer.status_code == 200
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Content-Security-Policy"].startswith("sandbox")


def test_request_opens_no_photo_and_makes_none(
    app: Flask, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = {"IMG_1.jpg": PHOTO, "IMG_2.HEIC": files.heic(), "IMG_3.png": files.png()}

    def refuse(picture: Image.Image, *_args: object, **_options: object) -> None:
        raise AssertionError(f"{picture} was worked on in a request")

    monkeypatch.setattr(Image.Image, "save", refuse)
    monkeypatch.setattr(ImageFile.ImageFile, "load", refuse)
    client = client_for("main_tenant")
    send(client, fill_home(client, files=[upload(content, name) for name, content in sent.items()]))
    assert {(file.state, file.storage_key, file.preview_key) for file in kept(app)} == {
        (FileState.QUARANTINE, None, None)
    }
    with app.app_context():
        # As they came, byte for byte: whatever is made of them, the worker makes.
        assert [storage().get(str(file.raw_key)) for file in kept(app)] == list(sent.values())


def test_refused_file_costs_neither_the_others_nor_the_text(app: Flask, client_for: ClientFor) -> None:
    client = client_for("main_tenant")
    draft = drafted(client)
    sent = [upload(PHOTO, "good.jpg"), upload(b"MZ not a picture", "evil.exe"), upload(b"", "empty.png")]
    page = submit(client, f"{draft}/what", **WHAT, files=sent).get_data(as_text=True)
    assert "<title>Error:" in page
    assert "evil.exe is not a photo or a PDF" in page
    assert "empty.png is empty" in page
    assert "good.jpg" in page
    assert WHAT["title"] in page
    assert [file.name for file in kept(app)] == ["good.jpg"]
    assert submit(client, f"{draft}/what").location == f"{draft}/access"


def test_too_large_file_is_refused(app: Flask, client_for: ClientFor) -> None:
    client = client_for("main_tenant")
    draft = drafted(client)
    big = PHOTO + b"\0" * (MAX_BYTES + 1 - len(PHOTO))
    page = submit(client, f"{draft}/what", **WHAT, files=[upload(big, "big.jpg")]).get_data(as_text=True)
    assert "big.jpg is larger than 15 MB" in page
    assert kept(app) == []


def test_ninth_file_is_left_out_with_a_sentence(app: Flask, client_for: ClientFor) -> None:
    client = client_for("main_tenant")
    draft = drafted(client)
    nine = [upload(files.jpeg(files.photo(40 + side, 30)), f"{side}.jpg") for side in range(9)]
    page = submit(client, f"{draft}/what", **WHAT, files=nine).get_data(as_text=True)
    assert "There can be 8 files at most. 8.jpg was left out." in page
    assert len(kept(app)) == 8


def test_same_file_sent_again_is_kept_once(app: Flask, client_for: ClientFor) -> None:
    client = client_for("main_tenant")
    draft = drafted(client)
    for _ in range(2):
        submit(client, f"{draft}/what", title="It drips", description="", files=[upload(PHOTO, "one.jpg")])
    assert len(kept(app)) == 1


def test_file_can_be_removed_and_the_page_keeps_what_was_written(app: Flask, client_for: ClientFor) -> None:
    client = client_for("main_tenant")
    draft = drafted(client)
    stay = submit(client, f"{draft}/what", title="It drips", files=[upload(PHOTO, "one.jpg")], stay="1")
    assert stay.location == f"{draft}/what"
    key = kept(app)[0].key
    removed = submit(client, f"{draft}/what", description="Under the sink", remove=key)
    assert removed.location == f"{draft}/what"
    page = client.get(f"{draft}/what").get_data(as_text=True)
    assert "one.jpg" not in page
    assert "It drips" in page
    assert "Under the sink" in page
    assert kept(app)[0].state is FileState.DROPPED


def test_enter_does_not_press_remove(client_for: ClientFor) -> None:
    client = client_for("main_tenant")
    draft = drafted(client)
    submit(client, f"{draft}/what", files=[upload(PHOTO, "one.jpg")], stay="1")
    page = client.get(f"{draft}/what").get_data(as_text=True).split("<main", 1)[1]
    first_button = page.split("<button", 1)[1].split(">", 1)[0]
    assert "name=" not in first_button


def test_file_of_anothers_draft_cannot_be_removed_or_seen(app: Flask, client_for: ClientFor) -> None:
    owner, other = client_for("main_tenant"), client_for("neighbour")
    submit(owner, f"{drafted(owner)}/what", files=[upload(PHOTO, "one.jpg")], stay="1")
    prepare(app)
    key = kept(app)[0].key
    assert owner.get(f"/files/{key}/preview").status_code == 200
    assert other.get(f"/files/{key}/preview").status_code == 404
    assert submit(other, f"{drafted(other)}/what", remove=key).status_code == 404
    assert kept(app)[0].state is FileState.READY


def test_message_with_a_refused_file_is_sent_without_it(app: Flask, client_for: ClientFor, report: Report) -> None:
    client, number = client_for("main_tenant"), report()
    sent = [upload(PHOTO, "good.jpg"), upload(b"%PDF-broken /Encrypt 5 0 R", "locked.pdf")]
    assert submit(client, f"/matters/{number}", "/messages", text="See the photo", files=sent).status_code == 303
    page = client.get(f"/matters/{number}").get_data(as_text=True)
    assert "locked.pdf is locked with a password" in page
    assert "See the photo" in page
    assert [file.name for file in kept(app)] == ["good.jpg"]


def test_answer_takes_a_photo(app: Flask, client_for: ClientFor, report: Report, act: Act) -> None:
    client, number = client_for("main_tenant"), report()
    act(number, "finish", text="Done")
    submit(client, f"/matters/{number}", "/answer", answer="not_fixed", text="See", files=[upload(PHOTO, "wet.jpg")])
    prepare(app)
    assert f"/files/{kept(app)[0].key}/preview" in client.get(f"/matters/{number}").get_data(as_text=True)


def test_too_many_files_of_a_message_are_refused_before_they_are_stored(
    app: Flask, client_for: ClientFor, report: Report
) -> None:
    client, number = client_for("main_tenant"), report()
    nine = [upload(PHOTO, f"{side}.jpg") for side in range(9)]
    page = submit(client, f"/matters/{number}", "/messages", text="Look", files=nine).get_data(as_text=True)
    assert "Choose at most 8 files" in page
    assert "Look" in page
    assert kept(app) == []


def test_file_that_could_not_be_prepared_says_so(app: Flask, client_for: ClientFor) -> None:
    client = client_for("main_tenant")
    half = files.jpeg(files.noise(800, 600))
    number = number_of(send(client, fill_home(client, files=[upload(half[: len(half) // 2], "half.jpg")])))
    prepare(app)
    assert "half.jpg could not be read" in client.get(f"/matters/{number}").get_data(as_text=True)


# ---------------------------------------------------------------- who sees them

SEEN_IN_A_HOME = {
    "main_tenant": 200,
    "co_tenant": 404,
    "resident": 404,
    "neighbour": 404,
    "next_tenant": 404,
    "former_tenant": 404,
    "coming_tenant": 404,
    "clerk": 200,
    "supervisor": 200,
    "contractor": 200,
    "contractor_elsewhere": 404,
    "administrator": 404,
}


@pytest.mark.parametrize(("role", "status"), SEEN_IN_A_HOME.items())
def test_file_is_seen_by_whom_it_is_for(
    app: Flask, world: World, client_for: ClientFor, act: Act, role: str, status: int
) -> None:
    owner = client_for("main_tenant")
    number = number_of(send(owner, fill_home(owner, files=[upload(PHOTO, "one.jpg")])))
    act(number, "order", contractor_id=world.contractor_id)
    prepare(app)
    client, key = client_for(role), kept(app)[0].key
    folder, end = ("/admin/files", "/") if role in STAFF else ("/files", "")
    assert client.get(f"{folder}/{key}{end}").status_code == status
    assert client.get(f"{folder}/{key}/preview{end}").status_code == status


@pytest.mark.parametrize(("role", "status"), [("co_tenant", 200), ("resident", 200), ("neighbour", 404)])
def test_household_sees_the_files_of_a_household_case(
    app: Flask, client_for: ClientFor, role: str, status: int
) -> None:
    owner = client_for("main_tenant")
    number_of(send(owner, fill_home(owner, audience=Audience.HOUSEHOLD, files=[upload(PHOTO, "one.jpg")])))
    prepare(app)
    assert client_for(role).get(f"/files/{kept(app)[0].key}").status_code == status


def test_contractor_and_follower_see_no_files_of_the_conversation(
    app: Flask, world: World, client_for: ClientFor, report: Report, act: Act
) -> None:
    number = report(area=DefectArea.COMMON)
    submit(client_for("main_tenant"), f"/matters/{number}", "/messages", text="x", files=[upload(PHOTO, "one.jpg")])
    act(number, "order", contractor_id=world.contractor_id)
    prepare(app)
    follower = client_for("neighbour")
    with app.app_context():
        actor = world.actor("neighbour")
        follow(actor, get_lookalike(actor, number))
        db.session.commit()
    assert follower.get(f"/matters/{number}").status_code == 200
    assert follower.get(f"/files/{kept(app)[0].key}").status_code == 404
    assert client_for("contractor").get(f"/admin/files/{kept(app)[0].key}/").status_code == 404


def test_look_by_staff_is_in_the_audit_log(app: Flask, client_for: ClientFor) -> None:
    owner = client_for("main_tenant")
    number_of(send(owner, fill_home(owner, files=[upload(PHOTO, "one.jpg")])))
    prepare(app)
    key = kept(app)[0].key
    owner.get(f"/files/{key}")
    assert AuditAction.FILE_VIEWED not in audited(app)
    clerk = client_for("clerk")
    assert clerk.get(f"/files/{key}").status_code == 403
    assert clerk.get(f"/admin/files/{key}/").status_code == 200
    assert audited(app)[-1] is AuditAction.FILE_VIEWED


@pytest.mark.parametrize("key", ["x", "no-such-key", "x" * 3000])
def test_unknown_file_is_not_found(client_for: ClientFor, key: str) -> None:
    assert client_for("main_tenant").get(f"/files/{key}").status_code == 404


def test_a_script_cannot_fill_the_store(client_for: ClientFor, report: Report) -> None:
    client, number = client_for("main_tenant"), report()
    with time_machine.travel(clock.now(), tick=True):
        for sent in range(LIMITS["files/account"].amount // 8):
            photos = [upload(PHOTO, f"{sent}-{each}.jpg") for each in range(8)]
            assert submit(client, f"/matters/{number}", "/messages", text="x", files=photos).status_code == 303
        photos = [upload(PHOTO, f"more-{each}.jpg") for each in range(8)]
        refused = submit(client, f"/matters/{number}", "/messages", text="What I wrote", files=photos)
    assert refused.status_code == 429
    assert "What I wrote" in refused.get_data(as_text=True)
