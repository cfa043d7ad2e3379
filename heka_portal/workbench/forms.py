"""The forms of the case page. Each carries the version it was drawn from, the last event seen, and a one-time key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.fields.choices import SelectChoice

from heka_portal.clock import HELSINKI
from heka_portal.domain.cases.workflow import Move, Needs
from heka_portal.domain.casework.operations import Details
from heka_portal.vocabulary import ClosingReason, Fault, Place, Urgency
from heka_portal.web.fields import FilesField, Needed, Radios, Select, StrippedString, StrippedText, options
from heka_portal.web.forms import PortalForm
from heka_portal.web.i18n import current_language
from heka_portal.web.labels import label
from heka_portal.web.once import fresh_key
from heka_portal.workbench.fields import CaseNumberField, ClockField, DayField, KeyField, PriceField

LONGEST_KEY = 64


class VersionPressForm(PortalForm):
    """A button that moves something on, from the version it was drawn from."""

    version = KeyField()


class CaseForm(PortalForm):
    """What each form of a case carries."""

    version = KeyField()
    #: the last event on the page the form stood on: what came later is shown when somebody was faster
    seen = KeyField()
    form_key = HiddenField()

    def draw(self, *, version: int, seen: int | None) -> None:
        """Prepare it for a page drawn from this version of the case."""
        self.version.data, self.seen.data, self.form_key.data = version, seen, fresh_key()

    @property
    def key(self) -> str | None:
        """The one-time key, if it can be one."""
        key = self.form_key.data
        return key if key and len(key) <= LONGEST_KEY else None


class PressForm(CaseForm):
    """A button alone."""


class ReplyForm(CaseForm):
    """A message to the resident, or between customer service and a contractor."""

    text = StrippedText(_l("Message"), [Needed(_l("Write the message"))], id="reply")
    files = FilesField(_l("Pictures or PDF files"), id="reply-files")


class NoteForm(CaseForm):
    """An internal note."""

    text = StrippedText(_l("Internal note"), [Needed(_l("Write the note"))], id="note")


class AssignForm(CaseForm):
    """Give the case to another handler."""

    handler = Select(_l("Handler"))

    def offer(self, handlers: Iterable[Any]) -> None:
        """The people it can be given to; the first choice is nobody."""
        self.handler.choices = [SelectChoice("", _("Nobody"))]
        self.handler.choices += [SelectChoice(str(each.id), each.name) for each in handlers]


class UrgencyForm(CaseForm):
    """Change how urgent the case is."""

    urgency = Radios(
        _l("Urgency"), [Needed(_l("Choose how urgent it is"))], choices=lambda: options(list(Urgency), label)
    )
    text = StrippedText(_l("Reason"), [Needed(_l("Write why it is changed"))], at_most=1000, id="reason")


class TopicForm(CaseForm):
    """Move a message to another topic."""

    topic = Radios(_l("New topic"), [Needed(_l("Choose the topic"))])

    def offer(self, topics: Iterable[Any], *, without: int) -> None:
        """The topics it can be moved to: those offered, but for its own."""
        language = current_language()
        self.topic.choices = [
            SelectChoice(str(topic.id), topic.name(language)) for topic in topics if topic.id != without
        ]

    def refuse(self, _need: str) -> None:
        """Show the domain's refusal at the field."""
        self.topic.errors = (*self.topic.errors, str(_("Choose another topic that is in use")))


@dataclass(frozen=True)
class Offers:
    """What a move's fields offer."""

    contractors: Sequence[SelectChoice] = ()
    rules: Sequence[SelectChoice] = ()
    #: the price of each rule that has one
    prices: Mapping[int, int] = field(default_factory=dict)


#: the fields of each need
FIELDS = {
    Needs.VISIT: ("visit_on", "visit_from", "visit_to"),
    Needs.CONTRACTOR: ("contractor",),
    Needs.DAY: ("look_again_on",),
    Needs.RULE: ("rule", "price"),
    Needs.CASE: ("other_number",),
    Needs.DEFECT: ("place", "fault"),
}
#: where a refusal of the domain is shown
FIELD_OF_NEED = {
    "text": "text",
    "visit": "visit_on",
    "contractor": "contractor",
    "day": "look_again_on",
    "rule": "rule",
    "case": "other_number",
    "defect": "fault",
}
REFUSALS: dict[str, Any] = {
    "text": _l("Write what the resident needs to know"),
    "visit": _l("The visit ends after it begins, and does not lie in the past"),
    "contractor": _l("Choose a maintenance company"),
    "day": _l("Choose a day to come"),
    "rule": _l("Choose the rule it rests on"),
    "defect": _l("This fault and this place do not go together"),
    "case": _l("There is no such case of this building, or it is a duplicate itself"),
}


