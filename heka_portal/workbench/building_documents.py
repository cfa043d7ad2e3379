"""Documents of buildings, one by one: opened by staff, and taken away."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _

from heka_portal import clock
from heka_portal.domain.access import Permission
from heka_portal.domain.buildings.documents import get_kept_file, remove_document
from heka_portal.extensions import db
from heka_portal.web.access import Rule, current_actor, requires
from heka_portal.web.files import send_stored
from heka_portal.workbench.base import WorkbenchView

DOCUMENT = "/<int:document_id>/"


class DocumentsView(WorkbenchView):
    """The files of buildings."""

    access = Rule(Permission.REGISTER_LOOK)

    def is_visible(self) -> bool:
        """Documents are reached from their building."""
        return False

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """There is no list of all documents: begin from a building."""
        return redirect(url_for("admin_buildings.index_view"), code=303)

    @expose(DOCUMENT)
    def show(self, document_id: int) -> ResponseReturnValue:
        """The file as a download."""
        return send_stored(get_kept_file(current_actor(), document_id))

    @expose(f"{DOCUMENT}remove/", methods=("POST",))
    @requires(Permission.BUILDING_WRITE)
    def remove(self, document_id: int) -> ResponseReturnValue:
        """Take a document away."""
        building_id = remove_document(current_actor(), document_id, now=clock.now())
        db.session.commit()
        flash(_("The document is taken away. Nobody sees it any more."), "good")
        if building_id is None:
            return redirect(url_for("admin_buildings.index_view"), code=303)
        return redirect(url_for("admin_building.show", building_id=building_id), code=303)
