"""One's own passkeys: named, made by the browser's script, removed."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from heka_portal.blueprints.second_factor import offers
from heka_portal.blueprints.second_factor.forms import AnswerForm, NewPasskeyForm, PasswordForm
from heka_portal.blueprints.second_factor.views import codes_page, to_index, where_passkeys_work
from heka_portal.domain.access import Permission
from heka_portal.domain.accounts.factors import get_factors, get_passkey
from heka_portal.domain.accounts.operations.passkeys import add_passkey, ask_for_new, remove_passkey
from heka_portal.domain.accounts.operations.passwords import check_present
from heka_portal.domain.accounts.rules import PasskeyRefused, TooManyPasskeys, WrongCredentials
from heka_portal.extensions import db
from heka_portal.models.accounts import Account
from heka_portal.web import limits
from heka_portal.web import passkeys as asked
from heka_portal.web.access import current_actor, requires
from heka_portal.web.devices import device_words

bp = Blueprint("passkeys", __name__, url_prefix="/account/second-factor/passkeys")


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.OWN_MATTERS)
def new() -> ResponseReturnValue:
    """Name a new passkey, and say by the password who makes it."""
    actor, form = current_actor(), NewPasskeyForm(called=device_words(request.user_agent.string))
    if not get_factors(actor).has_room:
        return _too_many()
    if form.validate_on_submit():
        limits.hit("password/account", str(actor.account_id))
        try:
            check_present(actor, form.present.data)
        except WrongCredentials:
            form.present.refuse()
        else:
            offers.remember_passkey(_account(), form.called.data)
            return redirect(url_for("passkeys.make"), code=303)
    return render_template("account/second_factor/passkey_new.html", form=form, passkeys_at=where_passkeys_work())


@bp.route("/make", methods=["GET", "POST"])
@requires(Permission.OWN_MATTERS)
def make() -> ResponseReturnValue:
    """Let the browser make the passkey, and keep it; a first one brings recovery codes, shown this once."""
    name, form = offers.wanted_passkey(_account()), AnswerForm()
    if name is None:
        return redirect(url_for("passkeys.new"), code=303)
    if form.validate_on_submit():
        try:
            codes = add_passkey(current_actor(), key=asked.taken_key(), answer=form.typed, name=name)
        except TooManyPasskeys:
            db.session.commit()
            return _too_many()
        except PasskeyRefused:
            db.session.commit()
            form.refuse(_("The passkey was not made. Try again. If it does not work here, use the code app."))
        else:
            db.session.commit()
            offers.forget_passkey()
            return _made(codes)
    return render_template(
        "account/second_factor/passkey_make.html", form=form, name=name, passkeys_at=where_passkeys_work()
    )


def _made(codes: list[str]) -> ResponseReturnValue:
    done = _("The passkey is added.")
    if codes:
        return codes_page(codes, done)
    flash(done, "good")
    return to_index()


@bp.post("/options")
@requires(Permission.OWN_MATTERS)
def options() -> ResponseReturnValue:
    """What the browser's script makes a passkey of; for who has just given the password."""
    if offers.wanted_passkey(_account()) is None:
        return redirect(url_for("passkeys.new"), code=303)
    asked.brake()
    return asked.hand_out(ask_for_new(current_actor()))


@bp.route("/<int:passkey_id>/remove", methods=["GET", "POST"])
@requires(Permission.OWN_MATTERS)
def remove(passkey_id: int) -> ResponseReturnValue:
    """Remove a passkey. Raises NotFound for another's."""
    actor, form = current_actor(), PasswordForm()
    passkey = get_passkey(actor, passkey_id)
    if form.validate_on_submit():
        limits.hit("password/account", str(actor.account_id))
        try:
            remove_passkey(actor, passkey_id, password=form.present.data)
        except WrongCredentials:
            form.present.refuse()
        else:
            db.session.commit()
            flash(_("The passkey is removed."), "good")
            return to_index()
    factors = get_factors(actor)
    is_last = not factors.has_app and len(factors.passkeys) == 1
    return render_template("account/second_factor/passkey_remove.html", form=form, passkey=passkey, is_last=is_last)


def _account() -> Account:
    return db.session.get_one(Account, current_actor().account_id)


def _too_many() -> ResponseReturnValue:
    flash(_("You have as many passkeys as an account can have. Remove one first."), "info")
    return to_index()