def _not_needed(move: Move) -> Iterator[str]:
    """The fields a move has no use for; a price only where the resident pays."""
    for need, names in FIELDS.items():
        for name in names:
            if need not in move.needs or (name == "price" and move.outcome is not ClosingReason.RESIDENT_PAYS):
                yield name


class MoveForm(CaseForm):
    """What a move needs: only its own fields are left in it."""

    visit_on = DayField(_l("Day of the visit"), [Needed(_l("Write the day of the visit"))])
    visit_from = ClockField(_l("Begins at"), [Needed(_l("Write when the visit begins"))])
    visit_to = ClockField(_l("Ends at"), [Needed(_l("Write when the visit ends"))])
    contractor = Select(_l("Maintenance company"), [Needed(REFUSALS["contractor"])])
    look_again_on = DayField(_l("Look again on"), [Needed(_l("Write the day to look again"))])
    rule = Select(_l("Rule"), [Needed(REFUSALS["rule"])])
    price = PriceField(_l("Price in euros"))
    other_number = CaseNumberField(_l("Number of the other case"), [Needed(_l("Write the number of the other case"))])
    place = Select(_l("Place"), [Needed(_l("Choose the place"))])
    fault = Select(_l("Fault"), [Needed(_l("Choose the fault"))])
    text = StrippedText(_l("Message to the resident"), id="move-text")
    files = FilesField(_l("Pictures or PDF files"), id="move-files")

    def fit(self, move: Move, offers: Offers) -> None:
        """Leave the fields that the move needs."""
        for name in _not_needed(move):
            del self[name]
        if Needs.TEXT in move.needs:
            self.text.validators = (*self.text.validators, Needed(REFUSALS["text"]))
            # Flags are set as attributes that the library does not name.
            setattr(self.text.flags, "required", True)  # noqa: B010
        if Needs.CONTRACTOR in move.needs:
            self.contractor.choices = [SelectChoice("", _("Choose")), *offers.contractors]
        if Needs.DEFECT in move.needs:
            self.place.choices = [SelectChoice("", _("Choose")), *options(list(Place), label)]
            self.fault.choices = [SelectChoice("", _("Choose")), *options(list(Fault), label)]
        if Needs.RULE in move.needs:
            self.rule.choices = [SelectChoice("", _("Choose")), *offers.rules]

    def to_details(self, offers: Offers) -> Details:
        """What comes with the move; a price left out is the rule's own."""
        rule_id, price = self._key("rule"), self._value("price")
        if price is None and "price" in self and rule_id is not None:
            price = offers.prices.get(rule_id)
        return Details(
            text=self.text.data or "",
            visit_from=self._visit("visit_from"),
            visit_to=self._visit("visit_to"),
            contractor_id=self._key("contractor"),
            look_again_on=self._value("look_again_on"),
            rule_id=rule_id,
            price_cents=price,
            other_number=self._value("other_number"),
            place=Place(self._value("place")) if self._value("place") else None,
            fault=Fault(self._value("fault")) if self._value("fault") else None,
            version=self.version.data,
            form_key=self.key,
        )

    def refuse(self, need: str) -> None:
        """Show the domain's refusal at its field."""
        name = FIELD_OF_NEED.get(need, "text")
        place = self[name] if name in self else self.text  # noqa: SIM401 (a form is no dict)
        place.errors = [*place.errors, str(REFUSALS.get(need, REFUSALS["text"]))]

    def _value(self, name: str) -> Any:
        return self[name].data if name in self else None

    def _key(self, name: str) -> int | None:
        value = self._value(name)
        return int(value) if value else None

    def _visit(self, name: str) -> datetime | None:
        day, clock = self._value("visit_on"), self._value(name)
        return datetime.combine(day, clock, HELSINKI) if day and clock else None


class SearchForm(PortalForm):
    """Words to search for; sent by POST, so that no name stays in an address."""

    q = StrippedString(_l("Number, name, address or word"), at_most=200, id="search")
    before = KeyField()


class PeopleForm(PortalForm):
    """Whom to look for; sent by POST, so that no name stays in an address."""

    who = StrippedString(
        _l("Last name and first name, email, personal identity code or register id"),
        [Needed(_l("Write whom you look for"))],
        at_most=200,
    )


class RevealForm(PortalForm):
    """Why an identity code or an account number is looked at."""

    reason = StrippedString(_l("Why do you need it?"), [Needed(_l("Write why you need it"))], at_most=400)
