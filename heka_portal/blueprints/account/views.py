"""One's own account."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from heka_portal.domain.access import Permission
from heka_portal.web.access import requires

bp = Blueprint("account", __name__, url_prefix="/account")


@bp.get("/sessions")
@requires(Permission.OWN_ACCOUNT)
def sessions() -> ResponseReturnValue:
    """Where one is signed in."""
    return render_template("account/sessions.html")


@bp.get("/password")
@requires(Permission.OWN_ACCOUNT)
def password() -> ResponseReturnValue:
    """A new password."""
    return render_template("account/password.html")
