"""The words of the codes of defects."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from heka_portal.vocabulary import DefectArea, Fault, MasterKey, Place, RepairAnswer, Upkeep, Urgency

Words = Mapping[StrEnum, Any]

URGENCIES: Words = {
    Urgency.DANGER: _l("Danger"),
    Urgency.HARM: _l("Harm to living"),
    Urgency.INSPECT: _l("Needs a look"),
    Urgency.ORDINARY: _l("Ordinary"),
    Urgency.PLANNED: _l("Planned or seasonal"),
}
AREAS: Words = {
    DefectArea.HOME: _l("In my home"),
    DefectArea.COMMON: _l("In the common areas"),
}
PLACES: Words = {
    Place.KITCHEN: _l("Kitchen"),
    Place.BATHROOM: _l("Bathroom or WC"),
    Place.LIVING_ROOM: _l("Living room"),
    Place.BEDROOM: _l("Bedroom"),
    Place.HALL: _l("Hall"),
    Place.BALCONY_OR_YARD: _l("Balcony or own yard"),
    Place.HOME_SAUNA: _l("Sauna of the home"),
    Place.STORAGE: _l("Storage"),
    Place.STAIRWELL: _l("Stairwell"),
    Place.LIFT: _l("Lift"),
    Place.LAUNDRY: _l("Laundry"),
    Place.SHARED_SAUNA: _l("Shared sauna"),
    Place.CLUB_ROOM: _l("Club room"),
    Place.BIKE_STORAGE: _l("Bike or pram storage"),
    Place.SHELTER: _l("Civil defence shelter"),
    Place.WASTE_POINT: _l("Waste point"),
    Place.YARD: _l("Yard, playground or lights"),
    Place.PARKING: _l("Parking or charging post"),
    Place.FACADE: _l("Facade or roof"),
}
FAULTS: Words = {
    Fault.WATER_LEAK: _l("Water leak"),
    Fault.DRAIN: _l("Drain or toilet"),
    Fault.TAP: _l("Tap or shower"),
    Fault.HEATING: _l("Heating"),
    Fault.VENTILATION: _l("Ventilation or smell"),
    Fault.MOISTURE: _l("Moisture or mould"),
    Fault.ELECTRICITY: _l("Electricity"),
    Fault.APPLIANCE: _l("Fridge, cooker or hood"),
    Fault.DOOR: _l("Door, lock or intercom"),
    Fault.WINDOW: _l("Window or blinds"),
    Fault.SURFACE: _l("Floor, wall or ceiling"),
    Fault.FURNITURE: _l("Fixed furniture"),
    Fault.SAFETY: _l("Smoke alarm or safety"),
    Fault.PESTS: _l("Pests"),
    Fault.LIFT: _l("Lift"),
    Fault.CLEANING: _l("Cleaning"),
    Fault.WASTE: _l("Waste"),
    Fault.SNOW: _l("Snow and ice"),
    Fault.PLAYGROUND: _l("Playground"),
    Fault.NETWORK: _l("Network or antenna"),
    Fault.SAUNA_STOVE: _l("Sauna stove"),
    Fault.VANDALISM: _l("Vandalism"),
    Fault.OTHER: _l("Other"),
}
MASTER_KEYS: Words = {
    MasterKey.ALLOWED: _l("May be used because of this defect"),
    MasterKey.REFUSED: _l("May not be used"),
}
UPKEEPS: Words = {
    Upkeep.RESIDENT: _l("The resident mends or pays"),
    Upkeep.LANDLORD: _l("Heka mends"),
}
ANSWERS: Words = {
    RepairAnswer.FIXED: _l("Fixed"),
    RepairAnswer.PARTLY: _l("Partly"),
    RepairAnswer.NOT_FIXED: _l("Not fixed"),
}
