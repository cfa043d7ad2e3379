"""The landlord's texts: written, looked at as residents will see them, and published from a day on."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from heka_portal import clock
from heka_portal.domain.access import Permission
from heka_portal.domain.errors import Changed, DetailNeeded, NotFound
from heka_portal.domain.texts.operations import publish_text
from heka_portal.domain.texts.queries import TextVersion, get_latest, list_latest, list_versions
from heka_portal.domain.texts.rules import MAX_TEXT, earliest_day
from heka_portal.extensions import db
from heka_portal.vocabulary import Language, TextKind
from heka_portal.web import formats
from heka_portal.web.access import Rule, current_actor
from heka_portal.web.fields import Needed, StrippedText
from heka_portal.web.forms import PortalForm
from heka_portal.web.i18n import current_language
from heka_portal.web.markdown import to_html
from heka_portal.workbench.base import WorkbenchView
from heka_portal.workbench.fields import DayField, KeyField

TEXT = "/<kind>/<language>/"
PUBLISH = "publish"


class TextForm(PortalForm):
    """A text being written; `follows` is the version it was begun from."""

    body = StrippedText(_l("Text"), [Needed(_l("Write the text"))], at_most=MAX_TEXT)
    valid_from = DayField(_l("In force from"), [Needed(_l("Write the day it comes into force"))])
    follows = KeyField()


class TextsView(WorkbenchView):
    """All texts, and the page on which one is written."""

    access = Rule(Permission.LANDLORD_TEXT_WRITE)

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The latest version of each text in each language."""
        return self.render("workbench/texts/index.html", rows=rows_of(), today=clock.today())

    @expose(TEXT)
    def edit(self, kind: str, language: str) -> ResponseReturnValue:
        """The latest version, to be written further."""
        of = read_place(kind, language)
        latest = get_latest(*of)
        form = TextForm(formdata=None)
        form.body.data = latest.body if latest else ""
        form.valid_from.data = earliest_day(on=clock.today(), latest=latest.valid_from if latest else None)
        form.follows.data = latest.version if latest else 0
        return self._page(of, form)

    @expose(TEXT, methods=("POST",))
    def save(self, kind: str, language: str) -> ResponseReturnValue:
        """Show it as residents will see it, or publish it."""
        of = read_place(kind, language)
        form, wants_publishing = TextForm(), request.form.get("button") == PUBLISH
        is_whole = form.validate_on_submit()
        if not (is_whole and wants_publishing):
            return self._page(of, form, preview=to_html(form.body.data) if form.body.data else None)
        try:
            version = publish_text(
                current_actor(),
                kind=of[0],
                language=of[1],
                body=form.body.data or "",
                valid_from=form.valid_from.data,
                follows=form.follows.data or 0,
            )
            db.session.commit()
        except DetailNeeded as needed:
            db.session.rollback()
            return self._refused(of, form, needed.need)
        except Changed:
            db.session.rollback()
            return self._too_late(of, form)
        flash(_("Version %(num)s is published.", num=version), "good")
        return redirect(url_for("admin_texts.index"), code=303)

    def _refused(self, of: tuple[TextKind, Language], form: TextForm, need: str) -> str:
        latest = get_latest(*of)
        day = earliest_day(on=clock.today(), latest=latest.valid_from if latest else None)
        if need == "valid_from":
            first = formats.write_date(day, current_language())
            form.valid_from.errors = (_("The earliest day is %(day)s", day=first),)
        else:
            form.body.errors = (_("Write the text"),)
        return self._page(of, form)

    def _too_late(self, of: tuple[TextKind, Language], form: TextForm) -> ResponseReturnValue:
        """Another version came meanwhile: what was typed stays, and follows that one when it is sent again."""
        latest = get_latest(*of)
        form.follows.data = latest.version if latest else 0
        return self._page(of, form, newer=latest), 409

    def _page(
        self,
        of: tuple[TextKind, Language],
        form: TextForm,
        *,
        preview: Any = None,
        newer: TextVersion | None = None,
    ) -> str:
        return self.render(
            "workbench/texts/edit.html",
            kind=of[0],
            language=of[1],
            form=form,
            preview=preview,
            newer=newer,
            newer_html=to_html(newer.body) if newer else None,
            versions=list_versions(*of),
            today=clock.today(),
        )


def read_place(kind: str, language: str) -> tuple[TextKind, Language]:
    """The text of an address. Raises NotFound for one there is not."""
    try:
        return TextKind(kind), Language(language)
    except ValueError as unknown:
        raise NotFound from unknown


def rows_of() -> list[tuple[TextKind, list[tuple[Language, Any, bool]]]]:
    """Each kind with its languages: the latest version, and whether it is older than the Finnish one."""
    latest = {(line.kind, line.language): line for line in list_latest()}

    def lags(kind: TextKind, language: Language) -> bool:
        own, finnish = latest.get((kind, language)), latest.get((kind, Language.FINNISH))
        return finnish is not None and (own is None or own.valid_from < finnish.valid_from)

    return [
        (kind, [(language, latest.get((kind, language)), lags(kind, language)) for language in Language])
        for kind in TextKind
    ]
