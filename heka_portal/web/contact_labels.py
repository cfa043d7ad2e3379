"""Words for codes of what stands beside the portal: how a case was told, and the texts of the landlord."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from heka_portal.vocabulary import Channel, TextKind

CHANNELS: Mapping[StrEnum, Any] = {
    Channel.PHONE: _l("By phone"),
    Channel.DESK: _l("At the desk"),
    Channel.LETTER: _l("By letter"),
}
TEXT_KINDS: Mapping[StrEnum, Any] = {
    TextKind.PRIVACY: _l("Privacy notice"),
    TextKind.TERMS: _l("Terms of use"),
}
TABLES: Mapping[type[StrEnum], Mapping[StrEnum, Any]] = {Channel: CHANNELS, TextKind: TEXT_KINDS}
