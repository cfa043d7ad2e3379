"""What a move is, and the checks that are the same for every kind of case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Flag, auto

from heka_portal.domain.cases.deadlines import Clock
from heka_portal.domain.errors import DetailNeeded, IllegalMove
from heka_portal.vocabulary import ClosingReason, DefectState, EnquiryState, MailKind, Part, Party

Parts = frozenset[Part]
#: where the resident has their own time to look, after which the case closes by itself
CHECKED = frozenset({DefectState.DONE, EnquiryState.ANSWERED})
OWNER: Parts = frozenset({Part.OWNER})
CLERK: Parts = frozenset({Part.CLERK})
CONTRACTOR: Parts = frozenset({Part.CONTRACTOR})
WORKER: Parts = frozenset({Part.WORKER})
HOME: Parts = OWNER | {Part.HOUSEHOLD}


class Needs(Flag):
    """What a move cannot be made without."""

    NOTHING = 0
    TEXT = auto()
    VISIT = auto()
    CONTRACTOR = auto()
    DAY = auto()
    RULE = auto()
    CASE = auto()
    DEFECT = auto()


@dataclass(frozen=True)
class Move:
    """One row of a workflow: who may move a case from where to where, what it takes and what follows."""

    name: str
    source: str
    target: str
    by: Parts
    needs: Needs = Needs.NOTHING
    tells: Party = Party.RESIDENT
    awaits: Party = Party.STAFF
    clock: Clock = Clock.RUN
    outcome: ClosingReason | None = None
    #: the mail that tells of it, where what it does is not said by its target
    mail: MailKind | None = None
    #: shown among a clerk's moves in this order; the likely one comes first
    rank: int = 50

    @property
    def closes(self) -> bool:
        """Whether it closes the case."""
        return self.outcome is not None


def moves(name: str, sources: Iterable[str], target: str, *, by: Parts, **rest: object) -> Iterator[Move]:
    """The same move from several states."""
    for source in sources:
        yield Move(name, source, target, by, **rest)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Workflow:
    """The moves of one kind of case."""

    states: tuple[str, ...]
    initial: str
    moves: tuple[Move, ...]

    def available(self, state: str, parts: Parts) -> tuple[Move, ...]:
        """The moves that these parts may make from a state, the likely one first."""
        found = [move for move in self.moves if move.source == state and move.by & parts]
        return tuple(sorted(found, key=lambda move: move.rank))

    def find(self, name: str, state: str, parts: Parts) -> Move:
        """The move of this name from this state. Raises IllegalMove."""
        for move in self.moves:
            if move.name == name and move.source == state and move.by & parts:
                return move
        raise IllegalMove(name)


def check_needs(move: Move, given: Needs) -> None:
    """Whether all that a move needs is given. Raises DetailNeeded, naming the first that is missing."""
    for need in Needs:
        if need in move.needs and need not in given:
            raise DetailNeeded(str(need.name).lower())
