"""Files of cases and drafts: the re-made file as a download, and its small picture for the page."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from heka_portal.database import footprint
from heka_portal.domain.access import Permission
from heka_portal.domain.audit.operations import append_lines, make_line
from heka_portal.domain.cases.files import SeenFile, get_seen_file
from heka_portal.extensions import db
from heka_portal.vocabulary import AuditAction
from heka_portal.web.access import current_actor, requires
from heka_portal.web.files import send_stored

bp = Blueprint("files", __name__, url_prefix="/files")


@bp.get("/<key>")
@requires(Permission.OWN_ACCOUNT)
def show(key: str) -> ResponseReturnValue:
    """The file itself; that staff took it is in the audit log."""
    seen = get_seen_file(current_actor(), key)
    response = send_stored(seen.file)
    leave_trace(seen)
    return response


@bp.get("/<key>/preview")
@requires(Permission.OWN_ACCOUNT)
def preview(key: str) -> ResponseReturnValue:
    """Its small picture."""
    return send_stored(get_seen_file(current_actor(), key).file, preview=True)


def leave_trace(seen: SeenFile) -> None:
    """Enter a look by staff in the audit log."""
    actor = current_actor()
    if not actor.is_staff or seen.case is None:
        return
    line = make_line(
        AuditAction.FILE_VIEWED,
        account_id=actor.account_id,
        person_id=seen.case.owner_id,
        case_id=seen.case.id,
        data={"file": seen.file.id},
    )
    with footprint(db) as connection:
        append_lines(connection, [line])
