"""The resident's own list of cases, and one case with everything that can be done to it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from heka_portal import clock
from heka_portal.blueprints.resident.drafts import show_drafts
from heka_portal.blueprints.resident.matters.defect_page import change_access_form, defect_of
from heka_portal.blueprints.resident.matters.enquiry_page import CLOSING
from heka_portal.blueprints.resident.matters.forms import AnswerForm, SearchForm, WithdrawForm, WriteForm
from heka_portal.blueprints.resident.matters.pages import case_page, earlier_page, sent_page
from heka_portal.blueprints.resident.messages.taking import take_reply
from heka_portal.domain.access import Permission
from heka_portal.domain.attachments.operations import add_files
from heka_portal.domain.cases.drafts import MOST_DRAFTS, list_drafts
from heka_portal.domain.cases.matters import list_matters
from heka_portal.domain.cases.operations import follow as follow_case
from heka_portal.domain.cases.operations import raise_if_done
from heka_portal.domain.cases.operations import unfollow as unfollow_case
from heka_portal.domain.cases.own_search import search_matters
from heka_portal.domain.cases.queries import mark_read
from heka_portal.domain.cases.views import CaseView, get_case_view, get_whole_case
from heka_portal.domain.casework.operations import Details, answer_repair, available_moves, make_move, write
from heka_portal.domain.defects.operations import change_access
from heka_portal.domain.defects.queries import get_defect, get_lookalike
from heka_portal.domain.errors import AlreadyDone, IllegalMove, NotAllowed, NotFresh
from heka_portal.extensions import db
from heka_portal.models.cases import CaseEvent
from heka_portal.vocabulary import CaseKind, Part, RepairAnswer
from heka_portal.web.access import current_actor, requires
from heka_portal.web.addresses import as_key
from heka_portal.web.cursors import read_cursor
from heka_portal.web.files import Received, receive_files
from heka_portal.web.step_up import to_step_up

bp = Blueprint("matters", __name__, url_prefix="/matters")

BOTH = ["GET", "POST"]


def to_case(number: int, anchor: str | None = None) -> ResponseReturnValue:
    """To the page of a case."""
    return redirect(url_for("resident.matters.show", number=number, _anchor=anchor), code=303)


def view_of(number: int) -> CaseView:
    """A case whose words the reader may read now. Raises NotFound, NotFresh."""
    actor = current_actor()
    view = get_case_view(actor, number)
    view.check_readable(actor, now=clock.now())
    return view


def own_view(number: int) -> CaseView:
    """A case that is the reader's own. Raises NotFound, and NotAllowed where they only take part in it."""
    view = view_of(number)
    check_owner(view)
    return view


def check_owner(view: CaseView) -> None:
    """What only the person who reported it may do. Raises NotAllowed."""
    if Part.OWNER not in view.parts:
        raise NotAllowed


@bp.errorhandler(AlreadyDone)
def sent_before(error: AlreadyDone) -> ResponseReturnValue:
    """The same form came twice: it has been done once."""
    db.session.rollback()
    return to_case(error.number)


@bp.errorhandler(NotFresh)
def ask_to_identify(_error: NotFresh) -> ResponseReturnValue:
    """Sensitive words: the reader identifies themselves, and comes back to the case."""
    db.session.rollback()
    return to_step_up(url_for("resident.matters.show", **dict(request.view_args or {})))


@bp.get("")
@requires(Permission.OWN_MATTERS)
def index() -> ResponseReturnValue:
    """The reader's open cases and drafts."""
    actor, after = current_actor(), read_cursor(request.args.get("after"))
    matters = list_matters(actor, is_closed=False, after=after)
    drafts = [] if after else list_drafts(actor)
    return render_template(
        "resident/matters/index.html",
        matters=matters,
        drafts=show_drafts(drafts),
        most_drafts=MOST_DRAFTS,
        is_closed=False,
        after=after,
        search=SearchForm(formdata=None),
    )


@bp.get("/closed")
@requires(Permission.OWN_MATTERS)
def closed() -> ResponseReturnValue:
    """The reader's closed cases."""
    after = read_cursor(request.args.get("after"))
    matters = list_matters(current_actor(), is_closed=True, after=after)
    return render_template(
        "resident/matters/index.html",
        matters=matters,
        drafts=(),
        is_closed=True,
        after=after,
        search=SearchForm(formdata=None),
    )


@bp.route("/search", methods=BOTH)
@requires(Permission.OWN_MATTERS)
def search() -> ResponseReturnValue:
    """Search in one's own matters; by POST, so that no word stays in an address."""
    form = SearchForm()
    found = search_matters(current_actor(), form.q.data or "") if form.validate_on_submit() else ()
    return render_template("resident/matters/search.html", form=form, lines=found, is_asked=request.method == "POST")


@bp.get("/<int:number>")
@requires(Permission.OWN_MATTERS)
def show(number: int) -> ResponseReturnValue:
    """One case: where it stands, what happens next, what was said; or what was said before a line of it."""
    actor, before = current_actor(), as_key(request.args.get("before"))
    view = view_of(number)
    if before is not None:
        return earlier_page(actor, view, before)
    page = case_page(actor, view)
    if view.is_unread:
        mark_read(actor, view.case)
    return page


@bp.get("/<int:number>/sent")
@requires(Permission.OWN_MATTERS)
def sent(number: int) -> ResponseReturnValue:
    """A report has arrived: its number, what happens next and by when."""
    return sent_page(own_view(number))


