"""Lists that only show: buildings, staff, and the dated rows that rules are made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from heka_portal.domain.access import Permission
from heka_portal.domain.homes.management import list_managed
from heka_portal.domain.homes.residents import list_apartments
from heka_portal.extensions import db
from heka_portal.models.accounts import Account, StaffMember
from heka_portal.models.defects import DefectTarget, FaultUrgency, UpkeepRule
from heka_portal.models.homes import Building
from heka_portal.web import formats
from heka_portal.web.access import Rule, current_actor
from heka_portal.web.i18n import current_language
from heka_portal.web.labels import label
from heka_portal.workbench.base import RegisterView, label_of
from heka_portal.workbench.timeline import rule_text


def _date(_view: Any, _context: Any, row: Any, name: str) -> str:
    value = getattr(row, name)
    return formats.write_date(value, current_language()) if value else ""


def _region(_view: Any, _context: Any, row: Any, _name: str) -> str:
    region = row.region
    return str({"sv": region.name_sv, "en": region.name_en}.get(current_language()) or region.name_fi)


class BuildingsView(RegisterView):
    """Buildings with their managers; a building leads to its apartments."""

    access = Rule(Permission.REGISTER_LOOK)
    can_view_details = True
    can_export = True
    lead = _l("Each building has its manager, its apartments and its cases.")
    column_list = ("street_address", "name", "region", "postal_code", "apartment_count", "manager_name")
    column_details_list = (
        "street_address",
        "postal_code",
        "city",
        "name",
        "register_id",
        "region",
        "kind",
        "built_year",
        "apartment_count",
        "manager_name",
        "manager_phone",
        "manager_email",
        "maintenance_company",
        "maintenance_phone",
        "heating",
        "water_billing",
        "smoke_free_from",
    )
    column_export_list = ("register_id", "street_address", "name", "postal_code", "city", "apartment_count")
    column_sortable_list = ("street_address", "name", "postal_code")
    column_default_sort = [("street_address", False), ("id", False)]
    column_searchable_list = ("street_address", "name", "postal_code")
    column_labels = {
        "street_address": _l("Address"),
        "name": _l("Name"),
        "region": _l("Region"),
        "postal_code": _l("Postal code"),
        "city": _l("City"),
        "register_id": _l("Register id"),
        "kind": _l("Kind"),
        "built_year": _l("Built"),
        "apartment_count": _l("Apartments"),
        "manager_name": _l("Building manager"),
        "manager_phone": _l("Manager’s phone"),
        "manager_email": _l("Manager’s email"),
        "maintenance_company": _l("Maintenance"),
        "maintenance_phone": _l("Maintenance’s phone"),
        "heating": _l("Heating"),
        "water_billing": _l("Water"),
        "smoke_free_from": _l("Smoke-free from"),
    }
    column_formatters = {
        "region": _region,
        "kind": label_of,
        "water_billing": label_of,
        "smoke_free_from": _date,
    }
    joined = (Building.region,)
    details_template = "workbench/registers/building.html"

    list_template = "workbench/registers/buildings.html"

    def render(self, template: str, **kwargs: Any) -> str:
        """The list begins with the reader's own buildings; the page of a building lists its apartments too."""
        if template == self.list_template:
            kwargs["managed"] = list_managed(current_actor())
        if template == self.details_template:
            kwargs["apartments"] = list_apartments(kwargs["model"].id)
            kwargs["title"] = kwargs["model"].street_address
        return super().render(template, **kwargs)


def _account(_view: Any, context: Any, row: Any, _name: str) -> str:
    found: str = context["accounts"].get(row.id) or str(_("None"))
    return found


