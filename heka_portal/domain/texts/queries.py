"""Read the landlord's texts: what counts today, what is coming, and every version there has been."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import starmap

from sqlalchemy import Date, bindparam, func, select

from heka_portal.database import Code, at_most
from heka_portal.domain.errors import NotFound
from heka_portal.extensions import db
from heka_portal.models.landlord_texts import LandlordText
from heka_portal.vocabulary import Language, TextKind

MOST_VERSIONS = 50


@dataclass(frozen=True)
class TextVersion:
    """A version as it was published."""

    kind: TextKind
    language: Language
    version: int
    body: str
    valid_from: date
    published_at: datetime


@dataclass(frozen=True)
class VersionLine:
    """A version in a list."""

    language: Language
    version: int
    valid_from: date
    published_at: datetime


_COLUMNS = (
    LandlordText.kind,
    LandlordText.language,
    LandlordText.version,
    LandlordText.body,
    LandlordText.valid_from,
    LandlordText.published_at,
)
_OF = (
    LandlordText.kind == bindparam("kind", type_=Code(TextKind)),
    LandlordText.language == bindparam("language", type_=Code(Language)),
)
_IN_FORCE = (
    select(*_COLUMNS)
    .where(*_OF, LandlordText.valid_from <= bindparam("on", type_=Date))
    .order_by(LandlordText.version.desc())
    .limit(at_most(1))
)
_VERSION = select(*_COLUMNS).where(*_OF, LandlordText.version == bindparam("version"))
_LATEST = select(*_COLUMNS).where(*_OF).order_by(LandlordText.version.desc()).limit(at_most(1))
_VERSIONS = (
    select(LandlordText.language, LandlordText.version, LandlordText.valid_from, LandlordText.published_at)
    .where(*_OF)
    .order_by(LandlordText.version.desc())
    .limit(at_most(MOST_VERSIONS))
)


def get_text(kind: TextKind, language: Language, *, on: date) -> TextVersion:
    """The version in force on a day; anyone may read it. Raises NotFound where none is yet."""
    row = db.session.execute(_IN_FORCE, {"kind": kind, "language": language, "on": on}).first()
    if row is None:
        raise NotFound
    return TextVersion(*row)


def get_version(kind: TextKind, language: Language, version: int) -> TextVersion:
    """A version in force, earlier or still to come: what is published is public. Raises NotFound."""
    row = db.session.execute(_VERSION, {"kind": kind, "language": language, "version": version}).first()
    if row is None:
        raise NotFound
    return TextVersion(*row)


def get_latest(kind: TextKind, language: Language) -> TextVersion | None:
    """The version a new one follows, in force or still to come."""
    row = db.session.execute(_LATEST, {"kind": kind, "language": language}).first()
    return TextVersion(*row) if row else None


def list_versions(kind: TextKind, language: Language) -> list[VersionLine]:
    """The versions of a text, the latest first."""
    return list(starmap(VersionLine, db.session.execute(_VERSIONS, {"kind": kind, "language": language})))


@dataclass(frozen=True)
class TextLine:
    """The latest version of a text in a language, for those who edit it."""

    kind: TextKind
    language: Language
    version: int
    valid_from: date
    published_at: datetime


def list_latest() -> Sequence[TextLine]:
    """The latest version of each text in each language."""
    newest = (
        select(LandlordText.kind, LandlordText.language, func.max(LandlordText.version).label("version"))
        .group_by(LandlordText.kind, LandlordText.language)
        .subquery()
    )
    rows = db.session.execute(
        select(
            LandlordText.kind,
            LandlordText.language,
            LandlordText.version,
            LandlordText.valid_from,
            LandlordText.published_at,
        )
        .join(
            newest,
            (newest.c.kind == LandlordText.kind)
            & (newest.c.language == LandlordText.language)
            & (newest.c.version == LandlordText.version),
        )
        .order_by(LandlordText.kind, LandlordText.language, LandlordText.id)
    )
    return list(starmap(TextLine, rows))
