"""Every page of both interfaces: who opens it, in which states, and how many queries and bytes it may cost.

A new page cannot be forgotten: `test_pages.py` compares this table with the application's addresses. Its budget holds
for any number of rows; what opens a page and fills it is in `scenery.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.contracts.inboxes import INBOXES

ANYONE = ""
#: a place in a list by time and id, and one by id only: what is older, or younger, than it
NOON, LATER, LAST = "1700000000000000-1", "4102444800000000-999999999", "999999999"
OWNER, CO_TENANT, NEIGHBOUR, FORMER, COMING = "main_tenant", "co_tenant", "neighbour", "former_tenant", "coming_tenant"
CLERK, SUPERVISOR, CONTRACTOR, ADMINISTRATOR = "clerk", "supervisor", "contractor", "administrator"
RESIDENT, FINANCE = "resident", "finance"
#: has homes to come in three buildings, of which one has no rescue plan and one needs none
MOVER = NEIGHBOUR
MANAGER, COMMUNICATIONS = "building_manager", "communications"


@dataclass(frozen=True)
class Page:
    """A page in one state: who opens it (nobody known, unless said), and what it may cost."""

    endpoint: str
    queries: int
    kilobytes: int
    reader: str = ANYONE
    #: what tells this state of the page from its others, and the case, draft or browser it is about
    state: str = ""
    query: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        narrowed = (f"{name}={value}" for name, value in self.query.items())
        return " ".join(filter(None, (self.endpoint, self.reader, self.state, *narrowed)))


def _case(state: str, reader: str = OWNER) -> Page:
    """A resident's own case in a state; one about a notice asks whether the reader sees it, and for its title."""
    return Page("resident.matters.show", 8 if state.endswith("about notice") else 6, 20, reader, state)


def _notice(state: str) -> Page:
    """A notice to the owner's building, in a state."""
    return Page("resident.notices.show", 8, 20, OWNER, state)


def _work(state: str = "ordered", reader: str = CLERK, do: str = "") -> Page:
    """A case in the workbench, with a form open."""
    return Page("admin_cases.show", 10, 40, reader, state, {"do": do} if do else {})


def _inbox(reader: str = SUPERVISOR, **query: str) -> Page:
    return Page("admin_cases.index", 8, 65, reader, query=query)


MESSAGES = (
    "message",
    "message asked",
    "message answered",
    "message closed",
    "message about",
    "message about notice",
    "message to defect",
)

