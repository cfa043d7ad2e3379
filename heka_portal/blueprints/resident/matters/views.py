"""The resident's own list of cases, and one case with everything that can be done to it."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from heka_portal.domain.access import Permission
from heka_portal.domain.cases.matters import list_matters
from heka_portal.domain.cases.queries import get_case
from heka_portal.web.access import current_actor, requires

bp = Blueprint("matters", __name__, url_prefix="/matters")


@bp.get("")
@requires(Permission.OWN_MATTERS)
def index() -> ResponseReturnValue:
    """The reader's open cases."""
    return render_template("resident/matters/index.html", matters=list_matters(current_actor(), is_closed=False))


@bp.get("/<int:number>")
@requires(Permission.OWN_MATTERS)
def show(number: int) -> ResponseReturnValue:
    """One case: where it stands, what happens next, what was said."""
    return render_template("resident/matters/show.html", case=get_case(current_actor(), number))
