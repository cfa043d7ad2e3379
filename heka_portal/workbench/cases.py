"""The page of one case: read, answered, moved on; by customer service, or by the contractor whose job it is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _
from sqlalchemy.orm.exc import StaleDataError

from heka_portal import clock
from heka_portal.domain.access import Actor, Permission
from heka_portal.domain.attachments.operations import add_files
from heka_portal.domain.cases.inbox import list_inbox
from heka_portal.domain.cases.views import get_whole_case
from heka_portal.domain.casework.operations import available_moves
from heka_portal.domain.errors import AlreadyDone, Changed, DetailNeeded, FileRefused, IllegalMove
from heka_portal.extensions import db
from heka_portal.vocabulary import CaseKind
from heka_portal.web.access import current_actor, requires
from heka_portal.web.addresses import as_key
from heka_portal.web.cursors import read_cursor
from heka_portal.web.files import Received, receive_files, refusal_sentence
from heka_portal.workbench.acts import MOVE, Act, read_act
from heka_portal.workbench.base import WorkbenchView
from heka_portal.workbench.case_page import (
    CasePage,
    Meanwhile,
    find_move,
    leave_look,
    open_form,
    show_page,
)
from heka_portal.workbench.forms import MoveForm, NoteForm, ReplyForm, TopicForm
from heka_portal.workbench.lists import ListPlace, place_of_request, title_of

NUMBER = "/<int:number>/"
#: customer service's page of each kind
PAGES = {CaseKind.DEFECT: "show", CaseKind.ENQUIRY: "message"}


class CasePages(WorkbenchView):
    """The part of the cases' view that is about one case."""

    @expose(NUMBER)
    @requires(Permission.WORKBENCH)
    def show(self, number: int) -> ResponseReturnValue:
        """The page of a case, or of what happened in it before a line of its timeline."""
        actor, before = current_actor(), as_key(request.args.get("before"))
        page = show_page(actor, get_whole_case(actor, number), before=before)
        if before is not None:
            leave_look(actor, page)
            return self.render(
                "workbench/cases/earlier.html", page=page, case=page.case, list_args=list_args(actor, page)
            )
        open_form(actor, page, request.args.get("do", ""))
        leave_look(actor, page)
        return self.render_case(actor, page)

    @expose(NUMBER, methods=("POST",))
    @requires(Permission.WORKBENCH)
    def act(self, number: int) -> ResponseReturnValue:
        """Do what one of the page's forms asks for."""
        actor, now = current_actor(), clock.now()
        # Files are read and stored before anything is locked: a phone may take its time.
        received = receive_files(file for file in request.files.getlist("files") if file.filename)
        case = get_whole_case(actor, number, for_update=True)
        act: Act | None = None
        try:
            act = read_act(request.form.get("act", ""), available_moves(actor, case, now=now))
            if not is_in_order(act, received):
                return self.answer(actor, keep_form(show_page(actor, case, now=now), act))
            event = act.do(actor, case, now)
            if event is not None:
                add_files(actor, received.files, case_id=case.id, event_id=event.id, now=now)
            db.session.commit()
        except AlreadyDone as done:
            db.session.rollback()
            return redirect(case_url(done.number), code=303)
        except DetailNeeded as needed:
            db.session.rollback()
            return self._refused(actor, number, act, needed, now)
        except FileRefused as refused:
            db.session.rollback()
            return self._refused(actor, number, act, refused, now)
        except (Changed, IllegalMove, StaleDataError):
            db.session.rollback()
            return self._too_late(actor, number, act, now)
        return redirect(case_url(number, anchor=f"e{event.id}" if event else None), code=303)

    def _refused(
        self, actor: Actor, number: int, act: Act | None, refused: DetailNeeded | FileRefused, now: datetime
    ) -> ResponseReturnValue:
        """The page with what the rules ask for at its field."""
        page = show_page(actor, get_whole_case(actor, number), now=now)
        if act is not None:
            if isinstance(refused, FileRefused):
                act.form.files.errors = [refusal_sentence(refused.refusal, refused.name)]
            elif isinstance(act.form, MoveForm | TopicForm):
                act.form.refuse(refused.need)
            keep_form(page, act)
        return self.answer(actor, page)

    def _too_late(self, actor: Actor, number: int, act: Act | None, now: datetime) -> ResponseReturnValue:
        """The page with what happened meanwhile, and what was typed kept to be sent again."""
        page = show_page(actor, get_whole_case(actor, number), now=now)
        if act is not None:
            keep_form(page, act)
        last = as_key(request.form.get("seen"))
        newer = [line for line in page.timeline if line.entry.id > last] if last else page.timeline[-1:]
        page.meanwhile = Meanwhile(tuple(newer))
        return self.answer(actor, page), 409

    def answer(self, actor: Actor, page: CasePage) -> str:
        """The page that answers a form which was not taken: a look too, written down once the lock is let go."""
        shown = self.render_case(actor, page)
        db.session.rollback()
        leave_look(actor, page)
        return shown

    def render_case(self, actor: Actor, page: CasePage) -> str:
        """The page for customer service, or the reduced one of a job."""
        place, args = place_of_request(actor), list_args(actor, page)
        return self.render(
            f"workbench/cases/{PAGES[page.case.kind] if page.is_clerk else 'job'}.html",
            page=page,
            case=page.case,
            back_url=place.url(actor, here=page.case.number) if page.is_clerk else url_for("admin.index"),
            list_args=args,
            list_title=title_of(actor, place.filters) if args else None,
            typed=request.form.get("text", "").strip() if page.meanwhile and not page.opened else "",
        )

    @expose(f"{NUMBER}next/")
    @requires(Permission.CASE_WORK)
    def next_case(self, number: int) -> ResponseReturnValue:
        """To the case after this one in the list it was opened from."""
        return self._step(number, is_back=False)

    @expose(f"{NUMBER}previous/")
    @requires(Permission.CASE_WORK)
    def previous_case(self, number: int) -> ResponseReturnValue:
        """To the case before this one in the list it was opened from."""
        return self._step(number, is_back=True)

    def _step(self, number: int, *, is_back: bool) -> ResponseReturnValue:
        actor, place = current_actor(), place_of_request(current_actor())
        at = read_cursor(request.args.get("at"))
        way = {"before": at} if is_back else {"after": at}
        found = list_inbox(actor, place.filters, now=clock.now(), limit=1, **way) if at else None
        if found is None or not found.lines:
            flash(_("There are no more cases that way in this list."), "info")
            return redirect(place.url(actor, here=number), code=303)
        return redirect(place.case_url(actor, found.lines[0]), code=303)


