"""The domain's errors become pages here, once. Never a bare 500, and what was typed is kept."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Mapping, Sequence

from flask import Flask, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from heka_portal.domain.access import Role
from heka_portal.domain.errors import Changed, DomainError, IllegalMove, NotAllowed, NotFound
from heka_portal.extensions import db
from heka_portal.integrations.storage import StorageError
from heka_portal.web.forms import free_text_names
from heka_portal.web.labels import role_label

log = logging.getLogger(__name__)

#: the single lines that belong to a long text, and are shown again with it
TITLES = frozenset({"title", "title_fi", "title_sv", "title_en"})
RETRY_AFTER = "10"
WORKBENCH = "/admin"
#: the usual window of the brakes (web/limits.py); guesses at a second factor have one of a day beside it
BRAKE_SECONDS = 900


def error_page(
    status: int,
    title: str,
    lead: str,
    lines: Sequence[str] = (),
    *,
    action: str | None = None,
    action_url: str | None = None,
    retry: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> ResponseReturnValue:
    """One page for every refusal; what was typed stands on it."""
    is_staffs = status < 500 and is_in_workbench()
    front = "admin.index" if is_staffs else "public.front"
    html = render_template(
        "workbench/error.html" if is_staffs else "errors/error.html",
        title=title,
        lead=lead,
        lines=lines,
        action=action or _("To the front page"),
        action_url=action_url or url_for(front),
        retry=retry,
        typed=typed_text(),
    )
    return html, status, {"Cache-Control": "no-store", **(headers or {})}


def is_in_workbench() -> bool:
    """Whether a signed-in member of staff stands in the workbench, whose pages look its own way."""
    actor = getattr(current_user, "actor", None) if request.path.startswith(WORKBENCH) else None
    return actor is not None and actor.is_staff


def typed_text() -> str:
    """The long texts a person had typed in this request, and their titles, in the order of the page."""
    if request.method in {"GET", "HEAD"}:
        return ""
    names = TITLES | free_text_names()
    try:
        typed = [text.strip() for name, text in request.form.items(multi=True) if name in names]
        return "\n\n".join(text for text in typed if text)
    except HTTPException:  # the body itself was refused
        return ""


def forbidden_page(roles: Sequence[Role]) -> ResponseReturnValue:
    """A function one may not use: say who may."""
    lines = [_("It is for: %(who)s.", who=", ".join(role_label(role) for role in roles))] if roles else []
    return error_page(
        403,
        _("This page is not for you to use"),
        _("You are signed in, but your role does not include this."),
        [*lines, _("If you think this is wrong, call customer service.")],
    )


def not_found_page() -> ResponseReturnValue:
    """Absent or another's: the answer is the same."""
    return error_page(
        404,
        _("We did not find this page"),
        _("The address may be wrong, or the matter is not one of yours."),
        [] if is_in_workbench() else [_("Check the address, or find the matter on the page My matters.")],
    )


def changed_page() -> ResponseReturnValue:
    """Someone moved this meanwhile."""
    return error_page(
        409,
        _("Someone changed this meanwhile"),
        _("What you sent was not saved, because the matter had already moved on."),
        [_("Open the page again, read what has happened, and send your text again if it is still needed.")],
        action=_("Open the page again"),
        action_url=request.path if request.endpoint and "GET" in _methods() else url_for("public.front"),
    )


def _methods() -> set[str]:
    return set(request.url_rule.methods or ()) if request.url_rule else set()


def unavailable_page() -> ResponseReturnValue:
    """The database or the storage does not answer."""
    return error_page(
        503,
        _("The service is interrupted for a moment"),
        _("Nothing of yours is lost. Wait a little and try again."),
        [_("If the matter is urgent, call.")],
        retry=request.url if request.method == "GET" else None,
        headers={"Retry-After": RETRY_AFTER},
    )


def bad_request_page(error: Exception) -> ResponseReturnValue:
    """The form's token is missing or old, or the request itself is broken."""
    return error_page(
        400,
        _("We could not read what you sent"),
        _("The page may have been open for long, or in another tab after signing out."),
        [_("Open the page again and send it once more.")],
        action=_("Open the page again"),
        action_url=request.path if "GET" in _methods() else "/",
    )


def too_large_page(error: Exception) -> ResponseReturnValue:
    """More than a form may carry."""
    return error_page(
        413,
        _("You sent too much at once"),
        _("A file may be at most 15 MB, and there may be at most 8 of them."),
        [_("Send fewer or smaller files.")],
        action=_("Open the page again"),
        action_url=request.path if "GET" in _methods() else "/",
    )


