"""How the status of a case looks, and what the buttons of its moves say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l

from heka_portal.vocabulary import ClosingReason, DefectState, EnquiryState
from heka_portal.web.labels import CLOSING_REASONS


@dataclass(frozen=True)
class Look:
    """How a status is shown: its words, the tag's tone and its icon; never colour alone."""

    words: Any
    tone: str
    icon: str


#: how a defect's state looks to a resident
DEFECT_LOOKS: Mapping[StrEnum, Look] = {
    DefectState.RECEIVED: Look(_l("Received"), "info", "check"),
    DefectState.TRIAGED: Look(_l("Being handled"), "still", "clock"),
    DefectState.NEEDS_INFORMATION: Look(_l("Waits for your answer"), "you", "alert-circle"),
    DefectState.SCHEDULED: Look(_l("Visit agreed"), "info", "calendar-clock"),
    DefectState.IN_PROGRESS: Look(_l("Being repaired"), "info", "hammers"),
    DefectState.WAITING_PART: Look(_l("Waits for a part"), "still", "box"),
    DefectState.WAITING_CONTRACTOR: Look(_l("Ordered from maintenance"), "still", "clock"),
    DefectState.WAITING_ACCESS: Look(_l("Waits for access to the home"), "you", "key"),
    DefectState.WAITING_SEASON: Look(_l("Waits for the season"), "still", "calendar"),
    DefectState.DONE: Look(_l("Done: check the repair"), "you", "alert-circle"),
    DefectState.CLOSED: Look(_l("Closed"), "still", "check"),
}
#: how a message's state looks to a resident; what a defect has too is said alike
ENQUIRY_LOOKS: Mapping[StrEnum, Look] = {
    EnquiryState.RECEIVED: DEFECT_LOOKS[DefectState.RECEIVED],
    EnquiryState.IN_PROGRESS: Look(_l("Answer under way"), "still", "clock"),
    EnquiryState.NEEDS_INFORMATION: DEFECT_LOOKS[DefectState.NEEDS_INFORMATION],
    EnquiryState.ANSWERED: Look(_l("Answered: read the answer"), "you", "speechbubble-text"),
    EnquiryState.CLOSED: DEFECT_LOOKS[DefectState.CLOSED],
}
#: and to customer service, where another's turn is not "yours"
STAFF_DEFECT_LOOKS: Mapping[StrEnum, Look] = {
    **DEFECT_LOOKS,
    DefectState.RECEIVED: Look(_l("New"), "info", "plus-circle"),
    DefectState.NEEDS_INFORMATION: Look(_l("Waits for the resident"), "still", "clock"),
    DefectState.WAITING_ACCESS: Look(_l("Waits for access to the home"), "still", "key"),
    DefectState.DONE: Look(_l("Done: waits for the resident's check"), "still", "check"),
}
STAFF_ENQUIRY_LOOKS: Mapping[StrEnum, Look] = {
    **ENQUIRY_LOOKS,
    EnquiryState.RECEIVED: STAFF_DEFECT_LOOKS[DefectState.RECEIVED],
    EnquiryState.NEEDS_INFORMATION: STAFF_DEFECT_LOOKS[DefectState.NEEDS_INFORMATION],
    EnquiryState.ANSWERED: Look(_l("Answered"), "still", "check"),
}
#: of any kind, by the state's code
LOOKS: Mapping[str, Look] = dict((*DEFECT_LOOKS.items(), *ENQUIRY_LOOKS.items()))
STAFF_LOOKS: Mapping[str, Look] = dict((*STAFF_DEFECT_LOOKS.items(), *STAFF_ENQUIRY_LOOKS.items()))
CLOSING_LOOKS: Mapping[StrEnum, Look] = {
    ClosingReason.FIXED: Look(CLOSING_REASONS[ClosingReason.FIXED], "good", "check-circle"),
    ClosingReason.FIXED_UNCONFIRMED: Look(CLOSING_REASONS[ClosingReason.FIXED_UNCONFIRMED], "good", "check-circle"),
    ClosingReason.DUPLICATE: Look(CLOSING_REASONS[ClosingReason.DUPLICATE], "still", "copy"),
    ClosingReason.NOT_LANDLORDS: Look(CLOSING_REASONS[ClosingReason.NOT_LANDLORDS], "still", "info-circle"),
    ClosingReason.RESIDENT_PAYS: Look(CLOSING_REASONS[ClosingReason.RESIDENT_PAYS], "still", "euro-sign"),
    ClosingReason.WITHDRAWN: Look(CLOSING_REASONS[ClosingReason.WITHDRAWN], "still", "arrow-undo"),
    ClosingReason.CANCELLED: Look(CLOSING_REASONS[ClosingReason.CANCELLED], "still", "cross-circle"),
    ClosingReason.ANSWERED: Look(CLOSING_REASONS[ClosingReason.ANSWERED], "good", "check-circle"),
    ClosingReason.MOVED_TO_DEFECT: Look(CLOSING_REASONS[ClosingReason.MOVED_TO_DEFECT], "still", "hammers"),
    ClosingReason.NO_ANSWER_NEEDED: Look(CLOSING_REASONS[ClosingReason.NO_ANSWER_NEEDED], "still", "check"),
}
#: the buttons of moves, by the move's name
MOVES: Mapping[str, Any] = {
    "triage": _l("Take up"),
    "ask": _l("Ask the resident"),
    "inform": _l("Answer"),
    "schedule": _l("Agree on a visit"),
    "order": _l("Order from maintenance"),
    "start": _l("Start the work"),
    "await_part": _l("Wait for a part"),
    "await_access": _l("Wait for access"),
    "await_season": _l("Wait for the season"),
    "finish": _l("Mark as done"),
    "confirm": _l("Fixed"),
    "partly_fixed": _l("Partly fixed"),
    "not_fixed": _l("Not fixed"),
    "lapse": _l("No answer in 14 days"),
    "reopen": _l("Open again"),
    "close_duplicate": _l("Close as a duplicate"),
    "close_not_landlords": _l("Close: not Heka's duty"),
    "close_resident_pays": _l("Close: the resident pays"),
    "cancel": _l("Cancel the case"),
    "withdraw": _l("Withdraw the notification"),
    "take_up": _l("Take it to be answered"),
    "answer": _l("Answer the message"),
    "ask_more": _l("Ask for more"),
    "write_more": _l("Write more"),
    "settle": _l("Close as answered"),
    "to_defect": _l("Turn into a defect notification"),
    "close_unneeded": _l("Close: no answer needed"),
    "rest": _l("Nobody wrote in 14 days"),
}


def case_look(state: str, outcome: ClosingReason | None, *, for_staff: bool = False) -> Look:
    """How a case's status is shown: a closed one shows its outcome, never just "closed"."""
    if outcome is not None:
        return CLOSING_LOOKS[outcome]
    return (STAFF_LOOKS if for_staff else LOOKS)[state]


def move_label(name: str) -> str:
    """The words of a move's button."""
    return str(MOVES[name])


def init_app(app: Flask) -> None:
    """Give the looks to Jinja."""
    app.add_template_filter(move_label, "move_label")
    app.add_template_global(case_look, "case_look")