class StaffView(RegisterView):
    """Who works in the portal; accounts are kept by commands, not here."""

    access = Rule(Permission.STAFF_LOOK)
    lead = _l("Accounts of staff are added and disabled by the operators.")
    column_list = ("name", "role", "contractor", "account")
    column_sortable_list = ("name", "role")
    column_default_sort = [("name", False), ("id", False)]
    column_labels = {
        "name": _l("Name"),
        "role": _l("Role"),
        "contractor": _l("Company"),
        "account": _l("Account"),
    }
    joined = (StaffMember.contractor,)
    column_formatters = {
        "role": label_of,
        "contractor": lambda _view, _context, row, _name: row.contractor.name if row.contractor else "",
        "account": lambda _view, context, row, _name: context["accounts"].get(row.id, _("No account")),
    }

    def render(self, template: str, **kwargs: Any) -> str:
        """The list with the state of each account, read by one query."""
        return super().render(template, **{**kwargs, "accounts": accounts_of(kwargs.get("data", ()))})


def accounts_of(members: Any) -> Mapping[int, str]:
    """The state of each staff member's account, in words."""
    rows = db.session.execute(
        select(Account.staff_member_id, Account.is_disabled, Account.totp_secret.is_not(None)).where(
            Account.staff_member_id.in_([member.id for member in members])
        )
    )
    return {id_: _account_words(is_disabled, has_factor) for id_, is_disabled, has_factor in rows if id_ is not None}


def _account_words(is_disabled: bool, has_factor: bool) -> str:
    if is_disabled:
        return str(_("Disabled"))
    return str(_("Open, second factor enrolled") if has_factor else _("Open, no second factor yet"))


class DatedView(RegisterView):
    """Dated rows of rules: what is in force, what was, what will be."""

    access = Rule(Permission.REGISTER_LOOK)
    column_formatters = {"from_on": _date, "to_on": _date}
    column_sortable_list = ("from_on",)


DATES: dict[str, Any] = {"from_on": _l("From"), "to_on": _l("First day without it")}


class TargetsView(DatedView):
    """The target time of each urgency."""

    lead = _l("How fast a defect is dealt with, by its urgency. The row in force on the day counts.")
    column_list = ("urgency", "hours", "working_days", "days", "finding_working_days", "from_on", "to_on")
    column_default_sort = [("from_on", True), ("id", False)]
    column_labels = {
        "urgency": _l("Urgency"),
        "hours": _l("Hours"),
        "working_days": _l("Working days"),
        "days": _l("Days"),
        "finding_working_days": _l("Working days for the finding"),
        **DATES,
    }
    column_formatters = {**DatedView.column_formatters, "urgency": label_of}


class UrgenciesView(DatedView):
    """How urgent each kind of fault is, unless somebody decides otherwise."""

    lead = _l("How urgent a fault is when it is reported. A case’s urgency can be changed with a reason.")
    column_list = ("fault", "urgency", "from_on", "to_on")
    column_default_sort = [("fault", False), ("from_on", True), ("id", False)]
    column_labels = {"fault": _l("Fault"), "urgency": _l("Urgency"), **DATES}
    column_formatters = {**DatedView.column_formatters, "fault": label_of, "urgency": label_of}


class UpkeepView(DatedView):
    """Who mends what, and what it costs."""

    lead = _l("Said before a defect is sent, and given as the ground when a case is closed.")
    column_list = ("text_fi", "upkeep", "fault", "price_cents", "from_on", "to_on")
    column_default_sort = [("code", False), ("from_on", True), ("id", False)]
    column_labels = {
        "text_fi": _l("Rule"),
        "upkeep": _l("Who"),
        "fault": _l("Said at"),
        "price_cents": _l("Price"),
        **DATES,
    }
    column_formatters = {
        **DatedView.column_formatters,
        "text_fi": lambda _view, _context, row, _name: rule_text(row),
        "upkeep": label_of,
        "fault": lambda _view, _context, row, _name: label(row.fault) if row.fault else "",
        "price_cents": lambda _view, _context, row, _name: (
            formats.write_money(row.price_cents) if row.price_cents is not None else ""
        ),
    }


REGISTERS = (
    (BuildingsView, Building, _l("Buildings"), "admin_buildings", "buildings"),
    (TargetsView, DefectTarget, _l("Target times"), "admin_targets", "targets"),
    (UrgenciesView, FaultUrgency, _l("Urgencies"), "admin_urgencies", "urgencies"),
    (UpkeepView, UpkeepRule, _l("Who mends what"), "admin_upkeep", "upkeep"),
)
