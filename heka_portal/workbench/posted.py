"""Notices as residents see them, for those who are asked about them by phone."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose

from heka_portal import clock
from heka_portal.domain.access import Permission
from heka_portal.domain.attachments.queries import list_files_by_id
from heka_portal.domain.homes.queries import find_buildings, get_building_name
from heka_portal.domain.notices.posted import PAGE, get_posted, list_posted
from heka_portal.domain.notices.queries import find_file, list_places
from heka_portal.web.access import Rule, current_actor
from heka_portal.web.addresses import as_key
from heka_portal.web.fields import clean_line
from heka_portal.web.files import send_stored
from heka_portal.web.notices import all_words, place_words
from heka_portal.workbench.base import WorkbenchView


class PostedView(WorkbenchView):
    """What stands now, of all buildings or of one."""

    access = Rule(Permission.REGISTER_LOOK)

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The newest first."""
        asked = clean_line(request.args.get("building_text"))
        buildings = find_buildings(asked) if asked else []
        building_id = buildings[0].id if len(buildings) == 1 else as_key(request.args.get("building"))
        before = as_key(request.args.get("before"))
        lines = list_posted(current_actor(), now=clock.now(), building_id=building_id, before_id=before, limit=PAGE + 1)
        narrowed: dict[str, Any] = {"building": building_id} if building_id else {}
        return self.render(
            "workbench/notices/posted.html",
            lines=lines[:PAGE],
            asked=asked,
            building=get_building_name(building_id),
            choices=buildings if len(buildings) > 1 else (),
            is_unknown=bool(asked) and not buildings,
            older_url=(
                url_for("admin_posted.index", before=lines[PAGE - 1].id, **narrowed) if len(lines) > PAGE else None
            ),
            newest_url=url_for("admin_posted.index", **narrowed) if before else None,
        )

    @expose("/<int:notice>/")
    def show(self, notice: int) -> ResponseReturnValue:
        """One notice in all its languages."""
        found = get_posted(current_actor(), notice, now=clock.now())
        return self.render(
            "workbench/notices/posted_show.html",
            notice=found,
            previews=all_words(found),
            files=list_files_by_id([each.attachment_id for each in found.files]),
            places=place_words(list_places(found.id)),
        )

    @expose("/<int:notice>/files/<key>/")
    def file(self, notice: int, key: str) -> ResponseReturnValue:
        """A file of a notice."""
        return send_stored(find_file(get_posted(current_actor(), notice, now=clock.now()), key))
