"""The forms of those who write notices: the whole notice, and the buttons that tell it or take it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField
from wtforms.fields.choices import SelectChoice

from heka_portal.clock import HELSINKI, date_in_helsinki, end_of_day, helsinki, start_of_day
from heka_portal.domain.homes.queries import RegionLine
from heka_portal.domain.notices.places import TypedPlaces, find_places
from heka_portal.domain.notices.rules import EVERYWHERE, MAX_BODY, MAX_TITLE, Content, Place, Words
from heka_portal.vocabulary import Language, LeaseTerm, NoticeKind
from heka_portal.web.fields import (
    Checkboxes,
    Needed,
    Radios,
    Select,
    StrippedString,
    StrippedText,
    options,
)
from heka_portal.web.forms import PortalForm
from heka_portal.web.i18n import current_language
from heka_portal.web.labels import label
from heka_portal.web.once import LimitedFiles, fresh_key
from heka_portal.workbench.fields import ClockField, DayField, KeyField
from heka_portal.workbench.forms import LONGEST_KEY

EVERYONE, REGIONS, BUILDINGS = "everyone", "regions", "buildings"
#: a day without an hour begins in the morning, and a thing that happens without an end has none
MORNING = time(8)

REFUSALS: dict[str, Any] = {
    "words": _l("Write the notice in at least one language"),
    "places": _l("Choose whom it is for"),
    "happens_from": _l("A meeting needs its day and hour"),
    "visible_to": _l("The last day comes after the first one"),
    "too_long": _l("A notice is shown for a year at most"),
}


def at(day: date | None, hour: time | None, otherwise: time) -> datetime | None:
    """A moment in Helsinki of a day and an hour."""
    return datetime.combine(day, hour or otherwise, HELSINKI) if day else None


class NoticeForm(PortalForm):
    """A notice in up to three languages, whom it is for, and when it is shown."""

    kind = Radios(_l("Kind"), [Needed(_l("Choose a kind"))], choices=lambda: options(list(NoticeKind), label))
    title_fi = StrippedString(_l("Title in Finnish"), at_most=MAX_TITLE)
    body_fi = StrippedText(_l("Text in Finnish"), at_most=MAX_BODY)
    title_sv = StrippedString(_l("Title in Swedish"), at_most=MAX_TITLE)
    body_sv = StrippedText(_l("Text in Swedish"), at_most=MAX_BODY)
    title_en = StrippedString(_l("Title in English"), at_most=MAX_TITLE)
    body_en = StrippedText(_l("Text in English"), at_most=MAX_BODY)
    scope = Radios(_l("For whom"), [Needed(REFUSALS["places"])])
    regions = Checkboxes(_l("Regions"))
    buildings = StrippedText(_l("Buildings and staircases"), at_most=4000)
    lease_term = Select(_l("Only homes whose lease is"))
    main_tenants_only = BooleanField(_l("Only main tenants"))
    happens_on = DayField(_l("Happens on"))
    happens_at = ClockField(_l("Begins at"))
    happens_until = ClockField(_l("Ends at"))
    from_on = DayField(_l("Shown from"))
    from_at = ClockField(_l("From what hour"))
    to_on = DayField(_l("Last day shown"))
    is_urgent = BooleanField(_l("Urgent: first on the home page, and a mail that cannot be refused"))
    is_pinned = BooleanField(_l("Pinned: above the other notices"))
    asks_acknowledgement = BooleanField(_l("Ask each reader to confirm that they have read it"))
    files = LimitedFiles(_l("Pictures or PDF files"))
    files_language = Select(_l("Language of the files"))
    version = KeyField()
    form_key = HiddenField(default=fresh_key)

    def offer(self, regions: Sequence[RegionLine], *, may_all: bool) -> None:
        """What can be chosen: whole regions and everybody only by those who may write to all."""
        scopes = [(BUILDINGS, _("Buildings or staircases"))]
        if may_all:
            scopes = [(EVERYONE, _("Everybody")), (REGIONS, _("Whole regions")), *scopes]
        self.scope.choices = [SelectChoice(value, words) for value, words in scopes]
        self.regions.choices = [SelectChoice(str(each.id), each.name(current_language())) for each in regions]
        self.lease_term.choices = [SelectChoice("", _("any")), *options(list(LeaseTerm), label)]
        self.files_language.choices = [SelectChoice("", _("All languages")), *options(list(Language), label)]

    @property
    def key(self) -> str | None:
        """The one-time key, if it can be one."""
        key = self.form_key.data
        return key if key and len(key) <= LONGEST_KEY else None

    @property
    def words(self) -> dict[Language, Words]:
        """What is written, by language."""
        pairs = {each: (self[f"title_{each}"].data, self[f"body_{each}"].data) for each in Language}
        return {each: Words(title, body) for each, (title, body) in pairs.items() if title and body}

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether it can be kept: each language whole, and places that there are."""
        return all((super().validate(extra_validators), self._has_words(), self._has_places(), self._has_times()))

    def _has_words(self) -> bool:
        halves = [
            (half, language)
            for language in Language
            for half, other in (("title", "body"), ("body", "title"))
            if self[f"{other}_{language}"].data and not self[f"{half}_{language}"].data
        ]
        for half, language in halves:
            self.refuse_at(
                f"{half}_{language}", _("Write the title too") if half == "title" else _("Write the text too")
            )
        if not halves and not self.words:
            self.refuse_at("title_fi", REFUSALS["words"])
            return False
        return not halves

    @cached_property
    def _found(self) -> TypedPlaces:
        """The typed buildings and staircases, looked up once for the check and for what is kept."""
        return find_places(self.buildings.data or "")

    def _has_places(self) -> bool:
        if self.scope.data == REGIONS and not self.regions.data:
            self.refuse_at("regions", _("Choose at least one region"))
            return False
        if self.scope.data != BUILDINGS:
            return True
        found = self._found
        if found.unknown:
            self.refuse_at("buildings", _("We do not know this building or staircase: %(line)s", line=found.unknown[0]))
        elif not found.places:
            self.refuse_at("buildings", _("Write the address of at least one building"))
        return bool(found.places) and not found.unknown

    def _has_times(self) -> bool:
        content = self._times()
        if content[1] and content[0] and content[1] <= content[0]:
            self.refuse_at("to_on", REFUSALS["visible_to"])
            return False
        if content[3] and content[2] and content[3] <= content[2]:
            self.refuse_at("happens_until", _("It ends after it begins"))
            return False
        return True

    def _times(self) -> tuple[datetime | None, datetime | None, datetime | None, datetime | None]:
        happens_from = at(self.happens_on.data, self.happens_at.data, MORNING)
        happens_to = at(self.happens_on.data, self.happens_until.data, MORNING) if self.happens_until.data else None
        return (
            at(self.from_on.data, self.from_at.data, MORNING),
            end_of_day(self.to_on.data) if self.to_on.data else None,
            happens_from,
            happens_to,
        )

    def _places(self) -> tuple[Place, ...]:
        if self.scope.data == EVERYONE:
            return (EVERYWHERE,)
        if self.scope.data == REGIONS:
            return tuple(Place(region_id=int(each)) for each in self.regions.data or ())
        return self._found.places

    def to_content(self) -> Content:
        """The notice as the domain takes it."""
        visible_from, visible_to, happens_from, happens_to = self._times()
        return Content(
            kind=NoticeKind(self.kind.data),
            words=self.words,
            places=self._places(),
            visible_from=visible_from,
            visible_to=visible_to,
            happens_from=happens_from,
            happens_to=happens_to,
            is_pinned=self.is_pinned.data,
            is_urgent=self.is_urgent.data,
            asks_acknowledgement=self.asks_acknowledgement.data,
            lease_term=LeaseTerm(self.lease_term.data) if self.lease_term.data else None,
            main_tenants_only=self.main_tenants_only.data,
        )

    @property
    def files_are_in(self) -> Language | None:
        """The language of the files that are added."""
        return Language(self.files_language.data) if self.files_language.data else None


