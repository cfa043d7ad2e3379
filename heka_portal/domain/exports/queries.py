"""Read one's copies of own data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import starmap

from sqlalchemy import bindparam, select

from heka_portal.database import at_most
from heka_portal.domain.access import Actor
from heka_portal.domain.errors import NotFound
from heka_portal.extensions import db
from heka_portal.models.exports import DataExport
from heka_portal.vocabulary import ExportState

MOST_EXPORTS = 5


@dataclass(frozen=True)
class ExportLine:
    """A copy that was asked for."""

    key: str
    state: ExportState
    asked_at: datetime
    size: int | None
    expires_at: datetime | None


_LINES = (
    select(DataExport.key, DataExport.state, DataExport.asked_at, DataExport.size, DataExport.expires_at)
    .where(DataExport.account_id == bindparam("account_id"))
    .order_by(DataExport.id.desc())
    .limit(at_most(MOST_EXPORTS))
)


def list_exports(actor: Actor, *, now: datetime) -> list[ExportLine]:
    """The actor's copies, the latest first; one whose time is over is gone, whether or not it has been removed."""
    lines = starmap(ExportLine, db.session.execute(_LINES, {"account_id": actor.account_id}))
    return [
        ExportLine(line.key, ExportState.GONE, line.asked_at, line.size, line.expires_at)
        if line.expires_at is not None and line.expires_at <= now
        else line
        for line in lines
    ]


def get_export(actor: Actor, key: str, *, now: datetime) -> DataExport:
    """A copy of the actor's that can be fetched. Raises NotFound, also for another's and for one that is gone."""
    export = db.session.scalar(
        select(DataExport).where(
            DataExport.key == key,
            DataExport.account_id == actor.account_id,
            DataExport.person_id == actor.person_id,
            DataExport.state == ExportState.READY,
            DataExport.expires_at > now,
        )
    )
    if export is None:
        raise NotFound
    return export