def list_args(actor: Actor, page: CasePage) -> dict[str, Any]:
    """The list that customer service opened the case from, for the addresses of the page."""
    at = request.args.get("at") if page.is_clerk else None
    return dict(place_of_request(actor).args(actor)) | {"at": at} if read_cursor(at) else {}


def is_in_order(act: Act, received: Received) -> bool:
    """Whether the form can be taken; a file that was refused is said at its field, and nothing is saved."""
    is_valid = act.form.validate_on_submit()
    if received.refusals and "files" in act.form:
        act.form.files.errors = list(received.refusals)
        return False
    return bool(is_valid)


def keep_form(page: CasePage, act: Act) -> CasePage:
    """Put a form that was not taken back on the page, drawn for the case as it is now."""
    form = act.form
    form.draw(version=page.case.version, seen=page.case.last_event_id)
    if isinstance(form, ReplyForm):
        page.reply = form
    elif isinstance(form, NoteForm):
        page.note = form
    else:
        _reopen(page, act)
    return page


def _reopen(page: CasePage, act: Act) -> None:
    """Open the form of a move again, unless the case has left the state it is made from."""
    name = act.name.removeprefix(MOVE)
    if isinstance(act.form, MoveForm):
        page.opened_move = find_move(page.moves, name)
        if page.opened_move is None:
            return
    page.opened, page.opened_for = act.form, name


def case_url(number: int, *, anchor: str | None = None) -> str:
    """The page of a case, with the list it was opened from."""
    actor = current_actor()
    args = ListPlace.args(place_of_request(actor), actor)
    at = request.args.get("at")
    if read_cursor(at):
        args["at"] = at
    return url_for("admin_cases.show", number=number, **args, _anchor=anchor)
