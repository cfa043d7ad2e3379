"""Form fields of the workbench: a day, a time of day, a price and a case number, typed as people type them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, time
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField
from wtforms.widgets import DateInput, TimeInput

from heka_portal.domain.cases.rules import FIRST_NUMBER, LAST_NUMBER
from heka_portal.web.addresses import as_key
from heka_portal.web.fields import clean_line

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_WRITTEN = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2})(?:[.:](\d{2}))?", re.ASCII)
_PRICE = re.compile(r"(\d{1,6})(?:[.,](\d{1,2}))?", re.ASCII)


class TypedField(StringField):
    """A line of text that is read into a value; what was typed stays in the field."""

    complaint: Any = _l("Check this answer")

    def __init__(self, label: Any = None, validators: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)

    def read(self, typed: str) -> Any:
        """The value of what was typed, none where it cannot be read."""
        raise NotImplementedError

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the value. Raises ValueError with the sentence that says how to mend it."""
        typed = clean_line(valuelist[0]) if valuelist else ""
        self.data = None
        if not typed:
            return
        self.data = self.read(typed)
        if self.data is None:
            raise ValueError(str(self.complaint))

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else self.write(self.data)

    def write(self, value: Any) -> str:
        """The value as the field shows it."""
        return "" if value is None else str(value)


class DayField(TypedField):
    """A date: from the browser's own control, or typed as 27.11.2026."""

    widget = DateInput()  # type: ignore[assignment] # WTForms' own way, typed too narrowly
    complaint = _l("Check the date. Write for example 27.11.2026")

    def read(self, typed: str) -> date | None:
        found = _ISO.fullmatch(typed)
        parts = found.groups() if found else None
        if parts is None and (found := _WRITTEN.fullmatch(typed)):
            parts = tuple(reversed(found.groups()))
        try:
            return date(*(int(part) for part in parts)) if parts else None
        except ValueError:
            return None

    def write(self, value: date | None) -> str:
        return value.isoformat() if value else ""


class ClockField(TypedField):
    """A time of day: from the browser's own control, or typed as 8 or 8.30."""

    widget = TimeInput()  # type: ignore[assignment] # as above
    complaint = _l("Check the time. Write for example 8.30")

    def read(self, typed: str) -> time | None:
        found = _CLOCK.fullmatch(typed)
        if found is None:
            return None
        hour, minute = int(found[1]), int(found[2] or 0)
        return time(hour, minute) if hour < 24 and minute < 60 else None

    def write(self, value: time | None) -> str:
        return value.strftime("%H:%M") if value else ""


class PriceField(TypedField):
    """An amount in euros, kept in cents."""

    complaint = _l("Check the amount. Write for example 120,50")

    def read(self, typed: str) -> int | None:
        found = _PRICE.fullmatch(typed.replace(" ", "").replace("\u00a0", "").removesuffix("€"))
        return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0")) if found else None

    def write(self, value: int | None) -> str:
        return "" if value is None else f"{value // 100},{value % 100:02d}"


class CaseNumberField(TypedField):
    """A case number, with or without its spaces."""

    complaint = _l("A case number has nine digits, for example 482 719 306")

    def read(self, typed: str) -> int | None:
        digits = re.sub(r"\s", "", typed)
        if not re.fullmatch(r"\d{9}", digits, re.ASCII):
            return None
        return int(digits) if FIRST_NUMBER <= int(digits) <= LAST_NUMBER else None


class KeyField(HiddenField):
    """A hidden whole number of ours; none where something else was sent."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the number."""
        self.data = as_key(valuelist[0]) if valuelist else None

    def _value(self) -> str:
        return "" if self.data is None else str(self.data)
