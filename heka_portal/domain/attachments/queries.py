"""Read files. Whether an actor may see one is the case's matter: the caller asks `cases.queries.get_case_by_id`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import select

from heka_portal.domain.errors import NotFound
from heka_portal.extensions import db
from heka_portal.models.attachments import Attachment
from heka_portal.vocabulary import FileState, FileType


@dataclass(frozen=True)
class FileLine:
    """A file as a page lists it."""

    key: str
    name: str
    type: FileType
    size: int
    state: FileState
    width: int | None
    height: int | None


def list_files(event_ids: Collection[int]) -> dict[int, list[FileLine]]:
    """The files of events, by event, in the order they came; one query."""
    found: dict[int, list[FileLine]] = defaultdict(list)
    if not event_ids:
        return found
    rows = db.session.execute(
        select(
            Attachment.event_id,
            Attachment.key,
            Attachment.name,
            Attachment.type,
            Attachment.size,
            Attachment.state,
            Attachment.width,
            Attachment.height,
        )
        .where(Attachment.event_id.in_(event_ids))
        .order_by(Attachment.id)
    )
    for row in rows:
        event_id, *rest = cast("tuple[Any, ...]", row)
        found[event_id].append(FileLine(*rest))
    return found


def get_file(key: str) -> Attachment:
    """The row of a file by its key. Raises NotFound."""
    file = db.session.scalar(select(Attachment).where(Attachment.key == key))
    if file is None:
        raise NotFound
    return file
