"""The moves of a defect notification (states and clock pauses: docs/domain.md)."""

from __future__ import annotations

from heka_portal.domain.cases.deadlines import Clock
from heka_portal.domain.cases.workflow import CLERK, CONTRACTOR, OWNER, WORKER, Move, Needs, Workflow, moves
from heka_portal.vocabulary import ClosingReason, DefectState, Party

S = DefectState

#: waiting for something; the clock stands in all but the contractor's
WAITING = (S.WAITING_PART, S.WAITING_CONTRACTOR, S.WAITING_ACCESS, S.WAITING_SEASON)
#: being worked on
WORKING = (S.TRIAGED, S.SCHEDULED, S.IN_PROGRESS, *WAITING)
#: staff's to move on
HANDLED = (S.RECEIVED, *WORKING, S.NEEDS_INFORMATION)
OPEN = (*HANDLED, S.DONE)
JOB = (S.SCHEDULED, S.IN_PROGRESS, *WAITING)

MOVES = (
    Move("triage", S.RECEIVED, S.TRIAGED, by=CLERK, rank=10),
    *moves("order", HANDLED, S.WAITING_CONTRACTOR, by=CLERK, needs=Needs.CONTRACTOR, awaits=Party.CONTRACTOR, rank=20),
    *moves("schedule", HANDLED, S.SCHEDULED, by=CLERK, needs=Needs.VISIT, rank=15),
    *moves("schedule", JOB, S.SCHEDULED, by=CONTRACTOR, needs=Needs.VISIT, awaits=Party.CONTRACTOR, rank=10),
    *moves(
        "ask",
        (S.RECEIVED, *WORKING),
        S.NEEDS_INFORMATION,
        by=CLERK,
        needs=Needs.TEXT,
        awaits=Party.RESIDENT,
        clock=Clock.PAUSE,
        rank=25,
    ),
    Move("inform", S.NEEDS_INFORMATION, S.TRIAGED, by=OWNER, needs=Needs.TEXT, tells=Party.NOBODY),
    *moves("start", HANDLED, S.IN_PROGRESS, by=CLERK, rank=30),
    *moves(
        "start",
        (S.SCHEDULED, *WAITING),
        S.IN_PROGRESS,
        by=CONTRACTOR,
        awaits=Party.CONTRACTOR,
        rank=20,
    ),
    *moves(
        "await_part",
        WORKING,
        S.WAITING_PART,
        by=CLERK | CONTRACTOR,
        needs=Needs.TEXT | Needs.DAY,
        clock=Clock.PAUSE,
        rank=40,
    ),
    *moves(
        "await_access",
        WORKING,
        S.WAITING_ACCESS,
        by=CLERK | CONTRACTOR,
        needs=Needs.TEXT,
        awaits=Party.RESIDENT,
        clock=Clock.PAUSE,
        rank=41,
    ),
    *moves(
        "await_season",
        WORKING,
        S.WAITING_SEASON,
        by=CLERK,
        needs=Needs.TEXT | Needs.DAY,
        clock=Clock.PAUSE,
        rank=42,
    ),
    *moves(
        "finish",
        (S.RECEIVED, *WORKING),
        S.DONE,
        by=CLERK,
        needs=Needs.TEXT,
        awaits=Party.RESIDENT,
        clock=Clock.PAUSE,
        rank=35,
    ),
    *moves("finish", JOB, S.DONE, by=CONTRACTOR, needs=Needs.TEXT, awaits=Party.RESIDENT, clock=Clock.PAUSE, rank=15),
    Move(
        "confirm",
        S.DONE,
        S.CLOSED,
        by=OWNER | CLERK,
        tells=Party.RESIDENT,
        awaits=Party.NOBODY,
        clock=Clock.STOP,
        outcome=ClosingReason.FIXED,
    ),
    *moves("partly_fixed", (S.DONE, S.CLOSED), S.RECEIVED, by=OWNER | CLERK, needs=Needs.TEXT, clock=Clock.RESTART),
    *moves("not_fixed", (S.DONE, S.CLOSED), S.RECEIVED, by=OWNER | CLERK, needs=Needs.TEXT, clock=Clock.RESTART),
    Move(
        "lapse",
        S.DONE,
        S.CLOSED,
        by=WORKER,
        awaits=Party.NOBODY,
        clock=Clock.STOP,
        outcome=ClosingReason.FIXED_UNCONFIRMED,
    ),
    Move("reopen", S.CLOSED, S.RECEIVED, by=CLERK, needs=Needs.TEXT, clock=Clock.RESTART),
    *moves(
        "close_duplicate",
        HANDLED,
        S.CLOSED,
        by=CLERK,
        needs=Needs.CASE,
        awaits=Party.NOBODY,
        clock=Clock.STOP,
        outcome=ClosingReason.DUPLICATE,
        rank=80,
    ),
    *moves(
        "close_not_landlords",
        HANDLED,
        S.CLOSED,
        by=CLERK,
        needs=Needs.TEXT | Needs.RULE,
        awaits=Party.NOBODY,
        clock=Clock.STOP,
        outcome=ClosingReason.NOT_LANDLORDS,
        rank=81,
    ),
    *moves(
        "close_resident_pays",
        HANDLED,
        S.CLOSED,
        by=CLERK,
        needs=Needs.TEXT | Needs.RULE,
        awaits=Party.NOBODY,
        clock=Clock.STOP,
        outcome=ClosingReason.RESIDENT_PAYS,
        rank=82,
    ),
    *moves(
        "cancel",
        OPEN,
        S.CLOSED,
        by=CLERK,
        needs=Needs.TEXT,
        awaits=Party.NOBODY,
        clock=Clock.STOP,
        outcome=ClosingReason.CANCELLED,
        rank=90,
    ),
    *moves(
        "withdraw",
        OPEN,
        S.CLOSED,
        by=OWNER,
        awaits=Party.NOBODY,
        tells=Party.NOBODY,
        clock=Clock.STOP,
        outcome=ClosingReason.WITHDRAWN,
    ),
)

DEFECTS = Workflow(states=tuple(DefectState), initial=DefectState.RECEIVED, moves=MOVES)

#: moves that reopen: counted, and the second time the building manager's
REOPENING = frozenset({"partly_fixed", "not_fixed", "reopen"})
