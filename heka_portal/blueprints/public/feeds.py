"""What programs read without a person: the calendar of a building, by a private link."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint
from flask.typing import ResponseReturnValue

from heka_portal import clock
from heka_portal.domain.buildings.sheets import read_sheet
from heka_portal.domain.calendars.links import FoundLink, find_link, follow_link, note_use
from heka_portal.domain.calendars.queries import list_happenings
from heka_portal.domain.errors import NotFound
from heka_portal.web import limits
from heka_portal.web.access import public
from heka_portal.web.calendars import send_feed, write_feed
from heka_portal.web.i18n import in_language

bp = Blueprint("feeds", __name__)


@bp.get("/calendar/<token>.ics")
@public
def calendar(token: str) -> ResponseReturnValue:
    """The calendar of a building, to who has the link; whatever is wrong with a link, the answer is the same."""
    now = clock.now()
    try:
        link = find_link(token, now=now)
        limits.hit("calendar/link", str(link.id))
        content = _written(link, now)
    except NotFound:
        limits.hit("calendar/address", limits.network())
        raise
    note_use(link, now=now)
    return send_feed(content)


def _written(link: FoundLink, now: datetime) -> bytes:
    """What the one the link was made for may read now, in the link's language. Raises NotFound."""
    actor = follow_link(link, now=now)
    happenings = list_happenings(actor, link.building_id, language=link.language, now=now)
    building = None if link.is_protected else read_sheet(link.building_id)
    with in_language(link.language):
        return write_feed(happenings, building)
