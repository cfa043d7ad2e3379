"""Heaps for the worker: mails that wait, repairs nobody has answered about for 14 days, photos in quarantine."""

from __future__ import annotations

import itertools
import secrets
import uuid
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import Connection, Table, func, insert, select, update

from devtools.bench.journeys import MEGABYTES_OF_PHOTO, photo_of_megabytes
from heka_portal import clock
from heka_portal.domain.cases.rules import FIRST_NUMBER, LAST_NUMBER
from heka_portal.extensions import db
from heka_portal.models.accounts import Account
from heka_portal.models.attachments import Attachment
from heka_portal.models.cases import Case, CaseEvent, CaseParticipant
from heka_portal.models.defects import Defect
from heka_portal.models.outbox import OutboxMail
from heka_portal.vocabulary import (
    DefectState,
    FileState,
    FileType,
    MailKind,
    MailState,
    Part,
    ParticipantRole,
    Party,
    Verb,
    Visibility,
)

PAGE = 2_000
Row = dict[str, Any]
Put = Callable[[str, bytes, str], None]


def fill(app: Flask, *, mails: int, cases: int, pictures: int, put: Put) -> None:
    """Put so many of each in; what is there already stays. One transaction, all of it due now."""
    now = clock.now()
    with app.app_context(), db.engine.begin() as connection:
        add_mails(connection, mails, now)
        add_due_cases(connection, cases, now)
        add_pictures(connection, pictures, now, put)


def add_mails(connection: Connection, count: int, now: datetime) -> None:
    """News of cases to residents, in all three languages."""
    readers = connection.execute(
        select(Account.id, Account.email, Account.language).where(Account.person_id.is_not(None)).limit(PAGE)
    ).all()
    numbers = connection.scalars(select(Case.number).limit(PAGE)).all()
    rows = (
        {
            "message_id": f"<{uuid.uuid4()}@heka.example>",
            "kind": MailKind.CASE_NEWS,
            "to_email": reader.email,
            "account_id": reader.id,
            "language": reader.language,
            "params": {"number": number},
            "state": MailState.WAITING,
            "attempts": 0,
            "created_at": now,
            "next_try_at": now,
        }
        for reader, number, _ in zip(itertools.cycle(readers), itertools.cycle(numbers), range(count), strict=False)
    )
    _insert(connection, OutboxMail, rows)


def add_due_cases(connection: Connection, count: int, now: datetime) -> None:
    """Copies of a finished repair, each of another resident, whose 14 days end now."""
    case = _columns(connection, Case, Case.state == DefectState.DONE, Case.lease_id.is_not(None))
    defect = _columns(connection, Defect, Defect.id == case["id"])
    owners = connection.scalars(select(Account.person_id).where(Account.person_id.is_not(None)).limit(PAGE)).all()
    done_at = now - timedelta(days=14)
    common = {"awaits": Party.RESIDENT, "due_at": now, "target_at": now, "paused_at": done_at, "last_event_at": done_at}
    first = (connection.scalar(select(func.max(Case.id))) or 0) + 1
    ids = range(first, first + count)
    drawn = zip(ids, _fresh_numbers(connection, count), itertools.cycle(owners), strict=False)
    cases = [{**case, **common, "id": id_, "number": number, "owner_id": owner} for id_, number, owner in drawn]
    _insert(connection, Case, cases)
    _insert(connection, Defect, ({**defect, "id": id_} for id_ in ids))
    part = {"role": ParticipantRole.OWNER, "seen_event_id": None, "created_at": done_at}
    _insert(
        connection, CaseParticipant, ({**part, "person_id": one["owner_id"], "case_id": one["id"]} for one in cases)
    )
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.setval("cases_id_seq", first + count)))


def add_pictures(connection: Connection, count: int, now: datetime, put: Put) -> None:
    """Photos of 2 MB of one case's last message."""
    case_id = connection.scalar(select(func.max(Case.id)))
    sender = connection.scalar(select(Account.id).limit(1))
    event_id = connection.execute(
        insert(CaseEvent)
        .values(
            case_id=case_id, at=now, actor_id=sender, part=Part.OWNER, verb=Verb.SAID,
            visibility=Visibility.EVERYONE, text="Photos", data={},
        )
        .returning(CaseEvent.id)
    ).scalar_one()  # fmt: skip
    content = photo_of_megabytes(MEGABYTES_OF_PHOTO)
    # Those of the demo have no raw file in this store.
    connection.execute(
        update(Attachment).where(Attachment.state == FileState.QUARANTINE).values(next_try_at=now + timedelta(days=1))
    )
    for number in range(count):
        raw_key = f"quarantine/{secrets.token_urlsafe(32)}"
        put(raw_key, content, "application/octet-stream")
        connection.execute(
            insert(Attachment).values(
                key=secrets.token_urlsafe(32), case_id=case_id, event_id=event_id, uploaded_by_id=sender,
                name=f"photo-{number}.jpg", type=FileType.JPEG, size=len(content), sha256="0" * 64,
                state=FileState.QUARANTINE, raw_key=raw_key, attempts=0, next_try_at=now, created_at=now,
            )
        )  # fmt: skip


def _columns(connection: Connection, model: Any, *which: Any) -> Row:
    table: Table = model.__table__
    return dict(connection.execute(select(table).where(*which).limit(1)).mappings().one())


def _fresh_numbers(connection: Connection, count: int) -> Iterator[int]:
    """Numbers that no case has."""
    known = set(connection.scalars(select(Case.number)))
    spread = range(FIRST_NUMBER, LAST_NUMBER, max(1, (LAST_NUMBER - FIRST_NUMBER) // (2 * (count + len(known)) + 1)))
    return itertools.islice((number for number in spread if number not in known), count)


def _insert(connection: Connection, model: Any, rows: Iterable[Row]) -> None:
    left = iter(rows)
    while page := list(itertools.islice(left, PAGE)):
        connection.execute(insert(model.__table__), page)
