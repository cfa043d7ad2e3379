"""Ask the landlord to correct its register: what is wrong, as a message to customer service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms.fields.choices import SelectChoice

from heka_portal.domain.access import Permission, Tie
from heka_portal.domain.cases.rules import MAX_TEXT
from heka_portal.domain.enquiries.operations import open_enquiry
from heka_portal.domain.enquiries.rules import EnquiryDraft
from heka_portal.domain.errors import AlreadyDone
from heka_portal.extensions import db
from heka_portal.web.access import current_actor, requires
from heka_portal.web.chosen_home import chosen_first
from heka_portal.web.fields import Needed, Radios, StrippedText
from heka_portal.web.once import OnceForm

#: the topic whose people keep the register
TOPIC = "customer_service"
#: what can be wrong, and the subject of the message
WRONG: Mapping[str, tuple[Any, Any]] = {
    "name": (_l("Name"), _l("Correction of register data: name")),
    "birth_date": (_l("Date of birth"), _l("Correction of register data: date of birth")),
    "email": (_l("Email"), _l("Correction of register data: email")),
    "phone": (_l("Phone"), _l("Correction of register data: phone")),
    "language": (_l("Language"), _l("Correction of register data: language")),
    "home": (_l("Home or its dates"), _l("Correction of register data: home or its dates")),
    "other": (_l("Something else"), _l("Correction of register data: something else")),
}


class CorrectionForm(OnceForm):
    """What is wrong in the register, and what it should be."""

    what = Radios(
        _l("What is wrong in the register?"),
        [Needed(_l("Choose what is wrong"))],
        choices=lambda: [SelectChoice(code, str(word)) for code, (word, _subject) in WRONG.items()],
    )
    home = Radios(_l("Which home is it about?"), [Needed(_l("Choose the home"))])
    text = StrippedText(_l("What should it be?"), [Needed(_l("Write what it should be"))], at_most=MAX_TEXT)

    def __init__(self, homes: Sequence[Tie]) -> None:
        super().__init__()
        self.only_home = homes[0].apartment_id if len(homes) == 1 else None
        self.home.choices = [SelectChoice(str(home.apartment_id), home.address) for home in homes]
        if self.only_home is not None:
            del self.home

    def to_draft(self) -> EnquiryDraft:
        """The message it makes."""
        return EnquiryDraft(
            topic=TOPIC,
            apartment_id=self.only_home or int(self.home.data),
            subject=str(WRONG[self.what.data][1]),
            text=self.text.data or "",
            form_key=self.form_key.data or "",
        )


def add_to(bp: Blueprint) -> None:
    """Serve it among one's own details."""

    @bp.route("/correction", methods=["GET", "POST"])
    @requires(Permission.MATTER_WRITE)
    def correction() -> ResponseReturnValue:
        """Say what is wrong in the register; a message goes at once."""
        actor = current_actor()
        form = CorrectionForm(chosen_first(actor, actor.own_homes))
        if not form.validate_on_submit():
            return render_template("resident/details/correction.html", form=form)
        try:
            number = open_enquiry(actor, form.to_draft())[0].number
            db.session.commit()
        except AlreadyDone as done:
            db.session.rollback()
            number = done.number
        return redirect(url_for("resident.matters.sent", number=number), code=303)
