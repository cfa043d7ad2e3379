"""A resident's files of cases and drafts: the re-made file as a download, and its small picture for the page."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from heka_portal.domain.access import Permission
from heka_portal.domain.cases.files import get_seen_file
from heka_portal.domain.errors import NotFresh
from heka_portal.web.access import current_actor, requires
from heka_portal.web.files import send_stored
from heka_portal.web.step_up import to_step_up

bp = Blueprint("files", __name__, url_prefix="/files")


@bp.errorhandler(NotFresh)
def ask_to_identify(_error: NotFresh) -> ResponseReturnValue:
    """A file of a sensitive message: the reader identifies themselves first."""
    return to_step_up()


@bp.get("/<key>")
@requires(Permission.OWN_MATTERS)
def show(key: str) -> ResponseReturnValue:
    """The file itself."""
    return send_stored(get_seen_file(current_actor(), key).file)


@bp.get("/<key>/preview")
@requires(Permission.OWN_MATTERS)
def preview(key: str) -> ResponseReturnValue:
    """Its small picture."""
    return send_stored(get_seen_file(current_actor(), key).file, preview=True)
