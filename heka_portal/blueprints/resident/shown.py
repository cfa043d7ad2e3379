"""Files as pages show them: pictures, documents, and a sentence for what could not be prepared."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from heka_portal.domain.attachments.queries import FileLine
from heka_portal.vocabulary import FileState, FileType
from heka_portal.web.files import refusal_sentence


@dataclass(frozen=True)
class ShownFile:
    """One file: its addresses are empty until the worker has re-made it."""

    key: str
    name: str
    kind: str
    size: int
    url: str | None
    preview: str | None

    @property
    def description(self) -> str:
        """What a screen reader says of the picture."""
        return self.name


@dataclass(frozen=True)
class ShownFiles:
    """The files of one line of the timeline, or of a draft."""

    pictures: tuple[ShownFile, ...] = ()
    documents: tuple[ShownFile, ...] = ()
    refusals: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[ShownFile, ...]:
        """Pictures first, then documents."""
        return self.pictures + self.documents

    def __bool__(self) -> bool:
        return bool(self.pictures or self.documents or self.refusals)


Address = Callable[[str], str]


def file_address(key: str) -> str:
    """Where a file of a case is."""
    return url_for("resident.files.show", key=key)


def show_file(line: FileLine, address: Address = file_address) -> ShownFile:
    """A file with its addresses."""
    return ShownFile(
        key=line.key,
        name=line.name,
        kind="PDF" if line.type is FileType.PDF else _("picture"),
        size=line.size,
        url=address(line.key) if line.is_ready else None,
        preview=url_for("resident.files.preview", key=line.key) if line.has_preview else None,
    )


def list_documents(lines: Iterable[FileLine], address: Address) -> list[ShownFile]:
    """The files of a notice, pictures too, as a list of downloads; what could not be prepared is left out."""
    kept = (line for line in lines if line.refusal is None and line.state is not FileState.DROPPED)
    return [show_file(line, address) for line in kept]


def show_files(lines: Iterable[FileLine]) -> ShownFiles:
    """Files sorted by how they are shown."""
    kept = [line for line in lines if line.state is not FileState.DROPPED]
    shown = [line for line in kept if line.state is not FileState.REFUSED]
    return ShownFiles(
        pictures=tuple(show_file(line) for line in shown if line.is_picture),
        documents=tuple(show_file(line) for line in shown if not line.is_picture),
        refusals=tuple(refusal_sentence(line.refusal, line.name) for line in kept if line.refusal is not None),
    )
