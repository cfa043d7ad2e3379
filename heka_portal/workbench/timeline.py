"""The timeline of a case as customer service and contractors read it: what each line says, its icon and its tone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from heka_portal.clock import today
from heka_portal.domain.cases.facts import Named, RuleText, name_all
from heka_portal.domain.cases.timeline import Entry
from heka_portal.models.defects import UpkeepRule
from heka_portal.vocabulary import Channel, Part, Urgency, Verb
from heka_portal.web import formats
from heka_portal.web.i18n import current_language
from heka_portal.web.labels import label
from heka_portal.web.looks import move_label

RESIDENTS = frozenset({Part.OWNER, Part.HOUSEHOLD, Part.FOLLOWER})


@dataclass(frozen=True)
class Look:
    """Icon and tone of a line."""

    icon: str
    tone: str | None = None


LOOKS: Mapping[str, Look] = {
    "triage": Look("check"),
    "order": Look("hammers", "info"),
    "schedule": Look("calendar-clock", "info"),
    "ask": Look("speechbubble-text", "info"),
    "inform": Look("speechbubble", "you"),
    "start": Look("hammers", "info"),
    "await_part": Look("box"),
    "await_access": Look("key"),
    "await_season": Look("calendar"),
    "finish": Look("check-circle", "good"),
    "confirm": Look("check-circle", "good"),
    "partly_fixed": Look("minus-circle", "you"),
    "not_fixed": Look("cross-circle", "you"),
    "lapse": Look("clock"),
    "reopen": Look("arrow-undo", "you"),
    "close_duplicate": Look("copy"),
    "close_not_landlords": Look("info-circle"),
    "close_resident_pays": Look("euro-sign"),
    "cancel": Look("cross-circle"),
    "withdraw": Look("arrow-undo"),
    "take_up": Look("check"),
    "answer": Look("speechbubble-text", "good"),
    "ask_more": Look("speechbubble-text", "info"),
    "write_more": Look("speechbubble", "you"),
    "settle": Look("check-circle", "good"),
    "to_defect": Look("hammers", "info"),
    "close_unneeded": Look("check-circle"),
    "rest": Look("clock"),
    Verb.TOPIC_CHANGED: Look("refresh", "info"),
    Verb.SENSITIVITY_CHANGED: Look("shield"),
    Verb.OPENED: Look("plus-circle", "info"),
    Verb.NOTED: Look("lock", "note"),
    Verb.ASSIGNED: Look("user"),
    Verb.URGENCY_CHANGED: Look("alert-circle"),
    Verb.ACCESS_CHANGED: Look("key"),
    Verb.FOLLOWED: Look("eye"),
    Verb.UNFOLLOWED: Look("eye"),
}
_BY_PART = {Part.CLERK: Look("speechbubble-text"), Part.CONTRACTOR: Look("hammers")}
_RESIDENT = Look("user", "you")


@dataclass(frozen=True)
class TimelineLine:
    """A line as the page shows it: the headline, who did it, and what was written."""

    entry: Entry
    headline: str
    who: str | None
    look: Look
    is_by_resident: bool


def read_timeline(entries: Sequence[Entry]) -> list[TimelineLine]:
    """The lines of a timeline, the names in them looked up at once."""
    named = name_all(
        staff_ids=_ids(entries, "staff_id"),
        contractor_ids=_ids(entries, "contractor_id"),
        rule_ids=_ids(entries, "rule_id"),
    )
    return [_to_line(entry, named) for entry in entries]


def _ids(entries: Sequence[Entry], name: str) -> set[int]:
    return {entry.data[name] for entry in entries if entry.data.get(name) is not None}


def _to_line(entry: Entry, named: Named) -> TimelineLine:
    who = entry.who or label(entry.part)
    headline = _headline(entry, named)
    is_by_resident = entry.part in RESIDENTS
    look = LOOKS.get(entry.move or entry.verb) or (_RESIDENT if is_by_resident else _BY_PART.get(entry.part, _RESIDENT))
    if headline is None:
        return TimelineLine(entry, who, None, look, is_by_resident)
    return TimelineLine(entry, headline, who, look, is_by_resident)


def _headline(entry: Entry, named: Named) -> str | None:
    """What happened; none where the writer's name says it: a message, a note."""
    if entry.verb in {Verb.SAID, Verb.NOTED}:
        return None
    if entry.move is not None:
        say = _MOVES.get(entry.move)
        return say(entry.data, named) if say else move_label(entry.move)
    return _VERBS[entry.verb](entry.data, named)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _visit(data: Mapping[str, Any], _named: Named) -> str:
    begins, ends = _moment(data["visit_from"]), _moment(data["visit_to"])
    language = current_language()
    day = formats.write_due(begins, language, today=today())
    return _("Visit agreed: %(day)s %(hours)s", day=day, hours=formats.write_hours(begins, ends, language))


def _order(data: Mapping[str, Any], named: Named) -> str:
    return _("Ordered from maintenance: %(company)s", company=named.contractors.get(data["contractor_id"], ""))


