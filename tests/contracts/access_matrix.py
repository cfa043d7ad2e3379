"""The access matrix: every endpoint and method, asked by everyone. `make access-matrix` adds missing lines as `?`.

A cell is the status that a real request of that person gets: 303 leads to the door (or, after a form, onwards),
403 says who may, 404 is what another's matter and an absent one have in common. A person fills in what is new.
"""

from __future__ import annotations

import csv
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask, url_for
from sqlalchemy import select
from werkzeug.routing import Rule

from heka_portal import clock, create_app
from heka_portal.config import make_settings
from heka_portal.domain.notices.rules import Place
from heka_portal.extensions import db
from heka_portal.models.accounts import LoginSession
from heka_portal.models.attachments import Attachment
from heka_portal.models.buildings import BuildingText, RescuePlan
from heka_portal.models.cases import CaseDraft, CaseEvent
from heka_portal.models.feedback import AccessibilityFeedback
from heka_portal.models.notices import Notice, NoticeFile
from heka_portal.models.outbox import OutboxMail
from heka_portal.models.passkeys import Passkey
from heka_portal.models.people import Person
from heka_portal.vocabulary import CaseKind, FileState, FileType, Language, MailKind, MailState, PlanState
from heka_portal.web.access import STATIC
from heka_portal.web.files import storage
from tests.factories.accounts import make_session
from tests.factories.buildings import make_document, make_plan, make_text
from tests.factories.calendars import make_event
from tests.factories.defects import make_defect
from tests.factories.details import make_bank_account, make_export
from tests.factories.enquiries import make_enquiry
from tests.factories.moves import move
from tests.factories.notices import draft, told
from tests.factories.passkeys import make_passkey
from tests.support.roles import ROLES, World

FILE = Path(__file__).with_suffix(".csv")
PEOPLE = ("anonymous", *ROLES)
HEAD = ("endpoint", "method", *PEOPLE)
OWNER = "main_tenant"
UNSET = "?"
PHOTO = "matrix/photo"


@dataclass(frozen=True, order=True)
class Entry:
    """One endpoint and method."""

    endpoint: str
    method: str


