"""Read files. Whether an actor may see one is the case's matter, and cases stand above files.

Whoever serves a file asks `get_file` and then the case (`cases.queries.get_case_by_id`), or for a draft's file
`get_draft_file`, before a byte goes out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import select

from heka_portal.domain.access import Actor
from heka_portal.domain.attachments.rules import PICTURES
from heka_portal.domain.errors import NotFound
from heka_portal.extensions import db
from heka_portal.models.attachments import Attachment
from heka_portal.vocabulary import FileRefusal, FileState, FileType


@dataclass(frozen=True)
class FileLine:
    """A file as a page lists it; measures and size are those of the re-made file once it is ready."""

    key: str
    name: str
    type: FileType
    size: int
    state: FileState
    refusal: FileRefusal | None
    width: int | None
    height: int | None

    @property
    def is_picture(self) -> bool:
        """Whether it is shown as a picture, not as a document."""
        return self.type in PICTURES

    @property
    def is_ready(self) -> bool:
        """Whether it may be shown; else it is being prepared, or was refused."""
        return self.state is FileState.READY

    @property
    def has_preview(self) -> bool:
        """Whether there is a small picture of it."""
        return self.is_ready and self.is_picture


#: of an attachment, in the order of `FileLine`
FILE_COLUMNS = (
    Attachment.key,
    Attachment.name,
    Attachment.type,
    Attachment.size,
    Attachment.state,
    Attachment.refusal,
    Attachment.width,
    Attachment.height,
)


def list_files(event_ids: Collection[int]) -> dict[int, list[FileLine]]:
    """The files of events, by event, in the order they came; one query."""
    found: dict[int, list[FileLine]] = defaultdict(list)
    if not event_ids:
        return found
    rows = db.session.execute(
        select(Attachment.event_id, *FILE_COLUMNS).where(Attachment.event_id.in_(event_ids)).order_by(Attachment.id)
    )
    for row in rows:
        event_id, *rest = cast("tuple[Any, ...]", row)
        found[event_id].append(FileLine(*rest))
    return found


def list_files_by_id(file_ids: Collection[int]) -> dict[int, FileLine]:
    """Files by their ids; whose they are, the caller has settled."""
    if not file_ids:
        return {}
    rows = db.session.execute(select(Attachment.id, *FILE_COLUMNS).where(Attachment.id.in_(file_ids)))
    return {row[0]: FileLine(*cast("tuple[Any, ...]", row)[1:]) for row in rows}


def list_draft_files(draft_id: int) -> list[FileLine]:
    """The files of a draft, in the order they came. Whose draft it is, the caller has settled."""
    rows = db.session.execute(select(*FILE_COLUMNS).where(Attachment.draft_id == draft_id).order_by(Attachment.id))
    return [FileLine(*cast("tuple[Any, ...]", row)) for row in rows]


def get_file(key: str) -> Attachment:
    """The row of a sent file by its key; the caller asks whether the actor sees its case. Raises NotFound."""
    file = db.session.scalar(select(Attachment).where(Attachment.key == key, Attachment.case_id.is_not(None)))
    if file is None:
        raise NotFound
    return file


def get_draft_file(actor: Actor, key: str) -> Attachment:
    """A file of one of the actor's own drafts. Raises NotFound."""
    file = db.session.scalar(
        select(Attachment).where(
            Attachment.key == key,
            Attachment.draft_id.is_not(None),
            Attachment.uploaded_by_id == actor.account_id,
        )
    )
    if file is None:
        raise NotFound
    return file
