"""Registration: identify, choose an email and a password, open the link."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from heka_portal import clock
from heka_portal.blueprints.identification.pages import stopped_page
from heka_portal.blueprints.registration.chosen import chosen_email, is_chosen_here, remember_chosen
from heka_portal.blueprints.registration.forms import ChooseCredentialsForm, OpenAccountForm
from heka_portal.domain.accounts.operations.registration import choose_credentials, confirm_account
from heka_portal.domain.accounts.queries import hash_key, normal_email
from heka_portal.domain.accounts.records import get_identification, get_link
from heka_portal.domain.accounts.rules import (
    EmailTaken,
    IdentificationOver,
    LinkDead,
    PasswordRefused,
    WrongCredentials,
)
from heka_portal.extensions import db
from heka_portal.integrations.identification.errors import IdentificationError
from heka_portal.vocabulary import Language, TokenPurpose
from heka_portal.web import limits
from heka_portal.web.access import public
from heka_portal.web.doors import let_in
from heka_portal.web.i18n import current_language
from heka_portal.web.identification import browser_secret
from heka_portal.web.step_up import to_provider

bp = Blueprint("registration", __name__)


@bp.post("/register/identify")
@public
def identify() -> ResponseReturnValue:
    """Send the person to the provider of strong identification."""
    try:
        return to_provider()
    except IdentificationError as error:
        return stopped_page(error)


@bp.get("/register/not-possible")
@public
def not_possible() -> ResponseReturnValue:
    """Say honestly why an identified person cannot register, and what they can do. Raises IdentificationOver."""
    identification = get_identification(browser_secret(), now=clock.now())
    return render_template("registration/not_possible.html", obstacle=identification.obstacle)


@bp.route("/register/account", methods=["GET", "POST"])
@public
def choose() -> ResponseReturnValue:
    """Choose an email and a password. Raises IdentificationOver."""
    browser = browser_secret()
    identification = get_identification(browser, now=clock.now())
    if identification.obstacle is not None:
        return redirect(url_for("registration.not_possible"), code=303)
    form = ChooseCredentialsForm()
    if form.validate_on_submit():
        limits.hit("choose/browser", limits.mark(browser))
        limits.hit("choose/email", limits.mark(normal_email(form.email.data)))
        wanted = {"email": form.email.data, "password": form.password.data}
        try:
            token = choose_credentials(browser, **wanted, language=Language(current_language()))
        except PasswordRefused as refused:
            form.password.refuse(refused.fault)
        else:
            db.session.commit()
            remember_chosen(form.email.data, token)
            return redirect(url_for("registration.sent"), code=303)
    return render_template("registration/choose.html", form=form, name=identification.full_name)


@bp.get("/register/sent")
@public
def sent() -> ResponseReturnValue:
    """Say where the link went and what happens next."""
    email = chosen_email()
    if email is None:
        return redirect(url_for("auth.register"), code=303)
    return render_template("registration/sent.html", email=email)


@bp.route("/confirm/<token>", methods=["GET", "POST"])
@public
def confirm(token: str) -> ResponseReturnValue:
    """Open the account of a mailed link by a button: mail scanners follow links. Raises LinkDead."""
    get_link(token, TokenPurpose.CONFIRM_ACCOUNT, now=clock.now())
    form = OpenAccountForm(asks_password=not is_chosen_here(token))
    if form.validate_on_submit():
        limits.hit("confirm/link", hash_key(token))
        try:
            return let_in(confirm_account(token, password=form.typed))
        except WrongCredentials:
            form.refuse()
        except EmailTaken:
            db.session.rollback()
            return render_template("registration/email_taken.html"), 409
    return render_template("registration/confirm.html", form=form)


@bp.errorhandler(IdentificationOver)
def identification_is_over(error: IdentificationOver) -> ResponseReturnValue:
    """The identification was too long ago, or was another browser's."""
    flash(_("Identify yourself first. An identification works for 30 minutes, in the same browser."), "info")
    return redirect(url_for("auth.register"), code=303)


@bp.errorhandler(LinkDead)
def link_is_dead(error: LinkDead) -> ResponseReturnValue:
    """A link was used, replaced by a later one, or is more than a day old."""
    db.session.rollback()
    return render_template("registration/link_dead.html"), 410
