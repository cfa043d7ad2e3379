"""Files of cases for staff: each look at one is in the audit log."""

from __future__ import annotations

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose

from heka_portal.database import footprint
from heka_portal.domain.access import Permission
from heka_portal.domain.audit.operations import append_lines, make_line
from heka_portal.domain.cases.files import get_seen_file
from heka_portal.extensions import db
from heka_portal.vocabulary import AuditAction
from heka_portal.web.access import Rule, current_actor
from heka_portal.web.files import send_stored
from heka_portal.workbench.base import WorkbenchView


class FilesView(WorkbenchView):
    """Pictures and documents, to those who see the line of the timeline they belong to."""

    access = Rule(Permission.WORKBENCH)

    def is_visible(self) -> bool:
        """Files are reached from their case."""
        return False

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """There is no list of files: to the front page."""
        return redirect(url_for("admin.index"), code=303)

    @expose("/<key>/")
    def show(self, key: str) -> ResponseReturnValue:
        """A file as a download."""
        actor = current_actor()
        seen = get_seen_file(actor, key)
        answer = send_stored(seen.file)
        line = make_line(
            AuditAction.FILE_VIEWED,
            account_id=actor.account_id,
            person_id=seen.case.owner_id if seen.case else None,
            case_id=seen.case.id if seen.case else None,
            data={"file": seen.file.id},
        )
        with footprint(db) as connection:
            append_lines(connection, [line])
        return answer

    @expose("/<key>/preview/")
    def preview(self, key: str) -> ResponseReturnValue:
        """The small picture on the page of a case, whose own look is in the log."""
        return send_stored(get_seen_file(current_actor(), key).file, preview=True)
