"""The door of customer service: password, then second factor; enrolment at the first sign-in."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from heka_portal.blueprints.auth.forms import SignInForm
from heka_portal.blueprints.staff.forms import CodeForm
from heka_portal.domain.accounts.operations.second_factor import check_code, enrol
from heka_portal.domain.accounts.rules import Door, WrongCode, show_recovery_code
from heka_portal.domain.errors import Changed
from heka_portal.extensions import settings
from heka_portal.web import halfway
from heka_portal.web.access import public, reader
from heka_portal.web.doors import admit, begin_session, knock, let_in, let_out, own_front
from heka_portal.web.second_factor import app_picture, brake, try_code

bp = Blueprint("staff", __name__, url_prefix="/staff")


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """The first factor: email and password."""
    if reader() and request.method == "GET":
        return redirect(own_front(), code=303)
    form, to = SignInForm(), request.args.get("next")
    if form.validate_on_submit():
        account = knock(form.email.data, form.password.data, door=Door.STAFF)
        if account is None:
            form.refuse()
        elif not settings().staff_second_factor:
            return let_in(account, to=to)
        else:
            halfway.begin(account, to=to)
            return redirect(url_for("staff.second_factor" if account.totp_secret else "staff.enrolment"), code=303)
    return render_template("staff/sign_in.html", form=form)


@bp.route("/second-factor", methods=["GET", "POST"])
@public
def second_factor() -> ResponseReturnValue:
    """The second factor: a code of the app, or a recovery code."""
    account = halfway.account_halfway(Door.STAFF)
    if account is None:
        return redirect(url_for("staff.sign_in"), code=303)
    if account.totp_secret is None:
        return redirect(url_for("staff.enrolment"), code=303)
    form = CodeForm()
    if form.validate_on_submit():
        if try_code(account.id, account.email, lambda: check_code(account.id, form.code.data)):
            return let_in(account, to=halfway.wanted_page())
        form.refuse()
    return render_template("staff/second_factor.html", form=form)


@bp.route("/enrol", methods=["GET", "POST"])
@public
def enrolment() -> ResponseReturnValue:
    """Take an app into use as the second factor; the recovery codes are shown this once."""
    account, secret = halfway.account_halfway(Door.STAFF), halfway.offered_secret()
    if account is None or secret is None or account.totp_secret is not None:
        return redirect(url_for("staff.sign_in"), code=303)
    form = CodeForm()
    if form.validate_on_submit():
        brake(account.id, account.email)
        try:
            codes = enrol(account.id, secret=secret, code=form.code.data)
        except WrongCode:
            form.refuse()
        except Changed:
            return redirect(url_for("staff.sign_in"), code=303)
        else:
            visit = begin_session(account)
            shown = render_template("staff/recovery_codes.html", codes=list(map(show_recovery_code, codes)))
            return admit(visit, make_response(shown))
    picture = app_picture(secret, email=account.email, issuer=f"{settings().landlord_name} (staff)")
    return render_template("staff/enrol.html", form=form, picture=picture, secret=secret)


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """Sign out."""
    return let_out(to=url_for("staff.sign_in"))
