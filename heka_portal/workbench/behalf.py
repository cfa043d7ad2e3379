"""Open a case for a resident who does not use the portal, and the receipt that they get on paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _

from heka_portal import clock
from heka_portal.domain.access import Actor, Permission, Tie
from heka_portal.domain.accounts.ties import list_homes_today
from heka_portal.domain.cases.receipts import get_receipt
from heka_portal.domain.defects.operations import report_on_behalf
from heka_portal.domain.enquiries.operations import open_enquiry_for
from heka_portal.domain.enquiries.queries import list_topics
from heka_portal.domain.errors import AlreadyDone, DetailNeeded
from heka_portal.domain.people.sheets import Sheet, get_person
from heka_portal.extensions import db
from heka_portal.integrations.pdf import write_pdf
from heka_portal.vocabulary import CaseKind
from heka_portal.web.access import Rule, current_actor
from heka_portal.web.files import send_made
from heka_portal.web.forms import error_links
from heka_portal.web.receipts import write_receipt
from heka_portal.workbench.base import WorkbenchView
from heka_portal.workbench.behalf_forms import OpenCaseForm, OpenDefectForm, OpenMessageForm
from heka_portal.workbench.looks import leave_looks

PERSON = "/<int:person_id>/"
RECEIPT = "/receipts/<int:number>/"


def open_defect(actor: Actor, form: OpenDefectForm, owner_id: int) -> int:
    """Open the case of a defect; answers its number. Raises what `report_on_behalf` does."""
    defect, _event = report_on_behalf(actor, form.to_report(), owner_id=owner_id, channel=form.to_channel())
    return defect.number


def open_message(actor: Actor, form: OpenMessageForm, owner_id: int) -> int:
    """Open a message; answers its number. Raises what `open_enquiry_for` does."""
    message, _event = open_enquiry_for(actor, owner_id, form.to_draft(), channel=form.to_channel())
    return message.number


def message_form(homes: Sequence[Tie], *, phone: str | None = None, **kwargs: Any) -> OpenMessageForm:
    """The form of a message, with the topics that residents may choose; it asks for no phone."""
    del phone
    return OpenMessageForm(homes, list_topics(), **kwargs)


#: the form of each kind of case that can be opened so, and what it does; the first is offered where none is asked for
KINDS: Mapping[CaseKind, tuple[Callable[..., OpenCaseForm], Callable[[Actor, Any, int], int]]] = {
    CaseKind.DEFECT: (OpenDefectForm, open_defect),
    CaseKind.ENQUIRY: (message_form, open_message),
}


def asked_kind() -> CaseKind:
    """The kind of case the address asks for."""
    asked = request.args.get("kind")
    return next((kind for kind in KINDS if kind == asked), next(iter(KINDS)))


class BehalfView(WorkbenchView):
    """Cases on a resident's behalf, and receipts."""

    access = Rule(Permission.CASE_WORK)

    def is_visible(self) -> bool:
        """It is reached from the front page and from a person."""
        return False

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """It begins with the person: look them up."""
        return redirect(url_for("admin_people.index", for_case=1), code=303)

    @expose(PERSON)
    def begin(self, person_id: int) -> ResponseReturnValue:
        """The form."""
        actor, kind = current_actor(), asked_kind()
        person = get_person(actor, person_id)
        homes = list_homes_today(person_id, on=clock.today())
        form = KINDS[kind][0](homes, phone=person.phone or person.register_phone, formdata=None)
        page = self._page(person, kind, form)
        leave_looks(actor, [person_id], now=clock.now())
        return page

    @expose(PERSON, methods=("POST",))
    def send(self, person_id: int) -> ResponseReturnValue:
        """Open the case, once; then its receipt."""
        actor, kind = current_actor(), asked_kind()
        person = get_person(actor, person_id)
        make_form, open_it = KINDS[kind]
        form = make_form(list_homes_today(person_id, on=clock.today()))
        if not form.validate_on_submit():
            return self._page(person, kind, form)
        try:
            number = open_it(actor, form, person_id)
            db.session.commit()
        except AlreadyDone as done:
            db.session.rollback()
            number = done.number
        except DetailNeeded as needed:
            db.session.rollback()
            form.refuse(needed.need)
            return self._page(person, kind, form)
        flash(_("The case is open. Give the resident the receipt, or post it."), "good")
        return redirect(url_for("admin_behalf.receipt", number=number), code=303)

    def _page(self, person: Sheet, kind: CaseKind, form: OpenCaseForm) -> str:
        return self.render(
            "workbench/behalf/open.html",
            person=person,
            form=form,
            kind=kind,
            kinds=list(KINDS),
            links=error_links(form),
        )

    @expose(RECEIPT)
    def receipt(self, number: int) -> ResponseReturnValue:
        """The receipt, to be printed, in the resident's language."""
        actor = current_actor()
        receipt = get_receipt(actor, number)
        page = self.render("workbench/behalf/receipt.html", receipt=receipt, paper=write_receipt(receipt))
        leave_looks(actor, [receipt.owner_id], now=clock.now())
        return page

    @expose(f"{RECEIPT}pdf/")
    def receipt_pdf(self, number: int) -> ResponseReturnValue:
        """The same as a PDF that a screen reader can read, to be posted or mailed."""
        actor = current_actor()
        receipt = get_receipt(actor, number)
        paper = write_receipt(receipt)
        answer = send_made(write_pdf("letter", paper.to_data(), language=paper.language), name=f"{number}.pdf")
        leave_looks(actor, [receipt.owner_id], now=clock.now())
        return answer
