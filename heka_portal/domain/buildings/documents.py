"""Documents of a building and of all buildings: who may read them, and who keeps them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, and_, or_, select

from heka_portal.database import at_most
from heka_portal.domain.access import Actor, Permission
from heka_portal.domain.attachments.operations import ReceivedFile, drop_own_file, keep_own_file
from heka_portal.domain.attachments.queries import FILE_COLUMNS, FileLine
from heka_portal.domain.audit.operations import record_audit
from heka_portal.domain.buildings.sight import check_sees_building, is_main_tenant_in
from heka_portal.domain.buildings.texts import lock_building
from heka_portal.domain.errors import DomainError, NotAllowed, NotFound
from heka_portal.domain.homes.management import may_write_building
from heka_portal.extensions import db
from heka_portal.models.attachments import Attachment
from heka_portal.models.buildings import BuildingDocument
from heka_portal.vocabulary import AuditAction, DocumentAudience, DocumentKind, FileState, Language

#: of a building, and as many of all buildings: a page lists them all
MOST_DOCUMENTS = 25


class ShelfFull(DomainError):
    """There are as many documents as a page lists."""


@dataclass(frozen=True)
class NewDocument:
    """What is said of a document when it is added."""

    kind: DocumentKind
    audience: DocumentAudience
    language: Language
    title_fi: str
    title_sv: str | None = None
    title_en: str | None = None


@dataclass(frozen=True)
class DocumentLine:
    """A document in a list."""

    id: int
    kind: DocumentKind
    audience: DocumentAudience
    language: Language
    title_fi: str
    title_sv: str | None
    title_en: str | None
    created_at: datetime
    file: FileLine

    def title(self, language: str) -> tuple[str, Language]:
        """The title in a language, else the Finnish one; and which it is."""
        own = {"sv": self.title_sv, "en": self.title_en}.get(language)
        return (own, Language(language)) if own else (self.title_fi, Language.FINNISH)


def _read(*conditions: ColumnElement[bool]) -> list[DocumentLine]:
    rows = db.session.execute(
        select(
            BuildingDocument.id,
            BuildingDocument.kind,
            BuildingDocument.audience,
            BuildingDocument.language,
            BuildingDocument.title_fi,
            BuildingDocument.title_sv,
            BuildingDocument.title_en,
            BuildingDocument.created_at,
            *FILE_COLUMNS,
        )
        .join(Attachment, Attachment.id == BuildingDocument.attachment_id)
        .where(BuildingDocument.removed_at.is_(None), *conditions)
        .order_by(BuildingDocument.kind, BuildingDocument.id)
        .limit(at_most(MOST_DOCUMENTS))
    )
    return [_line(*cast("tuple[Any, ...]", row)) for row in rows]


def _line(*values: Any) -> DocumentLine:
    return DocumentLine(*(*values[:8], FileLine(*values[8:])))


def _audiences(actor: Actor, building_id: int) -> tuple[DocumentAudience, ...]:
    if is_main_tenant_in(actor, building_id):
        return (DocumentAudience.RESIDENTS, DocumentAudience.MAIN_TENANTS)
    return (DocumentAudience.RESIDENTS,)


def list_own_documents(actor: Actor, building_id: int) -> list[DocumentLine]:
    """What the actor may read as a resident of this building: its documents and everyone's. Raises NotFound."""
    check_sees_building(actor, building_id)
    own = BuildingDocument.building_id == building_id
    of_building = _read(
        own, BuildingDocument.audience.in_(_audiences(actor, building_id)), Attachment.state == FileState.READY
    )
    return _sorted([*of_building, *_read(BuildingDocument.building_id.is_(None), Attachment.state == FileState.READY)])


def list_kept_documents(building_id: int) -> list[DocumentLine]:
    """All documents that residents of this building could read, for staff."""
    of_building = _read(BuildingDocument.building_id == building_id)
    return _sorted([*of_building, *_read(BuildingDocument.building_id.is_(None))])