PAGES = (
    # anybody's
    Page("public.front", 0, 20),
    Page("public.front", 1, 20, OWNER),
    Page("public.how_to_register", 0, 20),
    Page("public.for_whom", 0, 20),
    Page("public.contact", 1, 20),
    Page("public.contact", 2, 20, OWNER),
    Page("public.accessibility", 0, 20),
    Page("public.feedback", 0, 20),
    Page("public.feedback_sent", 0, 20),
    Page("public.privacy", 2, 20),
    Page("public.privacy", 3, 20, OWNER),
    Page("public.privacy_version", 2, 20),
    Page("public.terms", 2, 20),
    Page("public.terms_version", 2, 20),
    Page("public.claim", 0, 20),
    Page("public.claim", 1, 20, OWNER),
    Page("public.claim", 1, 20, CLERK),
    Page("public.security", 0, 20),
    Page("public.components", 0, 40),
    Page("auth.sign_in", 0, 20),
    Page("auth.signed_out", 0, 20),
    Page("auth.forgotten", 0, 20),
    Page("auth.reset_sent", 0, 20),
    Page("auth.reset", 1, 20, state="reset link"),
    Page("auth.register", 0, 20),
    Page("registration.choose", 1, 20, state="identified"),
    Page("registration.not_possible", 1, 20, state="not in the register"),
    Page("registration.not_possible", 1, 20, state="under age"),
    Page("registration.sent", 0, 20, state="chosen"),
    Page("registration.confirm", 1, 20, state="chosen"),
    Page("registration.confirm", 1, 20, state="mailed link"),
    Page("staff.sign_in", 0, 20),
    Page("staff.enrolment", 1, 40, state="without a second factor"),
    Page("staff.second_factor", 1, 20, state="with a second factor"),
    Page("second_step.code", 4, 20, state="with passkeys"),
    Page("second_step.code", 4, 20, state="with an app"),
    # signed in
    Page("identification.step_up", 1, 20, OWNER, query={"next": "/home"}),
    Page("account.password", 1, 20, OWNER),
    Page("account.password", 1, 20, CLERK),
    Page("account.sessions", 3, 30, OWNER),
    Page("account.history", 3, 20, OWNER),
    Page("account.history", 3, 20, CLERK),
    Page("account.history", 3, 20, OWNER, query={"before": LAST}),
    Page("account.looks", 2, 25, OWNER),
    Page("account.looks", 2, 20, FORMER),
    Page("account.looks", 2, 25, OWNER, query={"before": LAST}),
    Page("account.data.index", 2, 20, OWNER),
    Page("account.data.index", 2, 20, FORMER),
    Page("account.email.change", 1, 20, OWNER),
    Page("account.email.by_identification", 1, 20, RESIDENT),
    Page("account.email.sent", 1, 20, RESIDENT),
    Page("account.email.confirm", 1, 20, state="old mailbox"),
    Page("account.email.confirm", 1, 20, state="new mailbox"),
    Page("account.email.undo", 1, 20, state="undo"),
    Page("account.sessions", 3, 30, CLERK),
    Page("second_factor.index", 3, 25, OWNER),
    Page("second_factor.index", 3, 20, NEIGHBOUR),
    Page("second_factor.app", 3, 25, NEIGHBOUR),
    Page("second_factor.app_off", 3, 20, OWNER),
    Page("second_factor.codes", 3, 20, OWNER),
    Page("passkeys.new", 3, 20, OWNER),
    Page("passkeys.make", 2, 20, state="about to make a passkey"),
    Page("passkeys.remove", 4, 20, OWNER),
    # residents'
    Page("resident.homes.choose", 1, 20, OWNER),
    Page("resident.homes.choose", 1, 20, NEIGHBOUR),
    Page("resident.details.index", 5, 20, OWNER),
    Page("resident.details.index", 5, 20, COMING),
    Page("resident.details.contact", 2, 20, OWNER),
    Page("resident.details.correction", 2, 20, OWNER),
    Page("resident.details.correction", 2, 20, COMING),
    Page("resident.details.mails", 2, 20, OWNER),
    Page("resident.details.bank_account", 2, 20, OWNER),
    Page("resident.details.bank_account", 2, 20, NEIGHBOUR),
    Page("resident.details.new_bank_account", 1, 20, OWNER),
    Page("resident.details.confirm_bank_account", 3, 20, OWNER),
    Page("resident.details.confirm_bank_account", 3, 20, RESIDENT),
    Page("resident.details.stop_bank_account", 2, 20, OWNER),
    Page("resident.matters.index", 4, 22, OWNER),
    Page("resident.home", 7, 20, OWNER),
    Page("resident.home", 7, 20, FORMER),
    Page("resident.home", 7, 20, COMING),
    Page("resident.home", 7, 20, NEIGHBOUR),
    Page("resident.matters.index", 4, 20, NEIGHBOUR),
    Page("resident.matters.index", 4, 20, FORMER),
    Page("resident.matters.closed", 4, 20, OWNER),
    Page("resident.matters.closed", 4, 20, COMING),
    Page("resident.matters.index", 4, 20, OWNER, query={"after": LATER}),
    Page("resident.matters.closed", 4, 20, OWNER, query={"after": LATER}),
    *map(_case, ("received", "ordered", "asked", "visit", "done", "closed", "closed by a rule", "withdrawn")),
    # a quarrel of 33 lines without a space in them
    _case("long"),
    _case("of the household", CO_TENANT),
    # what was said before the lines of the page
    Page("resident.matters.show", 4, 20, OWNER, "received", {"before": LAST}),
    _case("common", NEIGHBOUR),
    *map(_case, MESSAGES),
    _case("message of the household", CO_TENANT),
    Page("resident.matters.show", 4, 20, OWNER, "message", {"before": LAST}),
    Page("resident.matters.search", 1, 20, OWNER),
    Page("resident.matters.search", 1, 20, FORMER),
    Page("resident.messages.new", 4, 20, OWNER),
    Page("resident.messages.new", 4, 20, COMING),
    Page("resident.messages.edit", 5, 20, OWNER, "message draft"),
    Page("resident.messages.edit", 5, 20, OWNER, "reply draft"),
    Page("resident.messages.sending", 4, 20, OWNER, "waiting message"),
    Page("resident.matters.sent", 4, 20, OWNER, "received"),
    Page("resident.matters.sent", 4, 20, OWNER, "message"),
    _case("told on the phone"),
    Page("resident.matters.access", 4, 20, OWNER, "received"),
    Page("resident.matters.withdraw", 4, 20, OWNER, "received"),
    Page("resident.defects.start", 4, 20, OWNER),
    Page("resident.defects.place", 4, 20, OWNER, "new draft"),
    Page("resident.defects.what", 4, 20, OWNER, "draft"),
    Page("resident.defects.access", 4, 20, OWNER, "draft"),
    Page("resident.defects.check", 6, 20, OWNER, "draft"),
    Page("resident.defects.check", 6, 20, OWNER, "common draft"),
    Page("resident.building.index", 9, 25, OWNER),
    Page("resident.building.show", 9, 25, OWNER),
    Page("resident.building.show", 9, 25, COMING),
    Page("resident.building.plan", 6, 25, OWNER),
    Page("resident.building.plan", 6, 20, MOVER, "no plan"),
    Page("resident.building.plan", 6, 20, MOVER, "no plan needed"),
    Page("resident.building.show", 9, 20, MOVER, "no plan"),
    Page("resident.building.version", 7, 25, OWNER),
    Page("resident.building.version", 7, 25, OWNER, "PDF only"),
    Page("resident.building.documents", 5, 30, OWNER),
    Page("resident.building.documents", 5, 20, MOVER, "no plan"),
    Page("resident.calendar.index", 5, 35, OWNER),
    Page("resident.calendar.index", 5, 20, MOVER, "no plan"),
    Page("resident.notices.index", 3, 20, OWNER),
    Page("resident.notices.index", 3, 20, OWNER, query={"kind": "works"}),
    Page("resident.notices.index", 3, 20, OWNER, query={"after": f"0-{LATER}"}),
    Page("resident.notices.index", 3, 20, COMING),
    Page("resident.notices.archive", 3, 20, OWNER),
    Page("resident.notices.archive", 3, 20, OWNER, query={"kind": "works"}),
    Page("resident.notices.archive", 3, 20, OWNER, query={"after": f"0-{LATER}"}),
    Page("resident.notices.archive", 3, 20, COMING),
    *map(_notice, ("told", "urgent", "asked", "over", "corrected", "withdrawn", "long")),
    Page("resident.notices.show", 8, 20, OWNER, "told", {"in": "sv"}),
    # customer service's
    Page("admin.index", 6, 40, CLERK),
    Page("admin.index", 6, 40, SUPERVISOR),
    Page("admin.index", 4, 40, CONTRACTOR),
    Page("admin.index", 4, 40, CONTRACTOR, query={"closed": "1"}),
    Page("admin.index", 2, 20, ADMINISTRATOR),
    _inbox(CLERK),
    _inbox(),
    _inbox(handler="me", overdue="1"),
    _inbox(closed="30"),
    *(_inbox(**query) for query in INBOXES),
    # a deep page, and the page before it
    _inbox(after=NOON),
    _inbox(before=LATER),
    _inbox(closed="365", after=LATER),
    _inbox(closed="365", before=NOON),
    *map(_work, MESSAGES),
    *(_work("message", CLERK, do) for do in ("answer", "ask_more", "to_defect", "settle", "topic")),
    *map(_work, ("ordered", "received", "asked", "visit", "done", "closed", "closed by a rule", "common", "long")),
    _work("ordered", SUPERVISOR, "assign"),
    *(
        _work("received", CLERK, do)
        for do in ("order", "schedule", "ask", "await_part", "await_access", "finish", "cancel", "urgency")
    ),
    *(_work("received", CLERK, f"close_{do}") for do in ("duplicate", "not_landlords", "resident_pays")),
    Page("admin_cases.show", 10, 40, CLERK, "received", {"before": LAST}),
    _work("ordered", CONTRACTOR),
    _work("ordered", CONTRACTOR, "schedule"),
    Page("admin_notices.index", 3, 40, MANAGER),
    Page("admin_notices.index", 4, 40, MANAGER, query={"whose": "all"}),
    Page("admin_notices.index", 3, 40, SUPERVISOR, query={"whose": "all", "state": "published"}),
    Page("admin_notices.index", 3, 40, SUPERVISOR, query={"whose": "all", "before": LAST}),
    Page("admin_notices.write", 4, 40, MANAGER),
    Page("admin_notices.write", 4, 40, COMMUNICATIONS),
    Page("admin_notices.edit", 9, 60, MANAGER, "draft"),
    *(
        Page("admin_notices.show", 10, 60, MANAGER, state)
        for state in ("draft", "scheduled", "asked", "over", "corrected", "withdrawn", "late meeting")
    ),
    Page("admin_notices.show", 10, 60, SUPERVISOR, "draft to all"),
    Page("admin_notices.readers", 7, 40, MANAGER, "asked"),
    Page("admin_notices.readers", 7, 40, MANAGER, "asked", {"before": LATER}),
    Page("admin_posted.index", 2, 40, CLERK),
    Page("admin_posted.index", 3, 40, CLERK, query={"building": "1"}),
    Page("admin_posted.index", 2, 40, CLERK, query={"before": LAST}),
    Page("admin_posted.show", 6, 40, CLERK, "told"),
    Page("admin_search.index", 2, 20, CLERK),
    Page("admin_people.index", 2, 20, CLERK),
    Page("admin_people.show", 8, 40, CLERK),
    Page("admin_people.show", 8, 40, SUPERVISOR),
    Page("admin_people.show", 8, 40, FINANCE),
    Page("admin_people.index", 2, 20, CLERK, query={"for_case": "1"}),
    Page("admin_behalf.begin", 5, 20, CLERK),
    Page("admin_behalf.begin", 6, 20, CLERK, query={"kind": "enquiry"}),
    Page("admin_behalf.receipt", 4, 20, CLERK, "told on the phone"),
    Page("admin_behalf.receipt", 4, 20, CLERK, "message"),
    Page("admin_feedback.index", 3, 40, CLERK),
    Page("admin_feedback.index", 3, 40, CLERK, query={"answered": "1"}),
    Page("admin_feedback.index", 3, 40, CLERK, query={"after": NOON}),
    Page("admin_feedback.index", 3, 40, CLERK, query={"answered": "1", "after": LATER}),
    Page("admin_texts.index", 2, 20, COMMUNICATIONS),
    Page("admin_texts.edit", 4, 40, COMMUNICATIONS),
    Page("admin.index", 2, 20, COMMUNICATIONS),
    Page("admin_apartments.show", 8, 40, CLERK),
    Page("admin_buildings.index_view", 4, 40, CLERK),
    # its homes, of which it lists five hundred
    Page("admin_buildings.details_view", 4, 55, CLERK),
    Page("admin_buildings.index_view", 4, 40, MANAGER),
    Page("admin_building.show", 9, 60, CLERK),
    Page("admin_building.show", 10, 65, MANAGER),
    Page("admin_building.text", 5, 25, MANAGER),
    Page("admin_building.document", 5, 25, MANAGER),
    Page("admin_calendar.add", 5, 25, MANAGER),
    Page("admin_calendar.change", 6, 25, MANAGER),
    Page("admin_rescue_plans.show", 5, 40, CLERK),
    Page("admin_rescue_plans.show", 6, 40, MANAGER),
    Page("admin_rescue_plans.show", 6, 40, MANAGER, "published plan"),
    Page("admin_rescue_plans.text", 6, 30, MANAGER),
    Page("admin_registrations.index", 4, 40, CLERK),
    Page("admin_registrations.index", 4, 40, CLERK, query={"before": LATER}),
    Page("admin_targets.index_view", 4, 40, CLERK),
    Page("admin_urgencies.index_view", 4, 40, CLERK),
    Page("admin_upkeep.index_view", 4, 40, CLERK),
    Page("admin_topics.index", 2, 20, SUPERVISOR),
    Page("admin_topics.new", 2, 20, SUPERVISOR),
    Page("admin_topics.edit", 2, 20, ADMINISTRATOR),
    Page("admin_mails.index", 4, 40, ADMINISTRATOR),
    Page("admin_mails.index", 4, 40, ADMINISTRATOR, query={"before": LAST}),
    Page("admin_audit.index", 4, 40, ADMINISTRATOR),
    Page("admin_audit.index", 4, 40, ADMINISTRATOR, query={"before": LAST}),
    Page("admin_audit.index", 4, 40, ADMINISTRATOR, query={"person": "1"}),
    Page("admin_staff.index_view", 4, 40, ADMINISTRATOR),
)