def entries(app: Flask) -> list[Entry]:
    """Every endpoint and method of the application."""
    found = {
        Entry(rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in STATIC
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    return sorted(found)


def read() -> dict[Entry, dict[str, str]]:
    """The matrix as it is written down."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return {Entry(row.pop("endpoint"), row.pop("method")): row for row in csv.DictReader(file)}


def write(rows: dict[Entry, dict[str, str]]) -> None:
    """Write the matrix down, sorted."""
    with FILE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEAD, lineterminator="\n")
        writer.writeheader()
        for entry in sorted(rows):
            writer.writerow({"endpoint": entry.endpoint, "method": entry.method, **rows[entry]})


@dataclass(frozen=True)
class Things:
    """What the addresses are about: a job of the contractor's in the owner's home, and what hangs on it."""

    values: dict[str, Any]

    def address(self, app: Flask, rule: Rule) -> str:
        """The address of a rule, its gaps filled with these things."""
        filled = {name: self._value(rule.endpoint, name) for name in rule.arguments}
        with app.test_request_context():
            return url_for(rule.endpoint, **filled)

    def _value(self, endpoint: str, name: str) -> Any:
        for known in (f"{endpoint}.{name}", f"{endpoint.rpartition('.')[0]}.{name}", name):
            if known in self.values:
                return self.values[known]
        raise KeyError(f"no {name} for {endpoint}: say in access_matrix.make_things what it is about")


def make_things(world: World, session_id: int | None) -> Things:
    """A case of the owner's home, ordered from the contractor, with a photo; a message; drafts; a mail. Commits."""
    owner, clerk = world.actor(OWNER), world.actor("clerk")
    defect = make_defect(owner)
    move(clerk, defect, "order", contractor_id=world.contractor_id)
    event_id = db.session.scalars(select(CaseEvent.id).where(CaseEvent.case_id == defect.id)).first()
    now = clock.now()
    storage().put(PHOTO, b"a photo", FileType.JPEG)
    photo = Attachment(
        key=secrets.token_urlsafe(24),
        case_id=defect.id,
        event_id=event_id,
        uploaded_by_id=owner.account_id,
        name="photo.jpg",
        type=FileType.JPEG,
        size=7,
        sha256="0" * 64,
        state=FileState.READY,
        storage_key=PHOTO,
        preview_key=PHOTO,
        next_try_at=now,
        created_at=now,
    )
    case_draft, written = (
        CaseDraft(
            key=secrets.token_urlsafe(24),
            kind=kind,
            account_id=owner.account_id,
            login_session_id=session_id or owner.session_id,
            answers={},
            created_at=now,
            saved_at=now,
            expires_at=now + timedelta(hours=1),
        )
        for kind in CaseKind
    )
    written.sends_at = now + timedelta(hours=1)
    message = make_enquiry(owner)
    mail = OutboxMail(
        message_id=f"<{secrets.token_hex()}@tests>",
        kind=MailKind.CASE_NEWS,
        to_email="lost@example.fi",
        language=Language.FINNISH,
        params={"number": defect.number},
        state=MailState.DEAD,
        attempts=9,
        created_at=now,
        next_try_at=now,
    )
    feedback = AccessibilityFeedback(
        text="The menu cannot be opened with the keyboard.",
        page="My matters",
        email="reader@example.fi",
        language=Language.ENGLISH,
        created_at=now,
        due_at=now + timedelta(days=14),
        form_key=secrets.token_urlsafe(24),
    )
    db.session.add_all([photo, case_draft, written, mail, feedback])
    account = make_bank_account(owner)
    kept = keep_building(world)
    mine = select(Passkey).where(Passkey.account_id == owner.account_id).order_by(Passkey.id)
    passkey = db.session.scalars(mine).first() or make_passkey(world.account(OWNER))
    export = make_export(owner)
    db.session.commit()
    notice, notice_draft, leaflet = make_notices(world)
    person_id = db.session.scalars(select(Person.id).where(Person.id == owner.person_id)).one()
    return Things(
        {
            "number": defect.number,
            "resident.messages.key": written.key,
            "resident.matters.close.number": message.number,
            "topic_id": message.topic_id,
            "key": case_draft.key,
            "resident.files.key": photo.key,
            "admin_files.key": photo.key,
            "notice": notice.id,
            **{f"admin_notices.{act}.notice": notice_draft.id for act in ("edit", "publish", "remove_file")},
            **{f"{area}.file.key": leaflet for area in ("resident.notices", "admin_notices", "admin_posted")},
            "admin_notices.remove_file.key": leaflet,
            "token": secrets.token_urlsafe(32),
            "session_id": owner.session_id,
            "passkey_id": passkey.id,
            "person_id": person_id,
            "building_id": world.building_id,
            "apartment_id": world.apartment_id,
            "lease_id": world.lease_id,
            "mail_id": mail.id,
            "account.data.key": export.key,
            "account_id": account.id,
            "bank_account_id": account.id,
            "export_type": "csv",
            **kept,
            "feedback_id": feedback.id,
            "admin_texts.kind": "privacy",
            "admin_texts.language": "fi",
            "public.version": 1,
        }
    )


def keep_building(world: World) -> dict[str, Any]:
    """What staff keep of the building: texts, a plan in force and a draft of the next one, a document, an event."""
    manager_id, building_id = world.account_ids["building_manager"], world.building_id
    last = db.session.scalar(select(db.func.max(RescuePlan.version)).where(RescuePlan.building_id == building_id)) or 0
    db.session.execute(db.delete(BuildingText).where(BuildingText.building_id == building_id))
    make_text(building_id, manager_id)
    plan = make_plan(building_id, manager_id, version=last + 1)
    draft = make_plan(building_id, manager_id, version=last + 2, state=PlanState.DRAFT)
    storage().put("files/document", b"%PDF-1.7", FileType.PDF)
    return {
        "version": plan.version,
        "plan_id": draft.id,
        "admin_rescue_plans.withdraw.plan_id": plan.id,
        "document_id": make_document(building_id, manager_id).id,
        "event_id": (event := make_event(building_id, manager_id)).id,
        "source": "event",
        "happening_id": event.id,
        "language": "fi",
        "kind": "waste",
    }


def make_notices(world: World) -> tuple[Notice, Notice, str]:
    """A notice to the building that asks to be acknowledged, a draft, and the key of a file that both have. Commits."""
    manager, here = world.actor("building_manager"), Place(building_id=world.building_id)
    now = clock.now()
    leaflet = Attachment(
        key=secrets.token_urlsafe(24),
        uploaded_by_id=manager.account_id,
        name="leaflet.jpg",
        type=FileType.JPEG,
        size=7,
        sha256="0" * 64,
        state=FileState.READY,
        storage_key=PHOTO,
        preview_key=PHOTO,
        next_try_at=now,
        created_at=now,
    )
    db.session.add(leaflet)
    notice, writing = told(manager, here, asks_acknowledgement=True), draft(manager, here)
    db.session.add_all(NoticeFile(notice_id=each.id, attachment_id=leaflet.id) for each in (notice, writing))
    db.session.commit()
    return notice, writing, leaflet.key


@dataclass(frozen=True)
class Asker:
    """Asks an entry as one person, each time with things and a session of their own."""

    app: Flask
    world: World

    def ask(self, entry: Entry, person: str) -> int:
        """The status this person gets."""
        client = self.app.test_client(checks=False)
        rule = next(
            rule for rule in self.app.url_map.iter_rules(entry.endpoint) if entry.method in (rule.methods or ())
        )
        with self.app.app_context():
            key = session_id = None
            if person != "anonymous":
                key = make_session(self.world.account(person))
                db.session.commit()
                session_id = db.session.scalars(select(LoginSession.id).order_by(LoginSession.id.desc())).first()
            own_session = session_id if person == OWNER else None
            things = make_things(self.world, own_session) if rule.arguments else Things({})
        if key is not None:
            with client.session_transaction() as visit:
                visit["_user_id"], visit["_fresh"] = key, True
        rule = next(
            rule for rule in self.app.url_map.iter_rules(entry.endpoint) if entry.method in (rule.methods or ())
        )
        return client.open(things.address(self.app, rule), method=entry.method).status_code


def missing(app: Flask) -> Iterator[Entry]:
    """The entries that are not written down yet."""
    known = read() if FILE.exists() else {}
    return (entry for entry in entries(app) if entry not in known)


def add_missing(make_app: Callable[[], Flask]) -> int:
    """Write missing entries down as `?` and drop those that are gone; returns how many are new."""
    app = make_app()
    known = read() if FILE.exists() else {}
    here = entries(app)
    rows = {entry: known.get(entry, dict.fromkeys(PEOPLE, UNSET)) for entry in here}
    write(rows)
    return sum(entry not in known for entry in here)


def _app_for_listing() -> Flask:
    return create_app(
        make_settings(
            environment="testing",
            secret_key="x" * 40,
            data_keys={"tests": b"d" * 32},
            lookup_key=b"l" * 32,
            database_url="sqlite://",
        )
    )


if __name__ == "__main__":
    print(f"{add_missing(_app_for_listing)} new lines in {FILE.name}")  # noqa: T201 - it is a command
