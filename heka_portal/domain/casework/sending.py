"""What residents have sent waits half a minute, so that they can take it back; then the worker sends it, once."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.exc import OperationalError

from heka_portal.database import at_most
from heka_portal.domain.accounts.queries import get_actor_later
from heka_portal.domain.attachments.operations import drop_drafts
from heka_portal.domain.cases.drafts import close_draft, save_answers, take_back
from heka_portal.domain.cases.queries import get_case_by_id
from heka_portal.domain.casework.operations import write
from heka_portal.domain.enquiries.operations import open_enquiry
from heka_portal.domain.enquiries.rules import Written
from heka_portal.domain.errors import AlreadyDone, DetailNeeded, DomainError
from heka_portal.extensions import db
from heka_portal.models.cases import Case, CaseDraft, CaseEvent

log = logging.getLogger(__name__)

#: when one that could not be sent, for no reason of its own, is tried again
AGAIN = timedelta(minutes=1)


def send_next(*, now: datetime, former_days: int) -> int:
    """Send the one that has waited longest, in a transaction of its own; returns how many were tried. Commits.

    On the rights its writer has now: what they may not send any more becomes a draft again. The case, its files and
    the end of the draft are one transaction, and the draft's key is the form key: a worker that is killed sends
    nothing, and the next one sends it once.
    """
    # Looked at first without a lock: an idle worker shall not take SQLite's write lock.
    found = db.session.scalar(_due(now).with_only_columns(CaseDraft.id))
    if found is None:
        return 0
    try:
        draft = db.session.scalar(_locked(_due(now)))
        if draft is None:
            return 0
        found = draft.id
        _send(draft, now, former_days)
        db.session.commit()
    except OperationalError:
        raise
    except Exception:
        db.session.rollback()
        log.exception("what waits as draft %s could not be sent", found)
        _put_off(found, now)
    return 1


def _due(now: datetime) -> Select[Any]:
    return (
        select(CaseDraft)
        .where(CaseDraft.sends_at.is_not(None), CaseDraft.sends_at <= now)
        .order_by(CaseDraft.sends_at, CaseDraft.id)
        .limit(at_most(1))
    )


def _locked(drafts: Select[Any]) -> Select[Any]:
    found: Select[Any] = drafts.with_for_update(skip_locked=True)
    return found.execution_options(populate_existing=True)


def _send(draft: CaseDraft, now: datetime, former_days: int) -> None:
    draft_id = draft.id
    try:
        with db.session.begin_nested():
            case, event = _make(draft, now, former_days)
            close_draft(draft, case_id=case.id, event=event)
    except AlreadyDone:
        drop_drafts([draft_id])
    except DomainError as error:
        # nothing of what was written goes into a log
        log.warning("what waits as draft %s may not be sent any more: %s", draft_id, type(error).__name__)
        refused = db.session.get_one(CaseDraft, draft_id)
        take_back(refused)
        save_answers(refused, {"is_refused": True}, now=now)


def _make(draft: CaseDraft, now: datetime, former_days: int) -> tuple[Case, CaseEvent]:
    """What the draft becomes: a message of its own, or a line of a conversation. Raises DomainError."""
    written = Written.read(draft.answers)
    actor = get_actor_later(draft.login_session_id, now=now, former_days=former_days)
    if actor is None:
        raise DetailNeeded("account")
    if draft.case_id is not None:
        # locked: whoever moves it meanwhile comes before or after
        db.session.execute(select(Case.id).where(Case.id == draft.case_id).with_for_update())
        case = get_case_by_id(actor, draft.case_id)
        return case, write(actor, case, text=written.text, form_key=draft.key, now=now)
    message = written.to_draft(draft.key)
    if message is None:
        raise DetailNeeded("text")
    return open_enquiry(actor, message, now=now)


def _put_off(draft_id: int, now: datetime) -> None:
    draft = db.session.scalar(select(CaseDraft).where(CaseDraft.id == draft_id).with_for_update())
    if draft is not None and draft.sends_at is not None:
        draft.sends_at = now + AGAIN
    db.session.commit()
