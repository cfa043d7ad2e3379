"""Decisions about defects: which places and faults go together, and what a report must hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from heka_portal.vocabulary import Audience, DefectArea, Fault, MasterKey, Place

HOME_PLACES = (
    Place.KITCHEN,
    Place.BATHROOM,
    Place.LIVING_ROOM,
    Place.BEDROOM,
    Place.HALL,
    Place.BALCONY_OR_YARD,
    Place.HOME_SAUNA,
    Place.STORAGE,
)
COMMON_PLACES = (
    Place.STAIRWELL,
    Place.LIFT,
    Place.LAUNDRY,
    Place.SHARED_SAUNA,
    Place.CLUB_ROOM,
    Place.BIKE_STORAGE,
    Place.SHELTER,
    Place.WASTE_POINT,
    Place.YARD,
    Place.PARKING,
    Place.FACADE,
)
_ONLY_COMMON = (Fault.LIFT, Fault.CLEANING, Fault.WASTE, Fault.SNOW, Fault.PLAYGROUND, Fault.VANDALISM)
_ONLY_HOME = (Fault.FURNITURE, Fault.APPLIANCE)
COMMON_FAULTS = tuple(fault for fault in Fault if fault not in _ONLY_HOME)
HOME_FAULTS = tuple(fault for fault in Fault if fault not in _ONLY_COMMON)

#: nobody notices a defect earlier than this; older is a slip of the keys
OLDEST_YEAR = 2000


def places_of(area: DefectArea) -> tuple[Place, ...]:
    """The places of a home, or of a building's common areas."""
    return HOME_PLACES if area is DefectArea.HOME else COMMON_PLACES


def faults_of(area: DefectArea) -> tuple[Fault, ...]:
    """The kinds of fault that a home, or a common area, can have; "other" is the last."""
    return HOME_FAULTS if area is DefectArea.HOME else COMMON_FAULTS


def is_noticed_on_possible(noticed_on: date | None, *, on: date) -> bool:
    """Whether the day a defect was noticed can be true: not to come, not absurdly long ago."""
    return noticed_on is None or (noticed_on <= on and noticed_on.year >= OLDEST_YEAR)


class Step(StrEnum):
    """A page of the report; the word stands in its address."""

    PLACE = "place"
    WHAT = "what"
    ACCESS = "access"
    CHECK = "check"


class Answers(BaseModel):
    """What has been answered of a report so far; a draft keeps it as JSON."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    area: DefectArea | None = None
    apartment_id: int | None = None
    building_id: int | None = None
    place: Place | None = None
    fault: Fault | None = None
    title: str = ""
    description: str = ""
    noticed_on: date | None = None
    master_key: MasterKey | None = None
    pets: str = ""
    has_safety_chain: bool = False
    phone: str = ""
    call_when: str = ""
    is_phone_shared: bool = False
    audience: Audience = Audience.OWN
    #: whether the page of access was answered: an empty phone is an answer too
    has_access: bool = False

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Answers:
        """The answers a draft keeps; what an older version of the portal kept otherwise is asked again."""
        try:
            return cls.model_validate(kept)
        except ValidationError as error:
            broken = {str(one["loc"][0]) for one in error.errors() if one["loc"]}
            return cls.model_validate({name: value for name, value in kept.items() if name not in broken})

    @property
    def steps(self) -> tuple[Step, ...]:
        """The pages this report takes: nobody has to be let into a common area."""
        return tuple(Step) if self.area is not DefectArea.COMMON else (Step.PLACE, Step.WHAT, Step.CHECK)

    @property
    def missing(self) -> Step | None:
        """The first page whose answers are not complete; none: it can be sent."""
        return next((step for step in self.steps if step in _COMPLETE and not _COMPLETE[step](self)), None)

    def may_open(self, step: Step) -> bool:
        """Whether the pages before this one are answered."""
        missing = self.missing
        return step in self.steps and (missing is None or self.steps.index(step) <= self.steps.index(missing))


def _has_place(answers: Answers) -> bool:
    if answers.area is None or answers.place not in places_of(answers.area):
        return False
    return answers.building_id is not None and (answers.area is DefectArea.COMMON or answers.apartment_id is not None)


def _has_what(answers: Answers) -> bool:
    is_known = answers.area is not None and answers.fault in faults_of(answers.area)
    return is_known and bool(answers.title and answers.description)


_COMPLETE: dict[Step, Callable[[Answers], bool]] = {
    Step.PLACE: _has_place,
    Step.WHAT: _has_what,
    Step.ACCESS: lambda answers: answers.has_access and answers.master_key is not None,
}
