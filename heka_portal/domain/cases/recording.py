"""The timelines of many cases at once: what `operations.record` writes for one, with one statement a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from heka_portal.domain.cases.operations import enter_in_audit, insert_events, keep_last
from heka_portal.domain.cases.workflow import Move
from heka_portal.models.cases import Case, CaseEvent
from heka_portal.vocabulary import Part, Verb, Visibility


def record_moves(made: Iterable[tuple[Case, Move, str]], *, now: datetime) -> Sequence[CaseEvent]:
    """Add the line of a move that the worker has made, without words, to each case: case, move, the state before."""
    made = list(made)
    events = [_event(case, step, before, now) for case, step, before in made]
    insert_events(events)
    for (case, _step, _before), event in zip(made, events, strict=True):
        keep_last(case, event, is_public=True, by_resident=False)
        enter_in_audit(None, case, event)
    return events


def _event(case: Case, step: Move, before: str, now: datetime) -> CaseEvent:
    """The line, in no session: it is inserted together with the others."""
    return CaseEvent(
        case_id=case.id,
        at=now,
        part=Part.WORKER,
        verb=Verb.MOVED,
        move=step.name,
        visibility=Visibility.EVERYONE,
        from_state=before,
        to_state=step.target,
        data={"outcome": str(step.outcome)} if step.outcome else {},
    )
