"""What happens in a building of the reader's: the page, one event to keep, and the link for one's own calendar."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from heka_portal import clock
from heka_portal.domain.access import Permission
from heka_portal.domain.buildings.sheets import get_own_building
from heka_portal.domain.calendars.links import end_link, get_own_link, make_link
from heka_portal.domain.calendars.queries import PAGE_OVER, get_happening, list_happenings, part_of, split
from heka_portal.domain.calendars.rules import Source
from heka_portal.extensions import db
from heka_portal.vocabulary import Language
from heka_portal.web import limits
from heka_portal.web.access import current_actor, requires
from heka_portal.web.addresses import as_key
from heka_portal.web.calendars import write_one
from heka_portal.web.files import send_made
from heka_portal.web.i18n import current_language
from heka_portal.web.mails import absolute_url

bp = Blueprint("calendar", __name__, url_prefix="/building")

CALENDAR = "/<int:building_id>/calendar"
#: where this browser keeps a new link until it has been shown, once
MADE = "calendar_link"
CALENDAR_TYPE = "text/calendar"


@bp.get(CALENDAR)
@requires(Permission.BUILDING_SEE)
def index(building_id: int) -> ResponseReturnValue:
    """What is to come, what was, and how to have it in one's own calendar."""
    actor, now = current_actor(), clock.now()
    building = get_own_building(actor, building_id)
    happenings = list_happenings(actor, building_id, language=current_language(), now=now)
    coming, over = split(happenings, now=now)
    return render_template(
        "resident/building/calendar.html",
        building=building,
        coming=part_of(coming, as_key(request.args.get("from")) or 0),
        over=part_of(over, as_key(request.args.get("over")) or 0, PAGE_OVER),
        over_count=len(over),
        now=now,
        link=get_own_link(actor, building_id, now=now),
        made=_made(building_id),
    )


def _made(building_id: int) -> str | None:
    """The address of the link that was made a moment ago."""
    kept = session.pop(MADE, None)
    if not kept or kept["building"] != building_id:
        return None
    return absolute_url("feeds.calendar", {"token": kept["token"]})


@bp.get(f"{CALENDAR}/<any(event, notice):source>-<int:happening_id>.ics")
@requires(Permission.BUILDING_SEE)
def event(building_id: int, source: str, happening_id: int) -> ResponseReturnValue:
    """One event as a file for one's own calendar."""
    actor, now, language = current_actor(), clock.now(), current_language()
    found = get_happening(actor, building_id, Source(source), happening_id, language=language, now=now)
    is_protected = get_own_link(actor, building_id, now=now).is_protected
    content = write_one(found, None if is_protected else get_own_building(actor, building_id))
    return _file(content, name=f"heka-{source}-{happening_id}.ics")


def _file(content: bytes, *, name: str) -> Response:
    response = send_made(content, name=name)
    response.mimetype = CALENDAR_TYPE
    return response


@bp.post(f"{CALENDAR}/link")
@requires(Permission.BUILDING_SEE)
def subscribe(building_id: int) -> ResponseReturnValue:
    """Make a link, in place of the one there was; the next page shows it, once."""
    actor = current_actor()
    limits.hit("calendar/account", str(actor.account_id))
    token = make_link(actor, building_id, language=Language(current_language()), now=clock.now())
    db.session.commit()
    session[MADE] = {"building": building_id, "token": token}
    return redirect(url_for(".index", building_id=building_id, _anchor="subscribe"), code=303)


@bp.post(f"{CALENDAR}/link/end")
@requires(Permission.BUILDING_SEE)
def end(building_id: int) -> ResponseReturnValue:
    """End the link."""
    end_link(current_actor(), building_id)
    db.session.commit()
    flash(_("The link is ended. Calendars that used it get nothing more."), "good")
    return redirect(url_for(".index", building_id=building_id), code=303)
