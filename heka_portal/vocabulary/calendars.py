"""The codes of what happens in a building."""

from enum import StrEnum


class BuildingEventKind(StrEnum):
    """What an event that staff keep in a building's calendar is about."""

    WATER_CUT = "water_cut"
    INSPECTION = "inspection"
    WORKS = "works"
    MEETING = "meeting"
    OTHER = "other"
