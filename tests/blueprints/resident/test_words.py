"""The sentences and the line of steps, for every state a case can be in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

import pytest
from flask import Flask

from heka_portal import clock
from heka_portal.blueprints.resident.defect_words import is_late
from heka_portal.blueprints.resident.matters.enquiry_progress import steps_of as steps_of_message
from heka_portal.blueprints.resident.matters.progress import steps_of
from heka_portal.blueprints.resident.matters.story import STEPS, tell
from heka_portal.blueprints.resident.words import fill, next_step, target_words, turn_of, what_follows
from heka_portal.clock import now
from heka_portal.domain.cases.deadlines import Target
from heka_portal.domain.cases.timeline import Entry
from heka_portal.domain.cases.workflows.defects import DEFECTS
from heka_portal.domain.cases.workflows.enquiries import ENQUIRIES
from heka_portal.models.defects import Defect
from heka_portal.models.enquiries import Enquiry
from heka_portal.vocabulary import CaseKind, ClosingReason, DefectState, EnquiryState, Part, Urgency, Verb
from heka_portal.web.filters import due

OPEN = [state for state in DefectState if state is not DefectState.CLOSED]
LANGUAGES = ["fi", "sv", "en"]
NOW = now()


@dataclass(frozen=True)
class Case:
    """What the sentences read of a case."""

    state: str = "received"
    kind: CaseKind = CaseKind.DEFECT
    outcome: ClosingReason | None = None
    urgency: Urgency = Urgency.ORDINARY
    due_at: datetime = NOW + timedelta(days=3)
    target_at: datetime = NOW + timedelta(days=3)
    closed_at: datetime | None = None
    visit_from: datetime | None = NOW + timedelta(days=1)
    visit_to: datetime | None = NOW + timedelta(days=1, hours=2)
    created_at: datetime = NOW
    paused_at: datetime | None = None


def entry(move: str | None = None, to_state: str | None = None, **values: Any) -> Entry:
    given = {
        "id": 1,
        "at": now(),
        "verb": Verb.MOVED if move else Verb.SAID,
        "move": move,
        "part": Part.CLERK,
        "who": "Sanna",
        "is_mine": False,
        "is_note": False,
        "text": None,
        "to_state": to_state,
        "data": {},
        **values,
    }
    return Entry(**given)


def steps(case: Case, *entries: Entry) -> list[tuple[str, str]]:
    return [(step.word, step.state) for step in steps_of(cast("Defect", case), entries, is_own=True)]


@pytest.fixture(params=LANGUAGES)
def language(app: Flask, request: pytest.FixtureRequest) -> Any:
    with app.test_request_context(f"/?lang={request.param}"):
        yield request.param


@pytest.fixture
def english(app: Flask) -> Any:
    with app.test_request_context("/?lang=en"):
        yield


@pytest.mark.usefixtures("language")
@pytest.mark.parametrize("state", OPEN)
@pytest.mark.parametrize("is_own", [True, False])
def test_every_state_says_what_happens_next(state: DefectState, is_own: bool) -> None:
    case = Case(state)
    for said in (next_step(case, is_own=is_own), what_follows(case, is_own=is_own, created_at=case.created_at)):
        assert said
        assert "%" not in said


@pytest.mark.usefixtures("language")
@pytest.mark.parametrize("state", [state for state in EnquiryState if state is not EnquiryState.CLOSED])
@pytest.mark.parametrize("is_own", [True, False])
def test_every_state_of_a_message_says_what_happens_next(state: EnquiryState, is_own: bool) -> None:
    case = Case(state, kind=CaseKind.ENQUIRY)
    for said in (next_step(case, is_own=is_own), what_follows(case, is_own=is_own, created_at=case.created_at)):
        assert said
        assert "%" not in said
    if state in {EnquiryState.ANSWERED, EnquiryState.NEEDS_INFORMATION}:
        assert "%" not in turn_of(case, "Two invoices").title


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("outcome", list(ClosingReason))
@pytest.mark.parametrize("kind", list(CaseKind))
def test_a_closed_case_offers_nothing_of_an_open_one(kind: CaseKind, outcome: ClosingReason) -> None:
    case = Case("closed", kind=kind, outcome=outcome, closed_at=NOW)
    assert what_follows(case, is_own=True, created_at=NOW) == next_step(case, is_own=True)


@pytest.mark.usefixtures("english")
def test_line_of_steps_of_a_message() -> None:
    def line(state: str, *entries: Entry, **values: Any) -> list[tuple[str, str]]:
        case = cast("Enquiry", Case(state, kind=CaseKind.ENQUIRY, **values))
        return [(step.word, step.state) for step in steps_of_message(case, entries)]

    assert line("received")[:2] == [("Received", "done"), ("We answer", "now")]
    assert line("needs_information")[1] == ("Waits for an answer", "now")
    answered = entry("answer", "answered")
    assert line("answered", answered)[1:3] == [("Answered", "done"), ("You read the answer", "now")]
    again = entry("reopen", "received")
    assert line("received", answered, again)[:2] == [("Received again", "done"), ("We answer", "now")]
    closed = line("closed", answered, outcome=ClosingReason.ANSWERED, closed_at=now())
    assert [word for word, _state in closed] == ["Received", "Answered", "Closed: answered"]


@pytest.mark.usefixtures("language")
@pytest.mark.parametrize("state", [*OPEN, DefectState.CLOSED])
def test_line_of_steps_has_one_present_step_while_it_is_open(state: DefectState) -> None:
    is_closed = state is DefectState.CLOSED
    case = Case(state, outcome=ClosingReason.WITHDRAWN if is_closed else None, closed_at=now() if is_closed else None)
    states = [step for _word, step in steps(case)]
    assert states.count("now") == (0 if is_closed else 1)
    assert states == sorted(states, key=["done", "now", "next"].index)
    assert len(states) == (2 if is_closed else 5)


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("state", "present"),
    [
        ("received", "We read the report"),
        ("triaged", "Being handled"),
        ("needs_information", "Waits for an answer"),
        ("scheduled", "Visit agreed"),
        ("in_progress", "Being repaired"),
        ("waiting_part", "Waits for a part"),
        ("waiting_contractor", "Ordered from maintenance"),
        ("waiting_access", "Waits for access"),
        ("waiting_season", "Waits for the season"),
        ("done", "Check the repair"),
    ],
)
def test_present_step_is_named_after_what_happens(state: str, present: str) -> None:
    assert (present, "now") in steps(Case(state))


@pytest.mark.usefixtures("english")
def test_others_are_not_told_to_check() -> None:
    words = [step.word for step in steps_of(cast("Defect", Case("done")), (), is_own=False)]
    assert words[3] == "The resident checks it"


@pytest.mark.usefixtures("english")
def test_reopened_case_begins_its_line_anew() -> None:
    entries = [entry("triage", "triaged"), entry("finish", "done"), entry("not_fixed", "received")]
    assert steps(Case("received"), *entries)[:2] == [("Received again", "done"), ("We read the report", "now")]


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("outcome", "entries", "words"),
    [
        (ClosingReason.FIXED, ["triage", "finish"], ["Received", "Handled", "Repaired", "Fixed"]),
        (ClosingReason.WITHDRAWN, [], ["Received", "Withdrawn"]),
        (ClosingReason.NOT_LANDLORDS, ["triage"], ["Received", "Handled", "Not Heka's duty"]),
    ],
)
def test_closed_line_ends_with_the_outcome(outcome: ClosingReason, entries: list[str], words: list[str]) -> None:
    case = Case("closed", outcome=outcome, closed_at=now())
    made = [entry(name, "done" if name == "finish" else "triaged") for name in entries]
    assert [word for word, _state in steps(case, *made)] == words


@pytest.mark.usefixtures("english")
def test_late_means_promised_and_nothing_stops_the_clock() -> None:
    late = Case("triaged", target_at=now() - timedelta(hours=1))
    assert is_late(late)
    assert "We are late" in next_step(late, is_own=True)
    assert not is_late(replace(late, state="waiting_part"))
    assert not is_late(replace(late, state="done"))
    assert not is_late(Case("triaged"))


@pytest.mark.usefixtures("english")
def test_turn_is_the_owners_alone() -> None:
    for state in ("needs_information", "waiting_access", "done"):
        assert next_step(Case(state), is_own=True) != next_step(Case(state), is_own=False)


def test_finnish_date_ends_its_sentence_with_one_stop(app: Flask) -> None:
    day = date(clock.today().year, 11, 26)
    with app.test_request_context("/?lang=fi"):
        assert str(fill("By %(day)s. Then", day=due(day))).endswith("26.11.</time> Then")
        assert str(fill("By %(day)s, then", day=due(day))).endswith("26.11.</time>, then")
        assert fill("Wait... %(what)s", what="x.y") == "Wait... x.y"


@pytest.mark.usefixtures("english")
def test_words_of_people_stay_text() -> None:
    turn = turn_of(Case("done"), "<b>100 % wet</b>")
    assert "&lt;b&gt;100 % wet" in turn.title


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("target", "words"),
    [
        (Target(hours=24), "in 24 hours"),
        (Target(working_days=1), "in 1 working day"),
        (Target(working_days=2), "in 2 working days"),
        (Target(days=14), "in 14 days"),
    ],
)
def test_target_in_words(target: Target, words: str) -> None:
    assert target_words(target) == words


# ---------------------------------------------------------------- the timeline


def test_every_move_but_the_plain_answer_has_words() -> None:
    assert {move.name for move in (*DEFECTS.moves, *ENQUIRIES.moves)} - set(STEPS) == {"inform", "write_more"}


@pytest.mark.usefixtures("language")
@pytest.mark.parametrize("name", STEPS)
@pytest.mark.parametrize("is_own", [True, False])
def test_step_is_told(name: str, is_own: bool) -> None:
    begins = datetime(2026, 11, 26, 10, tzinfo=UTC)
    data = {
        "visit_from": begins.isoformat(),
        "visit_to": (begins + timedelta(hours=2)).isoformat(),
        "look_again_on": "2026-12-03",
        "price_cents": 15000,
        "other_number": 123456789,
    }
    told = tell([entry(name, "triaged", data=data, text="Because")], is_own=is_own)
    assert [line.is_message for line in told] == [True, False]
    assert "%" not in told[1].words
    assert told[1].tone != "you" or is_own


@pytest.mark.usefixtures("english")
def test_step_without_details_is_told_all_the_same() -> None:
    for name in STEPS:
        assert tell([entry(name, "triaged")], is_own=True)[0].words


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("part", "who", "is_mine", "said"),
    [
        (Part.CLERK, "Sanna", False, "Sanna, customer service"),
        (Part.CONTRACTOR, "Mika, Huolto Oy", False, "Mika, Huolto Oy"),
        (Part.CONTRACTOR, None, False, "Maintenance"),
        (Part.OWNER, "Aino Virtanen", True, "You"),
        (Part.OWNER, "Aino Virtanen", False, "Aino Virtanen"),
        (Part.WORKER, None, False, "The portal"),
    ],
)
def test_writer_is_named(part: Part, who: str | None, is_mine: bool, said: str) -> None:
    line = tell([entry(part=part, who=who, is_mine=is_mine, text="Hello")], is_own=True)[0]
    assert line.words == said


@pytest.mark.usefixtures("english")
def test_answer_that_a_clerk_gave_is_not_called_ones_own() -> None:
    assert tell([entry("confirm", "closed")], is_own=True)[0].words == "Checked: fixed"
    assert tell([entry("confirm", "closed", is_mine=True)], is_own=True)[0].words == "You answered: fixed"
