"""A copy of one's own data: whole, one's own, readable, there for seven days and for its owner only."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from itertools import repeat
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from heka_portal import clock
from heka_portal.cli.jobs import store_of_copies
from heka_portal.database import Code
from heka_portal.domain.cases.operations import follow, note
from heka_portal.domain.casework.operations import write
from heka_portal.domain.errors import NotAllowed, NotFound
from heka_portal.domain.exports.operations import Store, ask_export, make_next, remove_expired
from heka_portal.domain.exports.queries import get_export, list_exports
from heka_portal.domain.exports.rows import Owner
from heka_portal.domain.exports.rules import KEPT, LEASE, MOST_TRIES
from heka_portal.domain.exports.sections import SECTIONS
from heka_portal.extensions import db
from heka_portal.models.exports import DataExport
from heka_portal.models.leases import Lease, LeaseParty
from heka_portal.models.payments import Charge
from heka_portal.models.people import Person
from heka_portal.vocabulary import AuditAction, ChargeKind, DefectArea, ExportState, Language, MailKind
from heka_portal.web.copies import FIELDS, FOR_PROGRAMS, TITLES, render_copy
from heka_portal.web.files import storage
from heka_portal.web.labels import TABLES
from tests.contracts.access_matrix import make_things
from tests.factories.defects import make_defect
from tests.factories.details import IBAN, make_bank_account
from tests.support.roles import ClientFor, World, strengthen
from tests.support.sending import audited, received, send

IDENTITY_CODE = "010190-999R"
TOLD, NOTED = "The tap sings at night", "He calls every day"


def make(app: Flask, world: World, role: str = "main_tenant") -> zipfile.ZipFile:
    """Ask for a copy and let the worker make it."""
    with app.app_context():
        export = ask_export(world.actor(role))
        db.session.commit()
        assert make_next(store_of_copies(), render_copy, clock=clock.now)
        assert not make_next(store_of_copies(), render_copy, clock=clock.now)
        made = db.session.get_one(DataExport, export.id, populate_existing=True)
        assert made.storage_key is not None
        content = storage().get(made.storage_key)
        assert made.size == len(content)
        return zipfile.ZipFile(io.BytesIO(content))


def rows(copy: zipfile.ZipFile, name: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(copy.read(f"{name}.json"))
    return found


@pytest.fixture
def lived(app: Flask, world: World) -> World:
    """The main tenant has a case with a photo, words and a note of staff, and a bank account."""
    with app.app_context():
        make_things(world, None)
        owner, clerk = world.actor("main_tenant"), world.actor("clerk")
        case = make_defect(owner)
        write(owner, case, text=TOLD)
        note(clerk, case, text=NOTED)
        make_bank_account(owner, age=timedelta(days=9))
        person = db.session.get_one(Person, owner.person_id)
        person.identity_code, person.identity_mark = IDENTITY_CODE, "mark"
        make_defect(world.actor("neighbour"), title="A neighbour's own matter")
        db.session.commit()
    return world


def test_it_holds_everything_of_one_s_own(app: Flask, lived: World):
    copy = make(app, lived)
    names = copy.namelist()
    assert {f"{section.name}.json" for section in SECTIONS} < set(names)
    assert any(name.startswith("files/") and name.endswith("photo.jpg") for name in names)
    [person] = rows(copy, "person")
    assert person["identity_code"] == "010190-****"
    assert TOLD in [row["text"] for row in rows(copy, "conversation")]
    assert rows(copy, "leases")
    assert rows(copy, "sign_ins")
    [mail] = [mail for mail in received(app) if mail.kind is MailKind.DATA_EXPORT_READY]
    assert mail.params == {}


def test_it_holds_nothing_of_others_and_no_secret(app: Flask, lived: World):
    copy = make(app, lived)
    said = "".join(copy.read(name).decode() for name in copy.namelist() if not name.startswith("files/"))
    with app.app_context():
        account = lived.account("main_tenant")
        secrets = [account.password_hash or "no hash", "totp", "key_hash", "token_hash"]
        others = [lived.account(role).email for role in ("neighbour", "co_tenant", "resident")]
    for hidden in (NOTED, "A neighbour's own matter", IBAN, IBAN[4:12], IDENTITY_CODE[7:], *secrets, *others):
        assert hidden not in said


def test_the_page_reads_it_all_in_the_owner_s_language(app: Flask, lived: World):
    with app.app_context():
        lived.account("main_tenant").language = Language.SWEDISH
        db.session.commit()
    page = make(app, lived).read("index.html").decode()
    assert '<html lang="sv">' in page
    assert TOLD in page
    assert "<script" not in page
    assert "http" not in page.replace("http://ftn", ""), "a page in a folder loads nothing from anywhere"


def test_every_section_and_field_has_its_words(app: Flask, world: World):
    with app.app_context():
        owner = world.actor("main_tenant")
        assert owner.person_id is not None
        for section in SECTIONS:
            assert section.name in TITLES
            columns = section.asked(Owner(owner.person_id, owner.account_id)).selected_columns.keys()
            assert set(columns) - FIELDS.keys() - FOR_PROGRAMS == set(), section.name


def test_every_code_in_it_has_its_words():
    """Else the page of whoever has a row with such a code could not be made, nor the copy."""
    columns = [column for section in SECTIONS for column in section.asked(Owner(1, 1)).selected_columns]
    codes = {
        column.type.codes for column in columns if isinstance(column.type, Code) if column.name not in FOR_PROGRAMS
    }
    assert ChargeKind in codes
    for each in codes:
        assert set(each.__members__.values()) <= TABLES[each].keys(), each


def test_a_former_tenant_gets_their_own_time_only(app: Flask, world: World):
    copy = make(app, world, "former_tenant")
    with app.app_context():
        present = db.session.get_one(Lease, world.lease_id).register_id
    [own] = rows(copy, "leases")
    assert own["register_id"]
    assert own["register_id"] != present


def test_of_what_one_follows_it_holds_no_word(app: Flask, world: World):
    """The page shows a follower the steps alone: what was told and answered is its owner's."""
    subject, told, answered = "Jonna slipped on the stairs", "I broke my wrist there", "We pay your hospital bill"
    with app.app_context():
        neighbour, clerk = world.actor("neighbour"), world.actor("clerk")
        case = make_defect(neighbour, DefectArea.COMMON, title=subject, description=told)
        write(clerk, case, text=answered)
        follow(world.actor("main_tenant"), case)
        db.session.commit()
    followed = make(app, world)
    said = "".join(followed.read(name).decode() for name in followed.namelist() if not name.startswith("files/"))
    assert [case["subject"] for case in rows(followed, "cases")] == [None], "that one follows it is one's own"
    for words in (subject, told, answered):
        assert words not in said