#: what answers a GET, but not with a page of its own
NO_PAGES = {
    "admin.static": "a file",
    "static": "a file",
    "account.data.fetch": "a file",
    "resident.files.show": "a file",
    "resident.files.preview": "a file",
    "admin_files.show": "a file",
    "admin_files.preview": "a file",
    "admin_buildings.export": "a file",
    "admin_documents.show": "a file",
    "admin_rescue_plans.pdf": "a file",
    "resident.building.pdf": "a file",
    "resident.building.document": "a file",
    "resident.calendar.event": "a file",
    "feeds.calendar": "a calendar for programs",
    "admin_building.index": "leads to the buildings",
    "admin_documents.index": "leads to the buildings",
    "admin_calendar.index": "leads to the buildings",
    "admin_rescue_plans.index": "leads to the buildings",
    "admin_behalf.index": "leads to the people",
    "admin_behalf.receipt_pdf": "a file",
    "public.security_text": "for machines",
    "resident.notices.file": "a file",
    "admin_notices.file": "a file",
    "admin_posted.file": "a file",
    "admin_files.index": "leads to the front page",
    "admin_apartments.index": "leads to the buildings",
    "admin_cases.next_case": "leads to a case",
    "admin_cases.previous_case": "leads to a case",
    "admin_cases.buildings": "suggestions for a field",
    "resident.defects.resume": "leads to a page of the draft",
    "resident.matters.messages": "leads to the case",
    "resident.matters.answer": "leads to the case",
    "identification.callback": "leads on; its refusals are among REFUSALS",
    "identification.jwks": "keys",
    "identification.signed_keys": "keys",
    "identification.statement": "a signed statement",
    "status.health": "for machines",
    "status.ready": "for machines",
}


