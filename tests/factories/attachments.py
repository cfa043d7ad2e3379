"""A store one can take away, and the smallest scene for files: an account, a draft, a case with an event."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from heka_portal import clock
from heka_portal.domain.access import Actor
from heka_portal.domain.attachments.preparation import Store
from heka_portal.extensions import db
from heka_portal.integrations.storage import Storage
from heka_portal.models.accounts import Account, LoginSession
from heka_portal.models.attachments import Attachment
from heka_portal.models.cases import Case, CaseDraft, CaseEvent
from heka_portal.models.defects import Defect
from heka_portal.models.homes import Building, Region
from heka_portal.models.people import Person
from heka_portal.vocabulary import (
    Audience,
    BuildingKind,
    CaseKind,
    CaseQueue,
    DefectArea,
    DefectState,
    Fault,
    FileState,
    FileType,
    Language,
    Part,
    Party,
    Place,
    Urgency,
    Verb,
    Visibility,
)

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)

Row = TypeVar("Row")


@dataclass
class Shelf:
    """A store in memory that can be away, and a clock that is moved by hand."""

    storage: Storage = field(default_factory=lambda: Storage("memory:"))
    now: datetime = NOW
    is_away: bool = False
    reads: list[str] = field(default_factory=list)

    def clock(self) -> datetime:
        return self.now

    def pass_time(self, **length: float) -> None:
        self.now += timedelta(**length)

    def put(self, key: str, content: bytes, content_type: str) -> None:
        self._check()
        self.storage.put(key, content, content_type)

    def get(self, key: str) -> bytes:
        self._check()
        self.reads.append(key)
        return self.storage.get(key)

    def delete(self, key: str) -> None:
        self._check()
        self.storage.delete(key)

    def _check(self) -> None:
        if self.is_away:
            raise ConnectionError("away")

    @property
    def keys(self) -> set[str]:
        """The keys of all that lies there."""
        return {file.key for file in self.storage.list_files("")}

    @property
    def folders(self) -> list[str]:
        """Where what lies there lies, sorted."""
        return sorted(key.partition("/")[0] for key in self.keys)

    @property
    def store(self) -> Store:
        return Store(get=self.get, put=self.put, delete=self.delete)


@dataclass(frozen=True)
class Scene:
    """Ids of the rows files hang on."""

    actor: Actor
    stranger: Actor
    draft_id: int
    case_id: int
    event_id: int


def add_photo(case_id: int, event_id: int, account_id: int) -> Attachment:
    """A prepared picture at a line of a case; its bytes are not stored."""
    now = clock.now()
    photo = Attachment(
        key=secrets.token_urlsafe(24),
        case_id=case_id,
        event_id=event_id,
        uploaded_by_id=account_id,
        name="photo.jpg",
        type=FileType.JPEG,
        size=7,
        sha256="0" * 64,
        state=FileState.READY,
        storage_key="tests/photo",
        next_try_at=now,
        created_at=now,
    )
    db.session.add(photo)
    db.session.flush()
    return photo


def set_scene() -> Scene:
    """Write the scene and commit it."""
    region = _added(Region(register_id="R1", name_fi="Etelä"))
    building = _added(
        Building(
            register_id="B1", region_id=region.id, name="Mallikatu 1", street_address="Mallikatu 1",
            postal_code="00100", city="Helsinki", kind=BuildingKind.RENTAL, apartment_count=1,
        )
    )  # fmt: skip
    first, second = (_person(number) for number in (1, 2))
    session = _added(
        LoginSession(
            account_id=first.account_id, key_hash="k1", created_at=NOW, last_seen_at=NOW,
            expires_at=NOW + timedelta(hours=12),
        )
    )  # fmt: skip
    draft = _added(
        CaseDraft(
            key="d1", kind=CaseKind.DEFECT, account_id=first.account_id, login_session_id=session.id, answers={},
            created_at=NOW, saved_at=NOW, expires_at=NOW + timedelta(hours=12),
        )
    )  # fmt: skip
    case: Case = _added(
        Defect(
            number=482719306, state=DefectState.RECEIVED, subject="Vuoto", owner_id=first.person_id,
            opened_by_id=first.account_id, audience=Audience.OWN, building_id=building.id, region_id=region.id,
            queue=CaseQueue.DEFECTS, urgency=Urgency.ORDINARY, awaits=Party.STAFF, due_at=NOW, target_at=NOW,
            last_event_at=NOW, created_at=NOW, updated_at=NOW, area=DefectArea.COMMON, place=Place.YARD,
            fault=Fault.OTHER, description="Vuoto", has_safety_chain=False, is_phone_shared=False,
        )
    )  # fmt: skip
    event = _added(
        CaseEvent(
            case_id=case.id, at=NOW, actor_id=first.account_id, part=Part.OWNER, verb=Verb.OPENED,
            visibility=Visibility.EVERYONE, text="Vuoto", data={},
        )
    )  # fmt: skip
    db.session.commit()
    return Scene(first, second, draft.id, case.id, event.id)


def _added(row: Row) -> Row:
    db.session.add(row)
    db.session.flush()
    return row


def _person(number: int) -> Actor:
    person = _added(
        Person(
            register_id=f"P{number}", birth_on=date(1980, 1, 1), last_name="Malli", first_names="Maija",
            language=Language.FINNISH, is_protected=False, created_at=NOW,
        )
    )  # fmt: skip
    email = f"maija{number}@example.fi"
    account = _added(Account(person_id=person.id, email=email, language=Language.FINNISH, created_at=NOW))
    return Actor(account.id, 1, "Maija Malli", email, Language.FINNISH, NOW.date(), person_id=person.id)