def _sorted(lines: Iterable[DocumentLine]) -> list[DocumentLine]:
    order = list(DocumentKind)
    return sorted(lines, key=lambda line: (order.index(line.kind), line.id))


def get_own_file(actor: Actor, building_id: int, document_id: int) -> Attachment:
    """The file of a document that the actor may read as a resident of this building. Raises NotFound."""
    check_sees_building(actor, building_id)
    readable = and_(
        BuildingDocument.building_id == building_id, BuildingDocument.audience.in_(_audiences(actor, building_id))
    )
    return _file(document_id, or_(readable, BuildingDocument.building_id.is_(None)))


def get_kept_file(actor: Actor, document_id: int) -> Attachment:
    """The file of any document, for staff who look into the register. Raises NotFound."""
    if not actor.may(Permission.REGISTER_LOOK):
        raise NotFound
    return _file(document_id)


def _file(document_id: int, *conditions: ColumnElement[bool]) -> Attachment:
    file = db.session.scalar(
        select(Attachment)
        .join(BuildingDocument, BuildingDocument.attachment_id == Attachment.id)
        .where(BuildingDocument.id == document_id, *conditions)
    )
    if file is None:
        raise NotFound
    return file


def _is_of(building_id: int | None) -> ColumnElement[bool]:
    own = BuildingDocument.building_id
    return own.is_(None) if building_id is None else own == building_id


def may_write_document(actor: Actor, building_id: int | None) -> bool:
    """Whether staff may add and remove a document of this building, or of all of them (no building)."""
    if building_id is None:
        return actor.may(Permission.BUILDING_WRITE_ALL)
    return may_write_building(actor, building_id)


def add_document(
    actor: Actor, building_id: int, document: NewDocument, *, file: ReceivedFile, form_key: str, now: datetime
) -> None:
    """Add a document, once for each form key; the worker prepares its file for showing.

    Raises NotAllowed, NotFound, ShelfFull.
    """
    target = None if document.audience is DocumentAudience.EVERYONE else building_id
    if not may_write_document(actor, target):
        raise NotAllowed
    lock_building(building_id)
    if db.session.scalar(select(BuildingDocument.id).where(BuildingDocument.form_key == form_key)) is not None:
        return
    there = select(BuildingDocument.id).where(_is_of(target), BuildingDocument.removed_at.is_(None))
    if len(db.session.scalars(there.limit(at_most(MOST_DOCUMENTS))).all()) == MOST_DOCUMENTS:
        raise ShelfFull
    kept = keep_own_file(actor, file, now=now)
    row = BuildingDocument(
        building_id=target,
        kind=document.kind,
        audience=document.audience,
        language=document.language,
        title_fi=document.title_fi,
        title_sv=document.title_sv,
        title_en=document.title_en,
        attachment_id=kept.id,
        form_key=form_key,
        created_at=now,
        created_by_id=actor.account_id,
    )
    db.session.add(row)
    db.session.flush()
    _record(actor, row, "added")


def remove_document(actor: Actor, document_id: int, *, now: datetime) -> int | None:
    """Take a document away; its file goes too. Returns its building. Raises NotFound, NotAllowed."""
    row = db.session.scalar(
        select(BuildingDocument)
        .where(BuildingDocument.id == document_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None or row.attachment_id is None:
        raise NotFound
    if not may_write_document(actor, row.building_id):
        raise NotAllowed
    old, row.attachment_id, row.removed_at = row.attachment_id, None, now
    db.session.flush()
    drop_own_file(old)
    _record(actor, row, "removed")
    return row.building_id


def _record(actor: Actor, row: BuildingDocument, what: str) -> None:
    record_audit(
        AuditAction.BUILDING_CHANGED,
        account_id=actor.account_id,
        data={"building": row.building_id, "document": row.id, "what": what},
    )
