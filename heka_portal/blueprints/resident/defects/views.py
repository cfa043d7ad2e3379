"""Report a defect: emergencies first, then a question group a page, then the answers to check."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from heka_portal import clock
from heka_portal.blueprints.resident.defects.forms import PlaceForm, ReportAccessForm, WhatForm
from heka_portal.blueprints.resident.shown import show_files
from heka_portal.domain.access import Permission
from heka_portal.domain.attachments.operations import drop_file
from heka_portal.domain.attachments.queries import list_draft_files
from heka_portal.domain.cases.deadlines import read_by
from heka_portal.domain.cases.drafts import begin_draft, end_draft, get_draft, keep_files, save_answers
from heka_portal.domain.cases.operations import follow as follow_case
from heka_portal.domain.defects.drafts import send_draft
from heka_portal.domain.defects.queries import (
    Lookalike,
    get_lookalike,
    get_own_phone,
    get_promise,
    get_target,
    list_lookalikes,
    list_own_repairs,
)
from heka_portal.domain.defects.rules import Answers, Step
from heka_portal.domain.errors import AlreadyDone, DetailNeeded, NotFound
from heka_portal.extensions import db
from heka_portal.models.cases import CaseDraft
from heka_portal.vocabulary import CaseKind, DefectArea, Urgency
from heka_portal.web.access import current_actor, requires
from heka_portal.web.chosen_home import chosen_first
from heka_portal.web.errors import error_page
from heka_portal.web.files import Received, receive_files, refusal_sentence

bp = Blueprint("defects", __name__, url_prefix="/defects/report")

BOTH = ["GET", "POST"]


def page_url(key: str, step: Step) -> str:
    """The address of a page of a report."""
    return url_for(f"resident.defects.{step}", key=key)


def on_from(draft: CaseDraft) -> ResponseReturnValue:
    """To the first page that is not yet answered, or to the answers to check."""
    return redirect(page_url(draft.key, Answers.read(draft.answers).missing or Step.CHECK), code=303)


@bp.errorhandler(AlreadyDone)
def sent_before(error: AlreadyDone) -> ResponseReturnValue:
    """A report is sent once: whoever comes again is led to what it became."""
    db.session.rollback()
    return redirect(url_for("resident.matters.sent", number=error.number), code=303)


@bp.errorhandler(NotFound)
def draft_ended(error: NotFound) -> ResponseReturnValue:
    """Another's draft, or one's own that has ended with its session: the answer is the same."""
    db.session.rollback()
    return error_page(
        404,
        _("This draft is no longer there"),
        _("A draft is kept until you sign out, and for 12 hours at most."),
        [_("If you sent it, you find it on the page My matters.")],
        action=_("Report a defect"),
        action_url=url_for("resident.defects.start"),
    )


@bp.get("")
@requires(Permission.DEFECT_REPORT)
def start() -> ResponseReturnValue:
    """Emergencies first: dangers lead to the phone."""
    return render_template("resident/defects/start.html", target=get_target(Urgency.ORDINARY, on=clock.today()))


@bp.post("")
@requires(Permission.DEFECT_REPORT)
def begin() -> ResponseReturnValue:
    """Begin a draft, kept on the server while the session lasts."""
    draft = begin_draft(current_actor(), CaseKind.DEFECT)
    db.session.commit()
    return redirect(page_url(draft.key, Step.PLACE), code=303)


@bp.get("/<key>")
@requires(Permission.DEFECT_REPORT)
def resume(key: str) -> ResponseReturnValue:
    """Go on where one left off."""
    return on_from(get_draft(current_actor(), key))


@bp.route("/<key>/place", methods=BOTH)
@requires(Permission.DEFECT_REPORT)
def place(key: str) -> ResponseReturnValue:
    """Page 1: the home or the common areas, and the room or place there."""
    actor = current_actor()
    draft = get_draft(actor, key, for_update=request.method == "POST")
    answers = Answers.read(draft.answers)
    form = PlaceForm(chosen_first(actor, actor.homes), answers)
    if form.validate_on_submit():
        save_answers(draft, form.to_answers())
        db.session.commit()
        return on_from(draft)
    return render_template("resident/defects/place.html", form=form, draft=draft, answers=answers)


@bp.route("/<key>/what", methods=BOTH)
@requires(Permission.DEFECT_REPORT)
def what(key: str) -> ResponseReturnValue:
    """Page 2: the fault in words and pictures."""
    draft = get_draft(current_actor(), key)
    answers = Answers.read(draft.answers)
    if not answers.may_open(Step.WHAT):
        return on_from(draft)
    form = WhatForm(answers)
    if request.method == "POST":
        is_whole, received = form.validate(), receive_files(form.files.data)
        # What was read before the files were stored may have changed meanwhile: it is read again under the lock.
        db.session.rollback()
        form.refuse((*received.refusals, *keep_page(key, form, received)))
        db.session.commit()
        if form.is_kept and not form.refusals and request.form.keys() & {"remove", "stay"}:
            return redirect(page_url(key, Step.WHAT), code=303)
        if is_whole and not form.refusals:
            return on_from(get_draft(current_actor(), key))
    files = show_files(list_draft_files(draft.id))
    return render_template("resident/defects/what.html", form=form, draft=draft, answers=answers, files=files)


def keep_page(key: str, form: WhatForm, received: Received) -> list[str]:
    """Keep what was written and the files; returns a sentence for each file that finds no room."""
    actor = current_actor()
    draft = get_draft(actor, key, for_update=True)
    save_answers(draft, form.to_answers())
    if "remove" in request.form:
        drop_file(actor, request.form["remove"])
    refused = keep_files(actor, draft, received.files, now=clock.now())
    return [refusal_sentence(error.refusal, error.name) for error in refused]


@bp.route("/<key>/access", methods=BOTH)
@requires(Permission.DEFECT_REPORT)
def access(key: str) -> ResponseReturnValue:
    """Page 3, for homes: how maintenance gets in, and who of the home sees the matter."""
    actor = current_actor()
    draft = get_draft(actor, key, for_update=request.method == "POST")
    answers = Answers.read(draft.answers)
    if not answers.may_open(Step.ACCESS):
        return on_from(draft)
    form = ReportAccessForm(answers, phone=None if answers.has_access else get_own_phone(actor))
    if form.validate_on_submit():
        save_answers(draft, form.to_answers())
        db.session.commit()
        return on_from(draft)
    return render_template("resident/defects/access.html", form=form, draft=draft, answers=answers)


@bp.get("/<key>/check")
@requires(Permission.DEFECT_REPORT)
def check(key: str) -> ResponseReturnValue:
    """The answers to check, what is one's own to mend, and what others have reported already."""
    actor = current_actor()
    draft = get_draft(actor, key)
    answers = Answers.read(draft.answers)
    if answers.missing is not None or answers.fault is None:
        return on_from(draft)
    return render_template(
        "resident/defects/check.html",
        draft=draft,
        answers=answers,
        address=_address(answers),
        reading_at=read_by(clock.now()),
        files=show_files(list_draft_files(draft.id)),
        promise=get_promise(answers.fault),
        own_repairs=list_own_repairs(answers.fault, on=clock.today()) if answers.area is DefectArea.HOME else [],
        lookalikes=_lookalikes(answers),
    )


