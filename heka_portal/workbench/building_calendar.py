"""The calendar of a building, kept by its manager and customer service: add an event, change it, cancel it."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _

from heka_portal import clock
from heka_portal.domain.access import Permission
from heka_portal.domain.buildings.sheets import read_sheet
from heka_portal.domain.calendars.operations import add_event, cancel_event, change_event
from heka_portal.domain.calendars.queries import get_kept_event, list_staircases
from heka_portal.domain.errors import Changed
from heka_portal.domain.homes.management import check_may_write
from heka_portal.extensions import db
from heka_portal.models.calendars import BuildingEvent
from heka_portal.web.access import Rule, current_actor
from heka_portal.workbench.base import WorkbenchView
from heka_portal.workbench.calendar_forms import EventForm, filled
from heka_portal.workbench.forms import VersionPressForm

BOTH = ("GET", "POST")


class CalendarView(WorkbenchView):
    """The events of buildings, one by one; their list stands on the building's page."""

    access = Rule(Permission.BUILDING_WRITE)

    def is_visible(self) -> bool:
        """A calendar is reached from its building."""
        return False

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """There is no calendar of all buildings: begin from one."""
        return redirect(url_for("admin_buildings.index_view"), code=303)

    @expose("/buildings/<int:building_id>/", methods=BOTH)
    def add(self, building_id: int) -> ResponseReturnValue:
        """A new event."""
        actor, form = current_actor(), EventForm()
        check_may_write(actor, building_id)
        form.offer(list_staircases(building_id))
        if not form.validate_on_submit():
            return self._page(building_id, form)
        add_event(actor, building_id, form.to_content(), form_key=str(form.form_key.data), now=clock.now())
        db.session.commit()
        flash(_("The event is in the calendar. Residents see it now."), "good")
        return self._to(building_id)

    @expose("/<int:event_id>/", methods=BOTH)
    def change(self, event_id: int) -> ResponseReturnValue:
        """An event, to be changed."""
        actor, event = current_actor(), get_kept_event(current_actor(), event_id)
        form = EventForm(data=filled(event))
        form.offer(list_staircases(event.building_id))
        if event.cancelled_at is not None or not form.validate_on_submit():
            return self._page(event.building_id, form, event)
        try:
            change_event(actor, event_id, form.to_content(), version=form.version.data or 0, now=clock.now())
            db.session.commit()
        except Changed:
            return self._changed(event_id, form), 409
        flash(_("The event is changed. Calendars that follow it take the change by themselves."), "good")
        return self._to(event.building_id)

    @expose("/<int:event_id>/cancel/", methods=("POST",))
    def cancel(self, event_id: int) -> ResponseReturnValue:
        """Cancel an event."""
        form = VersionPressForm()
        event = cancel_event(current_actor(), event_id, version=form.version.data or 0, now=clock.now())
        db.session.commit()
        flash(_("The event is cancelled. It stays in the calendar as cancelled."), "info")
        return self._to(event.building_id)

    def _changed(self, event_id: int, form: EventForm) -> str:
        """The form with what was typed, drawn from the event as it is now, which is said beside it."""
        db.session.rollback()
        event = get_kept_event(current_actor(), event_id)
        form.version.data, form.version.raw_data = event.version, None
        form.form_errors.append(
            _("Somebody changed this event meanwhile. What you wrote is kept. Compare, and save again.")
        )
        return self._page(event.building_id, form, event, was_changed=True)

    def _page(
        self, building_id: int, form: EventForm, event: BuildingEvent | None = None, *, was_changed: bool = False
    ) -> str:
        return self.render(
            "workbench/buildings/event.html",
            building=read_sheet(building_id),
            form=form,
            event=event,
            was_changed=was_changed,
        )

    def _to(self, building_id: int) -> ResponseReturnValue:
        return redirect(url_for("admin_building.show", building_id=building_id, _anchor="calendar"), code=303)
