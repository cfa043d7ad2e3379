"""The PDF of a rescue plan: 112 first, the numbers of the building, the four parts; to keep on a phone or to print."""

from __future__ import annotations

import re
import unicodedata

from flask import Response
from flask_babel import gettext as _

from heka_portal.domain.buildings.plans import PlanLine, PlanText
from heka_portal.domain.buildings.sheets import BuildingSheet
from heka_portal.extensions import settings
from heka_portal.integrations.pdf import write_pdf
from heka_portal.vocabulary import Language, PlanState
from heka_portal.web import formats
from heka_portal.web.building_words import PLAN_PARTS
from heka_portal.web.contact import EMERGENCY
from heka_portal.web.files import send_made
from heka_portal.web.i18n import in_language
from heka_portal.web.prose import pdf_blocks


def plan_pdf(plan: PlanLine, text: PlanText, building: BuildingSheet) -> bytes:
    """The plan in the language of its text, which need not be the reader's."""
    with in_language(text.language):
        return write_pdf("rescue_plan", _data(plan, text, building), language=text.language)


def _data(plan: PlanLine, text: PlanText, building: BuildingSheet) -> dict[str, object]:
    place = f"{building.street_address}, {building.postal_code} {building.city}"
    return {
        "title": _("Rescue plan: %(address)s", address=building.street_address),
        "urgent": _("In an emergency call %(number)s", number=EMERGENCY),
        "urgent_more": _("Say what happened and where: %(address)s.", address=place),
        "facts": [[name, value] for name, value in _facts(plan, text.language, building) if value],
        "sections": [
            {"heading": str(PLAN_PARTS[part]), "blocks": pdf_blocks(words)}
            for part, words in text.parts.items()
            if words
        ],
        "footer": f"{building.street_address}, {_version_words(plan, text.language)}",
    }


def _version_words(plan: PlanLine, language: Language) -> str:
    """Which version it is, so that a sheet on a wall says whether it is old."""
    if plan.state is PlanState.DRAFT or plan.valid_from is None:
        return str(_("version %(number)s, draft", number=plan.version))
    day = formats.write_date(plan.valid_from, language)
    if plan.state is PlanState.WITHDRAWN:
        return str(_("version %(number)s, withdrawn", number=plan.version))
    return str(_("version %(number)s, valid from %(day)s", number=plan.version, day=day))


def _facts(plan: PlanLine, language: Language, building: BuildingSheet) -> list[tuple[str, str]]:
    manager = ", ".join(filter(None, (building.manager_name, _number(building.manager_phone))))
    upkeep = ", ".join(filter(None, (building.maintenance_company, _number(building.maintenance_phone))))
    return [
        (_("Urgent faults, around the clock"), formats.write_phone(settings().urgent_phone)),
        (_("Maintenance"), upkeep),
        (_("Building manager"), manager),
        (_("This plan"), _version_words(plan, language)),
    ]


def _number(phone: str | None) -> str:
    return formats.write_phone(phone) if phone else ""


def send_plan(plan: PlanLine, text: PlanText, building: BuildingSheet) -> Response:
    """The plan as a file to keep."""
    with in_language(text.language):
        word = str(_("Rescue plan"))
    name = f"{word} {building.street_address} {plan.version}"
    return send_made(plan_pdf(plan, text, building), name=f"{file_stem(name)}.pdf")


def file_stem(words: str) -> str:
    """A name that any folder takes: pelastussuunnitelma-kontulankaari-8-3."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