@bp.route("/<int:number>/messages", methods=BOTH)
@requires(Permission.MATTER_WRITE)
def messages(number: int) -> ResponseReturnValue:
    """Write into the conversation, with pictures; into a message's it goes half a minute later."""
    actor = current_actor()
    if request.method == "GET":
        get_case_view(actor, number)
        return to_case(number)
    view, form = get_case_view(actor, number), WriteForm()
    if not form.validate():
        return case_page(actor, view_of(number), write_form=form)
    if view.case.kind is CaseKind.ENQUIRY:
        return take_reply(actor, view, form)
    received = receive_files(form.files.data)
    db.session.rollback()  # the case may have moved while the files were stored: it is read again under a lock
    case = get_whole_case(actor, number, for_update=True)
    event = write(actor, case, text=form.text.data, form_key=form.form_key.data)
    keep_files(event, received)
    db.session.commit()
    flash(_("Your message was sent."), "good")
    return to_case(number, f"event-{event.id}")


@bp.route("/<int:number>/answer", methods=BOTH)
@requires(Permission.MATTER_WRITE)
def answer(number: int) -> ResponseReturnValue:
    """Answer whether the repair holds; anything but "fixed" opens the case again."""
    actor = current_actor()
    view = view_of(number)
    if request.method == "GET":
        return to_case(number)
    check_owner(view)
    form = AnswerForm(version=defect_of(view).version)
    raise_if_done(form.form_key.data)
    if not form.validate():
        return case_page(actor, view, answer=form)
    received = receive_files(form.files.data)
    db.session.rollback()  # as above
    event = answer_repair(
        actor,
        get_defect(actor, number, for_update=True),
        answer=RepairAnswer(form.answer.data),
        text=form.text.data,
        version=form.drawn_from,
        form_key=form.form_key.data,
    )
    keep_files(event, received)
    db.session.commit()
    flash(_("Thank you for your answer."), "good")
    return to_case(number)


def keep_files(event: CaseEvent, received: Received) -> None:
    """Add what was received to a line of the timeline, and say which files were not taken."""
    add_files(current_actor(), received.files, case_id=event.case_id, event_id=event.id, now=clock.now())
    for sentence in received.refusals:
        flash(sentence, "bad")


@bp.route("/<int:number>/access", methods=BOTH)
@requires(Permission.MATTER_WRITE)
def access(number: int) -> ResponseReturnValue:
    """Change how maintenance gets in, while the case is open."""
    actor, view = current_actor(), own_view(number)
    seen = defect_of(view)
    if request.method == "GET" and (seen.is_closed or seen.master_key is None):
        return to_case(number)
    form = change_access_form(seen)
    if not form.validate_on_submit():
        return render_template("resident/matters/access.html", view=view, defect=seen, form=form)
    defect = get_defect(actor, number, for_update=True)
    change_access(actor, defect, access=form.to_access(), version=form.drawn_from, form_key=form.form_key.data)
    db.session.commit()
    flash(_("The facts about access to your home are changed."), "good")
    return to_case(number)


@bp.route("/<int:number>/withdraw", methods=BOTH)
@requires(Permission.MATTER_WRITE)
def withdraw(number: int) -> ResponseReturnValue:
    """Withdraw the notification, on a page of its own that says what follows."""
    actor, view = current_actor(), own_view(number)
    seen = defect_of(view)
    if request.method == "GET" and seen.is_closed:
        return to_case(number)
    form = WithdrawForm(version=seen.version)
    if not form.validate_on_submit():
        return render_template("resident/matters/withdraw.html", view=view, defect=seen, form=form)
    details = Details(text=form.text.data, version=form.drawn_from, form_key=form.form_key.data)
    make_move(actor, get_defect(actor, number, for_update=True), move="withdraw", details=details)
    db.session.commit()
    flash(_("The notification is withdrawn. Nobody comes because of it."), "info")
    return to_case(number)


@bp.post("/<int:number>/close")
@requires(Permission.MATTER_WRITE)
def close(number: int) -> ResponseReturnValue:
    """Close a message of one's own: it is answered, or needs no answer any more. A new message opens it again."""
    actor = current_actor()
    check_owner(get_case_view(actor, number))
    case = get_whole_case(actor, number, for_update=True)
    move = next((each.name for each in available_moves(actor, case) if each.name in CLOSING), None)
    if move is None:
        raise IllegalMove("close")
    make_move(actor, case, move=move)
    db.session.commit()
    flash(_("The matter is closed. It opens again if you write."), "info")
    return to_case(number)


@bp.post("/<int:number>/follow")
@requires(Permission.MATTER_WRITE)
def follow(number: int) -> ResponseReturnValue:
    """Follow a matter of the building's common areas."""
    actor = current_actor()
    follow_case(actor, get_lookalike(actor, number))
    db.session.commit()
    flash(_("You follow this matter now. We tell you when it moves."), "good")
    return to_case(number)


@bp.post("/<int:number>/unfollow")
@requires(Permission.OWN_MATTERS)
def unfollow(number: int) -> ResponseReturnValue:
    """Stop following."""
    actor = current_actor()
    unfollow_case(actor, get_defect(actor, number, for_update=True))
    db.session.commit()
    flash(_("You do not follow the matter any more."), "info")
    return redirect(url_for("resident.matters.index"), code=303)
