"""The words of the codes of charges and invoices; `labels.py` takes them in."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from heka_portal.vocabulary import ChargeKind, InvoiceKind

CHARGE_KINDS: Mapping[StrEnum, Any] = {
    ChargeKind.RENT: _l("Rent"),
    ChargeKind.WATER_ADVANCE: _l("Water, in advance"),
    ChargeKind.PARKING: _l("Parking space"),
    ChargeKind.CHARGING: _l("Charging of a car"),
    ChargeKind.SAUNA: _l("Sauna turn"),
}
INVOICE_KINDS: Mapping[StrEnum, Any] = {
    InvoiceKind.RENT: _l("Rent"),
    InvoiceKind.WATER_ADVANCE: _l("Water, in advance"),
    InvoiceKind.WATER_BALANCE: _l("Water, by the meter"),
    InvoiceKind.PARKING: _l("Parking space"),
    InvoiceKind.CHARGING: _l("Charging of a car"),
    InvoiceKind.SAUNA: _l("Sauna turn"),
    InvoiceKind.LAUNDRY: _l("Laundry room"),
    InvoiceKind.DOOR_OPENING: _l("Opening of a door"),
    InvoiceKind.KEY: _l("Key"),
    InvoiceKind.DAMAGE: _l("Damage"),
    InvoiceKind.LATE_INTEREST: _l("Interest on late payment"),
    InvoiceKind.REMINDER: _l("Reminder of a payment"),
    InvoiceKind.COLLECTION: _l("Collection"),
    InvoiceKind.CREDIT: _l("Credit"),
}
TABLES: Mapping[type[StrEnum], Mapping[StrEnum, Any]] = {ChargeKind: CHARGE_KINDS, InvoiceKind: INVOICE_KINDS}
