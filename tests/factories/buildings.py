"""Texts, rescue plans and documents of buildings."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, timedelta

from heka_portal import clock
from heka_portal.extensions import db
from heka_portal.models.attachments import Attachment
from heka_portal.models.buildings import BuildingDocument, BuildingText, RescuePlan, RescuePlanText
from heka_portal.vocabulary import (
    BuildingTextKind,
    DocumentAudience,
    DocumentKind,
    FileState,
    FileType,
    Language,
    PlanPart,
    PlanState,
)

PARTS: Mapping[PlanPart, str] = {
    PlanPart.RISKS: "Yleisin vaara on keittiöpalo.",
    PlanPart.ARRANGEMENTS: "- Sammutin on kellarissa\n- Kokoontumispaikka on pihakeinu",
    PlanPart.INSTRUCTIONS: "1. Pelasta vaarassa olevat\n2. Varoita muita\n3. Soita 112",
    PlanPart.PREPAREDNESS: "Väestönsuoja on B-rapussa.",
}


def make_text(
    building_id: int,
    account_id: int,
    *,
    kind: BuildingTextKind = BuildingTextKind.WASTE,
    language: Language = Language.FINNISH,
    text: str = "Jätepiste on pihan perällä.\n\n- Sekajäte\n- Biojäte",
) -> BuildingText:
    """A text of a building."""
    row = BuildingText(
        building_id=building_id,
        kind=kind,
        language=language,
        text=text,
        updated_at=clock.now(),
        updated_by_id=account_id,
    )
    db.session.add(row)
    db.session.flush()
    return row


def make_plan(
    building_id: int,
    account_id: int,
    *,
    version: int = 1,
    state: PlanState = PlanState.PUBLISHED,
    valid_from: date | None = None,
    languages: tuple[Language, ...] = (Language.FINNISH,),
    parts: Mapping[PlanPart, str] = PARTS,
) -> RescuePlan:
    """A version of a rescue plan, by default published and in force for a month."""
    now, is_draft = clock.now(), state is PlanState.DRAFT
    plan = RescuePlan(
        building_id=building_id,
        version=version,
        state=state,
        valid_from=None if is_draft else valid_from or clock.today() - timedelta(days=30),
        created_at=now,
        created_by_id=account_id,
        published_at=None if is_draft else now,
        published_by_id=None if is_draft else account_id,
        withdrawn_at=now if state is PlanState.WITHDRAWN else None,
    )
    db.session.add(plan)
    db.session.flush()
    for language in languages:
        words = {str(part): text for part, text in parts.items()}
        db.session.add(RescuePlanText(plan_id=plan.id, language=language, **words))
    db.session.flush()
    return plan


def make_pdf_file(account_id: int, *, storage_key: str = "files/document", state: FileState = FileState.READY) -> int:
    """The row of a PDF that the worker has made ready."""
    now = clock.now()
    file = Attachment(
        key=secrets.token_urlsafe(24),
        uploaded_by_id=account_id,
        name="ohje.pdf",
        type=FileType.PDF,
        size=7,
        sha256="0" * 64,
        state=state,
        storage_key=storage_key if state is FileState.READY else None,
        raw_key=None if state is FileState.READY else f"quarantine/{secrets.token_hex(8)}",
        next_try_at=now,
        created_at=now,
    )
    db.session.add(file)
    db.session.flush()
    return file.id


def make_document(
    building_id: int | None,
    account_id: int,
    *,
    audience: DocumentAudience = DocumentAudience.RESIDENTS,
    title: str = "Järjestyssäännöt",
    state: FileState = FileState.READY,
) -> BuildingDocument:
    """A document of a building, or of all (no building)."""
    row = BuildingDocument(
        building_id=building_id,
        kind=DocumentKind.HOUSE_RULES,
        audience=DocumentAudience.EVERYONE if building_id is None else audience,
        language=Language.FINNISH,
        title_fi=title,
        attachment_id=make_pdf_file(account_id, state=state),
        form_key=secrets.token_urlsafe(24),
        created_at=clock.now(),
        created_by_id=account_id,
    )
    db.session.add(row)
    db.session.flush()
    return row