def test_who_has_left_a_shared_lease_learns_nothing_of_it_from_then_on(app: Flask, world: World):
    """A former partner is not told when the other one moves, nor what they pay by now."""
    today = clock.today()
    left_on = today - timedelta(days=30)
    with app.app_context():
        leaver = world.account("co_tenant").person_id
        db.session.execute(
            update(LeaseParty)
            .where(LeaseParty.lease_id == world.lease_id, LeaseParty.person_id == leaver)
            .values(to_on=left_on)
        )
        for number, (from_on, to_on, cents) in enumerate(
            [
                (left_on - timedelta(days=400), left_on - timedelta(days=200), 11_111),
                (left_on - timedelta(days=60), None, 22_222),
                (left_on, None, 33_333),
            ]
        ):
            db.session.add(
                Charge(
                    register_id=f"C{number}",
                    lease_id=world.lease_id,
                    kind=ChargeKind.RENT,
                    monthly_cents=cents,
                    from_on=from_on,
                    to_on=to_on,
                )
            )
        db.session.commit()
    copy = make(app, world, "co_tenant")
    assert [row["monthly_cents"] for row in rows(copy, "charges")] == [22_222]
    [lease] = rows(copy, "leases")
    assert (lease["to_on"], lease["ends_on"]) == (left_on.isoformat(), None)
    [stays] = rows(make(app, world, "main_tenant"), "leases")
    assert stays["ends_on"] == (today + timedelta(days=60)).isoformat()


