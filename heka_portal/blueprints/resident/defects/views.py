"""Report a defect: emergencies first, then a question group a page, then the answers to check."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from heka_portal.domain.access import Permission
from heka_portal.web.access import requires

bp = Blueprint("defects", __name__, url_prefix="/defects/report")


@bp.get("")
@requires(Permission.DEFECT_REPORT)
def start() -> ResponseReturnValue:
    """Emergencies first: dangers lead to the phone."""
    return render_template("resident/defects/start.html")
