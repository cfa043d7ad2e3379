"""The moves of a message: it is answered, and whoever is asked has the next turn."""

from __future__ import annotations

from heka_portal.domain.cases.deadlines import Clock
from heka_portal.domain.cases.workflow import CLERK, HOME, OWNER, WORKER, Move, Needs, Workflow, moves
from heka_portal.vocabulary import ClosingReason, EnquiryState, MailKind, Party

S = EnquiryState

#: staff's turn
WORKING = (S.RECEIVED, S.IN_PROGRESS)
#: not answered yet
UNANSWERED = (*WORKING, S.NEEDS_INFORMATION)
OPEN = (*UNANSWERED, S.ANSWERED)

MOVES = (
    Move("take_up", S.RECEIVED, S.IN_PROGRESS, by=CLERK, tells=Party.NOBODY, rank=20),
    *moves(
        "answer",
        OPEN,
        S.ANSWERED,
        by=CLERK,
        needs=Needs.TEXT,
        awaits=Party.RESIDENT,
        clock=Clock.PAUSE,
        mail=MailKind.CASE_NEWS,
        rank=10,
    ),
    *moves(
        "ask_more",
        (*WORKING, S.ANSWERED),
        S.NEEDS_INFORMATION,
        by=CLERK,
        needs=Needs.TEXT,
        awaits=Party.RESIDENT,
        clock=Clock.PAUSE,
        rank=25,
    ),
    Move("write_more", S.NEEDS_INFORMATION, S.IN_PROGRESS, by=HOME, needs=Needs.TEXT, tells=Party.NOBODY),
    Move(
        "write_more",
        S.ANSWERED,
        S.IN_PROGRESS,
        by=HOME,
        needs=Needs.TEXT,
        tells=Party.NOBODY,
        clock=Clock.RESTART,
    ),
    Move(
        "reopen", S.CLOSED, S.RECEIVED, by=HOME | CLERK, needs=Needs.TEXT, clock=Clock.RESTART, mail=MailKind.CASE_NEWS
    ),
    Move(
        "settle",
        S.ANSWERED,
        S.CLOSED,
        by=OWNER | CLERK,
        awaits=Party.NOBODY,
        clock=Clock.STOP,
        outcome=ClosingReason.ANSWERED,
        rank=80,
    ),
    *moves(
        "settle",
        UNANSWERED,
        S.CLOSED,
        by=CLERK,
        needs=Needs.TEXT,
        awaits=Party.NOBODY,
        clock=Clock.STOP,
        outcome=ClosingReason.ANSWERED,
        rank=80,
    ),
    *moves(
        "to_defect",
        OPEN,
        S.CLOSED,
        by=CLERK,
        needs=Needs.DEFECT,
        awaits=Party.NOBODY,
        clock=Clock.STOP,
        outcome=ClosingReason.MOVED_TO_DEFECT,
        rank=81,
    ),
    *moves(
        "close_unneeded",
        UNANSWERED,
        S.CLOSED,
        by=OWNER | CLERK,
        awaits=Party.NOBODY,
        clock=Clock.STOP,
        outcome=ClosingReason.NO_ANSWER_NEEDED,
        rank=82,
    ),
    Move(
        "rest",
        S.ANSWERED,
        S.CLOSED,
        by=WORKER,
        tells=Party.NOBODY,
        awaits=Party.NOBODY,
        clock=Clock.STOP,
        outcome=ClosingReason.ANSWERED,
    ),
)

ENQUIRIES = Workflow(states=tuple(EnquiryState), initial=EnquiryState.RECEIVED, moves=MOVES)

#: moves that reopen: counted
REOPENING = frozenset({"reopen"})
