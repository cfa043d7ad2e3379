"""Decisions about defects: which places and faults go together, and what a report must hold."""

from __future__ import annotations

from datetime import date

from heka_portal.vocabulary import DefectArea, Fault, Place

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
