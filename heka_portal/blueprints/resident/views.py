"""The home page, and the areas of the residents' pages."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from heka_portal.blueprints.resident.defects.views import bp as defects
from heka_portal.blueprints.resident.matters.views import bp as matters
from heka_portal.domain.access import Permission
from heka_portal.web.access import requires

bp = Blueprint("resident", __name__)
bp.register_blueprint(matters)
bp.register_blueprint(defects)


@bp.get("/home")
@requires(Permission.OWN_MATTERS)
def home() -> ResponseReturnValue:
    """What waits for the reader, their open matters, and their building."""
    return render_template("resident/home.html")
