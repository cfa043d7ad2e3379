"""The codes of the landlord's register: homes, leases, charges and invoices."""

from enum import StrEnum


class BuildingKind(StrEnum):
    RENTAL = "rental"
    HOUSING_COMPANY = "housing_company"


class WaterBilling(StrEnum):
    CONSUMPTION = "consumption"
    RENT = "rent"


class Facility(StrEnum):
    LAUNDRY = "laundry"
    SAUNA = "sauna"
    CLUB_ROOM = "club_room"
    BIKE_STORAGE = "bike_storage"
    SHELTER = "shelter"
    PARKING = "parking"


class BuildingTextKind(StrEnum):
    """What the register lacks of a building, and staff write down."""

    WASTE = "waste"
    LAUNDRY = "laundry"
    SAUNA = "sauna"
    PARKING = "parking"
    INTERNET = "internet"
    OTHER = "other"


class PlanState(StrEnum):
    """Where a version of a rescue plan stands; a published one never changes."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class PlanPart(StrEnum):
    """What a rescue plan tells (Rescue Act 379/2011, section 15)."""

    RISKS = "risks"
    ARRANGEMENTS = "arrangements"
    INSTRUCTIONS = "instructions"
    PREPAREDNESS = "preparedness"


class PlanStanding(StrEnum):
    """Whether a building has a rescue plan, and whether it needs one (Government Decree 407/2011, section 1)."""

    IN_FORCE = "in_force"
    MISSING = "missing"
    NOT_REQUIRED = "not_required"


class DocumentKind(StrEnum):
    HOUSE_RULES = "house_rules"
    INSTRUCTIONS = "instructions"
    MOVING_GUIDE = "moving_guide"
    OTHER = "other"


class DocumentAudience(StrEnum):
    """Who reads a document of a building; `everyone` are all of the landlord's residents."""

    RESIDENTS = "residents"
    MAIN_TENANTS = "main_tenants"
    EVERYONE = "everyone"


class LeaseTerm(StrEnum):
    OPEN = "open"
    FIXED = "fixed"


class MovingDay(StrEnum):
    """How the moving day follows from the lease's last day (Act 481/1995, section 68, unless agreed otherwise)."""

    FIRST_WEEKDAY = "first_weekday"
    LAST_DAY = "last_day"


class LeaseRole(StrEnum):
    """Both roles make a main tenant; only a signatory is bound by the lease."""

    SIGNATORY = "signatory"
    SPOUSE = "spouse"


class ChargeKind(StrEnum):
    RENT = "rent"
    WATER_ADVANCE = "water_advance"
    PARKING = "parking"
    CHARGING = "charging"
    SAUNA = "sauna"


class InvoiceKind(StrEnum):
    RENT = "rent"
    WATER_ADVANCE = "water_advance"
    WATER_BALANCE = "water_balance"
    PARKING = "parking"
    CHARGING = "charging"
    SAUNA = "sauna"
    LAUNDRY = "laundry"
    DOOR_OPENING = "door_opening"
    KEY = "key"
    DAMAGE = "damage"
    LATE_INTEREST = "late_interest"
    REMINDER = "reminder"
    COLLECTION = "collection"
    CREDIT = "credit"
