"""The way in and out of residents: sign-in and out, forgotten passwords."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from heka_portal import clock
from heka_portal.blueprints.auth.forms import ForgottenPasswordForm, ResetPasswordForm, SignInForm
from heka_portal.domain.accounts.factors import has_second_factor
from heka_portal.domain.accounts.operations.passkey_answers import relying_party
from heka_portal.domain.accounts.operations.passwords import ask_reset, reset_password
from heka_portal.domain.accounts.operations.sessions import door_of
from heka_portal.domain.accounts.queries import normal_email
from heka_portal.domain.accounts.records import get_link
from heka_portal.domain.accounts.rules import Door, LinkDead, PasswordRefused
from heka_portal.extensions import db
from heka_portal.models.accounts import Account
from heka_portal.vocabulary import Language, TokenPurpose
from heka_portal.web import halfway, limits
from heka_portal.web.access import public, reader
from heka_portal.web.doors import knock, let_in, let_out, own_front
from heka_portal.web.i18n import current_language

bp = Blueprint("auth", __name__)


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Sign in with email and password."""
    if reader() and request.method == "GET":
        return redirect(own_front(), code=303)
    form = SignInForm()
    if form.validate_on_submit():
        account = knock(form.email.data, form.password.data, door=Door.RESIDENT)
        if account is not None:
            return _after_password(account, to=request.args.get("next"))
        form.refuse()
    return render_template("auth/sign_in.html", form=form, passkeys_at=relying_party().id)


def _after_password(account: Account, *, to: str | None) -> ResponseReturnValue:
    """Let in who needs no more than the password; lead the others to the second step."""
    if not has_second_factor(account):
        return let_in(account, to=to)
    halfway.begin(account, to=to)
    return redirect(url_for("second_step.code"), code=303)


@bp.get("/register")
@public
def register() -> ResponseReturnValue:
    """How one gets an account, and the way to identify oneself."""
    return render_template("auth/register.html")


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """Sign out."""
    return let_out(to=url_for("auth.signed_out"))


@bp.get("/signed-out")
@public
def signed_out() -> ResponseReturnValue:
    """Say that one is signed out; the page drops drafts that were kept in the tab."""
    return render_template("auth/signed_out.html")


@bp.route("/forgotten-password", methods=["GET", "POST"])
@public
def forgotten() -> ResponseReturnValue:
    """Ask for a link by which one chooses a new password."""
    form = ForgottenPasswordForm()
    if form.validate_on_submit():
        limits.hit("reset/address", limits.network())
        limits.hit("reset/email", limits.mark(normal_email(form.email.data)))
        limits.hit("reset/all")
        ask_reset(form.email.data, language=Language(current_language()))
        db.session.commit()
        return redirect(url_for("auth.reset_sent"), code=303)
    return render_template("auth/forgotten_password.html", form=form)


@bp.get("/forgotten-password/sent")
@public
def reset_sent() -> ResponseReturnValue:
    """Say what happens next; whether there is an account, nobody is told."""
    return render_template("auth/reset_sent.html")


@bp.route("/reset-password/<token>", methods=["GET", "POST"])
@public
def reset(token: str) -> ResponseReturnValue:
    """Choose a new password by a mailed link. Raises LinkDead."""
    get_link(token, TokenPurpose.RESET_PASSWORD, now=clock.now())
    form = ResetPasswordForm()
    if form.validate_on_submit():
        try:
            account = reset_password(token, form.password.data)
        except PasswordRefused as refused:
            form.password.refuse(refused.fault)
        else:
            db.session.commit()
            flash(_("Your password has been changed. Sign in with the new one."), "good")
            return redirect(url_for("staff.sign_in" if door_of(account) is Door.STAFF else "auth.sign_in"), code=303)
    return render_template("auth/reset_password.html", form=form)


@bp.errorhandler(LinkDead)
def link_is_dead(error: LinkDead) -> ResponseReturnValue:
    """A link was used, replaced, or is more than a day old."""
    db.session.rollback()
    return render_template("auth/link_dead.html"), 410
