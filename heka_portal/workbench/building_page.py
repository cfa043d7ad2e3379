"""What staff keep of a building: texts, rescue plans, documents, calendar; all in the register's service read."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _

from heka_portal import clock
from heka_portal.domain.access import Permission
from heka_portal.domain.buildings.documents import (
    MOST_DOCUMENTS,
    ShelfFull,
    add_document,
    list_kept_documents,
    may_write_document,
)
from heka_portal.domain.buildings.drafting import start_draft
from heka_portal.domain.buildings.plans import count_readings, read_versions
from heka_portal.domain.buildings.rules import plan_on, standing_of
from heka_portal.domain.buildings.sheets import read_sheet
from heka_portal.domain.buildings.texts import read_texts, texts_fingerprint, write_texts
from heka_portal.domain.calendars.queries import list_kept_events, part_of
from heka_portal.domain.errors import Changed
from heka_portal.domain.homes.management import check_may_write, may_write_building
from heka_portal.extensions import db
from heka_portal.vocabulary import BuildingTextKind, Language
from heka_portal.web.access import Rule, current_actor, requires
from heka_portal.web.addresses import as_key
from heka_portal.web.files import receive_files
from heka_portal.workbench.base import WorkbenchView
from heka_portal.workbench.building_forms import BuildingTextForm, DocumentForm

BUILDING = "/<int:building_id>/"
TEXT = f"{BUILDING}texts/<any({', '.join(BuildingTextKind)}):kind>/"


class BuildingView(WorkbenchView):
    """One building's texts, rescue plans and documents."""

    access = Rule(Permission.REGISTER_LOOK)

    def is_visible(self) -> bool:
        """A building is reached from the list of buildings."""
        return False

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The list is the register's."""
        return redirect(url_for("admin_buildings.index_view"), code=303)

    @expose(BUILDING)
    def show(self, building_id: int) -> ResponseReturnValue:
        """What there is, and what is missing."""
        actor, now = current_actor(), clock.now()
        building, versions = read_sheet(building_id), read_versions(building_id)
        plan = plan_on(versions, clock.today())
        return self.render(
            "workbench/buildings/show.html",
            building=building,
            texts=read_texts(building_id),
            kinds=list(BuildingTextKind),
            languages=list(Language),
            versions=versions,
            plan=plan,
            standing=standing_of(plan, building.apartment_count),
            readings=count_readings([line.id for line in versions]),
            documents=list_kept_documents(building_id),
            events=part_of(list_kept_events(building_id, now=now), as_key(request.args.get("events")) or 0),
            now=now,
            may_write=may_write_building(actor, building_id),
            may_write_everyones=may_write_document(actor, None),
        )

    @expose(TEXT)
    @requires(Permission.BUILDING_WRITE)
    def text(self, building_id: int, kind: str) -> ResponseReturnValue:
        """A text, to be written."""
        check_may_write(current_actor(), building_id)
        form, texts = BuildingTextForm(formdata=None), self._texts(building_id, kind)
        form.fill(texts)
        form.drawn_from.data = texts_fingerprint(texts)
        return self._text_page(building_id, kind, form)

    @expose(TEXT, methods=("POST",))
    @requires(Permission.BUILDING_WRITE)
    def write_text(self, building_id: int, kind: str) -> ResponseReturnValue:
        """Write it."""
        actor, form = current_actor(), BuildingTextForm()
        check_may_write(actor, building_id)
        if not form.validate_on_submit():
            return self._text_page(building_id, kind, form)
        try:
            write_texts(
                actor,
                building_id,
                kind=BuildingTextKind(kind),
                texts=form.to_texts(),
                drawn_from=form.drawn_from.data or "",
                now=clock.now(),
            )
            db.session.commit()
        except Changed:
            db.session.rollback()
            return self._changed(building_id, kind, form), 409
        flash(_("The text is saved. Residents see it now."), "good")
        return redirect(url_for(".show", building_id=building_id), code=303)

    def _changed(self, building_id: int, kind: str, form: BuildingTextForm) -> str:
        """The form with what was typed, drawn from the text as it is now, which stands beside it."""
        texts = self._texts(building_id, kind)
        form.drawn_from.data = texts_fingerprint(texts)
        return self._text_page(building_id, kind, form, now_there=texts)

    def _texts(self, building_id: int, kind: str) -> dict[Language, str]:
        return read_texts(building_id).get(BuildingTextKind(kind), {})

    def _text_page(
        self, building_id: int, kind: str, form: BuildingTextForm, now_there: dict[Language, str] | None = None
    ) -> str:
        return self.render(
            "workbench/buildings/text.html",
            building=read_sheet(building_id),
            kind=BuildingTextKind(kind),
            form=form,
            now_there=now_there,
        )

    @expose(f"{BUILDING}rescue-plan/", methods=("POST",))
    @requires(Permission.BUILDING_WRITE)
    def draft_plan(self, building_id: int) -> ResponseReturnValue:
        """Begin a new version, or go on with the draft there is."""
        draft = start_draft(current_actor(), building_id, now=clock.now())
        db.session.commit()
        return redirect(url_for("admin_rescue_plans.show", plan_id=draft.id), code=303)

    @expose(f"{BUILDING}documents/")
    @requires(Permission.BUILDING_WRITE)
    def document(self, building_id: int) -> ResponseReturnValue:
        """A new document."""
        check_may_write(current_actor(), building_id)
        return self._document_page(building_id, DocumentForm(formdata=None))

    @expose(f"{BUILDING}documents/", methods=("POST",))
    @requires(Permission.BUILDING_WRITE)
    def add_document(self, building_id: int) -> ResponseReturnValue:
        """Add it."""
        actor = current_actor()
        check_may_write(actor, building_id)
        received = receive_files(each for each in request.files.getlist("file") if each.filename)
        form = DocumentForm()
        form.offer(for_everyone=may_write_document(actor, None))
        is_valid = form.validate_on_submit()
        file = form.received(received)
        if file is None and not form.file.errors:
            form.file.errors = (_("Choose the PDF file"),)
        if not is_valid or file is None:
            return self._document_page(building_id, form)
        try:
            add_document(
                actor, building_id, form.to_document(), file=file, form_key=str(form.form_key.data), now=clock.now()
            )
            db.session.commit()
        except ShelfFull:
            db.session.rollback()
            form.file.errors = (_("There are %(num)s documents already. Take one away first", num=MOST_DOCUMENTS),)
            return self._document_page(building_id, form)
        flash(_("The document is added. Residents see it when it has been prepared, in a moment."), "good")
        return redirect(url_for(".show", building_id=building_id), code=303)

    def _document_page(self, building_id: int, form: DocumentForm) -> str:
        form.offer(for_everyone=may_write_document(current_actor(), None))
        return self.render("workbench/buildings/document.html", building=read_sheet(building_id), form=form)
