"""A copy of everything about oneself: asked for here, made by the worker, fetched by its owner only."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from heka_portal import clock
from heka_portal.database import footprint
from heka_portal.domain.access import Permission
from heka_portal.domain.audit.operations import append_lines, make_line
from heka_portal.domain.errors import NotFound
from heka_portal.domain.exports.operations import ask_export
from heka_portal.domain.exports.queries import get_export, list_exports
from heka_portal.extensions import db
from heka_portal.vocabulary import AuditAction
from heka_portal.web import limits
from heka_portal.web.access import current_actor, requires
from heka_portal.web.files import send_copy
from heka_portal.web.step_up import is_fresh, to_step_up

bp = Blueprint("data", __name__, url_prefix="/account/data")


@bp.get("")
@requires(Permission.OWN_MATTERS)
def index() -> ResponseReturnValue:
    """What a copy holds, and those that were asked for."""
    return render_template("account/data.html", lines=list_exports(current_actor(), now=clock.now()))


@bp.post("")
@requires(Permission.OWN_MATTERS)
def ask() -> ResponseReturnValue:
    """Ask for a copy; one that is being made is enough."""
    actor = current_actor()
    limits.hit("copy/account", str(actor.account_id))
    ask_export(actor)
    db.session.commit()
    flash(_("We make the copy and send you mail when it is ready."), "good")
    return redirect(url_for("account.data.index"), code=303)


@bp.get("/<key>")
@requires(Permission.OWN_MATTERS)
def fetch(key: str) -> ResponseReturnValue:
    """The copy as a download, after a fresh identification. Raises NotFound for another's and for one that is gone."""
    actor, now = current_actor(), clock.now()
    export = get_export(actor, key, now=now)
    if not is_fresh():
        return to_step_up()
    if export.storage_key is None:
        raise NotFound
    response: Response = send_copy(export.storage_key, name=f"heka-{export.asked_at:%Y-%m-%d}.zip", size=export.size)
    line = make_line(AuditAction.DATA_EXPORT_FETCHED, account_id=actor.account_id, person_id=actor.person_id)
    with footprint(db) as connection:
        append_lines(connection, [line])
    return response