def too_many_page(error: Exception) -> ResponseReturnValue:
    """The brake against guessing."""
    seconds = int(getattr(error, "retry_after", None) or BRAKE_SECONDS)
    is_long = seconds > BRAKE_SECONDS
    return error_page(
        429,
        _("Too many attempts"),
        _("Wait 24 hours and try again.") if is_long else _("Wait 15 minutes and try again."),
        [
            _("Nothing is locked for good: a passkey still lets you in.")
            if is_long
            else _("Nothing is locked for good. If you are in a hurry, call customer service.")
        ],
        headers={"Retry-After": str(seconds)},
    )


def method_not_allowed_page(error: Exception) -> ResponseReturnValue:
    """An address that only takes a form."""
    return error_page(
        405,
        _("This address only takes a form"),
        _("You may have reloaded a page after sending."),
        [_("Open the matter from the page My matters.")],
    )


def domain_page(error: DomainError) -> ResponseReturnValue:
    """An error of the rules that no view turned into words of its own."""
    db.session.rollback()
    if isinstance(error, NotFound):
        return not_found_page()
    if isinstance(error, Changed | IllegalMove):
        return changed_page()
    if isinstance(error, NotAllowed):
        return forbidden_page(())
    log.error("unexpected domain error %s", type(error).__name__)
    return bad_request_page(error)


def stale_page(error: Exception) -> ResponseReturnValue:
    """Two presses at once: this one came second."""
    db.session.rollback()
    return changed_page()


def database_page(error: Exception) -> ResponseReturnValue:
    """The database went away; other database errors are ours and are logged without their values."""
    db.session.rollback()
    log.error("database error: %s", type(getattr(error, "orig", error)).__name__)
    return unavailable_page()


def storage_page(error: Exception) -> ResponseReturnValue:
    """The store of files went away, or is full."""
    db.session.rollback()
    log.error("storage error: %s", type(error).__name__)
    return unavailable_page()


def failed_page(error: Exception) -> ResponseReturnValue:
    """Our own mistake: logged without values, told calmly."""
    db.session.rollback()
    log.exception("unexpected error")
    return failure_page()


def failure_page() -> ResponseReturnValue:
    """What is said of a mistake of our own."""
    return error_page(
        500,
        _("Something went wrong at our end"),
        _("We have been told. Try again in a moment."),
        [_("If it happens again, call customer service.")],
        retry=request.url if request.method == "GET" else None,
    )


def refused_value_page(error: Exception) -> ResponseReturnValue:
    """A value that no database keeps, such as a NUL in an address or in a hidden field: nobody types those."""
    db.session.rollback()
    log.warning("the database refused a value")
    return not_found_page() if request.method in {"GET", "HEAD"} else bad_request_page(error)


def broken_statement_page(error: DBAPIError) -> ResponseReturnValue:
    """Our own mistake in a statement. Its message holds whole rows: what is logged is its kind and our lines."""
    db.session.rollback()
    ours = "".join(traceback.format_tb(error.__traceback__))
    log.error("database error: %s\n%s", type(error.orig).__name__, ours)
    return failure_page()


def http_page(error: HTTPException) -> ResponseReturnValue:
    """Errors of the web itself."""
    pages: dict[int, Callable[[Exception], ResponseReturnValue]] = {
        404: lambda _error: not_found_page(),
        405: method_not_allowed_page,
        413: too_large_page,
        429: too_many_page,
        500: lambda _error: failure_page(),
        503: lambda _error: unavailable_page(),
    }
    code = error.code or 500
    if code < 400:
        return error.get_response()
    return pages.get(code, bad_request_page)(error)


def init_app(app: Flask) -> None:
    """Turn errors into pages."""
    app.register_error_handler(HTTPException, http_page)
    app.register_error_handler(CSRFError, bad_request_page)
    app.register_error_handler(DomainError, domain_page)
    app.register_error_handler(StaleDataError, stale_page)
    app.register_error_handler(OperationalError, database_page)
    app.register_error_handler(PoolTimeout, database_page)
    app.register_error_handler(DataError, refused_value_page)
    app.register_error_handler(DBAPIError, broken_statement_page)
    app.register_error_handler(StorageError, storage_page)
    if not app.config["TESTING"]:
        app.register_error_handler(Exception, failed_page)
