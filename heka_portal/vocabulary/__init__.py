"""Every code that is stored in the database. Imports nothing of ours.

A large noun has a module of its own; all are imported from here. The words a person reads for a code are in
`web/labels`; the glossary is `docs/domain.md`.
"""

from enum import StrEnum

from heka_portal.vocabulary.calendars import BuildingEventKind
from heka_portal.vocabulary.defects import (
    DefectArea,
    DefectState,
    Fault,
    MasterKey,
    Place,
    RepairAnswer,
    Upkeep,
    Urgency,
)
from heka_portal.vocabulary.notices import NoticeKind, NoticeState
from heka_portal.vocabulary.register import (
    BuildingKind,
    BuildingTextKind,
    ChargeKind,
    DocumentAudience,
    DocumentKind,
    Facility,
    InvoiceKind,
    LeaseRole,
    LeaseTerm,
    MovingDay,
    PlanPart,
    PlanStanding,
    PlanState,
    WaterBilling,
)


class Language(StrEnum):
    """The languages of the service; Finnish and Swedish are authoritative, English is a service."""

    FINNISH = "fi"
    SWEDISH = "sv"
    ENGLISH = "en"


# ---------------------------------------------------------------- accounts and staff


class StaffRole(StrEnum):
    CLERK = "clerk"
    SUPERVISOR = "supervisor"
    BUILDING_MANAGER = "building_manager"
    COMMUNICATIONS = "communications"
    FINANCE = "finance"
    CONTRACTOR = "contractor"
    ADMINISTRATOR = "administrator"


class TokenPurpose(StrEnum):
    """What a mailed link is good for; each is single use and lives 24 hours."""

    CONFIRM_ACCOUNT = "confirm_account"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - a code, not a password


class BankAccountState(StrEnum):
    """Where a bank account given by a resident stands at a moment; it follows from the row's times."""

    UNCONFIRMED = "unconfirmed"
    WAITING = "waiting"
    IN_USE = "in_use"
    STOPPED = "stopped"
    REPLACED = "replaced"


class IdentificationPurpose(StrEnum):
    REGISTER = "register"
    STEP_UP = "step_up"


class IdentificationState(StrEnum):
    PENDING = "pending"
    IDENTIFIED = "identified"
    USED = "used"
    FAILED = "failed"


class RegistrationObstacle(StrEnum):
    """Why an identified person cannot register."""

    NOT_IN_REGISTER = "not_in_register"
    UNDER_AGE = "under_age"
    NO_HOME = "no_home"
    LEASE_ENDED = "lease_ended"


# ---------------------------------------------------------------- cases


class CaseKind(StrEnum):
    DEFECT = "defect"
    ENQUIRY = "enquiry"


class CaseQueue(StrEnum):
    """Where a case waits for a handler."""

    DEFECTS = "defects"
    BUILDING_MANAGEMENT = "building_management"
    PAYMENTS = "payments"
    TENANT_DEMOCRACY = "tenant_democracy"
    CUSTOMER_SERVICE = "customer_service"


class Channel(StrEnum):
    """How a resident told of a case that customer service opened for them."""

    PHONE = "phone"
    DESK = "desk"
    LETTER = "letter"


class Audience(StrEnum):
    """Who of the home sees a case besides the person who opened it."""

    OWN = "own"
    HOUSEHOLD = "household"


class Party(StrEnum):
    """Whose turn it is, and who is told of a move."""

    RESIDENT = "resident"
    STAFF = "staff"
    CONTRACTOR = "contractor"
    NOBODY = "nobody"


class Part(StrEnum):
    """The part one has in a case: what one may do there follows from it, not from a role of the account."""

    OWNER = "owner"
    HOUSEHOLD = "household"
    FOLLOWER = "follower"
    CLERK = "clerk"
    CONTRACTOR = "contractor"
    WORKER = "worker"


class ParticipantRole(StrEnum):
    OWNER = "owner"
    FOLLOWER = "follower"


class Verb(StrEnum):
    """What happened in a case; one line of its timeline."""

    OPENED = "opened"
    SAID = "said"
    NOTED = "noted"
    MOVED = "moved"
    ANSWERED = "answered"
    ASSIGNED = "assigned"
    URGENCY_CHANGED = "urgency_changed"
    TOPIC_CHANGED = "topic_changed"
    SENSITIVITY_CHANGED = "sensitivity_changed"
    ACCESS_CHANGED = "access_changed"
    FOLLOWED = "followed"
    UNFOLLOWED = "unfollowed"


class Visibility(StrEnum):
    EVERYONE = "everyone"
    STAFF = "staff"


class EnquiryState(StrEnum):
    """Where a message stands; "answered" is the resident's turn. A code that a defect has too says the same there."""

    RECEIVED = "received"
    IN_PROGRESS = "being_answered"
    NEEDS_INFORMATION = "needs_information"
    ANSWERED = "answered"
    CLOSED = "closed"


class ClosingReason(StrEnum):
    """The outcome is not the state: "closed" never stands for "fixed"."""

    FIXED = "fixed"
    FIXED_UNCONFIRMED = "fixed_unconfirmed"
    DUPLICATE = "duplicate"
    NOT_LANDLORDS = "not_landlords"
    RESIDENT_PAYS = "resident_pays"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    ANSWERED = "answered"
    MOVED_TO_DEFECT = "moved_to_defect"
    NO_ANSWER_NEEDED = "no_answer_needed"


