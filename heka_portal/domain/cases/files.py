"""A file is seen by who sees the line of the timeline it belongs to, or in a draft by who uploaded it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from heka_portal.domain.access import Actor
from heka_portal.domain.attachments.queries import get_draft_file, get_file
from heka_portal.domain.cases.queries import get_case_by_id, parts_in
from heka_portal.domain.cases.rules import shows_event, shows_text
from heka_portal.domain.cases.views import check_readable
from heka_portal.domain.errors import NotFound
from heka_portal.extensions import db
from heka_portal.models.attachments import Attachment
from heka_portal.models.cases import Case, CaseEvent


@dataclass(frozen=True)
class SeenFile:
    """A file the actor may see, and the case it belongs to; none: a draft."""

    file: Attachment
    case: Case | None


def get_seen_file(actor: Actor, key: str) -> SeenFile:
    """A file the actor may see. Raises NotFound, NotFresh."""
    try:
        file = get_file(key)
    except NotFound:
        return SeenFile(get_draft_file(actor, key), None)
    if file.case_id is None:
        raise NotFound
    case = get_case_by_id(actor, file.case_id)
    event = db.session.execute(
        select(CaseEvent.verb, CaseEvent.visibility, CaseEvent.actor_id).where(CaseEvent.id == file.event_id)
    ).one()
    parts, is_own = parts_in(actor, case), event.actor_id == actor.account_id
    if not shows_event(parts, verb=event.verb, visibility=event.visibility, is_own=is_own):
        raise NotFound
    if not shows_text(parts, verb=event.verb, is_own=is_own):
        raise NotFound
    check_readable(actor, case)
    return SeenFile(file, case)