@dataclass(frozen=True)
class Refusal:
    """A page that says no: the address, who asks, and the status."""

    path: str
    status: int
    reader: str = ANYONE

    def __str__(self) -> str:
        return f"{self.path} {self.status} {self.reader}".strip()


REFUSALS = (
    Refusal("/nothing-here", 404),
    Refusal("/nothing-here", 404, OWNER),
    Refusal("/matters/999999999", 404, OWNER),
    Refusal("/notices/999999999", 404, OWNER),
    Refusal("/notices", 403, FORMER),
    Refusal("/admin/notices/999999999/", 404, MANAGER),
    Refusal("/admin/notices/", 403, CLERK),
    Refusal("/defects/report/nothing/place", 404, OWNER),
    Refusal("/building/999999999/rescue-plan", 404, OWNER),
    Refusal("/building", 403, FORMER),
    Refusal("/admin/", 403, OWNER),
    Refusal("/home", 403, CLERK),
    Refusal("/admin/cases/", 403, CONTRACTOR),
    Refusal("/admin/cases/999999999/", 404, CLERK),
    Refusal("/admin/nothing-here", 404, CLERK),
    Refusal("/identification/callback?state=unknown", 400),
    Refusal("/confirm/nothing", 410),
    Refusal("/reset-password/nothing", 410),
)