def _address(answers: Answers) -> str:
    """The address of the home, or of the building whose common areas it is about."""
    for home in current_actor().homes:
        if answers.area is DefectArea.HOME and home.apartment_id == answers.apartment_id:
            return home.address
        if answers.area is DefectArea.COMMON and home.building_id == answers.building_id:
            return home.street_address
    return ""


def _lookalikes(answers: Answers) -> list[Lookalike]:
    is_common = answers.area is DefectArea.COMMON
    if not is_common or answers.building_id is None or answers.place is None or answers.fault is None:
        return []
    return list_lookalikes(current_actor(), building_id=answers.building_id, place=answers.place, fault=answers.fault)


@bp.post("/<key>/send")
@requires(Permission.DEFECT_REPORT)
def send(key: str) -> ResponseReturnValue:
    """Make the case, once."""
    try:
        defect, _event = send_draft(current_actor(), key)
    except DetailNeeded:
        return on_from(get_draft(current_actor(), key))
    db.session.commit()
    return redirect(url_for("resident.matters.sent", number=defect.number), code=303)


@bp.post("/<key>/follow/<int:number>")
@requires(Permission.DEFECT_REPORT)
def follow(key: str, number: int) -> ResponseReturnValue:
    """Follow what a neighbour has reported, instead of reporting it again."""
    actor = current_actor()
    draft = get_draft(actor, key, for_update=True)
    follow_case(actor, get_lookalike(actor, number))
    end_draft(draft)
    db.session.commit()
    flash(_("You follow this matter now. We tell you when it moves."), "good")
    return redirect(url_for("resident.matters.show", number=number), code=303)


@bp.post("/<key>/discard")
@requires(Permission.DEFECT_REPORT)
def discard(key: str) -> ResponseReturnValue:
    """Throw the draft and its files away."""
    end_draft(get_draft(current_actor(), key, for_update=True))
    db.session.commit()
    flash(_("The draft is deleted."), "info")
    return redirect(url_for("resident.matters.index"), code=303)
