"""The email of an account: changed by links to both mailboxes, or by a strong identification; undone by a link."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from heka_portal import clock
from heka_portal.blueprints.account.forms import NewEmailForm
from heka_portal.domain.access import Permission
from heka_portal.domain.accounts.operations.email_changes import (
    ask_email_change,
    ask_email_change_by_identification,
    confirm_email_change,
    get_email_change,
    get_undoable,
    undo_email_change,
)
from heka_portal.domain.accounts.operations.passwords import ask_reset
from heka_portal.domain.accounts.queries import hash_key
from heka_portal.domain.accounts.rules import EmailTaken, LinkDead, WrongCredentials
from heka_portal.extensions import db
from heka_portal.web import limits
from heka_portal.web.access import current_actor, public, requires
from heka_portal.web.forms import PortalForm
from heka_portal.web.step_up import is_fresh, to_step_up

bp = Blueprint("email", __name__, url_prefix="/account/email")

BOTH = ["GET", "POST"]
#: what was typed when an identification had expired, and where the links went: in this browser only
TYPED, SENT = "new_email", "new_email_sent"


@bp.route("", methods=BOTH)
@requires(Permission.OWN_MATTERS)
def change() -> ResponseReturnValue:
    """Ask for another email: a link goes to the old one and to the new one."""
    actor = current_actor()
    form = NewEmailForm(present=actor.email)
    if form.validate_on_submit():
        limits.hit("email/account", str(actor.account_id))
        try:
            ask_email_change(actor, form.email.data, password=form.password.data)
        except WrongCredentials:
            form.password.refuse()
        else:
            db.session.commit()
            session[SENT] = {"new": form.email.data, "old": actor.email}
            return redirect(url_for("account.email.sent"), code=303)
    return render_template("account/email.html", form=form)


@bp.route("/identify", methods=BOTH)
@requires(Permission.OWN_MATTERS)
def by_identification() -> ResponseReturnValue:
    """The same for who cannot read the old mailbox: a fresh identification stands for it."""
    actor = current_actor()
    form = NewEmailForm(present=actor.email, data={"email": session.get(TYPED)})
    if not is_fresh():
        if request.method == "POST":
            session[TYPED] = (form.email.data or "")[:254]
        return to_step_up(url_for("account.email.by_identification"))
    if form.validate_on_submit():
        limits.hit("email/account", str(actor.account_id))
        try:
            ask_email_change_by_identification(actor, form.email.data, password=form.password.data)
        except WrongCredentials:
            form.password.refuse()
        else:
            db.session.commit()
            session.pop(TYPED, None)
            session[SENT] = {"new": form.email.data, "old": None}
            return redirect(url_for("account.email.sent"), code=303)
    return render_template("account/email_by_identification.html", form=form)


@bp.get("/sent")
@requires(Permission.OWN_MATTERS)
def sent() -> ResponseReturnValue:
    """Where the links went, and what happens next."""
    kept = session.get(SENT)
    if kept is None:
        return redirect(url_for("account.email.change"), code=303)
    return render_template("account/email_sent.html", new=kept["new"], old=kept["old"])


@bp.route("/confirm/<token>", methods=BOTH)
@public
def confirm(token: str) -> ResponseReturnValue:
    """Confirm one of the two mailboxes by a button: mail scanners follow links. Raises LinkDead."""
    change = get_email_change(token, now=clock.now())
    form, is_new = PortalForm(), hash_key(token) == change.new_token_hash
    if not form.validate_on_submit():
        return render_template("account/email_confirm.html", form=form, change=change, is_new=is_new)
    limits.hit("confirm/link", hash_key(token))
    try:
        change = confirm_email_change(token)
    except EmailTaken:
        db.session.rollback()
        return render_template("account/email_taken.html"), 409
    db.session.commit()
    return render_template("account/email_confirmed.html", change=change, is_new=is_new)


@bp.route("/undo/<token>", methods=BOTH)
@public
def undo(token: str) -> ResponseReturnValue:
    """Give the account its old email back, from the old mailbox. Raises LinkDead."""
    change, form = get_undoable(token, now=clock.now()), PortalForm()
    if not form.validate_on_submit():
        return render_template("account/email_undo.html", form=form, change=change)
    try:
        account = undo_email_change(token)
    except EmailTaken:
        db.session.rollback()
        return render_template("account/email_taken.html"), 409
    ask_reset(account.email, language=account.language)
    db.session.commit()
    flash(_("The old email is in use again. We sent it a link for a new password."), "good")
    return redirect(url_for("auth.reset_sent"), code=303)


@bp.errorhandler(LinkDead)
def link_is_dead(error: LinkDead) -> ResponseReturnValue:
    """A link was used, has been replaced, or is too old."""
    db.session.rollback()
    return render_template("account/email_link_dead.html"), 410
