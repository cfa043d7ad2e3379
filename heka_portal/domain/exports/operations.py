"""Ask for a copy of one's own data; make it, as the worker; remove it when it has had its time."""

from __future__ import annotations

import json
import logging
import secrets
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Select, select

from heka_portal import clock
from heka_portal.database import at_most
from heka_portal.domain.access import Actor
from heka_portal.domain.audit.operations import record_audit
from heka_portal.domain.errors import NotAllowed
from heka_portal.domain.exports.rows import Owner, Row, plain_row
from heka_portal.domain.exports.rules import KEPT, LEASE, MOST_TRIES
from heka_portal.domain.exports.sections import SECTIONS, list_own_files
from heka_portal.domain.outbox.operations import enqueue_mail
from heka_portal.extensions import db
from heka_portal.models.accounts import Account
from heka_portal.models.exports import IS_STORED, IS_WAITING, DataExport
from heka_portal.vocabulary import AuditAction, ExportState, Language, MailKind

log = logging.getLogger(__name__)

KEY_BYTES = 32
#: the readable page among the files
PAGE = "index.html"


@dataclass(frozen=True)
class Store:
    """What making a copy needs of the store of files."""

    get: Callable[[str], bytes]
    put_file: Callable[[str, Path], None]
    delete: Callable[[str], None]


#: writes the readable page: the sections with their rows, the files with their names in the zip, the language
Render = Callable[[Iterable[tuple[str, list[Row]]], list[tuple[int, str]], Language], str]


def ask_export(actor: Actor, *, now: datetime | None = None) -> DataExport:
    """Ask for a copy; one that waits already is the answer. Raises NotAllowed for staff, who have no such data."""
    now = now or clock.now()
    if actor.person_id is None:
        raise NotAllowed
    db.session.get_one(Account, actor.account_id, with_for_update=True)
    waiting = db.session.scalar(
        select(DataExport).where(DataExport.account_id == actor.account_id, DataExport.state == ExportState.WAITING)
    )
    if waiting is not None:
        return waiting
    export = DataExport(
        key=secrets.token_urlsafe(KEY_BYTES),
        account_id=actor.account_id,
        person_id=actor.person_id,
        language=actor.language,
        state=ExportState.WAITING,
        asked_at=now,
        next_try_at=now,
    )
    db.session.add(export)
    record_audit(AuditAction.DATA_EXPORT_ASKED, account_id=actor.account_id, person_id=actor.person_id)
    db.session.flush()
    return export


def make_next(store: Store, render: Render, *, clock: Callable[[], datetime]) -> bool:
    """Make the copy that has waited longest; False when none waits. Commits."""
    export = _claim(clock())
    if export is None:
        return False
    export_id, key = export.id, f"exports/{export.key}"
    if export.attempts > MOST_TRIES:
        log.error("the copy %s has ended its worker each time", export_id)
        _give_up(export_id, key, store)
        return True
    try:
        with TemporaryDirectory(prefix="heka-export-") as folder:
            file = Path(folder) / "copy.zip"
            write_copy(file, Owner(export.person_id, export.account_id), export.language, store.get, render)
            size = file.stat().st_size
            store.put_file(key, file)
        _finish(export_id, key, size, clock())
    except Exception:  # whatever it is, it is told, and the next copy may still work
        db.session.rollback()
        log.exception("the copy %s could not be made", export_id)
        _give_up(export_id, key, store)
    return True


def _due(now: datetime) -> Select[Any]:
    return (
        select(DataExport)
        .where(IS_WAITING, DataExport.next_try_at <= now)
        .order_by(DataExport.next_try_at, DataExport.id)
        .limit(at_most(1))
        .execution_options(populate_existing=True)
    )


def _claim(now: datetime) -> DataExport | None:
    # Looked at first without a lock: an idle worker shall not take SQLite's write lock.
    if db.session.scalar(_due(now).with_only_columns(DataExport.id)) is None:
        return None
    export: DataExport | None = db.session.scalar(_due(now).with_for_update(skip_locked=True))
    if export is None:
        db.session.rollback()
        return None
    export.attempts += 1
    export.next_try_at = now + LEASE
    db.session.commit()
    return export


def _finish(export_id: int, key: str, size: int, now: datetime) -> None:
    export = db.session.get_one(DataExport, export_id, with_for_update=True)
    account = db.session.get_one(Account, export.account_id)
    export.state, export.storage_key, export.size = ExportState.READY, key, size
    export.ready_at, export.expires_at = now, now + KEPT
    enqueue_mail(
        MailKind.DATA_EXPORT_READY,
        to_email=account.email,
        language=account.language,
        params={},
        account_id=account.id,
    )
    db.session.commit()


def _give_up(export_id: int, key: str, store: Store) -> None:
    """After its last try it has failed, and what it left is removed; before, it comes again when its lease is over."""
    export = db.session.get_one(DataExport, export_id, with_for_update=True)
    if export.attempts < MOST_TRIES:
        db.session.rollback()
        return
    export.state = ExportState.FAILED
    db.session.commit()
    store.delete(key)


def write_copy(file: Path, owner: Owner, language: Language, get: Callable[[str], bytes], render: Render) -> None:
    """Write the zip: a JSON file a section, the files of one's cases, and a page that reads it all."""
    told: list[tuple[str, list[Row]]] = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as copy:
        for section in SECTIONS:
            rows = section.rows(owner)
            told.append((section.name, rows))
            copy.writestr(f"{section.name}.json", json.dumps(list(map(plain_row, rows)), ensure_ascii=False, indent=1))
        names: list[tuple[int, str]] = []
        for number, name, storage_key in list_own_files(owner):
            path = _free_path(number, name, {path for _number, path in names})
            # Pictures and PDFs are packed already.
            copy.writestr(zipfile.ZipInfo(path), get(storage_key))
            names.append((number, path))
        copy.writestr(PAGE, render(told, names, language))


def _free_path(number: int, name: str, taken: set[str]) -> str:
    """A path of its own in the zip; names are cleaned when files come, and hold no folders."""
    pure = PurePosixPath(name)
    path, count = f"files/{number}/{pure.name}", 1
    while path in taken:
        count += 1
        path = f"files/{number}/{pure.stem} ({count}){pure.suffix}"
    return path


def remove_expired(store: Store, *, now: datetime, limit: int = 50) -> int:
    """Remove copies whose seven days are over from the store; returns how many. Commits."""
    asked = (
        select(DataExport)
        .where(IS_STORED, DataExport.expires_at <= now)
        .order_by(DataExport.expires_at, DataExport.id)
        .limit(at_most(limit))
    )
    exports = db.session.scalars(asked).all()
    for export in exports:
        if export.storage_key is not None:
            store.delete(export.storage_key)
        export.state, export.storage_key = ExportState.GONE, None
        db.session.commit()
    return len(exports)
