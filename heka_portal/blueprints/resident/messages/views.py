"""Write a message: one page, kept while it is written; what was sent waits half a minute and can be taken back."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from heka_portal.blueprints.resident.messages.about import About, about_of, read_about
from heka_portal.blueprints.resident.messages.forms import KeptForm, MoreForm, NewForm
from heka_portal.blueprints.resident.messages.taking import STAY, take_form, to_sending
from heka_portal.blueprints.resident.shown import show_files
from heka_portal.domain.access import Permission
from heka_portal.domain.attachments.queries import list_draft_files
from heka_portal.domain.cases.drafts import end_draft, get_draft, take_back
from heka_portal.domain.cases.queries import get_case_by_id
from heka_portal.domain.enquiries.queries import list_topics
from heka_portal.domain.enquiries.rules import Written
from heka_portal.domain.errors import AlreadyDone, NotFound
from heka_portal.extensions import db
from heka_portal.models.cases import CaseDraft
from heka_portal.vocabulary import CaseKind
from heka_portal.web.access import current_actor, requires
from heka_portal.web.chosen_home import chosen_first
from heka_portal.web.errors import error_page

bp = Blueprint("messages", __name__, url_prefix="/messages")

BOTH = ["GET", "POST"]


@bp.errorhandler(AlreadyDone)
def sent_before(error: AlreadyDone) -> ResponseReturnValue:
    """It has gone: whoever comes again is led to what it became."""
    db.session.rollback()
    if request.endpoint == "resident.messages.undo":
        flash(_("Your message had gone already. You can write more here."), "info")
    return redirect(url_for("resident.matters.show", number=error.number), code=303)


@bp.errorhandler(NotFound)
def draft_ended(_error: NotFound) -> ResponseReturnValue:
    """Another's draft, or one's own that has ended with its session: the answer is the same."""
    db.session.rollback()
    return error_page(
        404,
        _("This message is no longer there"),
        _("A message that was not sent is kept until you sign out, and for 12 hours at most."),
        [_("If you sent it, you find it on the page My matters.")],
        action=_("Write a message"),
        action_url=url_for("resident.messages.new"),
    )


def own_draft(key: str, *, for_update: bool = False) -> CaseDraft:
    """A message the reader is writing. Raises NotFound, AlreadyDone."""
    draft = get_draft(current_actor(), key, for_update=for_update)
    if draft.kind is not CaseKind.ENQUIRY:
        raise NotFound
    return draft


def page(form: KeptForm, about: About | None, draft: CaseDraft | None = None) -> ResponseReturnValue:
    """The page of the form, with the files kept so far."""
    case_id = draft.case_id if draft else None
    return render_template(
        "resident/messages/write.html",
        form=form,
        about=about,
        draft=draft,
        action=url_for("resident.messages.edit", key=draft.key) if draft else None,
        case=get_case_by_id(current_actor(), case_id) if case_id is not None else None,
        is_refused=draft is not None and Written.read(draft.answers).is_refused,
        files=show_files(list_draft_files(draft.id) if draft else ()),
    )


@bp.route("/new", methods=BOTH)
@requires(Permission.MATTER_WRITE)
def new() -> ResponseReturnValue:
    """A new message: its topic, its home, its words and files."""
    actor = current_actor()
    about = read_about(actor)
    form = NewForm(Written(), topics=list_topics(), homes=chosen_first(actor, actor.own_homes))
    if request.method == "GET":
        return page(form, about)
    draft, goes = take_form(actor, form, more=about.kept if about else None)
    return answer(form, about, draft, goes)


@bp.route("/<key>", methods=BOTH)
@requires(Permission.MATTER_WRITE)
def edit(key: str) -> ResponseReturnValue:
    """Go on with a message that is not sent."""
    actor, draft = current_actor(), own_draft(key)
    if draft.sends_at is not None:
        return to_sending(key)
    about, written = about_of(actor, draft.answers), Written.read(draft.answers)
    form: KeptForm
    if draft.case_id is not None:
        form = MoreForm(written, key=key)
    else:
        form = NewForm(written, topics=list_topics(), homes=chosen_first(actor, actor.own_homes), key=key)
    if request.method == "GET":
        return page(form, about, draft)
    form.form_key.data = key
    return answer(form, about, *take_form(actor, form))


def answer(form: KeptForm, about: About | None, draft: CaseDraft, goes: bool) -> ResponseReturnValue:
    """After a form was kept: on its way, or back to what is to be mended."""
    if goes:
        return to_sending(draft.key)
    if form.is_kept and not form.refusals and request.form.keys() & STAY:
        return redirect(url_for("resident.messages.edit", key=draft.key), code=303)
    return page(form, about, draft)


@bp.get("/<key>/sending")
@requires(Permission.MATTER_WRITE)
def sending(key: str) -> ResponseReturnValue:
    """It goes in half a minute; until then it can be taken back."""
    draft = own_draft(key)
    if draft.sends_at is None:
        return redirect(url_for("resident.messages.edit", key=key), code=303)
    case = get_case_by_id(current_actor(), draft.case_id) if draft.case_id is not None else None
    return render_template("resident/messages/sending.html", draft=draft, case=case)


@bp.post("/<key>/undo")
@requires(Permission.MATTER_WRITE)
def undo(key: str) -> ResponseReturnValue:
    """Take it back: everything that was written is in the form again."""
    draft = own_draft(key, for_update=True)
    if draft.sends_at is not None:
        take_back(draft)
        db.session.commit()
        flash(_("Your message was not sent. Everything you wrote is here."), "info")
    return redirect(url_for("resident.messages.edit", key=key), code=303)


@bp.post("/<key>/discard")
@requires(Permission.MATTER_WRITE)
def discard(key: str) -> ResponseReturnValue:
    """Throw the message and its files away."""
    draft = own_draft(key, for_update=True)
    if draft.sends_at is not None:
        return to_sending(key)
    end_draft(draft)
    db.session.commit()
    flash(_("The message is deleted."), "info")
    return redirect(url_for("resident.matters.index"), code=303)
