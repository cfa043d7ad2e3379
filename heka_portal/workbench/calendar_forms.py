"""The forms by which staff keep the calendar of a building."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms.fields.choices import SelectChoice

from heka_portal.clock import HELSINKI, date_in_helsinki, end_of_day, helsinki, start_of_day
from heka_portal.domain.calendars.queries import written
from heka_portal.domain.calendars.rules import LONGEST, MAX_DETAILS, MAX_PLACE, MAX_TITLE, EventContent
from heka_portal.models.calendars import BuildingEvent
from heka_portal.vocabulary import BuildingEventKind, Language
from heka_portal.web.fields import Needed, Radios, Select, StrippedString, StrippedText, options
from heka_portal.web.labels import label
from heka_portal.web.once import OnceForm
from heka_portal.workbench.fields import ClockField, DayField, KeyField


class EventForm(OnceForm):
    """What happens, when and where, in up to three languages."""

    kind = Radios(_l("Kind"), [Needed(_l("Choose a kind"))], choices=lambda: options(list(BuildingEventKind), label))
    title_fi = StrippedString(_l("Title in Finnish"), [Needed(_l("Write the title in Finnish"))], at_most=MAX_TITLE)
    details_fi = StrippedText(_l("More in Finnish"), at_most=MAX_DETAILS)
    title_sv = StrippedString(_l("Title in Swedish"), at_most=MAX_TITLE)
    details_sv = StrippedText(_l("More in Swedish"), at_most=MAX_DETAILS)
    title_en = StrippedString(_l("Title in English"), at_most=MAX_TITLE)
    details_en = StrippedText(_l("More in English"), at_most=MAX_DETAILS)
    starts_on = DayField(_l("First day"), [Needed(_l("Write the day"))])
    ends_on = DayField(_l("Last day"))
    is_all_day = BooleanField(_l("Whole days, without hours"))
    starts_at = ClockField(_l("Begins at"))
    ends_at = ClockField(_l("Ends at"))
    place = StrippedString(_l("Place in the building or yard"), at_most=MAX_PLACE)
    staircase = Select(_l("Only one staircase"))
    version = KeyField()

    def offer(self, staircases: list[str]) -> None:
        """The staircases that can be chosen."""
        self.staircase.choices = [
            SelectChoice("", _("The whole building")),
            *(SelectChoice(stair, _("Staircase %(stair)s", stair=stair)) for stair in staircases),
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether it can be kept: hours where they are asked for, words with their title, an end after the start."""
        return all((super().validate(extra_validators), self._has_titles(), self._has_times()))

    def _has_titles(self) -> bool:
        bare = [each for each in ("sv", "en") if self[f"details_{each}"].data and not self[f"title_{each}"].data]
        for language in bare:
            self.refuse_at(f"title_{language}", _("Write the title too"))
        return not bare

    def _has_times(self) -> bool:
        if not self.is_all_day.data:
            missing = [name for name in ("starts_at", "ends_at") if self[name].data is None and not self[name].errors]
            for name in missing:
                self.refuse_at(name, _("Write the hour, or choose whole days"))
            if missing or self.starts_at.errors or self.ends_at.errors:
                return False
        if not self.starts_on.data or self.ends_on.errors:
            return False
        begins, ends = self._times()
        if ends <= begins:
            self.refuse_at(
                "ends_on" if self.is_all_day.data or self.ends_on.data else "ends_at", _("It ends after it begins")
            )
        elif ends - begins > LONGEST:
            self.refuse_at("ends_on", _("An event lasts a year at most"))
        return begins < ends <= begins + LONGEST

    def _times(self) -> tuple[datetime, datetime]:
        first: date = self.starts_on.data
        last = self.ends_on.data or first
        if self.is_all_day.data:
            return start_of_day(first), end_of_day(last)
        return _moment(first, self.starts_at.data), _moment(last, self.ends_at.data)

    def to_content(self) -> EventContent:
        """The event as the domain takes it."""
        begins, ends = self._times()
        return EventContent(
            kind=BuildingEventKind(self.kind.data),
            titles=written(*(self[f"title_{language}"].data for language in Language)),
            details=written(*(self[f"details_{language}"].data for language in Language)),
            starts_at=begins,
            ends_at=ends,
            is_all_day=bool(self.is_all_day.data),
            place=self.place.data or None,
            staircase=self.staircase.data or None,
        )


def _moment(day: date, hour: time) -> datetime:
    """A moment in UTC: within one zone Python compares what the clock on the wall says."""
    return datetime.combine(day, hour, HELSINKI).astimezone(UTC)


def filled(event: BuildingEvent) -> dict[str, Any]:
    """What each field shows of an event."""
    last = date_in_helsinki(event.ends_at - timedelta(microseconds=1))
    hours = {"starts_at": event.starts_at, "ends_at": event.ends_at}
    return {
        **{
            name: getattr(event, name)
            for name in ("kind", "is_all_day", "place", "version", *(f"title_{each}" for each in Language))
        },
        **{name: getattr(event, name) for name in (f"details_{each}" for each in Language)},
        **({} if event.is_all_day else {name: helsinki(at).time() for name, at in hours.items()}),
        "staircase": event.staircase or "",
        "starts_on": date_in_helsinki(event.starts_at),
        "ends_on": last if event.is_all_day else date_in_helsinki(event.ends_at),
    }
