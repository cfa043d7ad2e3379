"""The rows of cases, in the order in which they may be written: nothing names a row that comes later."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from devtools.demo.history.drawing import Drawn
from devtools.demo.history.files import draw_files
from devtools.demo.history.life import Life
from devtools.demo.history.pictures import Picture
from heka_portal.domain.cases.words import searchable

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Sheet:
    """A table and the columns its rows have."""

    table: str
    columns: tuple[str, ...]


CASES = Sheet(
    "cases",
    (
        "id",
        "number",
        "kind",
        "state",
        "subject",
        "owner_id",
        "opened_by_id",
        "audience",
        "lease_id",
        "apartment_id",
        "building_id",
        "region_id",
        "queue",
        "handler_id",
        "contractor_id",
        "urgency",
        "awaits",
        "due_at",
        "target_at",
        "paused_at",
        "closed_at",
        "outcome",
        "duplicate_of_id",
        "reopened_count",
        "last_public_event_id",
        "last_event_id",
        "last_event_at",
        "unread_by_staff",
        "created_at",
        "updated_at",
        "version",
    ),
)
DEFECTS = Sheet(
    "defects",
    (
        "id",
        "area",
        "place",
        "fault",
        "description",
        "noticed_on",
        "master_key",
        "pets",
        "has_safety_chain",
        "phone",
        "call_when",
        "is_phone_shared",
        "visit_from",
        "visit_to",
        "done_at",
    ),
)
EVENTS = Sheet(
    "case_events",
    (
        "id",
        "case_id",
        "at",
        "actor_id",
        "part",
        "verb",
        "move",
        "visibility",
        "text",
        "from_state",
        "to_state",
        "data",
        "form_key",
    ),
)
PARTICIPANTS = Sheet("case_participants", ("person_id", "case_id", "role", "seen_event_id", "created_at"))
TEXTS = Sheet("case_texts", ("case_id", "body", "folded"))
ATTACHMENTS = Sheet(
    "attachments",
    (
        "key",
        "case_id",
        "event_id",
        "uploaded_by_id",
        "name",
        "type",
        "size",
        "sha256",
        "state",
        "storage_key",
        "preview_key",
        "width",
        "height",
        "attempts",
        "next_try_at",
        "created_at",
    ),
)
SHEETS = (CASES, DEFECTS, EVENTS, PARTICIPANTS, TEXTS, ATTACHMENTS)

Page = Sequence[tuple[Sheet, list[Row]]]


def pages_of(drawn: Sequence[Drawn], pictures: Sequence[Picture], *, first_event_id: int) -> tuple[Page, int]:
    """The rows of some cases, and how many events they have.

    Events are numbered in the order of time, as those of many cases at once are: a case's lines lie far apart.
    """
    timeline = sorted((line.at, case.life.index, place) for case in drawn for place, line in enumerate(case.life.lines))
    first = drawn[0].life.index
    ids: list[list[int]] = [[0] * len(case.life.lines) for case in drawn]
    for event_id, (_, index, place) in enumerate(timeline, first_event_id):
        ids[index - first][place] = event_id
    events = [_event(drawn[index - first].life, ids[index - first], place) for _, index, place in timeline]
    numbered = list(zip(drawn, ids, strict=True))
    page = (
        (CASES, [_case(case, event_ids) for case, event_ids in numbered]),
        (DEFECTS, [_defect(case) for case in drawn]),
        (EVENTS, events),
        (PARTICIPANTS, [row for case, event_ids in numbered for row in _participants(case.life, event_ids)]),
        (TEXTS, [(case.life.index + 1, body, searchable(body)) for case in drawn for body in (_body(case),)]),
        (ATTACHMENTS, [row for case, event_ids in numbered for row in draw_files(case.life, event_ids, pictures)]),
    )
    return page, len(events)


def _event(life: Life, ids: list[int], place: int) -> Row:
    return (ids[place], life.index + 1, *life.lines[place])


def _case(drawn: Drawn, ids: list[int]) -> Row:
    life = drawn.life
    home, place = life.home, life.place
    return (
        life.index + 1,
        life.number,
        "defect",
        life.state,
        drawn.subject,
        life.owner.person_id,
        life.owner.account_id,
        drawn.audience,
        home.lease_id if home else None,
        home.apartment_id if home else None,
        place.id,
        place.region_id,
        life.queue,
        life.handler_id,
        life.contractor_id,
        life.urgency,
        life.awaits,
        life.clock.due_at,
        life.clock.target_at,
        life.clock.paused_at,
        life.closed_at,
        life.outcome,
        life.duplicate_of_id,
        life.reopened_count,
        ids[life.last_public],
        ids[-1],
        life.at,
        life.unread_by_staff,
        life.opened_at,
        life.at,
        life.version,
    )


def _defect(drawn: Drawn) -> Row:
    life, access = drawn.life, drawn.access
    visit_from, visit_to = life.visit or (None, None)
    return (
        life.index + 1,
        drawn.area,
        drawn.place,
        drawn.fault,
        life.lines[0].text,
        drawn.noticed_on,
        access.master_key,
        access.pets,
        access.has_safety_chain,
        access.phone,
        access.call_when,
        access.is_phone_shared,
        visit_from,
        visit_to,
        life.done_at,
    )


def _participants(life: Life, ids: list[int]) -> Iterator[Row]:
    for one in life.people:
        yield one.person_id, life.index + 1, one.role, ids[one.seen], one.joined_at


def _body(drawn: Drawn) -> str:
    """The words a case is found by, as the domain composes them; a protected person's name and address stay out."""
    life, words = drawn.life, [str(drawn.life.number), drawn.subject]
    if not life.owner.is_protected:
        address = life.home.address if life.home else life.place.address
        words += [life.owner.name, address, life.place.name]
    return "\n".join([*words, *life.words])
