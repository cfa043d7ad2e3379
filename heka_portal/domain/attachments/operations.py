"""Take files in, give them from a draft to the event it becomes, and drop them."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, or_, select, update

from heka_portal.database import at_most
from heka_portal.domain.access import Actor
from heka_portal.domain.attachments.pictures import measure_picture
from heka_portal.domain.attachments.queries import get_draft_file
from heka_portal.domain.attachments.rules import (
    HEAD_BYTES,
    check_count,
    check_size,
    check_unlocked,
    clean_name,
    sniff_type,
)
from heka_portal.domain.errors import FileRefused, NotFound
from heka_portal.extensions import db
from heka_portal.models.accounts import LoginSession
from heka_portal.models.attachments import Attachment
from heka_portal.models.cases import CaseDraft
from heka_portal.vocabulary import FileState, FileType

#: 32 random bytes are 43 characters in an address
KEY_BYTES = 32
#: what the store is told of a file nobody has looked into yet
UNKNOWN = "application/octet-stream"

Put = Callable[[str, bytes, str], None]


@dataclass(frozen=True)
class ReceivedFile:
    """A file that has passed the first checks and lies in quarantine; nobody's until a draft or an event keeps it."""

    raw_key: str
    name: str
    type: FileType
    size: int
    sha256: str
    width: int | None = None
    height: int | None = None


def receive_file(content: bytes, *, name: str, put: Put) -> ReceivedFile:
    """Check a file by its header and store it in quarantine; before the first write to the database, it is slow.

    Raises FileRefused, and what `put` raises. What is then not kept, the worker sweeps away.
    """
    try:
        file_type, width, height = _inspect(content)
    except FileRefused as refused:
        raise FileRefused(refused.refusal, name) from refused
    raw_key = f"quarantine/{secrets.token_urlsafe(KEY_BYTES)}"
    put(raw_key, content, UNKNOWN)
    return ReceivedFile(
        raw_key=raw_key,
        name=clean_name(name, file_type),
        type=file_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        width=width,
        height=height,
    )


def _inspect(content: bytes) -> tuple[FileType, int | None, int | None]:
    check_size(len(content))
    file_type = sniff_type(content[:HEAD_BYTES])
    if file_type is FileType.PDF:
        check_unlocked(content)
        return file_type, None, None
    return file_type, *measure_picture(content, file_type)


def keep_file(actor: Actor, received: ReceivedFile, *, draft_id: int, now: datetime) -> Attachment:
    """Keep a received file with a draft of the actor's. Raises NotFound, FileRefused when the draft is full."""
    # The lock on the draft lets two uploads at once count each other, and none slip in behind the sending.
    _lock_draft(actor, draft_id)
    kept = db.session.scalar(select(func.count()).select_from(Attachment).where(Attachment.draft_id == draft_id)) or 0
    _check_count(kept + 1, received)
    return _add(actor, received, now=now, draft_id=draft_id)


def add_files(
    actor: Actor, received: Sequence[ReceivedFile], *, case_id: int, event_id: int, now: datetime
) -> list[Attachment]:
    """Add received files to an event made in the same transaction. Raises FileRefused when there are too many."""
    if received:
        _check_count(len(received), received[-1])
    return [_add(actor, one, now=now, case_id=case_id, event_id=event_id) for one in received]


def keep_own_file(actor: Actor, received: ReceivedFile, *, now: datetime) -> Attachment:
    """Keep a received file for a row of its own, such as a building's document; that row names it and answers for it.

    No sweep takes it: those go by the store's quarantine, by ended drafts and by what was dropped.
    """
    return _add(actor, received, now=now)


def drop_own_file(attachment_id: int) -> None:
    """Drop a file that no row names any more; the worker removes it from the store."""
    db.session.execute(
        update(Attachment)
        .where(Attachment.id == attachment_id, Attachment.case_id.is_(None), Attachment.draft_id.is_(None))
        .values(state=FileState.DROPPED)
    )


def add_loose_files(actor: Actor, received: Sequence[ReceivedFile], *, kept: int, now: datetime) -> list[Attachment]:
    """Received files of no case, for whatever the caller hangs them on, which has so many already.

    Raises FileRefused when there are too many.
    """
    if received:
        _check_count(kept + len(received), received[-1])
    return [keep_own_file(actor, one, now=now) for one in received]


