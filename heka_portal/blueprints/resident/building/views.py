"""The buildings of the reader's homes; another's building is not found, as one that is not there."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from heka_portal import clock
from heka_portal.domain.access import Actor, Permission
from heka_portal.domain.buildings.documents import get_own_file, list_own_documents
from heka_portal.domain.buildings.plans import (
    PlanLine,
    PlanShelf,
    PlanText,
    acknowledge,
    get_published,
    list_published,
    read_at,
    read_plan_file,
    read_plan_in_force,
    read_plan_texts,
)
from heka_portal.domain.buildings.rules import standing_of
from heka_portal.domain.buildings.sheets import get_own_building, list_own_homes
from heka_portal.domain.buildings.texts import in_language, list_shown_texts
from heka_portal.domain.calendars.queries import list_happenings, split
from heka_portal.domain.errors import NotFound
from heka_portal.extensions import db
from heka_portal.vocabulary import Language
from heka_portal.web.access import current_actor, requires
from heka_portal.web.chosen_home import chosen_home
from heka_portal.web.files import send_stored
from heka_portal.web.i18n import current_language
from heka_portal.web.rescue_plans import send_plan

bp = Blueprint("building", __name__, url_prefix="/building")

BUILDING = "/<int:building_id>"
#: how much of the calendar stands on the building's page
NEXT = 3
VERSION = f"{BUILDING}/rescue-plan/<int:version>"


@bp.get("")
@requires(Permission.BUILDING_SEE)
def index() -> ResponseReturnValue:
    """The building of the chosen home."""
    actor = current_actor()
    home = chosen_home(actor)
    if home is None:
        raise NotFound
    return _page(actor, home.building_id)


@bp.get(BUILDING)
@requires(Permission.BUILDING_SEE)
def show(building_id: int) -> ResponseReturnValue:
    """A building of the reader's."""
    return _page(current_actor(), building_id)


def _page(actor: Actor, building_id: int) -> str:
    building = get_own_building(actor, building_id)
    plan, now = read_plan_in_force(building_id, on=clock.today()), clock.now()
    coming, _over = split(list_happenings(actor, building_id, language=current_language(), now=now), now=now)
    return render_template(
        "resident/building/show.html",
        coming=[each for each in coming if not each.is_cancelled][:NEXT],
        building=building,
        others=_others(actor, building_id),
        homes=list_own_homes(actor, building_id),
        texts=list_shown_texts(building_id, current_language()),
        plan=plan,
        standing=standing_of(plan, building.apartment_count),
        read_at=read_at(actor, plan.id) if plan else None,
        today=clock.today(),
    )


def _others(actor: Actor, building_id: int) -> list[tuple[int, str]]:
    """The reader's other buildings with their addresses."""
    known = {tie.building_id: tie.street_address for tie in actor.own_homes}
    return [(each, address) for each, address in known.items() if each != building_id]


@bp.get(f"{BUILDING}/rescue-plan")
@requires(Permission.BUILDING_SEE)
def plan(building_id: int) -> ResponseReturnValue:
    """The rescue plan in force, or why there is none."""
    actor = current_actor()
    shelf = list_published(actor, building_id, on=clock.today())
    return _plan_page(actor, building_id, shelf, shelf.in_force)


@bp.get(VERSION)
@requires(Permission.BUILDING_SEE)
def version(building_id: int, version: int) -> ResponseReturnValue:
    """An earlier version, or one to come."""
    actor = current_actor()
    shelf = list_published(actor, building_id, on=clock.today())
    return _plan_page(actor, building_id, shelf, get_published(actor, building_id, version))


def _plan_page(actor: Actor, building_id: int, shelf: PlanShelf, line: PlanLine | None) -> str:
    building = get_own_building(actor, building_id)
    texts = read_plan_texts(line.id) if line else {}
    text = _chosen(texts)
    is_coming = line is not None and line.valid_from is not None and line.valid_from > clock.today()
    return render_template(
        "resident/building/plan.html",
        building=building,
        shelf=shelf,
        plan=line,
        is_coming=is_coming,
        is_earlier=line is not None and line != shelf.in_force and not is_coming,
        text=text,
        languages=[language for language in Language if language in texts and text and language != text.language],
        standing=standing_of(shelf.in_force, building.apartment_count),
        read_at=read_at(actor, line.id) if line else None,
    )


def _chosen(texts: Mapping[Language, PlanText]) -> PlanText | None:
    """The text in the language that was asked for, else in the reader's, else the one there is."""
    asked = request.args.get("text", "")
    found = in_language(texts, asked if asked in set(Language) else current_language())
    return found[1] if found else None


@bp.post(f"{VERSION}/read")
@requires(Permission.BUILDING_SEE)
def read(building_id: int, version: int) -> ResponseReturnValue:
    """Say that one has read a version."""
    line = acknowledge(current_actor(), building_id, version, now=clock.now())
    db.session.commit()
    flash(_("Thank you. It is noted that you have read version %(number)s.", number=line.version), "good")
    return redirect(url_for(".version", building_id=building_id, version=version), code=303)


@bp.get(f"{VERSION}/<any(fi, sv, en):language>.pdf")
@requires(Permission.BUILDING_SEE)
def pdf(building_id: int, version: int, language: str) -> ResponseReturnValue:
    """A version as a PDF: made from its text, or the file that its writers gave."""
    actor = current_actor()
    line = get_published(actor, building_id, version)
    text = read_plan_texts(line.id).get(Language(language))
    if text is None:
        raise NotFound
    if not text.is_written:
        return send_stored(read_plan_file(line.id, text.language))
    return send_plan(line, text, get_own_building(actor, building_id))


@bp.get(f"{BUILDING}/documents")
@requires(Permission.BUILDING_SEE)
def documents(building_id: int) -> ResponseReturnValue:
    """The documents that the reader may read as a resident of this building."""
    actor = current_actor()
    return render_template(
        "resident/building/documents.html",
        building=get_own_building(actor, building_id),
        documents=list_own_documents(actor, building_id),
    )


@bp.get(f"{BUILDING}/documents/<int:document_id>")
@requires(Permission.BUILDING_SEE)
def document(building_id: int, document_id: int) -> ResponseReturnValue:
    """A document as a download."""
    return send_stored(get_own_file(current_actor(), building_id, document_id))
