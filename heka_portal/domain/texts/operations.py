"""Publish a version of a landlord's text: what was published never changes."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.exc import IntegrityError

from heka_portal import clock
from heka_portal.domain.access import Actor, Permission
from heka_portal.domain.audit.operations import record_audit
from heka_portal.domain.errors import Changed, DetailNeeded, NotAllowed
from heka_portal.domain.texts.queries import TextVersion, get_latest
from heka_portal.domain.texts.rules import MAX_TEXT, earliest_day
from heka_portal.extensions import db
from heka_portal.models.landlord_texts import LandlordText
from heka_portal.vocabulary import AuditAction, Language, TextKind


def publish_text(
    actor: Actor,
    *,
    kind: TextKind,
    language: Language,
    body: str,
    valid_from: date,
    follows: int,
    now: datetime | None = None,
) -> int:
    """Publish the version that follows version `follows`; answers its number. A second press publishes nothing more.

    Raises NotAllowed, Changed where another version came meanwhile, DetailNeeded naming "body" or "valid_from".
    """
    now = now or clock.now()
    if not actor.may(Permission.LANDLORD_TEXT_WRITE):
        raise NotAllowed
    latest = get_latest(kind, language)
    if latest is not None and _is_same(latest, follows, body, valid_from):
        return latest.version
    if follows != (latest.version if latest else 0):
        raise Changed
    if not body.strip() or len(body) > MAX_TEXT:
        raise DetailNeeded("body")
    if valid_from < earliest_day(on=clock.date_in_helsinki(now), latest=latest.valid_from if latest else None):
        raise DetailNeeded("valid_from")
    _add(actor, kind, language, follows + 1, body.strip(), valid_from, now)
    return follows + 1


def _is_same(latest: TextVersion, follows: int, body: str, valid_from: date) -> bool:
    """Whether this very version has been published already."""
    return latest.version == follows + 1 and latest.body == body.strip() and latest.valid_from == valid_from


def _add(
    actor: Actor, kind: TextKind, language: Language, version: int, body: str, valid_from: date, now: datetime
) -> None:
    text = LandlordText(
        kind=kind,
        language=language,
        version=version,
        body=body,
        valid_from=valid_from,
        published_at=now,
        published_by_id=actor.account_id,
    )
    try:
        with db.session.begin_nested():
            db.session.add(text)
    except IntegrityError as clash:  # two at the same moment: the second one looks at what the first one wrote
        raise Changed from clash
    record_audit(
        AuditAction.TEXT_PUBLISHED,
        account_id=actor.account_id,
        data={"kind": str(kind), "language": str(language), "version": version},
    )
