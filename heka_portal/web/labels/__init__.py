"""The words a person reads for each code; one table a vocabulary, in the source language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l

from heka_portal.domain.access import Role
from heka_portal.vocabulary import (
    Audience,
    AuditAction,
    BankAccountState,
    BuildingKind,
    CaseKind,
    CaseQueue,
    ClosingReason,
    DefectArea,
    DefectState,
    ExportState,
    Facility,
    Fault,
    Language,
    LeaseRole,
    LeaseTerm,
    MailKind,
    MailState,
    MasterKey,
    Part,
    Party,
    Place,
    RegistrationObstacle,
    RepairAnswer,
    StaffRole,
    Upkeep,
    Urgency,
    WaterBilling,
)
from heka_portal.web.i18n import current_language
from heka_portal.web.labels.defects import ANSWERS, AREAS, FAULTS, MASTER_KEYS, PLACES, UPKEEPS, URGENCIES, Words


@dataclass(frozen=True)
class Look:
    """How a status is shown: its words, the tag's tone and its icon; never colour alone."""

    words: Any
    tone: str
    icon: str


ROLES: Words = {
    Role.MAIN_TENANT: _l("main tenant"),
    Role.RESIDENT: _l("resident"),
    Role.COMING: _l("a tenant whose lease has not begun"),
    Role.FORMER: _l("former tenant"),
    Role.CLERK: _l("customer service"),
    Role.SUPERVISOR: _l("supervisor"),
    Role.BUILDING_MANAGER: _l("building manager"),
    Role.COMMUNICATIONS: _l("communications"),
    Role.FINANCE: _l("finance"),
    Role.CONTRACTOR: _l("contractor"),
    Role.ADMINISTRATOR: _l("administrator"),
}
STAFF_ROLES: Words = {role: ROLES[Role(role.value)] for role in StaffRole}
LANGUAGES: Words = {
    Language.FINNISH: _l("Finnish"),
    Language.SWEDISH: _l("Swedish"),
    Language.ENGLISH: _l("English"),
}
KINDS: Words = {CaseKind.DEFECT: _l("Defect notification")}
QUEUES: Words = {
    CaseQueue.DEFECTS: _l("Defects"),
    CaseQueue.BUILDING_MANAGEMENT: _l("Building managers"),
}
AUDIENCES: Words = {
    Audience.OWN: _l("Only me"),
    Audience.HOUSEHOLD: _l("The adults of my home"),
}
PARTS: Words = {
    Part.OWNER: _l("resident"),
    Part.HOUSEHOLD: _l("another adult of the home"),
    Part.FOLLOWER: _l("follower"),
    Part.CLERK: _l("customer service"),
    Part.CONTRACTOR: _l("maintenance"),
    Part.WORKER: _l("the portal"),
}
PARTIES: Words = {
    Party.RESIDENT: _l("the resident"),
    Party.STAFF: _l("Heka"),
    Party.CONTRACTOR: _l("the contractor"),
    Party.NOBODY: _l("nobody"),
}
CLOSING_REASONS: Words = {
    ClosingReason.FIXED: _l("Fixed"),
    ClosingReason.FIXED_UNCONFIRMED: _l("Fixed, unconfirmed"),
    ClosingReason.DUPLICATE: _l("Duplicate of another"),
    ClosingReason.NOT_LANDLORDS: _l("Not Heka's duty"),
    ClosingReason.RESIDENT_PAYS: _l("The resident pays"),
    ClosingReason.WITHDRAWN: _l("Withdrawn"),
    ClosingReason.CANCELLED: _l("Cancelled"),
}
OBSTACLES: Words = {
    RegistrationObstacle.NOT_IN_REGISTER: _l("Not found in the register"),
    RegistrationObstacle.UNDER_AGE: _l("Under 18 years"),
    RegistrationObstacle.NO_HOME: _l("No home in the register"),
    RegistrationObstacle.LEASE_ENDED: _l("The lease has ended"),
}
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
LEASE_ROLES: Words = {
    LeaseRole.SIGNATORY: _l("Signatory of the lease"),
    LeaseRole.SPOUSE: _l("Spouse of the signatory"),
}
LEASE_TERMS: Words = {
    LeaseTerm.OPEN: _l("Until further notice"),
    LeaseTerm.FIXED: _l("Fixed term"),
}
MAIL_KINDS: Words = {
    MailKind.CONFIRM_ACCOUNT: _l("Confirm your account"),
    MailKind.EMAIL_IN_USE: _l("The address is in use"),
    MailKind.RESET_PASSWORD: _l("Choose a new password"),
    MailKind.PASSWORD_CHANGED: _l("Your password was changed"),
    MailKind.NEW_DEVICE: _l("Sign-in on a new device"),
    MailKind.CONFIRM_NEW_EMAIL: _l("Confirm your new email address"),
    MailKind.CONFIRM_OLD_EMAIL: _l("Is the change of your email yours?"),
    MailKind.NEW_EMAIL_IN_USE: _l("The new address is in use"),
    MailKind.EMAIL_CHANGED: _l("Your email was changed"),
    MailKind.EMAIL_CHANGED_BY_IDENTIFICATION: _l("Your email was changed by identification"),
    MailKind.BANK_ACCOUNT_GIVEN: _l("A new bank account number was given"),
    MailKind.BANK_ACCOUNT_STOPPED: _l("A bank account number was stopped"),
    MailKind.DATA_EXPORT_READY: _l("The copy of your data is ready"),
    MailKind.CASE_RECEIVED: _l("Case received"),
    MailKind.CASE_NEWS: _l("News in a case"),
    MailKind.CASE_NEEDS_YOU: _l("A case needs the resident"),
    MailKind.CASE_CLOSED: _l("Case closed"),
    MailKind.JOB_ASSIGNED: _l("A job was assigned"),
}
MAIL_STATES: Words = {
    MailState.WAITING: _l("Waiting"),
    MailState.SENDING: _l("Being sent"),
    MailState.SENT: _l("Sent"),
    MailState.DEAD: _l("Could not be sent"),
}
BANK_ACCOUNT_STATES: Words = {
    BankAccountState.UNCONFIRMED: _l("Not confirmed"),
    BankAccountState.WAITING: _l("Takes effect soon"),
    BankAccountState.IN_USE: _l("In use"),
    BankAccountState.STOPPED: _l("Stopped"),
    BankAccountState.REPLACED: _l("Replaced by a later one"),
}
EXPORT_STATES: Words = {
    ExportState.WAITING: _l("Being made"),
    ExportState.READY: _l("Ready"),
    ExportState.FAILED: _l("Could not be made"),
    ExportState.GONE: _l("No longer there"),
}
AUDIT_ACTIONS: Words = {
    AuditAction.REGISTER_IMPORTED: _l("Register imported"),
    AuditAction.IDENTIFIED: _l("Identified strongly"),
    AuditAction.IDENTIFICATION_FAILED: _l("Identification failed"),
    AuditAction.REGISTRATION_REFUSED: _l("Registration refused"),
    AuditAction.ACCOUNT_OPENED: _l("Account opened"),
    AuditAction.CREDENTIALS_RENEWED: _l("Email and password renewed"),
    AuditAction.SIGNED_IN: _l("Signed in"),
    AuditAction.SIGN_IN_FAILED: _l("Sign-in failed"),
    AuditAction.SIGNED_OUT: _l("Signed out"),
    AuditAction.SESSIONS_ENDED: _l("Sessions ended"),
    AuditAction.PASSWORD_CHANGED: _l("Password changed"),
    AuditAction.EMAIL_CHANGE_ASKED: _l("Change of email asked"),
    AuditAction.EMAIL_CHANGED: _l("Email changed"),
    AuditAction.EMAIL_CHANGE_UNDONE: _l("Change of email undone"),
    AuditAction.CONTACT_CHANGED: _l("Contact details changed"),
    AuditAction.BANK_ACCOUNT_GIVEN: _l("Bank account given"),
    AuditAction.BANK_ACCOUNT_STOPPED: _l("Bank account stopped"),
    AuditAction.BANK_ACCOUNT_SHOWN: _l("Bank account number shown"),
    AuditAction.DATA_EXPORT_ASKED: _l("Copy of own data asked"),
    AuditAction.DATA_EXPORT_FETCHED: _l("Copy of own data fetched"),
    AuditAction.STAFF_ADDED: _l("Staff member added"),
    AuditAction.STAFF_DISABLED: _l("Staff member disabled"),
    AuditAction.SECOND_FACTOR_ENROLLED: _l("Second factor enrolled"),
    AuditAction.SECOND_FACTOR_RESET: _l("Second factor reset"),
    AuditAction.PERSON_VIEWED: _l("Person's data looked at"),
    AuditAction.PEOPLE_SEARCHED: _l("People searched for"),
    AuditAction.CASE_VIEWED: _l("Case looked at"),
    AuditAction.IDENTITY_CODE_SHOWN: _l("Identity code shown"),
    AuditAction.CASE_OPENED: _l("Case opened"),
    AuditAction.CASE_CHANGED: _l("Case changed"),
    AuditAction.FILE_VIEWED: _l("File looked at"),
    AuditAction.MAIL_RESENT: _l("Mail sent again"),
    AuditAction.LIST_EXPORTED: _l("List exported"),
    AuditAction.KEYS_ROTATED: _l("Keys rotated"),
}

