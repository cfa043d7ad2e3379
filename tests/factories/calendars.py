"""What happens in buildings, and the links by which it is read."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from heka_portal import clock
from heka_portal.domain.calendars.links import make_link
from heka_portal.extensions import db
from heka_portal.models.calendars import BuildingEvent
from heka_portal.vocabulary import BuildingEventKind, Language


def make_event(
    building_id: int, account_id: int, *, starts_at: datetime | None = None, hours: float = 2, **values: Any
) -> BuildingEvent:
    """A water cut of two hours, three days from now unless a moment is given."""
    now = clock.now()
    starts_at = starts_at or now + timedelta(days=3)
    given: dict[str, Any] = {
        "kind": BuildingEventKind.WATER_CUT,
        "title_fi": "Vesikatko",
        "ends_at": starts_at + timedelta(hours=hours),
        "is_all_day": False,
        **values,
    }
    event = BuildingEvent(
        building_id=building_id,
        starts_at=starts_at,
        form_key=secrets.token_urlsafe(24),
        created_at=now,
        created_by_id=account_id,
        changed_at=now,
        **given,
    )
    db.session.add(event)
    db.session.flush()
    return event


def subscribe(actor: Any, building_id: int, *, language: Language = Language.FINNISH) -> str:
    """The secret of a new link of the actor's. Commits."""
    token = make_link(actor, building_id, language=language, now=clock.now())
    db.session.commit()
    return token
