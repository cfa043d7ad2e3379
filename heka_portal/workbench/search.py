"""Search for cases: by POST, so that no name stays in an address, a log or the browser's history."""

from __future__ import annotations

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose

from heka_portal import clock
from heka_portal.domain.access import Permission
from heka_portal.domain.cases.search import PAGE, number_of, search_cases
from heka_portal.web.access import Rule, current_actor
from heka_portal.workbench.base import WorkbenchView
from heka_portal.workbench.forms import SearchForm


class SearchView(WorkbenchView):
    """Search over number, resident, address and text."""

    access = Rule(Permission.CASE_WORK)

    def is_visible(self) -> bool:
        """It is in the top bar of every page, not in the menu."""
        return False

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The page before anything is searched for: where a reload of the answer leads."""
        return self.render("workbench/cases/search.html", lines=None, asked="", older=None, now=clock.now())

    @expose("/", methods=("POST",))
    def search(self) -> ResponseReturnValue:
        """What was found, the latest first; a number leads to its case at once."""
        actor = current_actor()
        form = SearchForm()
        asked = form.q.data or ""
        if not form.validate_on_submit():
            return self.render("workbench/cases/search.html", lines=[], asked=asked, older=None, now=clock.now())
        lines = search_cases(actor, asked, before_id=form.before.data, limit=PAGE + 1)
        if number_of(asked) is not None and len(lines) == 1:
            return redirect(url_for("admin_cases.show", number=lines[0].number), code=303)
        has_more = len(lines) > PAGE
        lines = lines[:PAGE]
        return self.render(
            "workbench/cases/search.html",
            lines=lines,
            asked=asked,
            older=lines[-1].id if has_more else None,
            now=clock.now(),
        )