def test_staff_have_no_copy(app: Flask, world: World):
    with app.app_context(), pytest.raises(NotAllowed):
        ask_export(world.actor("clerk"))


def test_asking_twice_makes_one_copy(app: Flask, world: World):
    with app.app_context():
        first, second = (ask_export(world.actor("main_tenant")) for _ in range(2))
        assert first.id == second.id


def test_it_is_its_owner_s_for_seven_days(app: Flask, world: World):
    make(app, world)
    now = clock.now()
    with app.app_context():
        export = db.session.scalars(select(DataExport)).one()
        owner = world.actor("main_tenant")
        assert get_export(owner, export.key, now=now).id == export.id
        for role in ("co_tenant", "neighbour", "supervisor"):
            with pytest.raises(NotFound):
                get_export(world.actor(role), export.key, now=now)
        late = now + KEPT
        with pytest.raises(NotFound):
            get_export(owner, export.key, now=late)
        assert [line.state for line in list_exports(owner, now=late)] == [ExportState.GONE]
        key = export.storage_key
        assert key is not None
        assert remove_expired(store_of_copies(), now=now) == 0
        assert remove_expired(store_of_copies(), now=late) == 1
        assert not storage().exists(key)
        assert db.session.scalars(select(DataExport.storage_key)).one() is None


def test_a_worker_that_fails_tries_again_and_gives_up_in_the_end(app: Flask, world: World, caplog):
    def full(_key: str, _path: Path) -> None:
        raise OSError("no space left")

    broken = Store(get=lambda key: b"", put_file=full, delete=lambda key: None)
    with app.app_context():
        ask_export(world.actor("main_tenant"))
        db.session.commit()
        now = clock.now()
        for _ in range(MOST_TRIES):
            assert make_next(broken, render_copy, clock=repeat(now).__next__)
            assert not make_next(broken, render_copy, clock=repeat(now).__next__), "one worker has it to itself"
            now += LEASE
        assert not make_next(broken, render_copy, clock=repeat(now).__next__)
        assert db.session.scalars(select(DataExport.state)).one() is ExportState.FAILED
    assert received(app) == []


def test_one_that_ends_its_worker_is_given_up_and_leaves_nothing(app: Flask, world: World):
    class Killed(BaseException):
        """As a signal would end it."""

    def kill(_key: str, _path: Path) -> None:
        raise Killed

    left: list[str] = []
    deadly = Store(get=lambda key: b"", put_file=kill, delete=left.append)
    with app.app_context():
        key = ask_export(world.actor("main_tenant")).key
        db.session.commit()
        now = clock.now()
        for _ in range(MOST_TRIES):
            with pytest.raises(Killed):
                make_next(deadly, render_copy, clock=repeat(now).__next__)
            db.session.rollback()
            now += LEASE
        assert make_next(deadly, render_copy, clock=repeat(now).__next__)
        assert db.session.scalars(select(DataExport.state)).one() is ExportState.FAILED
    assert left == [f"exports/{key}"]


def test_it_is_fetched_after_a_fresh_identification(app: Flask, world: World, client_for: ClientFor):
    client = client_for("main_tenant")
    assert send(client, "/account/data").location == "/account/data"
    assert "Being made" in client.get("/account/data?lang=en").text
    with app.app_context():
        make_next(store_of_copies(), render_copy, clock=clock.now)
        key = db.session.scalars(select(DataExport.key)).one()
    assert client.get(f"/account/data/{key}").location.startswith("/identify?next=")
    strengthen(app)
    answer = client.get(f"/account/data/{key}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=heka-")
    assert answer.headers["Cache-Control"] == "no-store"
    assert zipfile.ZipFile(io.BytesIO(answer.data)).testzip() is None
    assert audited(app) == [AuditAction.DATA_EXPORT_ASKED, AuditAction.DATA_EXPORT_FETCHED]
    for role in ("co_tenant", "neighbour"):
        assert client_for(role).get(f"/account/data/{key}").status_code == 404