#: how a defect's state looks to a resident
DEFECT_LOOKS: Mapping[StrEnum, Look] = {
    DefectState.RECEIVED: Look(_l("Received"), "info", "check"),
    DefectState.TRIAGED: Look(_l("Being handled"), "still", "clock"),
    DefectState.NEEDS_INFORMATION: Look(_l("Waits for your answer"), "you", "alert-circle"),
    DefectState.SCHEDULED: Look(_l("Visit agreed"), "info", "calendar-clock"),
    DefectState.IN_PROGRESS: Look(_l("Being repaired"), "info", "hammers"),
    DefectState.WAITING_PART: Look(_l("Waits for a part"), "still", "box"),
    DefectState.WAITING_CONTRACTOR: Look(_l("Ordered from maintenance"), "still", "clock"),
    DefectState.WAITING_ACCESS: Look(_l("Waits for access to the home"), "you", "key"),
    DefectState.WAITING_SEASON: Look(_l("Waits for the season"), "still", "calendar"),
    DefectState.DONE: Look(_l("Done: check the repair"), "you", "alert-circle"),
    DefectState.CLOSED: Look(_l("Closed"), "still", "check"),
}
#: and to customer service, where another's turn is not "yours"
STAFF_DEFECT_LOOKS: Mapping[StrEnum, Look] = {
    **DEFECT_LOOKS,
    DefectState.RECEIVED: Look(_l("New"), "info", "plus-circle"),
    DefectState.NEEDS_INFORMATION: Look(_l("Waits for the resident"), "still", "clock"),
    DefectState.WAITING_ACCESS: Look(_l("Waits for access to the home"), "still", "key"),
    DefectState.DONE: Look(_l("Done: waits for the resident's check"), "still", "check"),
}
CLOSING_LOOKS: Mapping[StrEnum, Look] = {
    ClosingReason.FIXED: Look(CLOSING_REASONS[ClosingReason.FIXED], "good", "check-circle"),
    ClosingReason.FIXED_UNCONFIRMED: Look(CLOSING_REASONS[ClosingReason.FIXED_UNCONFIRMED], "good", "check-circle"),
    ClosingReason.DUPLICATE: Look(CLOSING_REASONS[ClosingReason.DUPLICATE], "still", "copy"),
    ClosingReason.NOT_LANDLORDS: Look(CLOSING_REASONS[ClosingReason.NOT_LANDLORDS], "still", "info-circle"),
    ClosingReason.RESIDENT_PAYS: Look(CLOSING_REASONS[ClosingReason.RESIDENT_PAYS], "still", "euro-sign"),
    ClosingReason.WITHDRAWN: Look(CLOSING_REASONS[ClosingReason.WITHDRAWN], "still", "arrow-undo"),
    ClosingReason.CANCELLED: Look(CLOSING_REASONS[ClosingReason.CANCELLED], "still", "cross-circle"),
}
#: the buttons of moves, by the move's name
MOVES: Mapping[str, Any] = {
    "triage": _l("Take up"),
    "ask": _l("Ask the resident"),
    "inform": _l("Answer"),
    "schedule": _l("Agree on a visit"),
    "order": _l("Order from maintenance"),
    "start": _l("Start the work"),
    "await_part": _l("Wait for a part"),
    "await_access": _l("Wait for access"),
    "await_season": _l("Wait for the season"),
    "finish": _l("Mark as done"),
    "confirm": _l("Fixed"),
    "partly_fixed": _l("Partly fixed"),
    "not_fixed": _l("Not fixed"),
    "lapse": _l("No answer in 14 days"),
    "reopen": _l("Open again"),
    "close_duplicate": _l("Close as a duplicate"),
    "close_not_landlords": _l("Close: not Heka's duty"),
    "close_resident_pays": _l("Close: the resident pays"),
    "cancel": _l("Cancel the case"),
    "withdraw": _l("Withdraw the notification"),
}

