"""The second step at the residents' door: a code, a recovery code or a passkey; and a passkey alone, as both steps."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from heka_portal.blueprints.second_factor.forms import AnswerForm
from heka_portal.blueprints.second_factor.views import where_passkeys_work
from heka_portal.blueprints.staff.forms import CodeForm
from heka_portal.domain.accounts.factors import factors_of, has_second_factor
from heka_portal.domain.accounts.operations.passkeys import ask_at_door, check_passkey
from heka_portal.domain.accounts.operations.second_factor import check_code
from heka_portal.domain.accounts.rules import Door, PasskeyFault, PasskeyRefused
from heka_portal.extensions import db
from heka_portal.models.accounts import Account
from heka_portal.web import halfway
from heka_portal.web import passkeys as asked
from heka_portal.web.access import public
from heka_portal.web.doors import let_in
from heka_portal.web.second_factor import try_code

bp = Blueprint("second_step", __name__, url_prefix="/sign-in")


@bp.route("/second-step", methods=["GET", "POST"])
@public
def code() -> ResponseReturnValue:
    """The second step: a code of the app or a recovery code; the same page offers the passkey."""
    account = _halfway()
    if account is None:
        return _from_the_start()
    form = CodeForm()
    if form.validate_on_submit():
        if try_code(account.id, account.email, lambda: check_code(account.id, form.code.data)):
            return let_in(account, to=halfway.wanted_page())
        form.refuse()
    factors = factors_of(account.id)
    return render_template("auth/second_step.html", form=form, factors=factors, passkeys_at=where_passkeys_work())


@bp.post("/second-step/options")
@public
def options() -> ResponseReturnValue:
    """What the browser's script asks a passkey of the account for."""
    account = _halfway()
    if account is None:
        return _from_the_start()
    asked.brake()
    return asked.hand_out(ask_at_door(account.id))


@bp.post("/second-step/passkey")
@public
def passkey() -> ResponseReturnValue:
    """The second step by a passkey."""
    account = _halfway()
    if account is None:
        return _from_the_start()
    return _opened(account_id=account.id, to=halfway.wanted_page(), back="second_step.code")


@bp.post("/passkey/options")
@public
def options_alone() -> ResponseReturnValue:
    """What the browser's script asks any passkey of the portal for."""
    asked.brake()
    return asked.hand_out(ask_at_door())


@bp.post("/passkey")
@public
def passkey_alone() -> ResponseReturnValue:
    """Sign in by a passkey alone: its device has made sure who holds it, which is both steps in one."""
    return _opened(account_id=None, to=request.args.get("next"), back="auth.sign_in")


def _halfway() -> Account | None:
    """Who has given the password, while there is still a second step to be taken."""
    account = halfway.account_halfway(Door.RESIDENT)
    return account if account is not None and has_second_factor(account) else None


def _from_the_start() -> ResponseReturnValue:
    if halfway.was_begun():
        flash(_("Sign in once more: too much time has passed, or your account has changed meanwhile."), "info")
    return redirect(url_for("auth.sign_in"), code=303)


def _refusal(fault: PasskeyFault) -> str:
    if fault is PasskeyFault.NEEDS_PASSWORD:
        return _("Your password has changed. Sign in with it this time, and use the passkey as the second step.")
    return _("The passkey did not work. Try again, or sign in another way.")


def _opened(*, account_id: int | None, to: str | None, back: str) -> ResponseReturnValue:
    """Let in whom the passkey opens to, or lead back and say that it did not."""
    form = AnswerForm()
    try:
        answer = form.typed if form.validate_on_submit() else ""
        account = check_passkey(key=asked.taken_key(), answer=answer, account_id=account_id)
    except PasskeyRefused as refused:
        db.session.commit()
        flash(_refusal(refused.fault), "bad")
        return redirect(url_for(back, next=to) if back == "auth.sign_in" else url_for(back), code=303)
    return let_in(account, to=to)