@dataclass(frozen=True)
class Filled:
    """The data of a form that is drawn from a notice."""

    content: Content
    typed_places: str
    version: int

    def data(self) -> dict[str, Any]:
        """What each field shows."""
        content = self.content
        words: dict[str, str] = {}
        for language, each in content.words.items():
            words |= {f"title_{language}": each.title, f"body_{language}": each.body}
        return words | {
            "kind": content.kind,
            "scope": _scope(content.places),
            "regions": [str(place.region_id) for place in content.places if place.region_id is not None],
            "buildings": self.typed_places,
            "lease_term": content.lease_term or "",
            "main_tenants_only": content.main_tenants_only,
            **_shown("happens_on", "happens_at", content.happens_from),
            "happens_until": helsinki(content.happens_to).time() if content.happens_to else None,
            **_shown("from_on", "from_at", content.visible_from),
            "to_on": _last_day(content.visible_to),
            "is_urgent": content.is_urgent,
            "is_pinned": content.is_pinned,
            "asks_acknowledgement": content.asks_acknowledgement,
            "version": self.version,
        }


def _scope(places: Sequence[Place]) -> str | None:
    if not places:
        return None
    if any(place.is_everywhere for place in places):
        return EVERYONE
    return REGIONS if any(place.region_id is not None for place in places) else BUILDINGS


def _shown(day: str, hour: str, moment: datetime | None) -> dict[str, Any]:
    return {
        day: date_in_helsinki(moment) if moment else None,
        hour: helsinki(moment).time() if moment else None,
    }


def _last_day(ends: datetime | None) -> date | None:
    """The last day on which it is shown: the end itself is the first moment without it."""
    if ends is None:
        return None
    day = date_in_helsinki(ends)
    return date.fromordinal(day.toordinal() - 1) if start_of_day(day) == ends else day
