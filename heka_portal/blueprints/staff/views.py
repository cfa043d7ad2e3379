"""The door of customer service."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from heka_portal.web.access import public

bp = Blueprint("staff", __name__, url_prefix="/staff")


@bp.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """The way in."""
    return render_template("staff/sign_in.html")
