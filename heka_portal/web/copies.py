"""The readable page of a copy of one's own data: every section as a table, in its owner's language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from heka_portal.domain.exports.rows import Row
from heka_portal.vocabulary import Language
from heka_portal.web import formats
from heka_portal.web.i18n import current_language, in_language
from heka_portal.web.labels import label

TITLES: dict[str, Any] = {
    "person": _l("You in the register, and your contact details"),
    "account": _l("Account"),
    "homes": _l("Homes you have lived in"),
    "leases": _l("Leases"),
    "charges": _l("What the leases cost a month"),
    "invoices": _l("Invoices"),
    "payments": _l("Payments"),
    "bank_accounts": _l("Bank accounts"),
    "cases": _l("Cases"),
    "defects": _l("Defect notifications"),
    "messages": _l("Messages and their topics"),
    "passkeys": _l("Passkeys"),
    "notices_read": _l("Notices you have opened"),
    "rescue_plans_read": _l("Rescue plans you have read"),
    "calendar_links": _l("Links of buildings’ calendars"),
    "conversation": _l("What was said and done in your cases"),
    "mails": _l("Mails we have sent to you"),
    "mails_refused": _l("Mails you do without"),
    "email_changes": _l("Changes of the email"),
    "sign_ins": _l("Sign-ins"),
    "identifications": _l("Strong identifications"),
    "looks": _l("Who has looked at my data"),
}
FIELDS: dict[str, Any] = {
    "first_names": _l("First names"),
    "last_name": _l("Last name"),
    "birth_on": _l("Born"),
    "identity_code": _l("Identity code"),
    "language": _l("Language"),
    "is_protected": _l("Non-disclosure order"),
    "register_email": _l("Email in the register"),
    "register_phone": _l("Phone in the register"),
    "phone": _l("Phone"),
    "postal_street": _l("Street address or PO box"),
    "postal_code": _l("Postal code"),
    "postal_city": _l("Town"),
    "postal_country": _l("Country"),
    "email": _l("Email"),
    "created_at": _l("Begun"),
    "password_set_at": _l("Password set"),
    "street_address": _l("Address"),
    "staircase": _l("Staircase"),
    "number": _l("Number"),
    "from_on": _l("From"),
    "to_on": _l("First day without it"),
    "role": _l("Role"),
    "signed_at": _l("Signed"),
    "starts_on": _l("Begins"),
    "ends_on": _l("First day after it"),
    "term": _l("Term"),
    "monthly_rent_cents": _l("Rent a month"),
    "kind": _l("Kind"),
    "object": _l("Object"),
    "monthly_cents": _l("A month"),
    "description": _l("Description"),
    "amount_cents": _l("Amount"),
    "issued_on": _l("Issued"),
    "due_on": _l("Due date"),
    "reference": _l("Reference number"),
    "period_from": _l("Period from"),
    "period_to": _l("Period to"),
    "paid_on": _l("Paid"),
    "booked_on": _l("Booked"),
    "country": _l("Country"),
    "ending": _l("Last signs of the number"),
    "bic": "BIC",
    "confirmed_at": _l("Given"),
    "takes_effect_at": _l("Takes effect"),
    "stopped_at": _l("Stopped"),
    "subject": _l("Subject"),
    "outcome": _l("Outcome"),
    "closed_at": _l("Closed"),
    "place": _l("Place"),
    "fault": _l("Kind of defect"),
    "noticed_on": _l("Noticed"),
    "master_key": _l("Master key"),
    "pets": _l("Pets"),
    "call_when": _l("When can we call?"),
    "visit_from": _l("Visit from"),
    "visit_to": _l("Visit until"),
    "at": _l("Time"),
    "part": _l("Who"),
    "text": _l("What was said"),
    "to_email": _l("To"),
    "sent_at": _l("Sent"),
    "old_email": _l("Old email"),
    "new_email": _l("New email"),
    "done_at": _l("Done"),
    "ended_at": _l("Ended"),
    "ip_address": _l("Network address"),
    "user_agent": _l("Browser"),
    "broker": _l("Identification service"),
    "action": _l("What"),
    "name": _l("Name"),
    "reason": _l("Reason"),
    "topic": _l("Topic"),
    "last_used_at": _l("Last used"),
    "notice_id": _l("Notice"),
    "read_at": _l("Opened"),
    "acknowledged_at": _l("Acknowledged"),
    "version": _l("Version"),
}


#: what only programs read: the page leaves them out
FOR_PROGRAMS = frozenset({"verb", "move", "to_state", "purpose", "acr", "state", "register_id"})


def shown(name: str, value: Any) -> str:
    """A value in the words of the language in force."""
    language = current_language()
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if isinstance(value, StrEnum):
        return label(value)
    if isinstance(value, datetime):
        return formats.write_moment(value, language)
    if isinstance(value, date):
        return formats.write_date(value, language)
    if name.endswith("_cents"):
        return formats.write_money(value)
    return str(value)


def render_copy(sections: Iterable[tuple[str, list[Row]]], files: list[tuple[int, str]], language: Language) -> str:
    """The page; it stands alone, for it is read from a folder."""
    with in_language(language):
        said = [(name, [_said(row) for row in rows]) for name, rows in sections]
        template = current_app.jinja_env.get_template("exports/copy.html")
        return template.render(sections=said, files=files, titles=TITLES, fields=FIELDS, language=str(language))


def _said(row: Row) -> dict[str, str]:
    return {name: shown(name, value) for name, value in row.items() if name not in FOR_PROGRAMS}