def _look_again(sentence: str, data: Mapping[str, Any]) -> str:
    day = date.fromisoformat(data["look_again_on"])
    again = _("Looked at again by %(day)s.", day=formats.write_due(day, current_language(), today=today()))
    return f"{sentence} {again}"


def _duplicate(data: Mapping[str, Any], _named: Named) -> str:
    number = formats.write_case_number(data["other_number"])
    return _("Closed: a duplicate of %(number)s", number=number)


def rule_text(rule: UpkeepRule | RuleText) -> str:
    """A rule of upkeep in the reader's language."""
    return str(getattr(rule, f"text_{current_language()}"))


def _by_rule(sentence: str, data: Mapping[str, Any], named: Named) -> str:
    rule = named.rules.get(data["rule_id"])
    price = data.get("price_cents")
    parts = [sentence, rule_text(rule) if rule else None, formats.write_money(price) if price else None]
    return " ".join(part for part in parts if part)


def _assigned(data: Mapping[str, Any], named: Named) -> str:
    if data.get("staff_id") is None:
        return _("Nobody handles this now")
    return _("Given to %(name)s", name=named.staff.get(data["staff_id"], ""))


def _opened(data: Mapping[str, Any], _named: Named) -> str:
    channel = data.get("channel")
    if "from_number" in data:
        return _("Made of the message %(number)s", number=formats.write_case_number(data["from_number"]))
    if channel is None:
        return _("Received")
    return _("Opened for the resident: %(channel)s", channel=label(Channel(channel)).lower())


def _urgency(data: Mapping[str, Any], _named: Named) -> str:
    before, after = label(Urgency(data["from"])), label(Urgency(data["to"]))
    return _("Urgency changed: %(before)s, now %(after)s", before=before, after=after)


Say = Callable[[Mapping[str, Any], Named], str]
_MOVES: Mapping[str, Say] = {
    "triage": lambda _data, _named: _("Taken up"),
    "order": _order,
    "schedule": _visit,
    "ask": lambda _data, _named: _("Asked the resident"),
    "inform": lambda _data, _named: _("The resident answered"),
    "start": lambda _data, _named: _("Work began"),
    "await_part": lambda data, _named: _look_again(_("Waits for a part."), data),
    "await_access": lambda _data, _named: _("Waits for access to the home"),
    "await_season": lambda data, _named: _look_again(_("Waits for the season."), data),
    "finish": lambda _data, _named: _("Marked as done, the resident checks it"),
    "confirm": lambda _data, _named: _("Closed: fixed"),
    "partly_fixed": lambda _data, _named: _("Answer: fixed partly. Opened again"),
    "not_fixed": lambda _data, _named: _("Answer: not fixed. Opened again"),
    "lapse": lambda _data, _named: _("Closed: fixed, no answer in 14 days"),
    "reopen": lambda _data, _named: _("Opened again"),
    "close_duplicate": _duplicate,
    "close_not_landlords": lambda data, named: _by_rule(_("Closed: not Heka's duty."), data, named),
    "close_resident_pays": lambda data, named: _by_rule(_("Closed: the resident pays."), data, named),
    "cancel": lambda _data, _named: _("Closed: cancelled"),
    "withdraw": lambda _data, _named: _("Withdrawn by the resident"),
    "take_up": lambda _data, _named: _("Taken to be answered"),
    "answer": lambda _data, _named: _("Answered"),
    "ask_more": lambda _data, _named: _("Asked the resident"),
    "write_more": lambda _data, _named: _("The resident wrote more"),
    "settle": lambda _data, _named: _("Closed: answered"),
    "to_defect": lambda data, _named: _(
        "Closed: moved to the defect notification %(number)s", number=formats.write_case_number(data["other_number"])
    ),
    "close_unneeded": lambda _data, _named: _("Closed: no answer needed"),
    "rest": lambda _data, _named: _("Closed: answered, nobody wrote in 14 days"),
}
_VERBS: Mapping[Verb, Say] = {
    Verb.TOPIC_CHANGED: lambda data, _named: _(
        "Moved to another topic: %(topic)s", topic=data["topic"][current_language()]
    ),
    Verb.SENSITIVITY_CHANGED: lambda data, _named: (
        _("Marked as sensitive") if data["is_sensitive"] else _("No longer marked as sensitive")
    ),
    Verb.OPENED: _opened,
    Verb.ANSWERED: lambda _data, _named: _("Answered"),
    Verb.MOVED: lambda _data, _named: _("Moved on"),
    Verb.ASSIGNED: _assigned,
    Verb.URGENCY_CHANGED: _urgency,
    Verb.ACCESS_CHANGED: lambda _data, _named: _("Access to the home was changed"),
    Verb.FOLLOWED: lambda _data, _named: _("Follows this case"),
    Verb.UNFOLLOWED: lambda _data, _named: _("No longer follows this case"),
}
