"""Looks at people: each is a line of the audit log; looks within ten minutes count as one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from heka_portal.database import footprint
from heka_portal.domain.access import Actor
from heka_portal.domain.audit.operations import append_lines, make_line
from heka_portal.domain.audit.queries import list_looked_at
from heka_portal.extensions import db
from heka_portal.vocabulary import AuditAction


def leave_looks(actor: Actor, person_ids: Collection[int], *, now: datetime) -> None:
    """Enter in the audit log that the reader saw these people's data."""
    unseen = set(person_ids) - list_looked_at(actor.account_id, person_ids, now=now)
    if not unseen:
        return
    lines = [
        make_line(AuditAction.PERSON_VIEWED, account_id=actor.account_id, person_id=person_id)
        for person_id in sorted(unseen)
    ]
    with footprint(db) as connection:
        append_lines(connection, lines)
