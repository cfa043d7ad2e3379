"""The codes of defects: how urgent, in which state, where, what, and who mends it."""

from enum import StrEnum


class Urgency(StrEnum):
    """How fast a defect must be dealt with; the targets are dated rows."""

    DANGER = "danger"
    HARM = "harm"
    INSPECT = "inspect"
    ORDINARY = "ordinary"
    PLANNED = "planned"


class DefectState(StrEnum):
    RECEIVED = "received"
    TRIAGED = "triaged"
    NEEDS_INFORMATION = "needs_information"
    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    WAITING_PART = "waiting_part"
    WAITING_CONTRACTOR = "waiting_contractor"
    WAITING_ACCESS = "waiting_access"
    WAITING_SEASON = "waiting_season"
    DONE = "done"
    CLOSED = "closed"


class RepairAnswer(StrEnum):
    """The resident's answer to "is it fixed?"."""

    FIXED = "fixed"
    PARTLY = "partly"
    NOT_FIXED = "not_fixed"


class DefectArea(StrEnum):
    HOME = "home"
    COMMON = "common"


class Place(StrEnum):
    KITCHEN = "kitchen"
    BATHROOM = "bathroom"
    LIVING_ROOM = "living_room"
    BEDROOM = "bedroom"
    HALL = "hall"
    BALCONY_OR_YARD = "balcony_or_yard"
    HOME_SAUNA = "home_sauna"
    STORAGE = "storage"
    STAIRWELL = "stairwell"
    LIFT = "lift"
    LAUNDRY = "laundry"
    SHARED_SAUNA = "shared_sauna"
    CLUB_ROOM = "club_room"
    BIKE_STORAGE = "bike_storage"
    SHELTER = "shelter"
    WASTE_POINT = "waste_point"
    YARD = "yard"
    PARKING = "parking"
    FACADE = "facade"


class Fault(StrEnum):
    WATER_LEAK = "water_leak"
    DRAIN = "drain"
    TAP = "tap"
    HEATING = "heating"
    VENTILATION = "ventilation"
    MOISTURE = "moisture"
    ELECTRICITY = "electricity"
    APPLIANCE = "appliance"
    DOOR = "door"
    WINDOW = "window"
    SURFACE = "surface"
    FURNITURE = "furniture"
    SAFETY = "safety"
    PESTS = "pests"
    LIFT = "lift"
    CLEANING = "cleaning"
    WASTE = "waste"
    SNOW = "snow"
    PLAYGROUND = "playground"
    NETWORK = "network"
    SAUNA_STOVE = "sauna_stove"
    VANDALISM = "vandalism"
    OTHER = "other"


class MasterKey(StrEnum):
    """May maintenance enter with the master key, for this defect only."""

    ALLOWED = "allowed"
    REFUSED = "refused"


class Upkeep(StrEnum):
    """Who answers for mending a thing; dated rows, kept by staff."""

    RESIDENT = "resident"
    LANDLORD = "landlord"