def hand_over(draft_id: int, *, case_id: int, event_id: int, is_locked: bool = False) -> None:
    """Give all files of a draft to the event it has become, in the same transaction."""
    if not is_locked:
        _lock_drafts([draft_id])
    db.session.execute(
        update(Attachment)
        .where(Attachment.draft_id == draft_id)
        .values(draft_id=None, case_id=case_id, event_id=event_id)
    )


def copy_files(actor: Actor, *, from_event_id: int, case_id: int, event_id: int, now: datetime) -> None:
    """Let the files of one event belong to another as well: new rows of the same re-made files.

    One that is still being prepared, or was refused, stays with the first alone.
    """
    for file in db.session.scalars(
        select(Attachment)
        .where(Attachment.event_id == from_event_id, Attachment.state == FileState.READY)
        .order_by(Attachment.id)
    ).all():
        db.session.add(
            Attachment(
                key=secrets.token_urlsafe(KEY_BYTES),
                case_id=case_id,
                event_id=event_id,
                uploaded_by_id=actor.account_id,
                name=file.name,
                type=file.type,
                size=file.size,
                sha256=file.sha256,
                state=FileState.READY,
                storage_key=file.storage_key,
                preview_key=file.preview_key,
                width=file.width,
                height=file.height,
                attempts=0,
                next_try_at=now,
                created_at=now,
            )
        )
    db.session.flush()


def drop_file(actor: Actor, key: str) -> None:
    """Take a file out of one of the actor's own drafts; the worker removes it from the store. Raises NotFound."""
    file = get_draft_file(actor, key)
    file.draft_id, file.state = None, FileState.DROPPED
    db.session.flush()


def drop_drafts(draft_ids: Sequence[int]) -> None:
    """End drafts together with their files."""
    _lock_drafts(draft_ids)
    db.session.execute(
        update(Attachment).where(Attachment.draft_id.in_(draft_ids)).values(draft_id=None, state=FileState.DROPPED)
    )
    db.session.execute(delete(CaseDraft).where(CaseDraft.id.in_(draft_ids)))


def drop_ended_drafts(*, now: datetime, limit: int = 100) -> int:
    """End the drafts whose time or whose session is over, at most `limit`; returns how many.

    Whichever way a session ended, its drafts go: the computer may be shared. What was sent off still goes its way.
    """
    over = or_(CaseDraft.expires_at <= now, LoginSession.ended_at.is_not(None))
    ended = (
        select(CaseDraft.id, CaseDraft.sends_at)
        .join(LoginSession, LoginSession.id == CaseDraft.login_session_id)
        .where(over)
        .order_by(CaseDraft.id)
        .limit(at_most(limit))
    )
    # What waits to be sent is few, and goes before long: it is left out here, where it costs no plan.
    if all(row.sends_at is not None for row in db.session.execute(ended)):
        return 0
    rows = db.session.execute(ended.with_for_update(skip_locked=True, of=CaseDraft))
    draft_ids = [row.id for row in rows if row.sends_at is None]
    drop_drafts(draft_ids)
    return len(draft_ids)


def _lock_drafts(draft_ids: Sequence[int]) -> None:
    """Wait for uploads into these drafts, so that no file comes in behind."""
    db.session.execute(select(CaseDraft.id).where(CaseDraft.id.in_(draft_ids)).order_by(CaseDraft.id).with_for_update())


def _lock_draft(actor: Actor, draft_id: int) -> None:
    found = db.session.scalar(
        select(CaseDraft.id).where(CaseDraft.id == draft_id, CaseDraft.account_id == actor.account_id).with_for_update()
    )
    if found is None:
        raise NotFound


def _check_count(count: int, last: ReceivedFile) -> None:
    try:
        check_count(count)
    except FileRefused as refused:
        raise FileRefused(refused.refusal, last.name) from refused


def _add(
    actor: Actor,
    received: ReceivedFile,
    *,
    now: datetime,
    draft_id: int | None = None,
    case_id: int | None = None,
    event_id: int | None = None,
) -> Attachment:
    file = Attachment(
        key=secrets.token_urlsafe(KEY_BYTES),
        draft_id=draft_id,
        case_id=case_id,
        event_id=event_id,
        uploaded_by_id=actor.account_id,
        name=received.name,
        type=received.type,
        size=received.size,
        sha256=received.sha256,
        state=FileState.QUARANTINE,
        raw_key=received.raw_key,
        width=received.width,
        height=received.height,
        attempts=0,
        next_try_at=now,
        created_at=now,
    )
    db.session.add(file)
    db.session.flush()
    return file