# ---------------------------------------------------------------- the landlord's texts


class TextKind(StrEnum):
    """A text of the landlord's that residents read; each has a version for each language."""

    PRIVACY = "privacy"
    TERMS = "terms"


# ---------------------------------------------------------------- files, mail, audit


class FileType(StrEnum):
    JPEG = "image/jpeg"
    PNG = "image/png"
    HEIC = "image/heic"
    PDF = "application/pdf"


class FileState(StrEnum):
    """A file is in quarantine until the worker has re-made it; only what was re-made is ever shown."""

    QUARANTINE = "quarantine"
    READY = "ready"
    REFUSED = "refused"
    DROPPED = "dropped"


class FileRefusal(StrEnum):
    """Why a file is not taken, at once or when the worker could not re-make it."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    WRONG_TYPE = "wrong_type"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_MANY_PAGES = "too_many_pages"
    LOCKED = "locked"
    DAMAGED = "damaged"
    NOT_PREPARED = "not_prepared"


class MailKind(StrEnum):
    """Each has a template in every language; the catalogue contract compares them."""

    CONFIRM_ACCOUNT = "confirm_account"
    EMAIL_IN_USE = "email_in_use"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - a code, not a password
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a code, not a password
    NEW_DEVICE = "new_device"
    CONFIRM_NEW_EMAIL = "confirm_new_email"
    CONFIRM_OLD_EMAIL = "confirm_old_email"
    NEW_EMAIL_IN_USE = "new_email_in_use"
    EMAIL_CHANGED = "email_changed"
    EMAIL_CHANGED_BY_IDENTIFICATION = "email_changed_by_identification"
    BANK_ACCOUNT_GIVEN = "bank_account_given"
    BANK_ACCOUNT_STOPPED = "bank_account_stopped"
    CODE_APP_ADDED = "code_app_added"
    CODE_APP_REMOVED = "code_app_removed"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    SECOND_FACTOR_RESET = "second_factor_reset"
    WRONG_CODES = "wrong_codes"
    DATA_EXPORT_READY = "data_export_ready"
    CASE_RECEIVED = "case_received"
    CASE_NEWS = "case_news"
    CASE_NEEDS_YOU = "case_needs_you"
    CASE_CLOSED = "case_closed"
    JOB_ASSIGNED = "job_assigned"
    RESCUE_PLAN_CHANGED = "rescue_plan_changed"
    NOTICE = "notice"
    NOTICE_URGENT = "notice_urgent"


class ExportState(StrEnum):
    """A copy of a person's own data: asked for, being made, there to be fetched, gone."""

    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"
    GONE = "gone"


class MailState(StrEnum):
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"


class AuditAction(StrEnum):
    """What the audit log records."""

    REGISTER_IMPORTED = "register_imported"
    IDENTIFIED = "identified"
    IDENTIFICATION_FAILED = "identification_failed"
    REGISTRATION_REFUSED = "registration_refused"
    ACCOUNT_OPENED = "account_opened"
    CREDENTIALS_RENEWED = "credentials_renewed"
    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGNED_OUT = "signed_out"
    SESSIONS_ENDED = "sessions_ended"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a code, not a password
    EMAIL_CHANGE_ASKED = "email_change_asked"
    EMAIL_CHANGED = "email_changed"
    EMAIL_CHANGE_UNDONE = "email_change_undone"
    CONTACT_CHANGED = "contact_changed"
    BANK_ACCOUNT_GIVEN = "bank_account_given"
    BANK_ACCOUNT_STOPPED = "bank_account_stopped"
    BANK_ACCOUNT_SHOWN = "bank_account_shown"
    DATA_EXPORT_ASKED = "data_export_asked"
    DATA_EXPORT_FETCHED = "data_export_fetched"
    STAFF_ADDED = "staff_added"
    STAFF_DISABLED = "staff_disabled"
    SECOND_FACTOR_ENROLLED = "second_factor_enrolled"
    SECOND_FACTOR_RESET = "second_factor_reset"
    SECOND_FACTOR_REMOVED = "second_factor_removed"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    CALENDAR_LINK_MADE = "calendar_link_made"
    CALENDAR_LINK_ENDED = "calendar_link_ended"
    PERSON_VIEWED = "person_viewed"
    PEOPLE_SEARCHED = "people_searched"
    CASE_VIEWED = "case_viewed"
    IDENTITY_CODE_SHOWN = "identity_code_shown"
    CASE_OPENED = "case_opened"
    CASE_CHANGED = "case_changed"
    FILE_VIEWED = "file_viewed"
    MAIL_RESENT = "mail_resent"
    NOTICE_PUBLISHED = "notice_published"
    NOTICE_WITHDRAWN = "notice_withdrawn"
    LIST_EXPORTED = "list_exported"
    TOPIC_SAVED = "topic_saved"
    KEYS_ROTATED = "keys_rotated"
    BUILDING_CHANGED = "building_changed"
    TEXT_PUBLISHED = "text_published"
    FEEDBACK_ANSWERED = "feedback_answered"
