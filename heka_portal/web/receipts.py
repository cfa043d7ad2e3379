"""A receipt in the words of its reader's language: the page that is printed and the PDF are made of the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from heka_portal import clock
from heka_portal.domain.cases.deadlines import read_by
from heka_portal.domain.cases.receipts import Receipt
from heka_portal.extensions import settings
from heka_portal.integrations.pdf import bullets, paragraph
from heka_portal.vocabulary import CaseKind, DefectState, EnquiryState, Urgency
from heka_portal.web import formats
from heka_portal.web.contact import EMERGENCY
from heka_portal.web.i18n import in_language
from heka_portal.web.labels import label


@dataclass(frozen=True)
class Part:
    """A heading and what stands under it."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Paper:
    """What stands on the receipt."""

    language: str
    title: str
    number: str
    facts: tuple[tuple[str, str], ...]
    told: Part
    parts: tuple[Part, ...]
    footer: str

    def to_data(self) -> dict[str, Any]:
        """The same for `integrations.pdf.write_pdf`, in the template "letter"."""
        sections = [{"heading": self.told.heading, "blocks": [paragraph(line) for line in self.told.lines]}]
        sections += [{"heading": part.heading, "blocks": [bullets(part.lines)]} for part in self.parts]
        return {"title": self.title, "facts": [list(fact) for fact in self.facts], "sections": sections} | {
            "footer": self.footer
        }


def write_receipt(receipt: Receipt, *, now: datetime | None = None) -> Paper:
    """The receipt in its reader's language, whoever prints it."""
    now = now or clock.now()
    with in_language(receipt.language):
        number = formats.write_case_number(receipt.number)
        return Paper(
            language=str(receipt.language),
            title=_("Receipt: we have received your case"),
            number=number,
            facts=_facts(receipt, number),
            told=Part(_("What you told us"), tuple(filter(None, (receipt.subject, receipt.text)))),
            parts=(
                Part(_("What happens next"), _next(receipt, now)),
                Part(_("How you follow the case"), _follow(receipt)),
                Part(_("Phone numbers"), _phones(receipt)),
            ),
            footer=f"{settings().landlord_full_name}, {number}",
        )


def _facts(receipt: Receipt, number: str) -> tuple[tuple[str, str], ...]:
    language = str(receipt.language)
    opened = formats.write_moment(receipt.created_at, language)
    if receipt.channel is not None:
        opened = f"{opened}, {label(receipt.channel).lower()}"
    facts = (
        (_("Number of the case"), number),
        (_("Name"), receipt.owner),
        (_("Received"), opened),
        (_("Address"), formats.write_address(receipt.address) if receipt.address else ""),
        (_("Topic"), receipt.topic.get(receipt.language, "")),
        (_("Place"), label(receipt.place) if receipt.place else ""),
        (_("Fault"), label(receipt.fault) if receipt.fault else ""),
    )
    return tuple(fact for fact in facts if fact[1])


def _next(receipt: Receipt, now: datetime) -> tuple[str, ...]:
    """What happens next and by when, as things stand when it is printed."""
    language = str(receipt.language)
    if receipt.outcome is not None:
        return (_("The case is closed: %(outcome)s", outcome=label(receipt.outcome)),)
    if receipt.kind is CaseKind.ENQUIRY:
        return _next_of_message(receipt, formats.write_date(receipt.target_at, language))
    said = []
    reading_at, target = read_by(receipt.created_at), formats.write_date(receipt.target_at, language)
    if receipt.state == DefectState.RECEIVED and now < reading_at:
        day = formats.write_date(reading_at, language)
        said.append(_("Customer service takes up the case by %(day)s and arranges the work.", day=day))
    if receipt.urgency is Urgency.INSPECT:
        said.append(_("We come to look at the place on %(day)s at the latest.", day=target))
    else:
        said.append(_("The target is to have it repaired on %(day)s at the latest.", day=target))
    said.append(_("If we need to ask you something or agree on a time, we contact you."))
    said.append(_("The mechanic shows an identity card. Do not let others in."))
    return tuple(said)


def _next_of_message(receipt: Receipt, day: str) -> tuple[str, ...]:
    """Who answers a message and by when, or that it waits for the resident."""
    if receipt.state == EnquiryState.NEEDS_INFORMATION:
        return (_("We have asked you something. We go on when you have answered."),)
    if receipt.state == EnquiryState.ANSWERED:
        return (_("Customer service has answered. Contact us again if something is still open."),)
    return (
        _("Customer service answers by %(day)s.", day=day),
        _("If we need to ask you something, we contact you."),
    )


def _follow(receipt: Receipt) -> tuple[str, ...]:
    base = settings().base_url
    if receipt.has_account:
        in_portal = _("In the portal: sign in at %(address)s and open the page My matters.", address=base)
    else:
        in_portal = _(
            "In the portal: register at %(address)s. The case is on the page My matters at once.",
            address=base,
        )
    return (_("By phone: call customer service and tell the number of the case."), in_portal)


def _phones(receipt: Receipt) -> tuple[str, ...]:
    found = settings()
    urgent, service = formats.write_phone(found.urgent_phone), formats.write_phone(found.service_phone)
    calls = (
        _("If it gets worse or becomes dangerous, around the clock: %(phone)s", phone=urgent),
        _("If life is in danger: %(phone)s", phone=EMERGENCY),
        _("Customer service, on weekdays %(hours)s: %(phone)s", hours=found.service_hours, phone=service),
    )
    return calls if receipt.kind is CaseKind.DEFECT else calls[-1:]
