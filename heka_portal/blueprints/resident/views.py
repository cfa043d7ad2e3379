"""The home page, and the areas of the residents' pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from heka_portal import clock
from heka_portal.blueprints.resident.building.calendar import bp as calendar
from heka_portal.blueprints.resident.building.views import bp as building
from heka_portal.blueprints.resident.defects.views import bp as defects
from heka_portal.blueprints.resident.details.views import bp as details
from heka_portal.blueprints.resident.drafts import show_drafts
from heka_portal.blueprints.resident.files import bp as files
from heka_portal.blueprints.resident.homes import bp as choosing
from heka_portal.blueprints.resident.matters.views import bp as matters
from heka_portal.blueprints.resident.messages.views import bp as messages
from heka_portal.blueprints.resident.notices.views import bp as notices
from heka_portal.blueprints.resident.words import inside, next_step, target_words, tidy, turn_of
from heka_portal.domain.access import LIVING, Actor, Permission, Standing, Tie
from heka_portal.domain.cases.drafts import list_drafts
from heka_portal.domain.cases.matters import list_matters, list_waiting
from heka_portal.domain.details.queries import get_waiting_account
from heka_portal.domain.homes.buildings import list_building_cards
from heka_portal.domain.notices.queries import list_new_notices
from heka_portal.web.access import current_actor, requires
from heka_portal.web.chosen_home import chosen_home
from heka_portal.web.cursors import write_cursor
from heka_portal.web.i18n import current_language

bp = Blueprint("resident", __name__)
for area in (matters, defects, messages, files, building, calendar, notices, details, choosing):
    bp.register_blueprint(area)
for words in (inside, target_words, tidy, next_step, turn_of, write_cursor):
    bp.add_app_template_global(words)

#: how many open matters the home page shows; the others are one press away
MOST_LINES = 5
MOST_NOTICES = 3


@dataclass(frozen=True)
class Home:
    """A home as the home page says it: where, and what is to come."""

    apartment_id: int
    address: str
    building_id: int
    standing: Standing
    from_on: date
    to_on: date | None


def homes_of(actor: Actor) -> list[Home]:
    """The actor's homes, those of today first; each home once, also where one moves from lease to lease."""
    order: Sequence[Standing] = (Standing.RUNNING, Standing.ENDING, Standing.COMING, Standing.ENDED)
    ties = sorted(actor.ties, key=lambda tie: (order.index(tie.standing(actor.on)), not tie.is_party))
    found: dict[int, Home] = {}
    for tie in ties:
        found.setdefault(tie.apartment_id, _home(tie, actor.on))
    return list(found.values())


def _home(tie: Tie, on: date) -> Home:
    to_on = min(filter(None, (tie.to_on, tie.lease_ends_on)), default=None)
    return Home(tie.apartment_id, tie.address, tie.building_id, tie.standing(on), tie.from_on, to_on)


@bp.get("/home")
@requires(Permission.OWN_MATTERS)
def home() -> ResponseReturnValue:
    """What waits for the reader, their open matters, and their building."""
    actor = current_actor()
    homes = homes_of(actor)
    present = [one for one in homes if one.standing in LIVING]
    chosen = chosen_home(actor)
    shown = [one for one in homes if chosen and one.apartment_id == chosen.apartment_id] or homes[:1]
    waiting = list_waiting(actor, limit=MOST_LINES)
    turns = {line.id for line in waiting}
    matters = list_matters(actor, is_closed=False, limit=MOST_LINES)
    return render_template(
        "resident/home.html",
        homes=shown,
        has_several=len(actor.own_homes) > 1,
        coming=[one for one in homes if one.standing is Standing.COMING],
        is_former=not present and all(one.standing is Standing.ENDED for one in homes),
        waiting=waiting,
        lines=[line for line in matters.lines if line.id not in turns],
        has_more=matters.next is not None,
        drafts=show_drafts(list_drafts(actor)),
        account=get_waiting_account(actor, now=clock.now()),
        notices=list_new_notices(actor, MOST_NOTICES, language=current_language()),
        buildings=list_building_cards({one.building_id for one in shown}),
    )
