"""Notices, told or not, and the places they are for."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from heka_portal import clock
from heka_portal.domain.notices.operations import publish_notice, write_notice
from heka_portal.domain.notices.rules import EVERYWHERE, Content, Place, Words
from heka_portal.extensions import db
from heka_portal.models.notices import Notice
from heka_portal.vocabulary import Language, NoticeKind
from tests.factories.counting import fresh

FINNISH = Words("Vesikatko torstaina", "Vesi on poikki **klo 8–10**.\n\n- Laske vettä valmiiksi.")
SWEDISH = Words("Vattenavbrott på torsdag", "Vattnet är avstängt **kl. 8–10**.")
ENGLISH = Words("Water cut on Thursday", "The water is off **from 8 to 10**.")
ALL = {Language.FINNISH: FINNISH, Language.SWEDISH: SWEDISH, Language.ENGLISH: ENGLISH}


def content(*places: Place, **values: Any) -> Content:
    """A service break for everybody, unless places say otherwise."""
    given = {"kind": NoticeKind.SERVICE_BREAK, "words": ALL, "places": places or (EVERYWHERE,), **values}
    return Content(**given)


def draft(actor: Any, *places: Place, now: datetime | None = None, **values: Any) -> Notice:
    """A draft of the actor's; the title tells it from others where none is given."""
    values.setdefault("words", {Language.FINNISH: Words(f"Tiedote {fresh()}", "Sisältö.")})
    notice = write_notice(actor, content(*places, **values), now=now or clock.now())
    db.session.flush()
    return notice


def told(actor: Any, *places: Place, at: datetime | None = None, **values: Any) -> Notice:
    """A notice told at a moment, now or in the past; it stands for 30 days unless said otherwise. Commits."""
    at = at or clock.now() - timedelta(minutes=1)
    notice = draft(actor, *places, now=at, **values)
    publish_notice(actor, notice, version=notice.version, now=at)
    db.session.commit()
    return notice
