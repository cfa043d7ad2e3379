"""What each kind of case adds to the core's moves: its targets, what a word into it does, what follows a move."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from heka_portal.domain.access import Actor
from heka_portal.domain.cases.deadlines import Target
from heka_portal.domain.cases.moves import Details
from heka_portal.domain.cases.workflow import Move
from heka_portal.models.cases import Case, CaseEvent
from heka_portal.vocabulary import Part


@dataclass(frozen=True)
class Made:
    """A move that was made, with all that its effect may need."""

    actor: Actor | None
    case: Case
    step: Move
    event: CaseEvent
    details: Details
    #: the other case of the move: the one it is a duplicate of, or the one it has become
    other: Case | None
    now: datetime


@dataclass(frozen=True)
class Kind:
    """One kind of case."""

    target: Callable[[Case, datetime], Target]
    #: cases of the same have the same target
    target_key: Callable[[Case], Hashable]
    #: the moves after which there is something to keep, by name
    effects: Mapping[str, Callable[[Made], None]]
    #: the move that a word of somebody into the conversation makes, by their part and the state
    words: Mapping[tuple[Part, str], str]
    #: whether a move can still be made, besides what the workflow says
    is_in_time: Callable[[str, Case, datetime], bool] = lambda _name, _case, _now: True
    #: what another case is opened by before a move, by the move's name
    opens: Mapping[str, Callable[[Actor, Case, Details, datetime], Case]] = field(default_factory=dict)
