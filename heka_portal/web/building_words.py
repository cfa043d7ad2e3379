"""The words of the codes that are about buildings; `labels` has the other tables and reads them all."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from heka_portal.vocabulary import (
    BuildingEventKind,
    BuildingKind,
    BuildingTextKind,
    DocumentAudience,
    DocumentKind,
    Facility,
    PlanPart,
    PlanStanding,
    PlanState,
    WaterBilling,
)

Words = Mapping[StrEnum, Any]

BUILDING_KINDS: Words = {
    BuildingKind.RENTAL: _l("Rental building"),
    BuildingKind.HOUSING_COMPANY: _l("Housing company"),
}
WATER_BILLINGS: Words = {
    WaterBilling.CONSUMPTION: _l("By consumption"),
    WaterBilling.RENT: _l("Included in the rent"),
}
FACILITIES: Words = {
    Facility.LAUNDRY: _l("Laundry"),
    Facility.SAUNA: _l("Sauna"),
    Facility.CLUB_ROOM: _l("Club room"),
    Facility.BIKE_STORAGE: _l("Bike storage"),
    Facility.SHELTER: _l("Civil defence shelter"),
    Facility.PARKING: _l("Parking"),
}
EVENT_KINDS: Words = {
    BuildingEventKind.WATER_CUT: _l("Water cut"),
    BuildingEventKind.INSPECTION: _l("Inspection"),
    BuildingEventKind.WORKS: _l("Works"),
    BuildingEventKind.MEETING: _l("Meeting"),
    BuildingEventKind.OTHER: _l("Other"),
}
BUILDING_TEXTS: Words = {
    BuildingTextKind.WASTE: _l("Waste"),
    BuildingTextKind.LAUNDRY: _l("Laundry"),
    BuildingTextKind.SAUNA: _l("Sauna"),
    BuildingTextKind.PARKING: _l("Parking"),
    BuildingTextKind.INTERNET: _l("Internet and television"),
    BuildingTextKind.OTHER: _l("Other"),
}
PLAN_STATES: Words = {
    PlanState.DRAFT: _l("Draft"),
    PlanState.PUBLISHED: _l("Published"),
    PlanState.WITHDRAWN: _l("Withdrawn"),
}
PLAN_PARTS: Words = {
    PlanPart.RISKS: _l("Dangers and risks in the building"),
    PlanPart.ARRANGEMENTS: _l("Safety arrangements of the building"),
    PlanPart.INSTRUCTIONS: _l("How to prevent accidents and act in them"),
    PlanPart.PREPAREDNESS: _l("Other preparedness"),
}
PLAN_STANDINGS: Words = {
    PlanStanding.IN_FORCE: _l("In force"),
    PlanStanding.MISSING: _l("Missing"),
    PlanStanding.NOT_REQUIRED: _l("Not required"),
}
DOCUMENT_KINDS: Words = {
    DocumentKind.HOUSE_RULES: _l("House rules"),
    DocumentKind.INSTRUCTIONS: _l("Instructions"),
    DocumentKind.MOVING_GUIDE: _l("Moving guide"),
    DocumentKind.OTHER: _l("Other"),
}
DOCUMENT_AUDIENCES: Words = {
    DocumentAudience.RESIDENTS: _l("All residents of the building"),
    DocumentAudience.MAIN_TENANTS: _l("Main tenants of the building only"),
    DocumentAudience.EVERYONE: _l("All residents of Heka"),
}

TABLES: dict[type[StrEnum], Words] = {
    BuildingKind: BUILDING_KINDS,
    WaterBilling: WATER_BILLINGS,
    Facility: FACILITIES,
    BuildingEventKind: EVENT_KINDS,
    BuildingTextKind: BUILDING_TEXTS,
    PlanState: PLAN_STATES,
    PlanPart: PLAN_PARTS,
    PlanStanding: PLAN_STANDINGS,
    DocumentKind: DOCUMENT_KINDS,
    DocumentAudience: DOCUMENT_AUDIENCES,
}