TABLES: dict[type[StrEnum], Words] = {
    Role: ROLES,
    StaffRole: STAFF_ROLES,
    Language: LANGUAGES,
    CaseKind: KINDS,
    CaseQueue: QUEUES,
    Audience: AUDIENCES,
    Part: PARTS,
    Party: PARTIES,
    Urgency: URGENCIES,
    DefectArea: AREAS,
    Place: PLACES,
    Fault: FAULTS,
    MasterKey: MASTER_KEYS,
    Upkeep: UPKEEPS,
    RepairAnswer: ANSWERS,
    ClosingReason: CLOSING_REASONS,
    RegistrationObstacle: OBSTACLES,
    BuildingKind: BUILDING_KINDS,
    WaterBilling: WATER_BILLINGS,
    Facility: FACILITIES,
    LeaseRole: LEASE_ROLES,
    LeaseTerm: LEASE_TERMS,
    MailKind: MAIL_KINDS,
    MailState: MAIL_STATES,
    AuditAction: AUDIT_ACTIONS,
    BankAccountState: BANK_ACCOUNT_STATES,
    ExportState: EXPORT_STATES,
}


def label(code: StrEnum | None) -> str:
    """The words of a code in the reader's language; nothing for no code."""
    return "" if code is None else _label(current_language(), code)


# typed: codes of two vocabularies may have the same letters
@lru_cache(maxsize=5_000, typed=True)
def _label(_language: str, code: StrEnum) -> str:
    return str(TABLES[type(code)][code])


def role_label(role: Role) -> str:
    """What a role is called."""
    return str(ROLES[role])


def case_look(state: str, outcome: ClosingReason | None, *, for_staff: bool = False) -> Look:
    """How a case's status is shown: a closed one shows its outcome, never just "closed"."""
    if outcome is not None:
        return CLOSING_LOOKS[outcome]
    return (STAFF_DEFECT_LOOKS if for_staff else DEFECT_LOOKS)[DefectState(state)]


def move_label(name: str) -> str:
    """The words of a move's button."""
    return str(MOVES[name])


def init_app(app: Flask) -> None:
    """Give the words to Jinja."""
    app.add_template_filter(label, "label")
    app.add_template_filter(move_label, "move_label")
    app.add_template_global(case_look, "case_look")
