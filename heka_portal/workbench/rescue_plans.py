"""A version of a rescue plan: written in each language, looked at, published, withdrawn."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _

from heka_portal import clock
from heka_portal.domain.access import Permission
from heka_portal.domain.buildings.drafting import (
    discard,
    plan_fingerprint,
    publish,
    text_fingerprint,
    withdraw,
    write_plan_text,
)
from heka_portal.domain.buildings.plans import PlanLine, PlanText, get_plan, read_plan_file, read_plan_texts
from heka_portal.domain.buildings.rules import Incomplete
from heka_portal.domain.buildings.sheets import read_sheet
from heka_portal.domain.errors import Changed, IllegalMove, NotFound
from heka_portal.domain.homes.management import check_may_write, may_write_building
from heka_portal.extensions import db
from heka_portal.vocabulary import Language, PlanState
from heka_portal.web.access import Rule, current_actor, requires
from heka_portal.web.files import receive_files, send_stored
from heka_portal.web.rescue_plans import send_plan
from heka_portal.workbench.base import WorkbenchView
from heka_portal.workbench.building_forms import PlanTextForm, PublishForm, incomplete_words

PLAN = "/<int:plan_id>/"
TEXT = f"{PLAN}<any({', '.join(Language)}):language>/"


class RescuePlansView(WorkbenchView):
    """Rescue plans, a version a page."""

    access = Rule(Permission.REGISTER_LOOK)

    def is_visible(self) -> bool:
        """A plan is reached from its building."""
        return False

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """There is no list of all plans: begin from a building."""
        return redirect(url_for("admin_buildings.index_view"), code=303)

    @expose(PLAN)
    def show(self, plan_id: int) -> ResponseReturnValue:
        """A version as its readers will see it, in every language."""
        plan = get_plan(current_actor(), plan_id)
        form = PublishForm(formdata=None)
        form.valid_from.data = clock.today()
        return self._page(plan, form)

    def _page(self, plan: PlanLine, form: PublishForm) -> str:
        texts = read_plan_texts(plan.id)
        form.drawn_from.data = plan_fingerprint(texts)
        return self.render(
            "workbench/buildings/plan.html",
            building=read_sheet(plan.building_id),
            plan=plan,
            texts=texts,
            languages=list(Language),
            form=form,
            may_write=may_write_building(current_actor(), plan.building_id),
        )

    @expose(PLAN, methods=("POST",))
    @requires(Permission.BUILDING_WRITE)
    def publish(self, plan_id: int) -> ResponseReturnValue:
        """Publish the draft as it was looked at."""
        actor, form = current_actor(), PublishForm()
        plan = get_plan(actor, plan_id)
        check_may_write(actor, plan.building_id)
        if not form.validate_on_submit():
            return self._page(plan, form)
        try:
            publish(
                actor,
                plan_id,
                valid_from=form.valid_from.data,
                drawn_from=form.drawn_from.data or "",
                now=clock.now(),
            )
            db.session.commit()
        except Incomplete as lack:
            db.session.rollback()
            form.valid_from.errors = (incomplete_words(lack.need, lack.language),)
            return self._page(plan, form)
        except Changed:
            db.session.rollback()
            form.valid_from.errors = (_("Somebody changed the draft meanwhile. Read it again before you publish it"),)
            return self._page(get_plan(actor, plan_id), form), 409
        flash(
            _("The plan is published. The people of the building are told by mail on the day it becomes valid."), "good"
        )
        return redirect(url_for(".show", plan_id=plan_id), code=303)

    @expose(TEXT)
    @requires(Permission.BUILDING_WRITE)
    def text(self, plan_id: int, language: str) -> ResponseReturnValue:
        """A draft in one language, to be written."""
        plan, text = self._draft(plan_id, language)
        form = PlanTextForm(formdata=None)
        form.fill(text)
        form.drawn_from.data = text_fingerprint(text)
        return self._text_page(plan, language, form, text)

    @expose(TEXT, methods=("POST",))
    @requires(Permission.BUILDING_WRITE)
    def write_text(self, plan_id: int, language: str) -> ResponseReturnValue:
        """Write it."""
        received = receive_files(each for each in request.files.getlist("file") if each.filename)
        actor, form = current_actor(), PlanTextForm()
        plan, text = self._draft(plan_id, language)
        is_valid, file = form.validate_on_submit(), form.received(received)
        if not is_valid or form.file.errors:
            return self._text_page(plan, language, form, text)
        try:
            write_plan_text(
                actor,
                plan_id,
                Language(language),
                parts=form.to_parts(),
                drawn_from=form.drawn_from.data or "",
                now=clock.now(),
                file=file,
                drops_file=bool(form.drops_file.data),
            )
            db.session.commit()
        except Changed:
            db.session.rollback()
            plan, text = self._draft(plan_id, language)
            form.drawn_from.data = text_fingerprint(text)
            return self._text_page(plan, language, form, text, is_late=True), 409
        flash(_("The draft is saved. Residents do not see it before it is published."), "good")
        return redirect(url_for(".show", plan_id=plan_id), code=303)

    def _draft(self, plan_id: int, language: str) -> tuple[PlanLine, PlanText | None]:
        """A draft of a building that the reader may write of. Raises NotFound, NotAllowed, IllegalMove."""
        actor = current_actor()
        plan = get_plan(actor, plan_id)
        check_may_write(actor, plan.building_id)
        if plan.state is not PlanState.DRAFT:
            raise IllegalMove("only a draft is written")
        return plan, read_plan_texts(plan_id).get(Language(language))

    def _text_page(
        self, plan: PlanLine, language: str, form: PlanTextForm, text: PlanText | None, *, is_late: bool = False
    ) -> str:
        return self.render(
            "workbench/buildings/plan_text.html",
            building=read_sheet(plan.building_id),
            plan=plan,
            language=Language(language),
            form=form,
            text=text,
            is_late=is_late,
        )

    @expose(f"{PLAN}<any({', '.join(Language)}):language>.pdf")
    def pdf(self, plan_id: int, language: str) -> ResponseReturnValue:
        """A version as the PDF that its readers get."""
        plan = get_plan(current_actor(), plan_id)
        text = read_plan_texts(plan_id).get(Language(language))
        if text is None:
            raise NotFound
        if not text.is_written:
            return send_stored(read_plan_file(plan_id, text.language))
        return send_plan(plan, text, read_sheet(plan.building_id))

    @expose(f"{PLAN}withdraw/", methods=("POST",))
    @requires(Permission.BUILDING_WRITE)
    def withdraw(self, plan_id: int) -> ResponseReturnValue:
        """Take a published version back."""
        withdraw(current_actor(), plan_id, now=clock.now())
        db.session.commit()
        flash(_("The version is withdrawn. Residents see the version before it, if there is one."), "good")
        return redirect(url_for(".show", plan_id=plan_id), code=303)

    @expose(f"{PLAN}discard/", methods=("POST",))
    @requires(Permission.BUILDING_WRITE)
    def discard(self, plan_id: int) -> ResponseReturnValue:
        """Throw a draft away."""
        building_id = discard(current_actor(), plan_id)
        db.session.commit()
        flash(_("The draft is thrown away."), "good")
        return redirect(url_for("admin_building.show", building_id=building_id), code=303)
