"""One's own account: its password, and where it is signed in."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from heka_portal import clock
from heka_portal.blueprints.account.forms import ChangePasswordForm
from heka_portal.domain.access import Permission
from heka_portal.domain.accounts.operations.passwords import change_password
from heka_portal.domain.accounts.operations.sessions import end_everywhere, end_own_session
from heka_portal.domain.accounts.records import list_sessions
from heka_portal.domain.accounts.rules import PasswordRefused, WrongCredentials
from heka_portal.extensions import db
from heka_portal.web import limits
from heka_portal.web.access import current_actor, requires
from heka_portal.web.devices import device_words, present_visit
from heka_portal.web.doors import admit, hand_over, let_out, own_door

bp = Blueprint("account", __name__, url_prefix="/account")


@bp.get("/sessions")
@requires(Permission.OWN_ACCOUNT)
def sessions() -> ResponseReturnValue:
    """Where one is signed in."""
    lines = list_sessions(current_actor(), now=clock.now())
    return render_template("account/sessions.html", lines=lines, device_words=device_words)


@bp.post("/sessions/<int:session_id>/end")
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


@bp.post("/sessions/end-all")
@requires(Permission.OWN_ACCOUNT)
def end_all() -> ResponseReturnValue:
    """Sign out everywhere, here too."""
    end_everywhere(current_actor())
    db.session.commit()
    return let_out(to=own_door())


@bp.route("/password", methods=["GET", "POST"])
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
            form.refuse_present()
        except PasswordRefused as refused:
            form.password.refuse(refused.fault)
        else:
            db.session.commit()
            hand_over(key)
            flash(_("Your password has been changed. All other browsers were signed out."), "good")
            return admit(visit, make_response(redirect(url_for("account.sessions"), code=303)))
    return render_template("account/password.html", form=form)
