"""One's own account: its password, and where it is signed in."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from heka_portal import clock
from heka_portal.blueprints.account.data import bp as data
from heka_portal.blueprints.account.emails import bp as emails
from heka_portal.blueprints.account.forms import ChangePasswordForm
from heka_portal.domain.access import Permission
from heka_portal.domain.accounts.operations.passwords import change_password
from heka_portal.domain.accounts.operations.sessions import end_everywhere, end_own_session
from heka_portal.domain.accounts.records import list_sessions
from heka_portal.domain.accounts.rules import PasswordRefused, WrongCredentials
from heka_portal.domain.accounts.sign_ins import list_failed_sign_ins, list_sign_ins
from heka_portal.domain.audit.looks import list_looks
from heka_portal.extensions import db
from heka_portal.web import limits
from heka_portal.web.access import current_actor, requires
from heka_portal.web.addresses import as_key
from heka_portal.web.devices import device_words, present_visit
from heka_portal.web.doors import admit, hand_over, let_out, own_door

bp = Blueprint("account", __name__)
for area in (emails, data):
    bp.register_blueprint(area)


@bp.get("/account/sessions")
@requires(Permission.OWN_ACCOUNT)
def sessions() -> ResponseReturnValue:
    """Where one is signed in."""
    lines = list_sessions(current_actor(), now=clock.now())
    return render_template("account/sessions.html", lines=lines, device_words=device_words)


@bp.post("/account/sessions/<int:session_id>/end")
@requires(Permission.OWN_ACCOUNT)
def end(session_id: int) -> ResponseReturnValue:
    """End one session. Raises NotFound for another's."""
    actor = current_actor()
    if session_id == actor.session_id:
        return let_out(to=own_door())
    end_own_session(actor, session_id)
    db.session.commit()
    flash(_("That browser is signed out now."), "good")
    return redirect(url_for("account.sessions"), code=303)


@bp.post("/account/sessions/end-all")
@requires(Permission.OWN_ACCOUNT)
def end_all() -> ResponseReturnValue:
    """Sign out everywhere, here too."""
    end_everywhere(current_actor())
    db.session.commit()
    return let_out(to=own_door())


@bp.get("/account/history")
@requires(Permission.OWN_ACCOUNT)
def history() -> ResponseReturnValue:
    """When and on what one signed in, and attempts that failed."""
    actor, before = current_actor(), as_key(request.args.get("before"))
    return render_template(
        "account/history.html",
        page=list_sign_ins(actor, before=before),
        failures=[] if before else list_failed_sign_ins(actor),
        device_words=device_words,
    )


@bp.get("/account/looks")
@requires(Permission.OWN_MATTERS)
def looks() -> ResponseReturnValue:
    """Who at the landlord's looked at one's data, and why."""
    before = as_key(request.args.get("before"))
    return render_template("account/looks.html", page=list_looks(current_actor(), before=before), before=before)


@bp.route("/account/password", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
def password() -> ResponseReturnValue:
    """Change one's password; all other browsers are signed out."""
    actor, form = current_actor(), ChangePasswordForm()
    if form.validate_on_submit():
        limits.hit("password/account", str(actor.account_id))
        visit = present_visit()
        try:
            key = change_password(actor, present=form.present.data, new=form.password.data, visit=visit)
        except WrongCredentials:
            form.present.refuse()
        except PasswordRefused as refused:
            form.password.refuse(refused.fault)
        else:
            db.session.commit()
            hand_over(key)
            flash(_("Your password has been changed. All other browsers were signed out."), "good")
            return admit(visit, make_response(redirect(url_for("account.sessions"), code=303)))
    return render_template("account/password.html", form=form)
