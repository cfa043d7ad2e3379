"""Every code that a person may meet has words, in three languages, and no two codes of a kind look the same."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any

import pytest
from flask import Flask

from heka_portal import vocabulary
from heka_portal.domain.access import Role
from heka_portal.domain.cases.workflows.defects import DEFECTS
from heka_portal.domain.cases.workflows.enquiries import ENQUIRIES
from heka_portal.vocabulary import ClosingReason, DefectState, EnquiryState
from heka_portal.web import labels, looks
from heka_portal.web.i18n import LANGUAGES, in_language

#: Codes that stay behind the pages, each with what is shown in their place. A new vocabulary has labels or stands here.
NEVER_SHOWN = {
    "MovingDay": "the moving day itself",
    "TokenPurpose": "the page a mailed link opens",
    "IdentificationPurpose": "the page one comes back to",
    "IdentificationState": "an error's own page",
    "ParticipantRole": "the part in the case",
    "Verb": "a sentence of the timeline",
    "Visibility": "the ground of an internal note",
    "FileType": "PDF or picture",
    "FileState": "the file, or that it is being prepared",
    "FileRefusal": "a sentence that names the file",
}
VOCABULARIES = [
    member
    for _name, member in inspect.getmembers(vocabulary, inspect.isclass)
    if issubclass(member, StrEnum) and member is not StrEnum
]
LOOKS: Mapping[str, Mapping[Any, looks.Look]] = {
    "resident": looks.DEFECT_LOOKS,
    "staff": looks.STAFF_DEFECT_LOOKS,
    "resident, message": looks.ENQUIRY_LOOKS,
    "staff, message": looks.STAFF_ENQUIRY_LOOKS,
    "resident, any": looks.LOOKS,
    "staff, any": looks.STAFF_LOOKS,
    "closed": looks.CLOSING_LOOKS,
}
TONES = {"info", "still", "you", "good", "bad"}


def said(codes: Iterable[StrEnum], say: Callable[[StrEnum], object]) -> dict[StrEnum, str]:
    return {code: str(say(code)) for code in codes}


def twice(words: dict[StrEnum, str]) -> list[str]:
    """What is said for more than one code."""
    spoken = [text.casefold() for text in words.values()]
    return sorted({text for text in spoken if spoken.count(text) > 1})


@pytest.mark.parametrize("codes", VOCABULARIES, ids=lambda codes: codes.__name__)
def test_vocabulary_has_labels_or_is_never_shown(codes: type[StrEnum]) -> None:
    shown = codes in labels.TABLES or codes in {DefectState, EnquiryState}
    assert shown != (codes.__name__ in NEVER_SHOWN)


def test_nothing_is_excused_that_is_gone() -> None:
    assert NEVER_SHOWN.keys() <= {codes.__name__ for codes in VOCABULARIES}


@pytest.mark.parametrize("codes", labels.TABLES, ids=lambda codes: codes.__name__)
def test_each_code_has_words(codes: type[StrEnum]) -> None:
    assert set(labels.TABLES[codes]) == set(codes)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("codes", labels.TABLES, ids=lambda codes: codes.__name__)
def test_words_tell_codes_apart(app: Flask, codes: type[StrEnum], language: str) -> None:
    with app.test_request_context(), in_language(language):
        words = said(codes, labels.label)
    assert all(words.values())
    assert twice(words) == []


@pytest.mark.parametrize("reader", ["resident", "staff"])
def test_each_state_has_a_look(reader: str) -> None:
    assert set(LOOKS[reader]) == set(DefectState)
    assert set(LOOKS[f"{reader}, message"]) == set(EnquiryState)


@pytest.mark.parametrize("reader", ["resident", "staff"])
def test_a_state_of_two_kinds_looks_alike(reader: str) -> None:
    for state in set(DefectState) & set(EnquiryState):
        assert LOOKS[reader][state] == LOOKS[f"{reader}, message"][state]


def test_each_outcome_has_a_look_of_its_own() -> None:
    assert set(looks.CLOSING_LOOKS) == set(ClosingReason)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("which", LOOKS)
def test_looks_tell_states_apart(app: Flask, which: str, language: str) -> None:
    shown = LOOKS[which]
    with app.test_request_context(), in_language(language):
        words = said(shown, lambda code: shown[code].words)
    assert all(words.values())
    assert twice(words) == []
    assert all(look.tone in TONES and look.icon for look in shown.values())


def test_a_closed_case_never_reads_just_closed(app: Flask) -> None:
    """The outcome is not the state: closed must say fixed, refused, duplicate, not our duty."""
    with app.test_request_context(), in_language("en"):
        closed = str(looks.DEFECT_LOOKS[DefectState.CLOSED].words)
        for outcome in ClosingReason:
            assert str(looks.case_look(DefectState.CLOSED, outcome).words) != closed


def test_each_move_has_a_button_and_each_button_a_move() -> None:
    assert set(looks.MOVES) == {move.name for workflow in (DEFECTS, ENQUIRIES) for move in workflow.moves}


@pytest.mark.parametrize("language", LANGUAGES)
def test_moves_from_one_state_tell_apart(app: Flask, language: str) -> None:
    with app.test_request_context(), in_language(language):
        for state, moves in (
            *((state, DEFECTS.moves) for state in DefectState),
            *((state, ENQUIRIES.moves) for state in EnquiryState),
        ):
            names = {move.name for move in moves if move.source is state}
            words = [looks.move_label(name).casefold() for name in names]
            assert all(words)
            assert len(set(words)) == len(words), state


@pytest.mark.parametrize("language", LANGUAGES)
def test_roles_tell_apart(app: Flask, language: str) -> None:
    with app.test_request_context(), in_language(language):
        assert twice(said(Role, labels.label)) == []


def test_two_codes_with_the_same_words_would_be_found() -> None:
    assert twice({Role.CLERK: "staff", Role.SUPERVISOR: "Staff", Role.FORMER: "former"}) == ["staff"]
