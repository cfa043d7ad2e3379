"""Feedback on accessibility: what waits for an answer, and by when."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from heka_portal import clock
from heka_portal.domain.access import Actor, Permission
from heka_portal.domain.cases.inbox import Cursor
from heka_portal.domain.feedback.operations import mark_answered
from heka_portal.domain.feedback.queries import list_feedback
from heka_portal.extensions import db
from heka_portal.web.access import Rule, current_actor
from heka_portal.web.cursors import read_cursor, write_cursor
from heka_portal.web.fields import Needed, StrippedText
from heka_portal.web.forms import PortalForm
from heka_portal.workbench.base import WorkbenchView

MAX_ANSWER = 2000


class AnsweredForm(PortalForm):
    """What was answered, or mended."""

    text = StrippedText(
        _l("What was answered or mended"), [Needed(_l("Write what was answered or mended"))], at_most=MAX_ANSWER
    )


class FeedbackView(WorkbenchView):
    """The list, open or answered."""

    access = Rule(Permission.CASE_WORK)

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """What waits for an answer, or what was answered."""
        return self._page(current_actor(), AnsweredForm(formdata=None), refused_id=None)

    @expose("/<int:feedback_id>/", methods=("POST",))
    def answered(self, feedback_id: int) -> ResponseReturnValue:
        """Mark one as answered."""
        actor, form = current_actor(), AnsweredForm()
        if not form.validate_on_submit():
            return self._page(actor, form, refused_id=feedback_id)
        is_first = mark_answered(actor, feedback_id, answer=form.text.data or "")
        db.session.commit()
        if is_first:
            flash(_("Marked as answered."), "good")
        else:
            flash(_("Somebody was faster: it is marked as answered already."), "info")
        return redirect(url_for("admin_feedback.index"), code=303)

    def _page(self, actor: Actor, form: AnsweredForm, *, refused_id: int | None) -> str:
        is_answered = request.args.get("answered") == "1"
        cursor = read_cursor(request.args.get("after"))
        after = (cursor.at, cursor.id) if cursor else None
        page = list_feedback(actor, is_answered=is_answered, after=after)
        kept = {"answered": "1"} if is_answered else {}
        return self.render(
            "workbench/feedback/index.html",
            page=page,
            form=form,
            refused_id=refused_id,
            is_answered=is_answered,
            now=clock.now(),
            first_url=url_for("admin_feedback.index", **kept) if after else None,  # type: ignore[arg-type] # url_for types its own options only
            next_url=(
                url_for("admin_feedback.index", after=write_cursor(Cursor(*page.next)), **kept) if page.next else None  # type: ignore[arg-type] # as above
            ),
        )
