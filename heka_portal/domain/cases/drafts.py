"""Drafts of cases being written page by page: bound to an account and to the login session they were begun in."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, or_, select
from sqlalchemy.exc import IntegrityError

from heka_portal import clock
from heka_portal.database import at_most
from heka_portal.domain.access import Actor
from heka_portal.domain.attachments.operations import ReceivedFile, drop_drafts, hand_over, keep_file
from heka_portal.domain.cases.operations import raise_if_done
from heka_portal.domain.errors import FileRefused, NotFound
from heka_portal.extensions import db
from heka_portal.models.attachments import Attachment
from heka_portal.models.cases import CaseDraft, CaseEvent
from heka_portal.vocabulary import CaseKind

#: a draft never outlives the longest login session of a resident
LIFE = timedelta(hours=12)
#: shown at once; who sends or deletes one sees the next
MOST_DRAFTS = 4
KEY_BYTES = 24


def _own(actor: Actor, now: datetime) -> Select[CaseDraft]:
    return select(CaseDraft).where(
        CaseDraft.account_id == actor.account_id,
        CaseDraft.login_session_id == actor.session_id,
        or_(CaseDraft.expires_at > now, CaseDraft.sends_at.is_not(None)),
    )


def begin_draft(actor: Actor, kind: CaseKind, *, now: datetime | None = None) -> CaseDraft:
    """An empty draft, the session's own one if it has one; its key is the way to it, and the case's form key."""
    now = now or clock.now()
    untouched = db.session.scalar(
        _own(actor, now).where(CaseDraft.kind == kind, CaseDraft.saved_at == CaseDraft.created_at).limit(at_most(1))
    )
    if untouched is not None:
        return untouched
    return _add_draft(actor, kind, secrets.token_urlsafe(KEY_BYTES), None, now)


def _add_draft(actor: Actor, kind: CaseKind, key: str, case_id: int | None, now: datetime) -> CaseDraft:
    draft = CaseDraft(
        key=key,
        kind=kind,
        case_id=case_id,
        account_id=actor.account_id,
        login_session_id=actor.session_id,
        answers={},
        created_at=now,
        saved_at=now,
        expires_at=now + LIFE,
    )
    db.session.add(draft)
    db.session.flush()
    return draft


def take_draft(
    actor: Actor, kind: CaseKind, key: str, *, case_id: int | None = None, now: datetime | None = None
) -> CaseDraft:
    """The draft of a form's key, locked: the one that is there, or a new one.

    Raises NotFound where the key is another's, AlreadyDone where it has become a line of a case.
    """
    now = now or clock.now()
    try:
        return get_draft(actor, key, for_update=True, now=now)
    except NotFound:
        try:
            with db.session.begin_nested():
                return _add_draft(actor, kind, key, case_id, now)
        except IntegrityError:
            # two presses at once: the other one was first
            return get_draft(actor, key, for_update=True, now=now)


def send_later(draft: CaseDraft, *, sends_at: datetime) -> None:
    """Let a draft wait to be sent; one that waits already keeps its moment."""
    if draft.sends_at is None:
        draft.sends_at = sends_at
    db.session.flush()


def take_back(draft: CaseDraft) -> None:
    """A draft read for update is not sent: it is written on."""
    draft.sends_at = None
    db.session.flush()


def get_waiting(actor: Actor, case_id: int) -> CaseDraft | None:
    """What the actor has sent into a case that has not gone yet, or has written there and not sent."""
    return db.session.scalar(
        _own(actor, clock.now())
        .where(CaseDraft.case_id == case_id)
        .order_by(CaseDraft.saved_at.desc(), CaseDraft.id.desc())
        .limit(at_most(1))
    )


def get_draft(actor: Actor, key: str, *, for_update: bool = False, now: datetime | None = None) -> CaseDraft:
    """A draft of the actor's present session. Raises NotFound, AlreadyDone where it has become a case."""
    statement = _own(actor, now or clock.now()).where(CaseDraft.key == key)
    draft = db.session.scalar(statement.with_for_update() if for_update else statement)
    if draft is None:
        raise_if_done(key)
        raise NotFound
    return draft


def list_drafts(actor: Actor, *, now: datetime | None = None) -> list[CaseDraft]:
    """The drafts of the actor's present session in which something was answered, the latest first."""
    return list(
        db.session.scalars(
            _own(actor, now or clock.now())
            .where(CaseDraft.saved_at > CaseDraft.created_at)
            .order_by(CaseDraft.saved_at.desc(), CaseDraft.id.desc())
            .limit(at_most(MOST_DRAFTS))
        )
    )


def save_answers(draft: CaseDraft, answers: Mapping[str, Any], *, now: datetime | None = None) -> None:
    """Keep these answers of a page; those of other pages stay."""
    draft.answers = {**draft.answers, **answers}
    draft.saved_at = now or clock.now()
    db.session.flush()


def keep_files(actor: Actor, draft: CaseDraft, received: Iterable[ReceivedFile], *, now: datetime) -> list[FileRefused]:
    """Keep files with a draft; returns why the others found no room.

    One that is kept already is kept once: a page with errors that is sent again brings its files again.
    """
    kept = set(db.session.scalars(select(Attachment.sha256).where(Attachment.draft_id == draft.id)))
    refused = []
    for file in received:
        try:
            if file.sha256 not in kept:
                keep_file(actor, file, draft_id=draft.id, now=now)
            kept.add(file.sha256)
        except FileRefused as error:
            refused.append(error)
    return refused


def end_draft(draft: CaseDraft) -> None:
    """Throw a draft and its files away."""
    drop_drafts([draft.id])
    db.session.expunge(draft)


def close_draft(draft: CaseDraft, *, case_id: int, event: CaseEvent) -> None:
    """A draft read for update has become a case: its files are the event's now."""
    hand_over(draft.id, case_id=case_id, event_id=event.id, is_locked=True)
    db.session.execute(delete(CaseDraft).where(CaseDraft.id == draft.id))
    db.session.expunge(draft)
