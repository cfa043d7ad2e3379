"""The texts of a building: one for each thing and language, read by its residents and kept by its manager."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import BigInteger, bindparam, select

from heka_portal.domain.access import Actor
from heka_portal.domain.audit.operations import record_audit
from heka_portal.domain.buildings.rules import fingerprint
from heka_portal.domain.errors import Changed, NotFound
from heka_portal.domain.homes.management import check_may_write
from heka_portal.extensions import db
from heka_portal.models.buildings import BuildingText
from heka_portal.models.homes import Building
from heka_portal.vocabulary import AuditAction, BuildingTextKind, Language

T = TypeVar("T")
Texts = dict[BuildingTextKind, dict[Language, str]]


def in_language(found: Mapping[Language, T], language: str) -> tuple[Language, T] | None:
    """What there is in a language, else in Finnish, else in any; the reader is told which one it is."""
    for each in (language, *Language):
        code = Language(each)
        if code in found:
            return code, found[code]
    return None


_TEXTS = (
    select(BuildingText.kind, BuildingText.language, BuildingText.text)
    .where(BuildingText.building_id == bindparam("building_id", type_=BigInteger))
    .order_by(BuildingText.kind, BuildingText.language, BuildingText.id)
)


def read_texts(building_id: int) -> Texts:
    """All texts of a building by kind and language; whose it is, the caller has settled."""
    found: Texts = {}
    for kind, language, text in db.session.execute(_TEXTS, {"building_id": building_id}):
        found.setdefault(kind, {})[language] = text
    return found


@dataclass(frozen=True)
class ShownText:
    """A text in the language it is shown in."""

    kind: BuildingTextKind
    language: Language
    text: str


def list_shown_texts(building_id: int, language: str) -> list[ShownText]:
    """Each text once, in the reader's language or the one there is."""
    texts = read_texts(building_id)
    chosen = ((kind, in_language(texts.get(kind, {}), language)) for kind in BuildingTextKind)
    return [ShownText(kind, *found) for kind, found in chosen if found is not None]


def texts_fingerprint(texts: Mapping[Language, str]) -> str:
    """What a form was drawn from."""
    return fingerprint(f"{language}:{texts[language]}" for language in Language if texts.get(language))


def lock_building(building_id: int) -> None:
    """Let changes to what is told of a building come one after the other. Raises NotFound."""
    if db.session.scalar(select(Building.id).where(Building.id == building_id).with_for_update()) is None:
        raise NotFound


def write_texts(
    actor: Actor,
    building_id: int,
    *,
    kind: BuildingTextKind,
    texts: Mapping[Language, str],
    drawn_from: str,
    now: datetime,
) -> None:
    """Write one text in all its languages; an empty one is taken away.

    Raises NotAllowed, NotFound, and Changed when somebody wrote it meanwhile.
    """
    check_may_write(actor, building_id)
    lock_building(building_id)
    rows = {
        row.language: row
        for row in db.session.scalars(
            select(BuildingText)
            .where(BuildingText.building_id == building_id, BuildingText.kind == kind)
            .execution_options(populate_existing=True)
        )
    }
    if texts_fingerprint({language: row.text for language, row in rows.items()}) != drawn_from:
        raise Changed
    for language in Language:
        _write_one(actor, rows.get(language), building_id, kind, language, texts.get(language, ""), now)
    record_audit(
        AuditAction.BUILDING_CHANGED,
        account_id=actor.account_id,
        data={"building": building_id, "text": str(kind)},
    )
    db.session.flush()


def _write_one(
    actor: Actor,
    row: BuildingText | None,
    building_id: int,
    kind: BuildingTextKind,
    language: Language,
    text: str,
    now: datetime,
) -> None:
    if row is not None and not text:
        db.session.delete(row)
    elif row is not None and row.text != text:
        row.text, row.updated_at, row.updated_by_id = text, now, actor.account_id
    elif row is None and text:
        db.session.add(
            BuildingText(
                building_id=building_id,
                kind=kind,
                language=language,
                text=text,
                updated_at=now,
                updated_by_id=actor.account_id,
            )
        )
