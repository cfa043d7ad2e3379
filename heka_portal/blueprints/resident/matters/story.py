"""The timeline in a resident's words: what people wrote, and a line for each step that followed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from heka_portal.blueprints.resident.sentences import fill
from heka_portal.blueprints.resident.shown import ShownFiles, show_files
from heka_portal.domain.cases.timeline import Entry
from heka_portal.vocabulary import CaseKind, Channel, DefectState, Part, Verb
from heka_portal.web.filters import due, slot
from heka_portal.web.formats import write_case_number, write_money
from heka_portal.web.i18n import current_language
from heka_portal.web.labels import label


@dataclass(frozen=True)
class Line:
    """A line of the page: a message has a text or files, a step has only its words."""

    words: str | Markup
    at: datetime
    icon: str
    tone: str | None = None
    text: str | None = None
    files: ShownFiles = field(default_factory=ShownFiles)
    is_mine: bool = False
    id: str | None = None

    @property
    def is_message(self) -> bool:
        """Whether somebody wrote or sent something."""
        return bool(self.text or self.files)


@dataclass(frozen=True)
class StepWords:
    """How a move is told: to its owner, to others who take part, its icon and tone."""

    own: Any
    others: Any
    icon: str
    tone: str | None = None


def _told(words: Any, icon: str, tone: str | None = None, *, others: Any = None) -> StepWords:
    return StepWords(words, others or words, icon, tone)


STEPS: dict[str, StepWords] = {
    "triage": _told(_l("Customer service took up the matter"), "check", "good"),
    "order": _told(_l("Ordered from maintenance"), "clock", "info"),
    "schedule": _told(_l("Visit agreed: %(visit)s"), "calendar-clock", "info"),
    "ask": _told(_l("Waits for your answer"), "alert-circle", "you", others=_l("Waits for an answer")),
    "start": _told(_l("The repair began"), "hammers", "info"),
    "await_part": _told(_l("Waits for a part. We look at it again by %(day)s"), "box"),
    "await_access": _told(_l("Waits until maintenance can get in"), "key", "you"),
    "await_season": _told(_l("Waits for the season. We look at it again by %(day)s"), "calendar"),
    "finish": _told(
        _l("The repair is done and waits for your answer"),
        "alert-circle",
        "you",
        others=_l("The repair is done and waits for a check"),
    ),
    "confirm": _told(_l("You answered: fixed"), "check-circle", "good", others=_l("Checked: fixed")),
    "partly_fixed": _told(
        _l("You answered: partly fixed. The matter is open again"),
        "minus-circle",
        others=_l("Checked: partly fixed. The matter is open again"),
    ),
    "not_fixed": _told(
        _l("You answered: not fixed. The matter is open again"),
        "cross-circle",
        others=_l("Checked: not fixed. The matter is open again"),
    ),
    "lapse": _told(_l("Closed as fixed: nobody answered in 14 days"), "check-circle"),
    "reopen": _told(_l("You opened the matter again"), "arrow-undo", "info", others=_l("The matter was opened again")),
    "close_duplicate": _told(_l("Closed: the same defect is handled in another matter"), "copy"),
    "close_not_landlords": _told(_l("Closed: not Heka's duty"), "info-circle"),
    "close_resident_pays": _told(_l("Closed: the resident pays%(price)s"), "euro-sign"),
    "cancel": _told(_l("Cancelled by customer service"), "cross-circle"),
    "withdraw": _told(_l("You withdrew the notification"), "arrow-undo", others=_l("Withdrawn")),
    "take_up": _told(_l("Customer service took up the matter"), "check", "good"),
    "answer": _told(_l("Customer service answered"), "speechbubble-text", "good"),
    "ask_more": _told(_l("Waits for your answer"), "alert-circle", "you", others=_l("Waits for an answer")),
    "settle": _told(_l("You closed the matter as answered"), "check-circle", others=_l("Closed: answered")),
    "to_defect": _told(_l("Moved to the defect notification %(number)s"), "hammers", "info"),
    "close_unneeded": _told(
        _l("You closed the matter: no answer needed"), "check-circle", others=_l("Closed: no answer needed")
    ),
    "rest": _told(_l("Closed as answered: nobody wrote in 14 days"), "check-circle"),
}
#: how a case of each kind began
BEGAN: dict[CaseKind, Any] = {
    CaseKind.DEFECT: _l("The report was received"),
    CaseKind.ENQUIRY: _l("The message was received"),
}


#: how a case began that customer service opened for its owner
OPENED: Mapping[Channel, Any] = {
    Channel.PHONE: _l("Opened by customer service on the phone"),
    Channel.DESK: _l("Opened by customer service at the desk"),
    Channel.LETTER: _l("Opened by customer service from a letter"),
}


def tell(entries: Sequence[Entry], *, is_own: bool, kind: CaseKind = CaseKind.DEFECT) -> list[Line]:
    """The lines of the page, oldest first."""
    return [line for entry in entries for line in _lines(entry, is_own, kind)]


def _lines(entry: Entry, is_own: bool, kind: CaseKind) -> Iterator[Line]:
    files = show_files(entry.files)
    if entry.text or files:
        yield Line(
            _who(entry),
            entry.at,
            _icon(entry),
            text=entry.text,
            files=files,
            is_mine=entry.is_mine,
            id=f"event-{entry.id}",
        )
    if entry.verb is Verb.OPENED:
        if (number := entry.data.get("from_number")) is not None:
            yield Line(fill(_("It was made of the message %(number)s"), number=_to(number)), entry.at, "speechbubble")
        channel = entry.data.get("channel")
        yield Line(str(OPENED[Channel(channel)] if channel else BEGAN[kind]), entry.at, "check", "good")
    elif entry.verb is Verb.TOPIC_CHANGED:
        topic = entry.data["topic"][current_language()]
        yield Line(fill(_("Moved to another topic: %(topic)s"), topic=topic), entry.at, "refresh", "info")
    elif entry.verb is Verb.ACCESS_CHANGED:
        yield Line(_("The facts about access to the home were changed"), entry.at, "key")
    elif entry.verb is Verb.MOVED and entry.move in STEPS:
        step = STEPS[entry.move]
        is_turn = is_own and step.tone == "you"
        words = str(step.own if entry.is_mine or is_turn else step.others)
        yield Line(fill(words, **_details(entry.data)), entry.at, step.icon, step.tone if is_own else None)


def _details(data: Any) -> dict[str, Markup | str]:
    """What the words of a step need: the visit, the day, the price."""
    visit_from, visit_to, day = (data.get(name) for name in ("visit_from", "visit_to", "look_again_on"))
    price, other = data.get("price_cents"), data.get("other_number")
    return {
        "number": _to(other) if other else "",
        "visit": slot(datetime.fromisoformat(visit_from), datetime.fromisoformat(visit_to)) if visit_from else "",
        "day": due(date.fromisoformat(day)) if day else "",
        "price": f", {write_money(price)}" if price else "",
    }


def _to(number: int) -> Markup:
    """The way to another case."""
    return Markup('<a href="{}" class="hp-num">{}</a>').format(
        url_for("resident.matters.show", number=number), write_case_number(number)
    )


def _who(entry: Entry) -> str:
    if entry.is_mine:
        return _("You")
    part = label(entry.part)
    if entry.who is None:
        return part[:1].upper() + part[1:]
    return f"{entry.who}, {part}" if entry.part is Part.CLERK else entry.who


_ICONS: dict[Part, str] = {Part.CLERK: "speechbubble-text", Part.CONTRACTOR: "hammers"}


def _icon(entry: Entry) -> str:
    return _ICONS.get(entry.part, "user")


def closing_rule(entries: Sequence[Entry]) -> int | None:
    """The rule that the last closing rests on."""
    last = next((entry for entry in reversed(entries) if entry.to_state == DefectState.CLOSED), None)
    return last.data.get("rule_id") if last else None
