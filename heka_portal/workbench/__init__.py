"""Customer service's workbench on Flask-Admin."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_admin import Admin
from flask_admin.theme import Bootstrap4Theme
from flask_babel import lazy_gettext as _l

from heka_portal.models.accounts import StaffMember
from heka_portal.web.headers import csp_nonce
from heka_portal.workbench import words
from heka_portal.workbench.behalf import BehalfView
from heka_portal.workbench.building_calendar import CalendarView
from heka_portal.workbench.building_documents import DocumentsView
from heka_portal.workbench.building_page import BuildingView
from heka_portal.workbench.feedback import FeedbackView
from heka_portal.workbench.files import FilesView
from heka_portal.workbench.front import FrontView
from heka_portal.workbench.inbox import CasesView
from heka_portal.workbench.logs import AuditView, MailsView, RegistrationsView
from heka_portal.workbench.notices import NoticesView
from heka_portal.workbench.people import ApartmentsView, PeopleView
from heka_portal.workbench.posted import PostedView
from heka_portal.workbench.registers import REGISTERS, StaffView
from heka_portal.workbench.rescue_plans import RescuePlansView
from heka_portal.workbench.search import SearchView
from heka_portal.workbench.texts import TextsView
from heka_portal.workbench.topics import TopicsView

REGISTER: Any = _l("Registers")
ADMINISTRATION: Any = _l("Administration")
#: view, name, endpoint, address, and its group in the menu
VIEWS: tuple[tuple[Any, Any, str, str, Any], ...] = (
    (CasesView, _l("Cases"), "admin_cases", "cases", None),
    (SearchView, _l("Search"), "admin_search", "search", None),
    (NoticesView, _l("Notices"), "admin_notices", "notices", None),
    (FilesView, _l("Files"), "admin_files", "files", None),
    (BehalfView, _l("Open a case for a resident"), "admin_behalf", "on-behalf", None),
    (FeedbackView, _l("Feedback"), "admin_feedback", "feedback", None),
    (PeopleView, _l("People"), "admin_people", "people", REGISTER),
    (ApartmentsView, _l("Apartments"), "admin_apartments", "apartments", REGISTER),
    (BuildingView, _l("Building"), "admin_building", "building", REGISTER),
    (RescuePlansView, _l("Rescue plans"), "admin_rescue_plans", "rescue-plans", REGISTER),
    (DocumentsView, _l("Documents"), "admin_documents", "documents", REGISTER),
    (CalendarView, _l("Calendar"), "admin_calendar", "calendar", REGISTER),
    (PostedView, _l("Notices to residents"), "admin_posted", "posted-notices", REGISTER),
    (RegistrationsView, _l("Refused registrations"), "admin_registrations", "registrations", REGISTER),
    (TopicsView, _l("Topics of messages"), "admin_topics", "topics", ADMINISTRATION),
    (TextsView, _l("Texts"), "admin_texts", "texts", ADMINISTRATION),
    (MailsView, _l("Mail"), "admin_mails", "mails", ADMINISTRATION),
    (AuditView, _l("Audit log"), "admin_audit", "audit", ADMINISTRATION),
)


def init_app(app: Flask) -> None:
    """Bind a workbench of its own to the application: a shared one would keep another application's views."""
    words.init_app(app)
    admin = Admin(
        app,
        name="Workbench",
        index_view=FrontView(_l("Overview")),
        theme=Bootstrap4Theme(base_template="workbench/base.html"),
        csp_nonce_generator=csp_nonce,
    )
    for view, name, endpoint, url, group in VIEWS:
        admin.add_view(view(name=name, endpoint=endpoint, url=url, category=group))
    for view, model, name, endpoint, url in REGISTERS:
        admin.add_view(view(model, name=name, endpoint=endpoint, url=url, category=REGISTER))
    admin.add_view(
        StaffView(StaffMember, name=_l("Staff"), endpoint="admin_staff", url="staff", category=ADMINISTRATION)
    )
