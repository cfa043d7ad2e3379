"""A resident's notices: the list, the archive, one notice and its files, and "I have read this"."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from heka_portal import clock
from heka_portal.blueprints.resident.shown import list_documents
from heka_portal.domain.access import Permission
from heka_portal.domain.attachments.queries import list_files_by_id
from heka_portal.domain.cases.inbox import Cursor as InList
from heka_portal.domain.notices.operations import acknowledge_notice
from heka_portal.domain.notices.queries import (
    Cursor,
    get_correction,
    get_notice,
    get_notice_file,
    list_notices,
    list_places,
    mark_read,
)
from heka_portal.extensions import db
from heka_portal.vocabulary import NoticeKind, NoticeState
from heka_portal.web.access import current_actor, requires
from heka_portal.web.cursors import read_cursor, write_cursor
from heka_portal.web.files import send_stored
from heka_portal.web.i18n import current_language
from heka_portal.web.notices import files_in, place_words, read_notice

bp = Blueprint("notices", __name__, url_prefix="/notices")

RANKS = ("0", "1", "2", "3")


def read_place(word: str | None) -> Cursor | None:
    """Where a page of the list begins, by the rank of its line first; what cannot be read begins at the top."""
    rank, _, rest = (word or "").partition("-")
    at = read_cursor(rest) if rank in RANKS else None
    return Cursor(int(rank), at.at, at.id) if at else None


def write_place(cursor: Cursor | None) -> str | None:
    """The same as it stands in an address."""
    return f"{cursor.rank}-{write_cursor(InList(cursor.at, cursor.id))}" if cursor else None


@bp.get("")
@requires(Permission.NOTICES_READ)
def index() -> ResponseReturnValue:
    """What stands, the unread first."""
    return _list(is_over=False)


@bp.get("/archive")
@requires(Permission.NOTICES_READ)
def archive() -> ResponseReturnValue:
    """What is over, of the time the reader has lived here."""
    return _list(is_over=True)


def _list(*, is_over: bool) -> str:
    asked = request.args.get("kind")
    kind = NoticeKind(asked) if asked in list(NoticeKind) else None
    after = read_place(request.args.get("after"))
    page = list_notices(
        current_actor(), language=current_language(), now=clock.now(), is_over=is_over, kind=kind, after=after
    )
    return render_template(
        "resident/notices/index.html",
        unread=[line for line in page.lines if line.is_unread and not is_over],
        read=[line for line in page.lines if is_over or not line.is_unread],
        next=write_place(page.next),
        after=after,
        is_over=is_over,
        kind=kind,
        kinds=list(NoticeKind),
    )


@bp.get("/<int:notice>")
@requires(Permission.NOTICES_READ)
def show(notice: int) -> ResponseReturnValue:
    """One notice, in the reader's language or in another one that is asked for."""
    actor, now = current_actor(), clock.now()
    view = get_notice(actor, notice, now=now)
    told = view.notice
    is_over = told.state in (NoticeState.ENDED, NoticeState.WITHDRAWN)
    corrected_by = get_correction(told.id, now=now) if is_over else None
    if view.is_withdrawn:
        return render_template("resident/notices/withdrawn.html", notice=told, corrected_by=corrected_by)
    if view.read_at is None:
        mark_read(actor, told.id, now=now)
    words = read_notice(told, request.args.get("in"))
    files = list_files_by_id([each.attachment_id for each in told.files])
    return render_template(
        "resident/notices/show.html",
        view=view,
        notice=told,
        words=words,
        files=list_documents(
            files_in(told, words.language, files), lambda key: url_for(".file", notice=told.id, key=key)
        ),
        places=place_words(list_places(told.id)),
        corrected_by=corrected_by,
        is_over=told.visible_to is not None and told.visible_to <= now,
    )


@bp.post("/<int:notice>/acknowledge")
@requires(Permission.NOTICES_READ)
def acknowledge(notice: int) -> ResponseReturnValue:
    """Say that one has read it."""
    actor, now = current_actor(), clock.now()
    acknowledge_notice(actor, get_notice(actor, notice, now=now), now=now)
    db.session.commit()
    flash(_("Thank you. We know now that you have read the notice."), "good")
    return redirect(url_for("resident.notices.show", notice=notice), code=303)


@bp.get("/<int:notice>/files/<key>")
@requires(Permission.NOTICES_READ)
def file(notice: int, key: str) -> ResponseReturnValue:
    """A file of a notice."""
    return send_stored(get_notice_file(current_actor(), notice, key, now=clock.now()))
