"""Keep the events of a building: add one, change it, cancel it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from heka_portal.domain.access import Actor
from heka_portal.domain.audit.operations import record_audit
from heka_portal.domain.buildings.texts import lock_building
from heka_portal.domain.calendars.queries import get_kept_event, list_staircases
from heka_portal.domain.calendars.rules import EventContent, check_content
from heka_portal.domain.errors import Changed, DetailNeeded, IllegalMove
from heka_portal.domain.homes.management import check_may_write
from heka_portal.extensions import db
from heka_portal.models.calendars import BuildingEvent
from heka_portal.vocabulary import AuditAction, Language


def add_event(actor: Actor, building_id: int, content: EventContent, *, form_key: str, now: datetime) -> BuildingEvent:
    """Add an event, once for each form key. Raises NotAllowed, NotFound, DetailNeeded."""
    check_may_write(actor, building_id)
    lock_building(building_id)
    made = db.session.scalar(
        select(BuildingEvent).where(BuildingEvent.form_key == form_key, BuildingEvent.building_id == building_id)
    )
    if made is not None:
        return made
    event = BuildingEvent(building_id=building_id, form_key=form_key, created_at=now, created_by_id=actor.account_id)
    _fill(event, content, now)
    db.session.add(event)
    db.session.flush()
    _record(actor, event, "added")
    return event


def change_event(actor: Actor, event_id: int, content: EventContent, *, version: int, now: datetime) -> BuildingEvent:
    """Change an event. Raises NotFound, NotAllowed, Changed, DetailNeeded, and IllegalMove when it is cancelled."""
    event = _get_unchanged(actor, event_id, version)
    _fill(event, content, now)
    db.session.flush()
    _record(actor, event, "changed")
    return event


def cancel_event(actor: Actor, event_id: int, *, version: int, now: datetime) -> BuildingEvent:
    """Cancel an event, which stays in the calendar as such. Raises NotFound, NotAllowed, Changed, IllegalMove."""
    event = _get_unchanged(actor, event_id, version)
    event.cancelled_at = event.changed_at = now
    db.session.flush()
    _record(actor, event, "cancelled")
    return event


def _get_unchanged(actor: Actor, event_id: int, version: int) -> BuildingEvent:
    event = get_kept_event(actor, event_id, for_update=True)
    if event.version != version:
        raise Changed
    if event.cancelled_at is not None:
        raise IllegalMove("cancelled")
    return event


def _fill(event: BuildingEvent, content: EventContent, now: datetime) -> None:
    check_content(content)
    if content.staircase is not None and content.staircase not in list_staircases(event.building_id):
        raise DetailNeeded("staircase")
    details = content.details or {}
    event.kind, event.staircase, event.place = content.kind, content.staircase, content.place
    event.title_fi = content.titles[Language.FINNISH]
    event.title_sv, event.title_en = content.titles.get(Language.SWEDISH), content.titles.get(Language.ENGLISH)
    event.details_fi, event.details_sv, event.details_en = (details.get(language) for language in Language)
    event.starts_at, event.ends_at, event.is_all_day = content.starts_at, content.ends_at, content.is_all_day
    event.changed_at = now


def _record(actor: Actor, event: BuildingEvent, what: str) -> None:
    record_audit(
        AuditAction.BUILDING_CHANGED,
        account_id=actor.account_id,
        data={"building": event.building_id, "event": event.id, "what": what},
    )
