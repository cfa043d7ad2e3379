"""The words a person reads for each code; one table a vocabulary, in the source language."""

from __future__ import annotations

from collections.abc import Mapping
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
    CaseKind,
    CaseQueue,
    ClosingReason,
    DefectArea,
    ExportState,
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
)
from heka_portal.web import building_words, contact_labels, notice_labels, payment_labels
from heka_portal.web.i18n import current_language

Words = Mapping[StrEnum, Any]


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
KINDS: Words = {
    CaseKind.DEFECT: _l("Defect notification"),
    CaseKind.ENQUIRY: _l("Message"),
}
QUEUES: Words = {
    CaseQueue.DEFECTS: _l("Defects"),
    CaseQueue.BUILDING_MANAGEMENT: _l("Building managers"),
    CaseQueue.PAYMENTS: _l("Rent and payments"),
    CaseQueue.TENANT_DEMOCRACY: _l("Tenant democracy"),
    CaseQueue.CUSTOMER_SERVICE: _l("Customer service"),
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
CLOSING_REASONS: Words = {
    ClosingReason.FIXED: _l("Fixed"),
    ClosingReason.FIXED_UNCONFIRMED: _l("Fixed, unconfirmed"),
    ClosingReason.DUPLICATE: _l("Duplicate of another"),
    ClosingReason.NOT_LANDLORDS: _l("Not Heka's duty"),
    ClosingReason.RESIDENT_PAYS: _l("The resident pays"),
    ClosingReason.WITHDRAWN: _l("Withdrawn"),
    ClosingReason.CANCELLED: _l("Cancelled"),
    ClosingReason.ANSWERED: _l("Closed: answered"),
    ClosingReason.MOVED_TO_DEFECT: _l("Moved to a defect notification"),
    ClosingReason.NO_ANSWER_NEEDED: _l("No answer needed"),
}
OBSTACLES: Words = {
    RegistrationObstacle.NOT_IN_REGISTER: _l("Not found in the register"),
    RegistrationObstacle.UNDER_AGE: _l("Under 18 years"),
    RegistrationObstacle.NO_HOME: _l("No home in the register"),
    RegistrationObstacle.LEASE_ENDED: _l("The lease has ended"),
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
    MailKind.CODE_APP_ADDED: _l("Code app taken into use"),
    MailKind.CODE_APP_REMOVED: _l("Code app turned off"),
    MailKind.PASSKEY_ADDED: _l("Passkey added"),
    MailKind.PASSKEY_REMOVED: _l("Passkey removed"),
    MailKind.RECOVERY_CODES_MADE: _l("New recovery codes made"),
    MailKind.SECOND_FACTOR_RESET: _l("Second factors removed by identifying again"),
    MailKind.WRONG_CODES: _l("Wrong codes at sign-in"),
    MailKind.DATA_EXPORT_READY: _l("The copy of your data is ready"),
    MailKind.CASE_RECEIVED: _l("Case received"),
    MailKind.CASE_NEWS: _l("News in a case"),
    MailKind.CASE_NEEDS_YOU: _l("A case needs the resident"),
    MailKind.CASE_CLOSED: _l("Case closed"),
    MailKind.JOB_ASSIGNED: _l("A job was assigned"),
    MailKind.RESCUE_PLAN_CHANGED: _l("The rescue plan has changed"),
    MailKind.NOTICE: _l("Resident notice"),
    MailKind.NOTICE_URGENT: _l("Urgent resident notice"),
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
    AuditAction.SECOND_FACTOR_REMOVED: _l("Code app turned off"),
    AuditAction.PASSKEY_ADDED: _l("Passkey added"),
    AuditAction.PASSKEY_REMOVED: _l("Passkey removed"),
    AuditAction.RECOVERY_CODES_MADE: _l("New recovery codes made"),
    AuditAction.CALENDAR_LINK_MADE: _l("Link of the calendar made"),
    AuditAction.CALENDAR_LINK_ENDED: _l("Link of the calendar ended"),
    AuditAction.PERSON_VIEWED: _l("Person's data looked at"),
    AuditAction.PEOPLE_SEARCHED: _l("People searched for"),
    AuditAction.CASE_VIEWED: _l("Case looked at"),
    AuditAction.IDENTITY_CODE_SHOWN: _l("Identity code shown"),
    AuditAction.CASE_OPENED: _l("Case opened"),
    AuditAction.CASE_CHANGED: _l("Case changed"),
    AuditAction.FILE_VIEWED: _l("File looked at"),
    AuditAction.MAIL_RESENT: _l("Mail sent again"),
    AuditAction.NOTICE_PUBLISHED: _l("Notice published"),
    AuditAction.NOTICE_WITHDRAWN: _l("Notice taken back"),
    AuditAction.LIST_EXPORTED: _l("List exported"),
    AuditAction.TOPIC_SAVED: _l("Topic saved"),
    AuditAction.KEYS_ROTATED: _l("Keys rotated"),
    AuditAction.BUILDING_CHANGED: _l("Building's texts, plan, documents or calendar changed"),
    AuditAction.TEXT_PUBLISHED: _l("Text of the landlord published"),
    AuditAction.FEEDBACK_ANSWERED: _l("Feedback marked as answered"),
}

TABLES: dict[type[StrEnum], Words] = {
    Role: ROLES,
    StaffRole: STAFF_ROLES,
    Language: LANGUAGES,
    CaseKind: KINDS,
    CaseQueue: QUEUES,
    Audience: AUDIENCES,
    **contact_labels.TABLES,
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
    **building_words.TABLES,
    LeaseRole: LEASE_ROLES,
    LeaseTerm: LEASE_TERMS,
    **notice_labels.TABLES,
    **payment_labels.TABLES,
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


def init_app(app: Flask) -> None:
    """Give the words to Jinja."""
    app.add_template_filter(label, "label")
