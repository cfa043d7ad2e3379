"""The pages of a report as forms; each hands over the answers it asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from heka_portal.blueprints.resident.access import AccessForm
from heka_portal.blueprints.resident.forms import KeptPage, audience_field
from heka_portal.domain.access import Tie
from heka_portal.domain.cases.rules import MAX_SUBJECT, MAX_TEXT
from heka_portal.domain.defects.rules import (
    COMMON_PLACES,
    HOME_PLACES,
    Answers,
    faults_of,
    is_noticed_on_possible,
)
from heka_portal.vocabulary import DefectArea, Fault
from heka_portal.web.fields import (
    FilesField,
    Needed,
    NotAfterToday,
    Radios,
    Select,
    StrippedString,
    StrippedText,
    ThreeFieldDate,
    options,
)
from heka_portal.web.forms import PortalForm
from heka_portal.web.labels import label


class PlaceForm(PortalForm):
    """Where: a home or a building's common areas, and the room or place there."""

    where = Radios(_l("Where is the defect?"), [Needed(_l("Choose where the defect is"))])
    room = Radios(_l("Which room or place at home?"), choices=lambda: options(HOME_PLACES, label))
    spot = Radios(_l("Which place of the common areas?"), choices=lambda: options(COMMON_PLACES, label))

    def __init__(self, homes: Sequence[Tie], answers: Answers) -> None:
        super().__init__(
            data={
                "where": _where_of(answers),
                "room": answers.place if answers.area is DefectArea.HOME else None,
                "spot": answers.place if answers.area is DefectArea.COMMON else None,
            }
        )
        self.homes = {f"home-{home.apartment_id}": home for home in homes if home.lease_id is not None}
        self.buildings = {f"common-{home.building_id}": home for home in homes}
        self.where.choices = [
            *(SelectChoice(value, _("In my home")) for value in self.homes),
            *(SelectChoice(value, _("In the common areas")) for value in self.buildings),
        ]

    @property
    def more(self) -> dict[str, str]:
        """The smaller line of each choice: the address."""
        common = _("%(address)s: stairwell, lift, laundry, yard")
        return {value: home.address for value, home in self.homes.items()} | {
            value: common % {"address": home.street_address} for value, home in self.buildings.items()
        }

    @property
    def is_home(self) -> bool:
        """Whether a home was chosen."""
        return self.where.data in self.homes

    def validate_room(self, field: Radios) -> None:
        """A room is needed where the defect is at home. Raises ValidationError."""
        if self.is_home and not field.data:
            raise ValidationError(_("Choose the room or place at home"))

    def validate_spot(self, field: Radios) -> None:
        """A place is needed where the defect is in the common areas. Raises ValidationError."""
        if self.where.data in self.buildings and not field.data:
            raise ValidationError(_("Choose the place of the common areas"))

    def to_answers(self) -> dict[str, Any]:
        """The answers of this page."""
        home = self.homes[self.where.data] if self.is_home else self.buildings[self.where.data]
        return {
            "area": DefectArea.HOME if self.is_home else DefectArea.COMMON,
            "apartment_id": home.apartment_id if self.is_home else None,
            "building_id": home.building_id,
            "place": self.room.data if self.is_home else self.spot.data,
        }


def _where_of(answers: Answers) -> str | None:
    if answers.area is DefectArea.HOME:
        return f"home-{answers.apartment_id}"
    return f"common-{answers.building_id}" if answers.area is DefectArea.COMMON else None


class WhatForm(KeptPage):
    """What is broken, since when, and pictures of it."""

    fault = Select(_l("Kind of defect"), [Needed(_l("Choose the kind of defect. If none fits, choose Other"))])
    title = StrippedString(
        _l("The defect in a few words"),
        [Needed(_l("Write what is broken, for example: The kitchen tap drips"))],
        at_most=MAX_SUBJECT,
    )
    description = StrippedText(
        _l("Tell us more"),
        [Needed(_l("Tell in a few words what you see, hear or smell"))],
        at_most=MAX_TEXT,
    )
    noticed_on = ThreeFieldDate(_l("When did you notice it?"), [NotAfterToday()])
    files = FilesField(_l("Add pictures or PDF files"))

    def __init__(self, answers: Answers) -> None:
        super().__init__(
            data={
                "fault": answers.fault,
                "title": answers.title,
                "description": answers.description,
                "noticed_on": answers.noticed_on,
            }
        )
        faults: Iterable[Fault] = faults_of(answers.area or DefectArea.HOME)
        self.fault.choices = [SelectChoice("", _("Choose")), *options(list(faults), label)]

    def validate_noticed_on(self, field: ThreeFieldDate) -> None:
        """Nobody notices a defect decades ago. Raises ValidationError."""
        if field.data is not None and not is_noticed_on_possible(field.data, on=field.data):
            raise ValidationError(_("Check the year. Write for example 2026"))

    def to_answers(self) -> dict[str, Any]:
        """The answers of this page that are in order: what is still to be mended is kept in the page."""
        given = {
            "fault": self.fault.data or None,
            "title": self.title.data,
            "description": self.description.data,
            "noticed_on": self.noticed_on.data.isoformat() if self.noticed_on.data else None,
        }
        return {name: value for name, value in given.items() if name not in self.errors}


class ReportAccessForm(AccessForm):
    """Access to the home, and who of the home sees the matter."""

    audience = audience_field()

    def __init__(self, answers: Answers, *, phone: str | None) -> None:
        super().__init__(
            data={
                "master_key": answers.master_key,
                "has_pets": bool(answers.pets),
                "pets": answers.pets,
                "has_safety_chain": answers.has_safety_chain,
                "phone": answers.phone if answers.has_access else phone,
                "call_when": answers.call_when,
                "is_phone_shared": answers.is_phone_shared,
                "audience": answers.audience,
            }
        )

    def to_answers(self) -> dict[str, Any]:
        """The answers of this page."""
        access = self.to_access()
        return {
            "master_key": access.master_key,
            "pets": access.pets or "",
            "has_safety_chain": access.has_safety_chain,
            "phone": access.phone or "",
            "call_when": access.call_when or "",
            "is_phone_shared": access.is_phone_shared,
            "audience": self.audience.data,
            "has_access": True,
        }
