"""One's own second factor: what is on, the code app and the recovery codes."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from heka_portal.blueprints.second_factor import offers
from heka_portal.blueprints.second_factor.forms import AppForm, PasswordForm
from heka_portal.domain.access import Permission
from heka_portal.domain.accounts.factors import get_factors
from heka_portal.domain.accounts.operations.own_factors import add_app, remove_app, renew_codes
from heka_portal.domain.accounts.operations.passkey_answers import relying_party
from heka_portal.domain.accounts.rules import WrongCode, WrongCredentials, show_recovery_code
from heka_portal.domain.errors import Changed
from heka_portal.extensions import db, settings
from heka_portal.web import limits
from heka_portal.web.access import current_actor, requires
from heka_portal.web.second_factor import app_picture, try_code

bp = Blueprint("second_factor", __name__, url_prefix="/account/second-factor")


@bp.get("")
@requires(Permission.OWN_MATTERS)
def index() -> ResponseReturnValue:
    """What is asked for beside the password."""
    factors = get_factors(current_actor())
    return render_template("account/second_factor/index.html", factors=factors)


@bp.route("/app", methods=["GET", "POST"])
@requires(Permission.OWN_MATTERS)
def app() -> ResponseReturnValue:
    """Take a code app into use; the recovery codes are shown this once."""
    actor, form, secret = current_actor(), AppForm(), offers.offered_secret()
    if get_factors(actor).has_app:
        return to_index()
    if form.validate_on_submit():
        limits.hit("password/account", str(actor.account_id))
        try:
            codes = add_app(actor, password=form.present.data, secret=secret, code=form.code.data)
        except WrongCredentials:
            form.present.refuse()
        except WrongCode:
            form.refuse_code()
        else:
            db.session.commit()
            offers.forget_secret()
            return codes_page(codes, _("The code app is in use."))
    picture = app_picture(secret, email=actor.email, issuer=settings().landlord_name)
    return render_template("account/second_factor/app.html", form=form, picture=picture, secret=secret)


@bp.route("/app/off", methods=["GET", "POST"])
@requires(Permission.OWN_MATTERS)
def app_off() -> ResponseReturnValue:
    """Turn the code app off."""
    actor, form = current_actor(), AppForm()
    factors = get_factors(actor)
    if not factors.has_app:
        return to_index()
    if form.validate_on_submit():
        limits.hit("password/account", str(actor.account_id))
        given = {"password": form.present.data, "code": form.code.data}
        try:
            if try_code(actor.account_id, actor.email, lambda: remove_app(actor, **given)):
                flash(_("The code app is turned off."), "good")
                return to_index()
            form.refuse_code()
        except WrongCredentials:
            form.present.refuse()
    return render_template("account/second_factor/app_off.html", form=form, factors=factors)


@bp.route("/recovery-codes", methods=["GET", "POST"])
@requires(Permission.OWN_MATTERS)
def codes() -> ResponseReturnValue:
    """Make new recovery codes."""
    actor, form = current_actor(), PasswordForm()
    if form.validate_on_submit():
        limits.hit("password/account", str(actor.account_id))
        try:
            made = renew_codes(actor, password=form.present.data)
        except WrongCredentials:
            form.present.refuse()
        except Changed:
            return to_index()
        else:
            db.session.commit()
            return codes_page(made, _("The codes of before no longer work."))
    return render_template("account/second_factor/codes.html", form=form) if get_factors(actor).is_on else to_index()


def to_index() -> ResponseReturnValue:
    """To the page that says what is on."""
    return redirect(url_for("second_factor.index"), code=303)


def codes_page(codes: list[str], done: str) -> ResponseReturnValue:
    """The recovery codes, shown this once: they are in no page that could be opened again."""
    shown = list(map(show_recovery_code, codes))
    return render_template("account/second_factor/codes_shown.html", codes=shown, done=done)


def where_passkeys_work() -> str:
    """The name that this portal's passkeys belong to: at another address no browser makes or finds one."""
    return relying_party().id
