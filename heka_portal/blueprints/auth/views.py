"""The way in and out of residents."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from heka_portal.web.access import public
from heka_portal.web.sessions import leave

bp = Blueprint("auth", __name__)


@bp.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """The way in."""
    return render_template("auth/sign_in.html")


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """The way out."""
    leave()
    return redirect(url_for("public.front"), code=303)


@bp.get("/register")
@public
def register() -> ResponseReturnValue:
    """How one gets an account."""
    return render_template("auth/register.html")
