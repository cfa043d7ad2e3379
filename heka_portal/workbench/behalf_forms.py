"""The form by which customer service writes down what a resident tells: by phone, at the desk or in a letter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms.fields.choices import SelectChoice

from heka_portal.domain.access import Tie
from heka_portal.domain.cases.rules import MAX_SUBJECT, MAX_TEXT
from heka_portal.domain.defects.operations import AccessFacts, DefectReport
from heka_portal.domain.defects.rules import places_of
from heka_portal.domain.enquiries.rules import EnquiryDraft
from heka_portal.models.enquiries import Topic
from heka_portal.vocabulary import Audience, Channel, DefectArea, Fault, MasterKey, Place
from heka_portal.web.fields import (
    Needed,
    NotAfterToday,
    PhoneField,
    Radios,
    Select,
    StrippedString,
    StrippedText,
    options,
)
from heka_portal.web.i18n import current_language
from heka_portal.web.labels import label
from heka_portal.web.once import OnceForm
from heka_portal.workbench.fields import DayField

HOME, COMMON = "home", "common"
#: where a refusal of the domain is shown
FIELD_OF_NEED = {"place": "place", "fault": "fault", "access": "master_key"}
REFUSALS: dict[str, Any] = {
    "place": _l("This place does not belong to what you chose above"),
    "fault": _l("This kind of defect does not go with what you chose above"),
    "access": _l("Ask whether maintenance may use the master key"),
}


def _places() -> list[SelectChoice]:
    """Every place, those of a home before those of the common areas."""
    return [SelectChoice("", _("Choose"))] + [
        SelectChoice(str(place), label(place), optgroup=label(area)) for area in DefectArea for place in places_of(area)
    ]


class OpenCaseForm(OnceForm):
    """What every kind of case asks: how the resident told of it. It is opened once."""

    channel = Radios(
        _l("How did the resident tell you?"),
        [Needed(_l("Choose how the resident told you"))],
        choices=lambda: options(list(Channel), label),
    )

    @property
    def has_homes(self) -> bool:
        """Whether there is a home that a case can be about."""
        raise NotImplementedError

    def refuse(self, need: str) -> None:
        """Show the domain's refusal at its field."""
        self[FIELD_OF_NEED[need]].errors = [str(REFUSALS[need])]

    def to_channel(self) -> Channel:
        """How the resident told of it."""
        return Channel(self.channel.data)


class OpenMessageForm(OpenCaseForm):
    """A message that a resident tells."""

    home = Radios(_l("Which home is it about?"), [Needed(_l("Choose the home"))])
    topic = Radios(_l("What is the message about?"), [Needed(_l("Choose what the message is about"))])
    title = StrippedString(
        _l("Subject"),
        [Needed(_l("Write in a few words what it is about, for example: Two invoices in December"))],
        at_most=MAX_SUBJECT,
    )
    description = StrippedText(
        _l("What the resident told"),
        [Needed(_l("Write down what the resident told"))],
        at_most=MAX_TEXT,
    )

    def __init__(self, homes: Sequence[Tie], topics: Sequence[Topic], **kwargs: Any) -> None:
        only = str(homes[0].apartment_id) if len(homes) == 1 else None
        super().__init__(data={"home": only}, **kwargs)
        language = current_language()
        self.home.choices = [SelectChoice(str(home.apartment_id), home.address) for home in homes]
        self.topic.choices = [SelectChoice(topic.code, topic.name(language)) for topic in topics]

    @property
    def has_homes(self) -> bool:
        """Whether there is a home to write about."""
        return bool(self.home.choices)

    def to_draft(self) -> EnquiryDraft:
        """The message it makes."""
        return EnquiryDraft(
            topic=self.topic.data or "",
            apartment_id=int(self.home.data or 0),
            subject=self.title.data or "",
            text=self.description.data or "",
            form_key=self.form_key.data or "",
        )


class OpenDefectForm(OpenCaseForm):
    """A defect that a resident tells of."""

    where = Radios(_l("Where is the defect?"), [Needed(_l("Choose where the defect is"))])
    place = Select(_l("Room or place"), [Needed(_l("Choose the room or place"))], choices=_places)
    fault = Select(
        _l("Kind of defect"),
        [Needed(_l("Choose the kind of defect. If none fits, choose Other"))],
        choices=lambda: [SelectChoice("", _("Choose")), *options(list(Fault), label)],
    )
    title = StrippedString(
        _l("The defect in a few words"),
        [Needed(_l("Write what is broken, for example: The kitchen tap drips"))],
        at_most=MAX_SUBJECT,
    )
    description = StrippedText(
        _l("What the resident told"),
        [Needed(_l("Write down what the resident told"))],
        at_most=MAX_TEXT,
    )
    noticed_on = DayField(_l("Noticed on"), [NotAfterToday()])
    master_key = Radios(
        _l("May maintenance use the master key if nobody is at home?"),
        choices=lambda: [SelectChoice(str(key), label(key)) for key in MasterKey],
    )
    pets = StrippedString(_l("Pets at home"), at_most=200)
    has_safety_chain = BooleanField(_l("There is a safety chain on the door"))
    phone = PhoneField(_l("Phone for this case"))
    call_when = StrippedString(_l("When can we call?"), at_most=200)
    is_phone_shared = BooleanField(_l("Maintenance may see the phone number"))

    def __init__(self, homes: Sequence[Tie], *, phone: str | None = None, **kwargs: Any) -> None:
        super().__init__(data={"phone": phone}, **kwargs)
        self.homes = {f"{HOME}-{home.apartment_id}": home for home in homes if home.lease_id is not None}
        self.buildings = {f"{COMMON}-{home.building_id}": home for home in homes}
        self.where.choices = [
            *(SelectChoice(key, _("At home: %(address)s", address=home.address)) for key, home in self.homes.items()),
            *(
                SelectChoice(key, _("Common areas: %(address)s", address=home.street_address))
                for key, home in self.buildings.items()
            ),
        ]

    @property
    def has_homes(self) -> bool:
        """Whether there is a home or a building where something can be broken."""
        return bool(self.where.choices)

    def to_report(self) -> DefectReport:
        """What is reported."""
        chosen = self.where.data or ""
        home = self.homes.get(chosen) or self.buildings[chosen]
        is_home = chosen in self.homes
        return DefectReport(
            area=DefectArea.HOME if is_home else DefectArea.COMMON,
            apartment_id=home.apartment_id if is_home else None,
            building_id=home.building_id,
            place=Place(self.place.data),
            fault=Fault(self.fault.data),
            title=self.title.data or "",
            description=self.description.data or "",
            noticed_on=self.noticed_on.data,
            access=self._access() if is_home else None,
            audience=Audience.OWN,
            form_key=self.form_key.data or "",
        )

    def _access(self) -> AccessFacts | None:
        if not self.master_key.data:
            return None
        return AccessFacts(
            MasterKey(self.master_key.data),
            pets=self.pets.data or None,
            has_safety_chain=bool(self.has_safety_chain.data),
            phone=self.phone.data or None,
            call_when=self.call_when.data or None,
            is_phone_shared=bool(self.phone.data) and bool(self.is_phone_shared.data),
        )
