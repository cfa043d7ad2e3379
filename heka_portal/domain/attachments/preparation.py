"""The worker's part: re-make files out of quarantine, remove what was dropped, sweep up what nobody kept.

A file is claimed by a lease before it is worked on, so two workers do nothing twice, and a killed one's files come
back by themselves. The functions here commit by themselves: a claim must be seen by others before the work begins.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, select

from heka_portal.database import at_most
from heka_portal.domain.attachments.operations import Put
from heka_portal.domain.attachments.pictures import RemadeFile
from heka_portal.domain.attachments.rules import clean_name
from heka_portal.domain.errors import FileRefused
from heka_portal.extensions import db
from heka_portal.models.attachments import IS_DROPPED, IS_QUARANTINED, Attachment
from heka_portal.vocabulary import FileRefusal, FileState, FileType

log = logging.getLogger(__name__)

#: longer than the limits of the sandbox and of the store together
LEASE = timedelta(minutes=5)
#: the wait after each try that failed by the file; after one more it is refused
WAITS = (timedelta(seconds=20), timedelta(minutes=5))
#: a store that is away is no fault of the file: it is asked again, for two days
STORE_WAIT = timedelta(minutes=1)
STORE_PATIENCE = timedelta(days=2)
#: a file nobody kept is swept away when no request can still be about to keep it
STRAY_AGE = timedelta(days=1)

Get = Callable[[str], bytes]
Delete = Callable[[str], None]
Remake = Callable[[bytes, FileType], RemadeFile]


@dataclass(frozen=True)
class Store:
    """What the worker needs of the store."""

    get: Get
    put: Put
    delete: Delete


@dataclass(frozen=True)
class Claim:
    """A file this worker has for the time of a lease."""

    id: int
    key: str
    raw_key: str
    name: str
    type: FileType
    attempt: int
    created_at: datetime


class StoreAway(Exception):
    """The store did what it does when it is away: the tries of the file do not count."""


def prepare_due(store: Store, remake: Remake, *, clock: Callable[[], datetime], limit: int = 20) -> int:
    """Re-make the files that wait, at most `limit`; returns how many were tried. Commits after each step."""
    tried = 0
    while tried < limit and prepare_next(store, remake, clock=clock):
        tried += 1
    return tried


def prepare_next(store: Store, remake: Remake, *, clock: Callable[[], datetime]) -> bool:
    """Re-make the file that has waited longest; False when none waits. Commits."""
    claim = _claim(clock())
    if claim is None:
        return False
    if claim.attempt > len(WAITS) + 1:
        # Its tries ended with the worker: they were never told to have failed.
        _refuse(store, claim, FileRefusal.NOT_PREPARED)
        return True
    try:
        _store_remade(store, claim, remake(_raw(store, claim), claim.type))
    except FileRefused as refused:
        _refuse(store, claim, refused.refusal)
    except StoreAway as away:
        log.warning("file %s waits for the store: %s", claim.id, away.__cause__)
        _wait_for_store(store, claim, clock())
    except Exception:  # the sandbox ended, or we have a mistake: the next file may still work
        log.exception("file %s could not be prepared, try %s", claim.id, claim.attempt)
        _defer(store, claim, clock())
    return True


def _due(now: datetime) -> Select[Any]:
    return (
        select(Attachment)
        .where(IS_QUARANTINED, Attachment.next_try_at <= now)
        .order_by(Attachment.next_try_at, Attachment.id)
        .limit(at_most(1))
        .execution_options(populate_existing=True)
    )


def _claim(now: datetime) -> Claim | None:
    # Looked at first without a lock: an idle worker shall not take SQLite's write lock each second.
    if db.session.scalar(_due(now).with_only_columns(Attachment.id)) is None:
        return None
    file = db.session.scalar(_due(now).with_for_update(skip_locked=True))
    if file is None or file.raw_key is None:
        db.session.rollback()
        return None
    file.attempts += 1
    file.next_try_at = now + LEASE
    claim = Claim(file.id, file.key, file.raw_key, file.name, file.type, file.attempts, file.created_at)
    db.session.commit()
    return claim


def _raw(store: Store, claim: Claim) -> bytes:
    try:
        return store.get(claim.raw_key)
    except Exception as error:
        raise StoreAway from error


def _put(store: Store, key: str, content: bytes, file_type: FileType) -> None:
    try:
        store.put(key, content, str(file_type))
    except Exception as error:
        raise StoreAway from error


def _store_remade(store: Store, claim: Claim, remade: RemadeFile) -> None:
    """Store the re-made file, then tell of it, then remove the raw one: at no moment is the row ahead of the files."""
    storage_key, preview_key = f"files/{claim.key}", f"previews/{claim.key}" if remade.preview else None
    _put(store, storage_key, remade.content, remade.type)
    if preview_key and remade.preview:
        _put(store, preview_key, remade.preview, FileType.JPEG)
    file = _still_in_quarantine(claim)
    if file is None:
        _clear(store, storage_key, preview_key)
        return
    file.state = FileState.READY
    file.storage_key, file.preview_key = storage_key, preview_key
    file.type, file.name = remade.type, clean_name(claim.name, remade.type)
    file.size, file.sha256 = len(remade.content), hashlib.sha256(remade.content).hexdigest()
    file.width, file.height = remade.width, remade.height
    _end_quarantine(store, file)


def _refuse(store: Store, claim: Claim, refusal: FileRefusal) -> None:
    file = _still_in_quarantine(claim)
    if file is not None:
        file.state, file.refusal = FileState.REFUSED, refusal
        _end_quarantine(store, file)


def _defer(store: Store, claim: Claim, now: datetime) -> None:
    db.session.rollback()
    if claim.attempt > len(WAITS):
        _refuse(store, claim, FileRefusal.NOT_PREPARED)
        return
    _set_next_try(claim, attempts=claim.attempt, at=now + WAITS[claim.attempt - 1])


def _wait_for_store(store: Store, claim: Claim, now: datetime) -> None:
    if now - claim.created_at > STORE_PATIENCE:
        _refuse(store, claim, FileRefusal.NOT_PREPARED)
        return
    _set_next_try(claim, attempts=claim.attempt - 1, at=now + STORE_WAIT)


def _set_next_try(claim: Claim, *, attempts: int, at: datetime) -> None:
    file = _still_in_quarantine(claim)
    if file is not None and file.attempts == claim.attempt:
        file.attempts, file.next_try_at = attempts, at
    db.session.commit()


def _still_in_quarantine(claim: Claim) -> Attachment | None:
    """The row under a lock; none when it was dropped or another worker was faster."""
    file = db.session.scalar(
        select(Attachment)
        .where(Attachment.id == claim.id, Attachment.state == FileState.QUARANTINE)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if file is None:
        db.session.rollback()
    return file


def _end_quarantine(store: Store, file: Attachment) -> None:
    raw_key, file.raw_key = file.raw_key, None
    db.session.commit()
    _clear(store, raw_key)


def _clear(store: Store, *keys: str | None) -> None:
    """Remove files that no row names any more; what fails here, the sweep finds."""
    for key in filter(None, keys):
        try:
            store.delete(key)
        except Exception:
            log.exception("a file that nobody needs could not be removed")


def remove_dropped(delete_file: Delete, *, limit: int = 50) -> int:
    """Remove dropped files from the store and then their rows, at most `limit`; returns how many. Commits."""
    rows = db.session.execute(
        select(Attachment.id, Attachment.key, Attachment.raw_key)
        .where(IS_DROPPED)
        .order_by(Attachment.id)
        .limit(at_most(limit))
    ).all()
    for row in rows:
        # Both may lie there although the row does not name them: a worker may just have stored them.
        for key in filter(None, (row.raw_key, f"files/{row.key}", f"previews/{row.key}")):
            delete_file(key)
        db.session.execute(delete(Attachment).where(Attachment.id == row.id))
        db.session.commit()
    return len(rows)


def sweep_strays(stored: Iterable[tuple[str, datetime]], delete_file: Delete, *, now: datetime) -> int:
    """Remove old files of the quarantine that no row names: their request ended before it kept them."""
    old = [key for key, changed_at in stored if changed_at < now - STRAY_AGE]
    removed = 0
    for start in range(0, len(old), 500):
        page = old[start : start + 500]
        named = set(db.session.scalars(select(Attachment.raw_key).where(Attachment.raw_key.in_(page))))
        for key in page:
            if key not in named:
                delete_file(key)
                removed += 1
    return removed
